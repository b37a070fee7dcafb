"""The row with which a run begins: queued, with nothing done yet."""

import secrets

from mnist_core.runs import clock
from mnist_core.runs.names import matching_preset, readable_name
from mnist_core.runs.size import expected_bytes
from mnist_core.runs.who import Who
from mnist_core.training.config import TrainingConfig


def new_row(config: TrainingConfig, who: Who, **values: object) -> dict[str, object]:
    """Return the values of all columns that a run of `who` begins with, `values` in place of the usual ones."""
    now = clock.now()
    return {
        "id": secrets.token_urlsafe(12),
        "name": readable_name(),
        "kind": "numpy",
        "preset": matching_preset(config),
        "config": config,
        "status": "queued",
        "owner": who.identity,
        "address": who.address,
        "created_at_utc": now,
        "queued_at_utc": now,
        "target_epochs": config.epochs,
        "versions": {},
        "expected_bytes": expected_bytes(config),
        **dict.fromkeys(("attempt", "deaths", "priority", "epochs_done", "epoch_share", "train_s"), 0),
        **dict.fromkeys(("notes", "requested", "lease", "worker", "error", "traceback"), ""),
        **dict.fromkeys(("dataset_name", "dataset_fingerprint", "weights_sha256"), ""),
        **values,
    }

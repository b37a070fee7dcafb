"""Several runs as one file to keep elsewhere: of each the recipe, the history and the network."""

import io
import re
import zipfile
from collections.abc import Iterable

from mnist_core.runs.comparison import overview, unique_names
from mnist_core.runs.run import Run
from mnist_core.runs.store import RunStore
from mnist_core.runs.who import Who
from mnist_core.training.config_file import write_config

# A name is anybody's text: in a path it keeps letters, digits and a few signs.
_SAFE = re.compile(r"[^\w() -]")


def archive(store: RunStore, runs: Iterable[Run], *, who: Who) -> bytes:
    """Return a .zip with a table of the runs and a folder for each: config.json, history.csv, model.npz.

    A run that has not begun has no model.npz.
    """
    named = unique_names(runs)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("runs.csv", overview(named.values()).to_csv(index=False))
        for name, run in named.items():
            folder = f"{_SAFE.sub('_', name)} {run.id}"
            zipped.writestr(f"{folder}/config.json", write_config(run.config))
            zipped.writestr(f"{folder}/history.csv", store.history(run.id, who=who).to_csv(index=False))
            if store.snapshot_epochs(run.id, who=who):
                zipped.writestr(f"{folder}/model.npz", model_bytes(store, run, who=who))
    return file.getvalue()


def model_bytes(store: RunStore, run: Run, *, who: Who) -> bytes:
    """Return a run's network as an .npz file."""
    file = io.BytesIO()
    store.network(run.id, who=who).save(file)
    return file.getvalue()

"""Write a small store of this release's schema: `python -m tests.runs.released.make` before a new version is begun.

Kept are `version_N.sqlite3` and, by PostgreSQL's own `pg_dump`, `version_N.sql`: from then on every release must be
able to upgrade them.
"""

import math
import subprocess
from pathlib import Path

import numpy as np

from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, RunStore, Who
from mnist_core.runs.queue import WorkQueue
from mnist_core.runs.schema import VERSION
from mnist_core.training import Checkpoint, EpochResult, TrainingConfig
from tests.runs.postgres import binaries, new_database, postgres_server

FOLDER = Path(__file__).parent
SMALL = TrainingConfig(hidden_units=(3,), epochs=4, optimizer="adam", validation_size=100, seed=7)


def fill(store: RunStore) -> None:
    """Add runs in every state, with all that may belong to one."""
    finished = store.create(SMALL, who=Who("visitor-1"), name="calm-otter-17", pair_id="pair-1")
    twin = store.create(SMALL, kind="keras", who=Who("visitor-1"), name="calm-otter-17 twin", pair_id="pair-1")
    diverged, failed = (
        store.create(TrainingConfig(epochs=2), who=OPERATOR),
        store.create(TrainingConfig.preset("fast"), who=OPERATOR),
    )
    for name in ("paused", "queued", "running"):
        store.create(SMALL, who=Who("visitor-2"), name=name)
    network = MLP(SMALL.layer_sizes, seed=7)
    store.append_epochs(finished.id, [_result(epoch, 2.3 / (epoch + 1), 0.5) for epoch in range(4)])
    state = {"step": np.array(4), "mean": network.parameters / 3, "square": network.parameters**2}
    store.save_checkpoint(finished.id, Checkpoint(4, network.parameters, state, network.parameters / 2, 1.25))
    store.save_snapshot(finished.id, 0, network)
    store.save_snapshot(finished.id, 4, network)
    store.save_artifact(finished.id, "robustness", b"\x00\xffbytes")
    store.save_artifact("elsewhere", "curve", b"kept")
    score = {"test_accuracy": 0.954, "test_correct": 9540, "test_count": 10_000, "weights_sha256": "ab" * 32}
    store.update(finished.id, status="finished", threads=2, worker="host:1", versions={"numpy": "2.4.6"}, **score)
    store.annotate(finished.id, "wide\nand ünïcode ✓", who=OPERATOR)
    store.append_epochs(diverged.id, [_result(0, math.inf, None), _result(1, math.nan, None)], epoch_share=0.25)
    store.update(diverged.id, status="diverged", error="The cost is no longer finite.")
    store.update(failed.id, status="failed", error="words", traceback="Traceback ...")
    store.rename(twin.id, "my own name", who=OPERATOR)
    waiting = {store.get(run.id, who=OPERATOR).name: run for run in WorkQueue(store).waiting()}
    taken = WorkQueue(store).take(waiting["running"])
    assert taken is not None
    WorkQueue(store).claim(taken, "host:2")
    store.request(waiting["paused"].id, "pause", who=OPERATOR)


def _result(epoch: int, cost: float, validation: float | None) -> EpochResult:
    return EpochResult(
        epoch=epoch,
        cost=cost,
        accuracy=0.1 + epoch / 10,
        validation_cost=validation,
        validation_accuracy=validation,
        learning_rate=0.1,
        gradient_norms=(1.5, math.inf, math.nan),
        dead_shares=(0.25,),
        elapsed_s=epoch / 8,
        samples_per_s=1e6,
    )


def main() -> None:
    """Write both files."""
    path = FOLDER / f"version_{VERSION}.sqlite3"
    store = RunStore(f"sqlite:///{path}")
    fill(store)
    store.close()
    with postgres_server() as server:
        url = new_database(server.url)
        store = RunStore(url)
        fill(store)
        store.close()
        dump = [binaries() / "pg_dump", "--inserts", "--no-owner", "--no-privileges", url.replace("+psycopg", "")]
        text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    # psql's own commands, and an empty search path, which would outlast the script.
    lines = [line for line in text.splitlines() if not line.startswith("\\") and "search_path" not in line]
    (FOLDER / f"version_{VERSION}.sql").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

"""Several runs as one .zip."""

import io
import json
import zipfile

import numpy as np

from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.runs.archive import archive
from mnist_core.training import Checkpoint, TrainingConfig

CONFIG = TrainingConfig(hidden_units=(4,))


def test_an_archive_has_each_runs_recipe_history_and_network(tmp_path):
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    begun, waiting = (
        store.create(CONFIG, name="../../etc/a <b>", who=OPERATOR),
        store.create(CONFIG, name="waiting", who=OPERATOR),
    )
    network = MLP(CONFIG.layer_sizes)
    store.save_snapshot(begun.id, 0, network)
    store.save_checkpoint(begun.id, Checkpoint(0, network.parameters.copy()))
    with zipfile.ZipFile(io.BytesIO(archive(store, [begun, waiting], who=OPERATOR))) as zipped:
        first, second = f"______etc_a _b_ {begun.id}", f"waiting {waiting.id}"
        assert set(zipped.namelist()) == {
            "runs.csv",
            *(f"{first}/{file}" for file in ("config.json", "history.csv", "model.npz")),
            *(f"{second}/{file}" for file in ("config.json", "history.csv")),
        }
        assert TrainingConfig(**json.loads(zipped.read(f"{first}/config.json"))) == CONFIG
        (tmp_path / "model.npz").write_bytes(zipped.read(f"{first}/model.npz"))
    assert np.array_equal(MLP.load(tmp_path / "model.npz").parameters, network.parameters)
    store.close()

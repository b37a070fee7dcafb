import math
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest

from mnist_core.errors import StoreError
from mnist_core.nn import MLP
from mnist_core.runs import OPERATOR, RunStore, Who, weights_sha256
from mnist_core.runs.rows import LeaseLostError
from mnist_core.training import Checkpoint, EpochResult, Point, TrainingConfig

SMALL = TrainingConfig(hidden_units=(6, 5), epochs=30, seed=7)


def result(epoch: int, cost: float = 0.5, validation: float | None = None) -> EpochResult:
    return EpochResult(
        epoch=epoch,
        cost=cost,
        accuracy=0.1 + epoch / 1000,
        validation_cost=validation,
        validation_accuracy=validation,
        learning_rate=0.1,
        gradient_norms=(1.5, math.inf, math.nan),
        dead_shares=(0.25, 0.0),
        elapsed_s=epoch * 0.1,
        samples_per_s=1e6,
    )


def test_a_created_run_comes_back_as_it_was(store: RunStore):
    before = datetime.now(UTC)
    run = store.create(SMALL, kind="keras", who=Who("v1"), pair_id="p")
    assert store.get(run.id, who=OPERATOR) == run
    assert (run.config, run.kind, run.owner, run.pair_id, run.preset) == (SMALL, "keras", "v1", "p", "")
    assert (run.status, run.requested, run.epochs_done, run.target_epochs, run.attempt) == ("queued", "", 0, 30, 0)
    assert before - timedelta(seconds=1) < run.created_at_utc < datetime.now(UTC) + timedelta(seconds=1)
    assert len(run.id) >= 16


def test_ids_are_never_the_same_and_names_are_readable(store: RunStore):
    made = [store.create(SMALL, who=OPERATOR) for _ in range(20)]
    assert len({run.id for run in made}) == 20
    assert all(run.name.count("-") == 2 and run.name.rsplit("-", 1)[1].isdigit() for run in made)


@pytest.mark.parametrize(
    ("config", "preset"),
    [
        (TrainingConfig.preset("modern").model_copy(update={"seed": 5}), "modern"),
        (TrainingConfig(), "classic"),
        (TrainingConfig(epochs=999), ""),
    ],
)
def test_a_run_knows_its_preset_whatever_the_seed(store: RunStore, config: TrainingConfig, preset: str):
    assert store.create(config, who=OPERATOR).preset == preset


def test_list_is_newest_first_limited_and_without_tracebacks(store: RunStore):
    made = [store.create(SMALL, who=OPERATOR) for _ in range(3)]
    store.update(made[0].id, traceback="Traceback ...")
    assert [run.id for run in store.list_runs(who=OPERATOR)] == [run.id for run in reversed(made)]
    assert [run.id for run in store.list_runs(limit=1, who=OPERATOR)] == [made[2].id]
    assert store.list_runs(who=OPERATOR)[-1].traceback == ""
    assert store.get(made[0].id, who=OPERATOR).traceback == "Traceback ..."


def test_rename_and_annotate(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    assert not run.named
    store.rename(run.id, "  my run ü ", who=OPERATOR)
    assert store.get(run.id, who=OPERATOR).named
    store.annotate(run.id, "wide\nand deep", who=OPERATOR)
    assert (store.get(run.id, who=OPERATOR).name, store.get(run.id, who=OPERATOR).notes) == (
        "my run ü",
        "wide\nand deep",
    )
    with pytest.raises(ValueError, match="name: expected at least one letter"):
        store.rename(run.id, "  ", who=OPERATOR)


def test_an_unknown_run_is_an_error_in_words(store: RunStore):
    for use in (store.get, store.network, partial(store.rename, name="x")):
        with pytest.raises(StoreError, match="There is no run 'nobody'"):
            use("nobody", who=OPERATOR)


def test_history_keeps_nan_infinity_and_missing_validation(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    store.append_epochs(run.id, [result(0, math.nan), result(1, math.inf, 0.75), result(2, 1e-300)])
    history = store.history(run.id, who=OPERATOR)
    assert list(history.columns) == list(EpochResult.__dataclass_fields__)
    assert history["epoch"].tolist() == [0, 1, 2]
    assert math.isnan(history["cost"][0])
    assert history["cost"][1:].tolist() == [math.inf, 1e-300]
    assert history["validation_cost"].isna().tolist() == [True, False, True]
    norms = history["gradient_norms"][0]
    assert norms[:2] == [1.5, math.inf]
    assert math.isnan(norms[2])
    assert history["dead_shares"][2] == [0.25, 0.0]
    assert {str(kind) for kind in history.dtypes} == {"int64", "float64", "object"}


def test_history_after_an_epoch_and_of_an_empty_run(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    assert store.history(run.id, who=OPERATOR).empty
    assert list(store.history(run.id, who=OPERATOR).columns) == list(EpochResult.__dataclass_fields__)
    store.append_epochs(run.id, [result(epoch) for epoch in range(10)])
    assert store.history(run.id, after_epoch=6, who=OPERATOR)["epoch"].tolist() == [7, 8, 9]


def test_appending_updates_progress_and_replaces_what_is_computed_again(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    store.append_epochs(run.id, [result(0), result(1), result(2)], epoch_share=0.5)
    store.append_epochs(run.id, [result(1, 9.0, validation=0.8)])
    assert store.history(run.id, who=OPERATOR)["cost"].tolist() == [0.5, 9.0]
    after = store.get(run.id, who=OPERATOR)
    assert (after.epochs_done, after.epoch_share, after.validation_accuracy) == (2, 0.0, 0.8)
    assert after.progress == 2 / 30


@pytest.mark.parametrize("average", [None, np.arange(3, dtype=np.float32)])
def test_a_checkpoint_comes_back_bit_for_bit(store: RunStore, average: np.ndarray | None):
    run = store.create(SMALL, who=OPERATOR)
    assert store.load_checkpoint(run.id, who=OPERATOR) is None
    parameters = np.array([1e-45, -0.0, np.nan], np.float32)
    state = {"velocity": np.array([0.1, 0.2, 0.3]), "step": np.array(7)}
    store.save_checkpoint(run.id, Checkpoint(1, parameters))
    store.save_checkpoint(run.id, Checkpoint(5, parameters, state, average, 1.25))
    loaded = store.load_checkpoint(run.id, who=OPERATOR)
    assert loaded is not None
    assert (loaded.epochs_done, loaded.elapsed_s) == (5, 1.25)
    assert loaded.parameters.tobytes() == parameters.tobytes()
    assert {name: array.tobytes() for name, array in loaded.optimizer_state.items()} == {
        name: array.tobytes() for name, array in state.items()
    }
    assert (loaded.average is None) == (average is None)


def test_the_network_is_the_running_average_where_there_is_one(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    with pytest.raises(StoreError, match="has no network yet"):
        store.network(run.id, who=OPERATOR)
    trained, average = MLP(SMALL.layer_sizes, seed=1), MLP(SMALL.layer_sizes, seed=2)
    store.save_checkpoint(run.id, Checkpoint(1, trained.parameters))
    assert weights_sha256(store.network(run.id, who=OPERATOR)) == weights_sha256(trained)
    store.save_checkpoint(run.id, Checkpoint(2, trained.parameters, average=average.parameters))
    assert weights_sha256(store.network(run.id, who=OPERATOR)) == weights_sha256(average) != weights_sha256(trained)


def test_snapshots(store: RunStore):
    run, network = store.create(SMALL, who=OPERATOR), MLP(SMALL.layer_sizes, seed=3)
    for epochs_done in (20, 0, 0, 5):
        store.save_snapshot(run.id, epochs_done, network)
    assert store.snapshot_epochs(run.id, who=OPERATOR) == (0, 5, 20)
    np.testing.assert_array_equal(store.snapshot(run.id, 5, who=OPERATOR).parameters, network.parameters)
    with pytest.raises(StoreError, match="No snapshot was kept after 3 passes"):
        store.snapshot(run.id, 3, who=OPERATOR)


def test_artifacts_are_replaced_and_deleted_with_their_run(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    store.save_artifact(run.id, "curve", b"old")
    store.save_artifact(run.id, "curve", b"\x00new")
    store.save_artifact("elsewhere", "curve", b"kept")
    assert store.load_artifact(run.id, "curve", who=OPERATOR) == b"\x00new"
    assert store.load_artifact(run.id, "other", who=OPERATOR) is None
    store.delete(run.id, who=OPERATOR)
    assert store.load_artifact(run.id, "curve", who=OPERATOR) is None
    assert store.load_artifact("elsewhere", "curve", who=OPERATOR) == b"kept"


def test_delete_takes_all_that_belongs_to_the_run_and_nothing_else(store: RunStore):
    run, other = store.create(SMALL, who=OPERATOR), store.create(SMALL, who=OPERATOR)
    for each in (run, other):
        store.append_epochs(each.id, [result(0)])
        store.save_checkpoint(each.id, Checkpoint(1, np.zeros(3, np.float32)))
        store.save_snapshot(each.id, 0, MLP(SMALL.layer_sizes))
    store.delete(run.id, who=OPERATOR)
    store.delete(run.id, who=OPERATOR)
    assert [left.id for left in store.list_runs(who=OPERATOR)] == [other.id]
    assert store.history(run.id, who=OPERATOR).empty
    assert store.load_checkpoint(run.id, who=OPERATOR) is None
    assert store.snapshot_epochs(run.id, who=OPERATOR) == ()
    assert store.snapshot_epochs(other.id, who=OPERATOR) == (0,)


@pytest.mark.parametrize(
    ("status", "action", "then"),
    [
        ("queued", "pause", ("paused", "")),
        ("queued", "stop", ("stopped", "")),
        ("paused", "stop", ("stopped", "")),
        ("paused", "pause", ("paused", "")),
        ("running", "pause", ("running", "pause")),
        ("running", "step", ("running", "step")),
        ("running", "stop", ("running", "stop")),
        ("finished", "stop", ("finished", "")),
    ],
)
def test_requests(store: RunStore, status: str, action: str, then: tuple[str, str]):
    run = store.create(SMALL, who=OPERATOR)
    store.update(run.id, status=status)
    store.request(run.id, action, who=OPERATOR)
    after = store.get(run.id, who=OPERATOR)
    assert (after.status, after.requested) == then
    assert (after.finished_at_utc is not None) == (then[0] == "stopped")


def test_only_the_lease_holder_may_write(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    writes = [
        lambda: store.update(run.id, lease="other", status="finished"),
        lambda: store.append_epochs(run.id, [result(0)], lease="other"),
        lambda: store.save_checkpoint(run.id, Checkpoint(1, np.zeros(3)), lease="other"),
        lambda: store.save_snapshot(run.id, 0, MLP(SMALL.layer_sizes), lease="other"),
    ]
    for write in writes:
        with pytest.raises(LeaseLostError, match="handed to another worker"):
            write()
    assert store.get(run.id, who=OPERATOR) == run
    assert store.history(run.id, who=OPERATOR).empty
    assert store.load_checkpoint(run.id, who=OPERATOR) is None
    assert store.snapshot_epochs(run.id, who=OPERATOR) == ()


def test_a_runs_network_says_where_it_comes_from(store: RunStore):
    config = TrainingConfig(epochs=3, hidden_units=())
    run = store.create(config, who=OPERATOR)
    store.update(
        run.id, dataset_name="KMNIST", dataset_fingerprint="ab" * 32, versions={"numpy": "2"}, status="stopped"
    )
    store.save_checkpoint(run.id, Checkpoint(epochs_done=2, parameters=MLP((784, 10)).parameters))
    origin = store.network(run.id, who=OPERATOR).origin
    assert TrainingConfig(**origin.config) == config
    assert (origin.dataset_name, origin.dataset_fingerprint, origin.status) == ("KMNIST", "ab" * 32, "stopped")
    assert origin.versions == {"numpy": "2"}


def test_points_within_epochs_come_back_and_are_replaced_from_the_first_new_one_on(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    first = [Point(0, 100 * number, 1 / number, number / 10) for number in (1, 2, 3)]
    store.append_epochs(run.id, [], first[:2], epoch_share=0.4)
    store.append_epochs(run.id, [result(0)], first[2:])
    table = store.points(run.id, who=OPERATOR)
    assert table.to_dict("list") == {
        "epoch": [0, 0, 0],
        "images_seen": [100, 200, 300],
        "cost": [1, 1 / 2, 1 / 3],
        "accuracy": [0.1, 0.2, 0.3],
    }
    assert table.dtypes.astype(str).tolist() == ["int64", "int64", "float64", "float64"]
    store.append_epochs(run.id, [], [Point(0, 200, 9.0, 0.5)])
    assert store.points(run.id, who=OPERATOR)["cost"].tolist() == [1, 9]
    assert store.points("none", who=OPERATOR).empty
    store.delete(run.id, who=OPERATOR)
    assert store.points(run.id, who=OPERATOR).empty


def test_a_snapshot_of_weights_beyond_float32_is_kept_and_read(store: RunStore):
    run = store.create(SMALL, who=OPERATOR)
    parameters = np.full(MLP(SMALL.layer_sizes).parameters.size, 1e300)
    parameters[:3] = np.nan, 1e38, -1e300
    store.save_snapshot(run.id, 5, MLP.from_parameters(SMALL.layer_sizes, SMALL.activation, parameters))
    assert store.snapshot(run.id, 5, who=OPERATOR).parameters[1:4].tolist() == [np.float32(1e38), -np.inf, np.inf]

"""A run whose recipe another release has written is listed as such and harms no other."""

import pytest
from sqlalchemy import text

from mnist_core.errors import StoreError
from mnist_core.runs import OPERATOR, RunStore
from mnist_core.training import TrainingConfig

SMALL = TrainingConfig(hidden_units=(6,), epochs=30)
TEXTS = [
    (SMALL.model_dump_json()[:-1] + ',"gating":true}', "gating: expected one of"),
    (SMALL.model_dump_json().replace('"epochs":30', '"epochs":0'), "epochs: expected"),
    ("not even JSON", "Invalid JSON"),
]


def spoil(store: RunStore, run_id: str, config: str) -> None:
    with store.database.write() as connection:
        connection.execute(text("UPDATE runs SET config = :config WHERE id = :id"), {"config": config, "id": run_id})


@pytest.mark.parametrize(("config", "problem"), TEXTS)
def test_an_unreadable_run_is_listed_apart_and_can_be_deleted(store: RunStore, config: str, problem: str):
    before, run, after = (store.create(SMALL, name=name, who=OPERATOR) for name in ("before", "spoilt", "after"))
    spoil(store, run.id, config)
    assert store.list_runs(who=OPERATOR) == (after, before)
    (unreadable,) = store.unreadable_runs(who=OPERATOR)
    assert (unreadable.id, unreadable.name, unreadable.config_text) == (run.id, "spoilt", config)
    assert problem in unreadable.problem
    assert len(unreadable.problem) <= 300
    with pytest.raises(StoreError, match="The run spoilt cannot be read: "):
        store.get(run.id, who=OPERATOR)
    store.rename(run.id, "kept for later", who=OPERATOR)
    spoil(store, run.id, SMALL.model_dump_json())
    assert store.get(run.id, who=OPERATOR).config == SMALL
    spoil(store, run.id, config)
    store.delete(run.id, who=OPERATOR)
    assert store.unreadable_runs(who=OPERATOR) == ()

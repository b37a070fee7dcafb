"""Page tests: the real frame and pages in Streamlit's own test runner, on a store in a folder of the test's own.

The engine is real as well, but told of a scheduler that does not exist: what is submitted stays in the queue.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_core.runs import OPERATOR, Run, RunStatus, RunStore, Who
from mnist_core.settings import settings
from mnist_core.training import Checkpoint, EpochResult, TrainingConfig, train
from pages.shared import resources
from pages.shared.visitor import identity_of

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 60
SMALL = TrainingConfig(hidden_units=(4,), train_size=50, epochs=20)


@pytest.fixture(autouse=True)
def user_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a user folder of its own, through the variables that an operator would set."""
    monkeypatch.setenv("MNIST_USER_DIR", str(tmp_path))
    monkeypatch.setenv("MNIST_SCHEDULER_ADDRESS", "tcp://127.0.0.1:9")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Let the pages read the settings and open the store again."""
    settings.cache_clear()
    resources.engine.clear()
    resources.store.clear()
    st.cache_data.clear()


@pytest.fixture
def fashion(fashion_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the app use Fashion-MNIST, and forget it afterwards."""
    monkeypatch.setenv("MNIST_DATA_DIR", str(fashion_dir))
    settings.cache_clear()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def store() -> RunStore:
    """The store that the pages use."""
    return resources.store()


# The visitor of page tests, whose runs `make_run` makes; a page test has no cookies, only a session.
ME = Who(identity_of("me"))
MakeRun = Callable[..., Run]


@pytest.fixture
def make_run(store: RunStore) -> MakeRun:
    """Put a run into the store as a worker would leave it: `make_run("finished", epochs=3, test_accuracy=0.95)`.

    Epoch e has the cost 2 / (e + 1) and the accuracy 0.5 + e / 100. The network is real and untrained.
    """

    def make(status: RunStatus, epochs: int = 0, config: TrainingConfig = SMALL, **fields: object) -> Run:
        run = store.create(config, who=ME)
        network = train(config, resources.dataset()).network
        store.save_snapshot(run.id, 0, network)
        store.append_epochs(run.id, [epoch_result(epoch, config) for epoch in range(epochs)])
        store.save_checkpoint(run.id, Checkpoint(epochs, network.parameters.copy()))
        if status in ("finished", "stopped", "diverged", "failed"):
            fields = {"finished_at_utc": datetime.now(UTC), **fields}
        store.update(run.id, status=status, started_at_utc=datetime.now(UTC), **fields)
        return store.get(run.id, who=OPERATOR)

    return make


def epoch_result(epoch: int, config: TrainingConfig = SMALL) -> EpochResult:
    layers = len(config.hidden_units) + 1
    held_out = config.validation_size > 0
    return EpochResult(
        epoch=epoch,
        cost=2 / (epoch + 1),
        accuracy=0.5 + epoch / 100,
        validation_cost=2.5 / (epoch + 1) if held_out else None,
        validation_accuracy=0.4 + epoch / 100 if held_out else None,
        learning_rate=config.learning_rate,
        gradient_norms=(0.5,) * layers,
        dead_shares=(0.25,) * (layers - 1),
        elapsed_s=0.5 * (epoch + 1),
        samples_per_s=1000.0,
    )


ShowPage = Callable[..., AppTest]


@pytest.fixture
def show_page() -> ShowPage:
    """Show a page inside the frame: `show_page("training", run="...")`, the other keywords being the query string.

    `visitor` stands for the cookie: "me" owns what `make_run` makes.
    """

    def show(name: str, visitor: str = "me", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["visitor"] = visitor
        app.run()
        app.switch_page(f"{name}/page.py")
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    return show

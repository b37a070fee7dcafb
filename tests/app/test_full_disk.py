"""What a visitor meets on a server whose disk is full: clear words, pages to look at, and a way to make room."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.errors import StoreUnavailableError
from mnist_core.runs import OPERATOR
from pages.places import PLACES
from tests.app.conftest import forget
from tests.runs.small_disk import fill, small_disk

MEGABYTE = 2**20


@pytest.fixture
def disk(user_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's folder, on a disk of 20 MB of which 1 stays free for runs under way."""
    with small_disk(user_dir / "disk") as folder:
        monkeypatch.setenv("MNIST_USER_DIR", str(folder))
        monkeypatch.setenv("MNIST_MIN_FREE_BYTES", str(MEGABYTE))
        forget()
        yield folder
        forget()


@pytest.fixture
def full(disk, make_run, store):
    """Fill the disk, with a finished run of 6 MB on it; return the run."""
    run = make_run("finished", epochs=3, test_accuracy=0.9)
    store.save_artifact(run.id, "large", os.urandom(6 * MEGABYTE))
    fill(disk)
    for size in (MEGABYTE, 100):  # until the store's own files have no room left either
        with pytest.raises(StoreUnavailableError, match="full"):
            for number in range(2000):
                store.save_artifact(f"of {size}", str(number), os.urandom(size))
    return run


def test_every_page_is_still_shown(full, show_page):
    for place in PLACES:
        app = show_page(place.folder, run=full.id)
        assert "Something went wrong" not in " ".join(error.value for error in app.error), place.folder
        assert app.title, place.folder


def test_nothing_is_started_until_a_run_is_deleted(full, show_page, store, disk):
    app = show_page("training", run=full.id)
    app.button[0].click().run()
    assert app.error[0].value.startswith("The server's disk is nearly full: 0 MB are free, and 1 MB stay free")
    assert app.error[0].value.endswith("Delete runs on the Runs page first.")
    assert [run.id for run in store.list_runs(who=OPERATOR)] == [full.id]
    runs = show_page("runs", runs=full.id)
    next(button for button in runs.button if button.label == "Move to the trash").click().run()
    assert not runs.error
    assert shutil.disk_usage(disk).free > 2 * MEGABYTE
    again = show_page("training", hidden_units="4", train_size="50", epochs="2")
    again.button[0].click().run()
    assert [error.value for error in again.error] == []
    assert [run.status for run in store.list_runs(who=OPERATOR)] == ["queued"]


def test_a_change_that_finds_no_room_says_what_to_do_and_changes_nothing(full, show_page, store):
    app = show_page("runs", runs=full.id)
    app.text_area(key=f"notes {full.id}").input("x" * 1000)
    next(button for button in app.button if button.label == "Save").click().run()
    assert "full. Delete runs or free some space" in app.error[0].value
    assert store.get(full.id, who=OPERATOR).notes == ""

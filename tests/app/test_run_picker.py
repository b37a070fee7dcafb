"""Which network a page opens with, where the visitor has not chosen one."""

import pytest

from mnist_core.training import TrainingConfig
from pages.shared import resources
from tests.app.conftest import ME

HELD_OUT = TrainingConfig(hidden_units=(4,), train_size=50, validation_size=20, epochs=20)
PAGES = ("draw", "evaluation")


def chosen(app, page):
    return app.selectbox(key=f"{page}.run").value


def again(app, page):
    """Leave a page, and come back by the navigation, which drops the query string."""
    app.switch_page("dataset/page.py").run()
    app.query_params.clear()
    app.switch_page(f"{page}/page.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize("page", PAGES)
def test_my_own_last_finished_run_then_the_best_by_validation_then_the_packaged_network(show_page, make_run, page):
    here = {"dataset_fingerprint": resources.dataset().fingerprint}
    app = show_page(page)
    assert chosen(app, page) == "packaged"
    theirs = {**here, "owner": "another visitor"}
    best = make_run("finished", 2, HELD_OUT, validation_accuracy=0.97, **theirs)
    make_run("finished", 2, HELD_OUT, validation_accuracy=0.6, test_accuracy=0.99, **theirs)
    make_run(
        "finished", 2, HELD_OUT, validation_accuracy=0.99, dataset_fingerprint="other data", owner="another visitor"
    )
    make_run("stopped", 2, owner=ME.identity, **here)
    assert chosen(again(app, page), page) == best.id
    own = [make_run("finished", 2, owner=ME.identity, **here) for _ in range(2)]
    make_run("stopped", 2, **here)
    assert chosen(again(app, page), page) == own[-1].id


@pytest.mark.parametrize("page", PAGES)
def test_what_the_visitor_chose_is_kept_when_newer_runs_finish(show_page, make_run, page):
    first, app = make_run("finished", 2, owner="another visitor"), show_page(page)
    app.selectbox(key=f"{page}.run").set_value(first.id).run()
    make_run("finished", 2, owner=ME.identity)
    assert chosen(again(app, page), page) == first.id
    assert app.query_params["run"] == first.id


@pytest.mark.parametrize("page", [*PAGES, "backpropagation"])
def test_a_link_to_the_packaged_network_is_kept(show_page, make_run, page):
    make_run("finished", 2, HELD_OUT, validation_accuracy=0.9, dataset_fingerprint=resources.dataset().fingerprint)
    app = show_page(page, run="packaged")
    assert chosen(app, page) == "packaged"
    assert not app.warning

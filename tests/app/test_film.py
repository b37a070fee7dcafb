"""The film on the Training page: each snapshot with its own accuracy, on images that are not the test set."""

import json

import pytest

from mnist_core import train
from mnist_core.evaluation import evaluate
from mnist_core.lessons.digits_to_watch import ten_to_watch
from mnist_core.lessons.film import film_images
from mnist_core.runs import OPERATOR
from mnist_core.training import TrainingConfig
from pages.shared import resources
from pages.training.film import frame_of

CONFIG = TrainingConfig(hidden_units=(8,), train_size=300, validation_size=200, epochs=2, batch_size=20)


@pytest.fixture
def run(store, make_run):
    made = make_run("finished", epochs=2, config=CONFIG)
    trainer = train(CONFIG, resources.dataset())
    for result in trainer:
        store.save_snapshot(made.id, result.epoch + 1, trainer.network)
    return made


def test_each_frame_holds_kernels_matrix_and_accuracy_of_its_own_snapshot(run, store):
    images, words = film_images(CONFIG, resources.dataset())
    assert words == "200 images held out from training"
    for epoch in (0, 2):
        frame, judged = frame_of(run.id, epoch, 0), evaluate(store.snapshot(run.id, epoch, who=OPERATOR), images)
        assert frame.accuracy == judged.accuracy
        assert (frame.confusion == judged.confusion).all()
    assert frame_of(run.id, 2, 0).kernels != frame_of(run.id, 0, 0).kernels


def next_step(app):
    return next(link.proto.label for link in app.get("page_link") if link.proto.label.startswith("Follow one step"))


def test_the_film_stands_at_the_last_snapshot_or_at_the_one_of_the_link(show_page, run):
    app = show_page("training", run=run.id)
    app.session_state["film"] = True
    app.run()
    assert "after 2 epochs" in next_step(app)
    assert app.query_params["frame"] in ("2", ["2"])
    linked = show_page("training", run=run.id, frame="1")
    assert "after 1 epoch," in next_step(linked)


def test_the_network_of_the_frame_reads_an_image(show_page, run, store):
    linked = show_page("training", run=run.id, frame="1")
    picture = next(
        json.loads(one.proto.json)
        for one in linked.get("bidi_component")
        if "living_network" in one.proto.component_name
    )
    ten, _ = ten_to_watch(CONFIG, resources.dataset())
    expected = store.snapshot(run.id, 1, who=OPERATOR).predict_proba(ten.images[:1])[0]
    assert picture["layers"][-1]["values"] == expected.astype(float).tolist()

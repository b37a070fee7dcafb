"""The film on the Training page: each snapshot with its own accuracy, on images that are not the test set."""

import pytest

from mnist_core import train
from mnist_core.evaluation import evaluate
from mnist_core.lessons.film import film_images
from mnist_core.training import TrainingConfig
from pages.shared import resources

CONFIG = TrainingConfig(hidden_units=(8,), train_size=300, validation_size=200, epochs=2, batch_size=20)


@pytest.fixture
def run(store, make_run):
    made = make_run("finished", epochs=2, config=CONFIG)
    trainer = train(CONFIG, resources.dataset())
    for result in trainer:
        store.save_snapshot(made.id, result.epoch + 1, trainer.network)
    return made


def test_the_slider_moves_kernels_matrix_and_accuracy_together(show_page, run, store):
    app = show_page("training", run=run.id)
    assert "film_epoch" not in app.session_state
    app.session_state["film"] = True
    app.run()
    images, words = film_images(CONFIG, resources.dataset())
    assert words == "200 images held out from training"
    for epoch in (2, 0):
        app.select_slider(key="film_epoch").set_value(epoch).run()
        judged = evaluate(store.snapshot(run.id, epoch), images)
        (tile,) = [metric for metric in app.metric if metric.label == f"Accuracy on {words}"]
        assert tile.value == f"{100 * judged.accuracy:.2f} %"
        alternatives = [chart.proto.alt for chart in app.get("plotly_chart")]
        assert f"Confusion matrix after {epoch} epochs" in alternatives
    assert not app.exception

"""The Evaluation page in every state, its numbers against an independent count."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core import load_mnist
from mnist_core.data.unconfirmed import unconfirmed_test_indices
from mnist_core.evaluation.robustness import measure_robustness, table_bytes
from mnist_core.runs import OPERATOR
from mnist_core.runs.queue import MAX_DEATHS, WorkQueue
from mnist_core.runs.tasks import TaskStore
from mnist_core.training.packaged_model import packaged_model
from pages.shared.words import points
from tests.evaluation.stored_run import store_run

ROOT = Path(__file__).parents[2]
TEST = load_mnist().test


@pytest.fixture
def run(store):
    """A finished run that held out 1000 images and left others over."""
    return store_run(store, "calm-otter-17")


@pytest.fixture
def answers(store, run):
    """Its probabilities for the test images, float64 (10000, 10)."""
    return store.network(run.id, who=OPERATOR).predict_proba(TEST.images).astype(float)


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def words(app):
    return " ".join(element.value for element in app.markdown)


def test_without_a_run_the_packaged_network_is_judged(show_page):
    app = show_page("evaluation")
    assert app.selectbox(key="evaluation.run").value == "packaged"
    assert metrics(app)["Test accuracy"] == f"{100 * packaged_model().test_accuracy:.2f} %"
    for part in ("Calibration", "Automatic reading", "Robustness", "Two runs", "Downloads"):
        assert metrics(show_page("evaluation", part=part))["Test accuracy"] == metrics(app)["Test accuracy"]


@pytest.mark.parametrize("status", ["queued", "running", "diverged"])
def test_a_run_that_cannot_be_judged_is_not_judged(show_page, make_run, status):
    run = make_run(status, epochs=2)
    app = show_page("evaluation", run=run.id)
    assert f"{run.name} is {status} and cannot be shown here." in app.warning[0].value
    assert app.selectbox(key="evaluation.run").value == "packaged"


def test_the_headline_agrees_with_an_independent_count(show_page, run, answers):
    wrong = answers.argmax(axis=1) != TEST.labels
    cost = -np.log(answers[np.arange(10_000), TEST.labels]).mean()
    confirmed = np.delete(~wrong, unconfirmed_test_indices(load_mnist()))
    shown = metrics(show_page("evaluation", run=run.id))
    assert shown["Test accuracy"] == f"{100 - wrong.sum() / 100:.2f} %" == f"{100 * run.test_accuracy:.2f} %"
    assert shown["Errors"] == f"{wrong.sum():,}"
    assert float(shown["Mean cost"]) == pytest.approx(cost, abs=6e-5)
    assert shown["Confirmed labels"] == f"{100 * confirmed.sum() / 9985:.2f} %"
    low, high = (float(end) for end in re.findall(r"[\d.]+", shown["95 % interval"]))
    assert low < 100 * run.test_accuracy < high < low + 2


def test_it_says_that_nothing_feeds_back_into_training(show_page, run):
    assert "nothing on this page feeds back into training" in show_page("evaluation", run=run.id).caption[-1].value


@pytest.mark.parametrize(("true", "predicted"), [(4, 9), (7, 7), (3, 5)])
def test_the_selectors_show_the_images_of_a_cell(show_page, run, answers, true, predicted):
    app = show_page("evaluation", run=run.id)
    app.selectbox(key="true").set_value(true)
    app.selectbox(key="predicted").set_value(predicted).run()
    count = np.count_nonzero((TEST.labels == true) & (answers.argmax(axis=1) == predicted))
    assert count != 1
    assert f"**{count:,} images** of digit {true} read as {predicted}" in words(app)


def test_a_cell_in_the_link_is_shown(show_page, run):
    app = show_page("evaluation", run=run.id, true="8", predicted="3")
    assert (app.selectbox(key="true").value, app.selectbox(key="predicted").value) == (8, 3)
    assert "of digit 8 read as 3" in words(app)


def test_scores_and_confused_pairs_agree_with_an_independent_count(show_page, run, answers):
    app = show_page("evaluation", run=run.id, part="Digits")
    predicted = answers.argmax(axis=1)
    scores, pairs = (table.value for table in app.dataframe)
    assert scores["digit"].tolist() == list("0123456789")
    for digit, row in scores.iterrows():
        right = np.count_nonzero((TEST.labels == digit) & (predicted == digit))
        assert row["precision"] == pytest.approx(right / np.count_nonzero(predicted == digit))
        assert row["recall"] == pytest.approx(right / np.count_nonzero(TEST.labels == digit))
    for _, pair in pairs.iterrows():
        cell = (TEST.labels == int(pair["true"])) & (predicted == int(pair["predicted"]))
        assert pair["count"] == np.count_nonzero(cell) > 0
        assert pair["true"] != pair["predicted"]


@pytest.mark.parametrize("by", ["cost", "confidence", "margin"])
def test_the_first_error_is_shown_in_detail(show_page, run, answers, by):
    wrong = np.flatnonzero(answers.argmax(axis=1) != TEST.labels)
    second, first = np.sort(answers[wrong], axis=1)[:, -2:].T
    key = {"cost": -answers[wrong, TEST.labels[wrong]], "confidence": first, "margin": second - first}[by]
    index = wrong[key.argmax()]
    app = show_page("evaluation", run=run.id, part="Errors", by=by)
    assert f"**{len(wrong):,} errors.**" in words(app)
    assert f"**Test image {index}**: true digit **{TEST.labels[index]}**" in words(app)
    assert f"predicted **{answers[index].argmax()}** with {100 * answers[index].max():.1f} %" in words(app)


def test_more_errors_are_shown_on_demand(show_page, run, answers):
    errors = np.count_nonzero(answers.argmax(axis=1) != TEST.labels)
    app = show_page("evaluation", run=run.id, part="Errors")
    assert app.button[0].label == f"Show more of the other {errors - 60}"
    app.button[0].click().run()
    assert app.button[0].label == f"Show more of the other {errors - 120}"


def test_the_temperature_is_fitted_on_images_held_out_from_training(show_page, run):
    app = show_page("evaluation", run=run.id, part="Calibration")
    assert "fitted on 10,000 training images that this run did not learn from" in words(app)
    table = app.dataframe[0].value
    assert table[""].tolist()[0] == "as trained"
    assert table[""].tolist()[1].startswith("at temperature ")
    assert table["mean cost"][0] == metrics(app)["Mean cost"]


def test_without_held_out_images_no_temperature_is_fitted(show_page, store):
    run = store_run(store, "keen-owl-2", train_size=60_000, validation_size=0, epochs=1, batch_size=512)
    app = show_page("evaluation", run=run.id, part="Calibration")
    assert "none are left to fit a temperature on" in words(app)
    assert len(app.dataframe[0].value) == 1
    app = show_page("evaluation", run=run.id, part="Automatic reading")
    assert "read off the test set itself" in words(app)
    assert float(metrics(app)["Errors among them"].removesuffix(" %")) <= 0.5


def test_automatic_reading_agrees_with_an_independent_count(show_page, run, answers):
    app = show_page("evaluation", run=run.id, part="Automatic reading", allowed="2 %")
    shown = metrics(app)
    threshold = float(shown["Lowest confidence accepted"].removesuffix(" %")) / 100
    accepted = answers.max(axis=1) >= threshold
    errors = accepted & (answers.argmax(axis=1) != TEST.labels)
    assert float(shown["Read automatically"].removesuffix(" %")) == pytest.approx(100 * accepted.mean(), abs=0.1)
    assert float(shown["Errors among them"].removesuffix(" %")) == pytest.approx(
        100 * errors.sum() / accepted.sum(), abs=0.02
    )
    assert 50 < 100 * accepted.mean() < 100


def test_robustness_is_measured_on_demand(show_page, store, run):
    app = show_page("evaluation", run=run.id, part="Robustness")
    app.button[0].click().run()
    assert app.get("progress")[0].proto.text == "Waiting for a worker"
    table = measure_robustness(
        store.network(run.id, who=OPERATOR), type(TEST)(TEST.images[:100], TEST.labels[:100]), lambda _: None
    )
    store.save_artifact(run.id, "robustness", table_bytes(table))
    app.run()
    assert {heading.value for heading in app.subheader} == {"Shift", "Turn", "Scale", "Blur", "Noise"}
    least = min(table.itertuples(), key=lambda row: row.accuracy)
    (meaning,) = [markdown.value for markdown in app.markdown if "harms it most" in markdown.value]
    assert (
        f"{100 * max(table['accuracy']):.1f} % of the images at best, and only {100 * least.accuracy:.1f} %" in meaning
    )
    assert f"**{least.distortion}** harms it most" in meaning
    assert len(app.get("plotly_chart")) == 5


def test_a_failed_measurement_is_shown_in_words(show_page, store, run):
    TaskStore(store).add(run.id, "robustness", who=OPERATOR)
    ticket = WorkQueue(store).waiting()[0]
    for _ in range(MAX_DEATHS):
        WorkQueue(store).fail(ticket, "the disk is full", "")
    app = show_page("evaluation", run=run.id, part="Robustness")
    assert app.error[0].value == "Robustness could not be measured: the disk is full"
    assert app.button[0].label == "Measure robustness"


def test_two_runs_are_compared_image_by_image(show_page, store, run, answers):
    other = store_run(store, "keen-owl-2", hidden_units=(24,), epochs=4)
    app = show_page("evaluation", run=run.id, part="Two runs", other=other.id)
    first = answers.argmax(axis=1) == TEST.labels
    second = store.network(other.id, who=OPERATOR).predict(TEST.images) == TEST.labels
    table = app.dataframe[0].value
    assert table.loc["calm-otter-17 right", "keen-owl-2 wrong"] == np.count_nonzero(first & ~second)
    assert table.loc["calm-otter-17 wrong", "keen-owl-2 right"] == np.count_nonzero(second & ~first)
    assert table.to_numpy().sum() == 10_000
    assert metrics(app)["Difference"] == points(first.mean() - second.mean())
    assert "keen-owl-2 is better on such images" in words(app)


def test_a_run_without_another_says_so(show_page, run):
    app = show_page("evaluation", run=run.id, part="Two runs")
    assert app.info[0].value == "Choose another finished run to compare this network with."


def test_all_three_downloads_are_offered(show_page, run):
    app = show_page("evaluation", run=run.id, part="Downloads")
    assert [button.label for button in app.download_button] == ["Predictions .csv", "Report .json", "Figures .html"]


def test_a_model_file_is_asked_for(show_page, run):
    app = show_page("evaluation", source="Model file")
    assert app.info[0].value == "Choose a model file. The Training page offers each network as one, below its curves."


def test_a_link_with_an_unknown_part_says_so(show_page, run):
    app = show_page("evaluation", run=run.id, part="Nonsense")
    assert app.warning[0].value.startswith("The link says part = 'Nonsense'.")


def test_it_works_where_keras_and_tensorflow_are_not_installed(user_dir, run):
    script = (
        "import sys; sys.modules.update(keras=None, tensorflow=None, h5py=None)\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('pages/app.py', default_timeout=60).run()\n"
        "app.switch_page('evaluation/page.py').run()\n"
        "assert not app.exception\n"
        "print('accuracy:', app.metric[0].value)"
    )
    environment = {**os.environ, "MNIST_USER_DIR": str(user_dir)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert f"accuracy: {100 * run.test_accuracy:.2f} %" in done.stdout

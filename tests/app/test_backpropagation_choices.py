"""The Backpropagation page's image and network: what was drawn, runs at their snapshots, the packaged network."""

import numpy as np

from mnist_core import TrainingConfig
from mnist_core.lessons.catalogue import first_network
from mnist_core.lessons.one_update import compute_update
from mnist_core.runs import OPERATOR
from mnist_core.training.packaged_model import packaged_model
from pages.shared import resources


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def test_what_was_drawn_is_learnt_as_the_digit_that_was_meant(show_page):
    app = show_page("backpropagation", picked="My drawing")
    assert app.info[0].value.startswith("Nothing has been drawn")
    drawing = np.zeros((28, 28), np.uint8)
    drawing[4:24, 13:15] = 255
    app.session_state["drawn_image"] = drawing
    app.run()
    assert app.info[0].value.startswith("Say which digit you meant")
    assert not app.get("plotly_chart")
    app.pills(key="meant").set_value(1).run()
    assert "reads your drawing, meant as 1" in text(app)
    expected = compute_update(first_network(TrainingConfig()), drawing, 1, 0.1).cost
    assert f"the cost is {expected:.4g}" in text(app)


def test_the_packaged_network_can_learn_too(show_page):
    data = resources.dataset().train
    app = show_page("backpropagation", run="packaged")
    expected = compute_update(packaged_model().network, data.images[0], int(data.labels[0]), 0.1).cost
    assert "**The packaged network** reads training image 0, digit 5" in text(app)
    assert f"cost is {expected:.4g}" in text(app)


def test_a_run_shows_the_snapshot_of_the_chosen_epoch(show_page, make_run, store):
    run = make_run("finished", epochs=2)
    later = store.snapshot(run.id, 0, who=OPERATOR)
    later.parameters[:] *= 0.5
    store.save_snapshot(run.id, 2, later)
    app = show_page("backpropagation", run=run.id)
    data = resources.dataset().train
    networks = {epoch: store.snapshot(run.id, epoch, who=OPERATOR) for epoch in (0, 2)}
    image, label = data.images[0], int(data.labels[0])
    costs = {epoch: compute_update(network, image, label, 0.1).cost for epoch, network in networks.items()}
    assert f"**{run.name} after 2 epochs**" in text(app)
    assert f"{costs[2]:.4g}" in text(app)
    app.select_slider(key="epoch").set_value(0).run()
    assert f"**{run.name} after 0 epochs**" in text(app)
    assert f"{costs[0]:.4g}" in text(app)
    linked = show_page("backpropagation", run=run.id, epoch="0")
    assert f"**{run.name} after 0 epochs**" in text(linked)
    wrong = show_page("backpropagation", run=run.id, epoch="1")
    assert "epoch = '1'" in wrong.warning[0].value
    assert f"**{run.name} after 2 epochs**" in text(wrong)


def test_what_the_shown_step_leaves_out_is_said(show_page, make_run):
    config = TrainingConfig(hidden_units=(4,), train_size=50, epochs=2, optimizer="adam", dropout=0.1)
    run = make_run("finished", epochs=2, config=config)
    assert "also trained with adam, dropout" in text(show_page("backpropagation", run=run.id))


def test_a_network_that_diverged_is_named(show_page, make_run, store):
    run = make_run("diverged", epochs=1)
    network = store.snapshot(run.id, 0, who=OPERATOR)
    network.parameters[:] = np.nan
    store.save_snapshot(run.id, 1, network)
    app = show_page("backpropagation", run=run.id)
    assert app.warning[0].value.startswith("This network diverged")
    assert not app.exception

"""The Backpropagation page: its numbers are the network's, for any architecture, and links restore it."""

import base64
import json

import numpy as np
import pytest

from mnist_core import TrainingConfig
from mnist_core.lessons.catalogue import first_network
from mnist_core.lessons.one_update import compute_update
from pages.backpropagation.numbers import tex
from pages.shared import resources


def text(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def formulas(app):
    return [element.value.strip("$\n") for element in app.latex]


def figures(app):
    """Return the alternative texts of the charts."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def tiles(app):
    return {metric.label: metric.value for metric in app.metric}


def titles_of_steps(app):
    return [option.split(". ", 1)[1] for option in app.selectbox(key="backpropagation.step").options]


def update_of(config=None, image=0, rate=0.1):
    data = resources.dataset().train
    network = first_network(config or TrainingConfig())
    return compute_update(network, data.images[image], int(data.labels[image]), rate)


def arrays_of(app):
    """Return the numbers that the page's heatmaps send to the browser, by their alternative text."""
    found = {}
    for chart in app.get("plotly_chart"):
        z = json.loads(chart.proto.spec)["data"][0]["z"]
        numbers = np.frombuffer(base64.b64decode(z["bdata"]), z["dtype"])
        found[chart.proto.alt] = numbers.reshape([int(size) for size in z["shape"].split(",")])
    return found


def test_the_arrays_in_the_browser_equal_an_independent_float64_computation(show_page):
    data, network = resources.dataset().train, first_network(TrainingConfig())
    w1, w2, w3 = (kernel.astype(np.float64) for kernel in network.kernels)
    x = data.images[3].reshape(784) / 255.0
    z1 = x @ w1
    a1 = z1 * (z1 > 0)
    z2 = a1 @ w2
    a2 = z2 * (z2 > 0)
    p = np.exp(a2 @ w3) / np.exp(a2 @ w3).sum()
    d_z3 = p - np.eye(10)[data.labels[3]]
    d_z2 = (w3 @ d_z3) * (z2 > 0)
    d_z1 = (w2 @ d_z2) * (z1 > 0)
    unit = int(np.abs(d_z1).argmax())
    expected = {
        "2": {"The sums z1, a cell for each unit": z1, f"W1 of unit {unit}, as an image": w1[:, unit]},
        "5": {"After: the activations a2, a cell for each unit": a2},
        "7": {"The probabilities": p},
        "9": {"Probability p, target t, and their difference dz": np.stack([p, p - d_z3, d_z3])},
        "12": {"dW2: a row for each input, a column for each unit": np.outer(a1, d_z2)},
        "13": {"The derivatives dz1, a cell for each unit": d_z1},
        "14": {f"dW1 of unit {unit}, as an image": x * d_z1[unit]},
        "15": {f"W1, after of unit {unit}, as an image": w1[:, unit] - 0.1 * x * d_z1[unit]},
    }
    for step, arrays in expected.items():
        shown = arrays_of(show_page("backpropagation", example="3", step=step))
        for name, array in arrays.items():
            np.testing.assert_allclose(shown[name].ravel(), array.ravel(), rtol=1e-6, atol=1e-12)


def test_it_begins_with_the_first_image_and_fresh_weights(show_page):
    app = show_page("backpropagation")
    update = update_of()
    assert app.subheader[0].value == "The image"
    assert "**A fresh 784-128-64-10 network with relu** reads training image 0, digit 5" in text(app)
    assert f"the cost is {update.cost:.4g}." in text(app)
    assert titles_of_steps(app) == [
        "The image",
        "Weighted sums z1",
        "Activations a1",
        "Weighted sums z2",
        "Activations a2",
        "Ten sums z3, the logits",
        "Probabilities p",
        "The cost",
        "Backwards: dz3 of the ten sums",
        "Gradients dW3 and db3",
        "Back through layer 3: dz2",
        "Gradients dW2 and db2",
        "Back through layer 2: dz1",
        "Gradients dW1 and db1",
        "The update",
        "The cost after it",
    ]


def test_every_step_is_a_screen_with_words_formula_arrays_and_the_code_that_did_it(show_page):
    app = show_page("backpropagation")
    titles = titles_of_steps(app)
    for title in titles:
        assert not app.exception
        assert app.subheader[0].value == title
        assert len(app.latex) == 1
        assert figures(app)
        assert len(app.code) == (title not in {"The image", "The cost after it"})
        forward = next(button for button in app.button if button.label == "Next")
        if title != titles[-1]:
            forward.click().run()
    assert forward.disabled
    update = update_of()
    assert tiles(app)["Cost before"] == f"{update.cost:.4g}"
    assert tiles(app)["Cost after"] == f"{update.cost_after:.4g}"
    assert app.success[0].value.startswith(f"The cost fell from {update.cost:.4g} to {update.cost_after:.4g}")


@pytest.mark.parametrize(
    ("units", "activation", "steps"), [("none", "relu", 8), ("12", "tanh", 12), ("20-16-12", "sigmoid", 20)]
)
def test_it_holds_for_any_architecture(show_page, units, activation, steps):
    app = show_page("backpropagation", units=units, bend=activation, step=str(steps))
    config = TrainingConfig(hidden_units=units, activation=activation)
    update = update_of(config)
    assert len(titles_of_steps(app)) == steps
    assert app.subheader[0].value == "The cost after it"
    assert tiles(app)["Cost after"] == f"{update.cost_after:.4g}"
    for view in ("One unit", "Check it", "Step size"):
        app.segmented_control(key="show").set_value(view).run()
        assert not app.exception


def test_fewer_steps_and_units_after_a_change_of_architecture(show_page):
    app = show_page("backpropagation", step="16", unit1="100")
    app.text_input(key="units").set_value("none").run()
    assert app.selectbox(key="backpropagation.step").value == 8
    app.segmented_control(key="show").set_value("One unit").run()
    assert not app.exception
    assert app.number_input(key="unit1").value is None
    assert app.number_input(key="unit1").max == 9


def test_a_units_sum_and_chain_rule_are_the_networks(show_page):
    app = show_page("backpropagation", show="One unit", layer="2", unit2="7")
    update = update_of()
    z, a, d_z = update.z[1][7], update.a[1][7], update.d_z[1][7]
    assert formulas(app)[0].endswith(f"= {tex(z)}")
    assert formulas(app)[1] == f"a = f(z) = {tex(a)}"
    assert formulas(app)[2].endswith(f"= {tex(d_z)}")
    forwards, backwards, weights = (frame.value for frame in app.dataframe)
    np.testing.assert_allclose(forwards["Input"] * forwards["Weight"], forwards["Input × weight"])
    assert set(backwards["From"]) < {f"unit {unit}" for unit in range(10)}
    np.testing.assert_allclose(weights["Step"], -0.1 * weights["Input × dz"], atol=1e-15)


def test_a_unit_of_the_last_layer_has_probability_minus_target(show_page):
    app = show_page("backpropagation", show="One unit", layer="3", unit3="5")
    update = update_of()
    assert "Unit 5 is the right digit" in text(app)
    assert formulas(app)[-1] == f"dz = p - t = {tex(update.probabilities[5])} - 1 = {tex(update.d_z[2][5])}"


@pytest.mark.parametrize("part", ["W1", "W3", "b2"])
def test_the_check_agrees(show_page, part):
    app = show_page("backpropagation", show="Check it", part=part)
    table = app.dataframe[0].value
    assert len(table) == 10
    assert (table["Relative error"] < 1e-6).all()
    largest = np.abs(update_of().gradient.kernels[int(part[1]) - 1]).max() if part[0] == "W" else None
    if largest is not None:
        assert table["Backpropagation"].abs().max() == pytest.approx(largest, rel=1e-12)
    assert app.success[0].value.startswith("They agree")


def test_other_numbers_are_drawn(show_page):
    app = show_page("backpropagation", show="Check it")
    before = app.dataframe[0].value["Number"].tolist()
    next(button for button in app.button if button.label == "Draw others").click().run()
    after = app.dataframe[0].value["Number"].tolist()
    assert before[:5] == after[:5]
    assert set(before[5:]) != set(after[5:])
    assert app.number_input(key="others").value == 1


def test_the_learning_rate_moves_the_step(show_page):
    app = show_page("backpropagation", show="Step size", rate="0.01")
    assert tiles(app)["This image, after"] == f"{update_of(rate=0.01).cost_after:.4g}"
    app.select_slider(key="rate").set_value(1.0).run()
    assert tiles(app)["This image, after"] == f"{update_of(rate=1.0).cost_after:.4g}"
    assert tiles(app)["This image, before"] == f"{update_of().cost:.4g}"


def test_an_image_at_random_is_of_its_digit_and_repeats_with_its_seed(show_page):
    app = show_page("backpropagation", picked="At random", digit="3", draw="7")
    assert "digit 3" in text(app)
    again = show_page("backpropagation", picked="At random", digit="3", draw="7")
    assert text(again) == text(app)
    next(button for button in app.button if button.label == "Another").click().run()
    assert app.number_input(key="draw").value == 8
    assert "digit 3" in text(app)
    assert text(again) != text(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step", "99"),
        ("step", "two"),
        ("example", "60000"),
        ("show", "nothing"),
        ("rate", "3"),
        ("lesson", "none"),
        ("run", "gone"),
        ("units", "abc"),
        ("units", "5000-5000"),
    ],
)
def test_a_bad_link_is_explained_and_the_default_shown(show_page, name, value):
    app = show_page("backpropagation", **{name: value})
    assert not app.exception
    words = " ".join(element.value for element in (*app.warning, *app.error))
    assert value in words or "28,980,010" in words
    assert "**A fresh 784-128-64-10 network with relu** reads training image 0" in text(app)


def test_any_number_can_be_checked(show_page):
    app = show_page("backpropagation", show="Check it")
    app.session_state["own"] = True
    app.run()
    app.number_input(key="own W1 From").set_value(6 * 28 + 14)
    app.number_input(key="own W1 To unit").set_value(112).run()
    (row,) = app.dataframe[1].value.to_dict("records")
    assert row["Number"] == "row 6, col 14 to unit 112"
    assert row["Backpropagation"] == update_of().gradient.kernels[0][6 * 28 + 14, 112] != 0
    assert row["Relative error"] < 1e-6


def test_other_data_have_classes_instead_of_digits(fashion, show_page):
    app = show_page("backpropagation", step="6")
    assert "reads training image 0, Ankle boot, as" in text(app)
    assert "</dfn> for each class" in text(app)

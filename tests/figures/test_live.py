import base64
import json

import numpy as np
import pandas as pd
import pytest

from mnist_core.figures.live import (
    Panel,
    Series,
    accuracy_panel,
    cost_panel,
    diagnostics_panels,
    payload,
    published_panel,
    thin,
)


def history(epochs: int, *, validation: bool = False, relu: bool = True, smoothed: bool = False) -> pd.DataFrame:
    count = np.arange(epochs)
    return pd.DataFrame(
        {
            "epoch": count,
            "cost": 2.0 / (count + 1),
            "accuracy": count / 100,
            "validation_cost": 3.0 / (count + 1) if validation else np.nan,
            "validation_accuracy": count / 200 if validation else np.nan,
            "learning_rate": 0.1,
            "gradient_norms": [[1.0, 2.0]] * epochs,
            "dead_shares": [[0.5] if relu else []] * epochs,
            "objective": 2.5 / (count + 1) if smoothed else np.nan,
        }
    )


def unpack(packed: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])


def test_cost_shows_only_what_was_measured():
    plain = cost_panel(history(3), others={}, published={}, log=False)
    assert [series.name for series in plain.series] == ["Training"]
    full = cost_panel(history(3, validation=True), others={"calm-otter": history(2)}, published={0: 2.4}, log=True)
    assert [(series.name, series.role) for series in full.series] == [
        ("Training", "training"),
        ("Validation", "validation"),
        ("Published", "published"),
        ("calm-otter", "other"),
    ]
    assert full.log
    assert list(full.series[1].y) == [3.0, 1.5, 1.0]


def test_accuracy_is_in_percent():
    panel = accuracy_panel(history(3, validation=True), others={"calm-otter": history(2)})
    assert [list(series.y) for series in panel.series] == [[0, 1, 2], [0, 0.5, 1.0], [0, 1]]


def test_the_objective_is_drawn_where_it_is_not_the_cost():
    panel = diagnostics_panels(history(2, smoothed=True))[-1]
    assert panel.title == "Objective of the steps"
    assert [list(series.y) for series in panel.series] == [[2.5, 1.25]]
    assert [panel.title for panel in diagnostics_panels(history(2, relu=False))][-1] == "Gradient norm of each layer"


def test_diagnostics_have_a_curve_for_each_layer():
    rate, norms, dead = diagnostics_panels(history(2))
    assert list(rate.series[0].y) == [0.1, 0.1]
    assert [(series.name, list(series.y)) for series in norms.series] == [("Layer 1", [1, 1]), ("Layer 2", [2, 2])]
    assert [list(series.y) for series in dead.series] == [[50.0, 50.0]]


def test_a_network_without_relu_has_no_panel_of_dead_units():
    assert [panel.title for panel in diagnostics_panels(history(2, relu=False))] == [
        "Learning rate",
        "Gradient norm of each layer",
    ]


def test_the_published_curve_stands_alone_before_the_first_run():
    (series,) = published_panel({0: 2.4, 100: 0.37}).series
    assert (list(series.x), list(series.y)) == ([0, 100], [2.4, 0.37])


def test_a_payload_is_json_with_every_value_of_a_short_run():
    packed = json.loads(
        json.dumps(payload(Panel("Cost", [Series("Training", [0, 1, 2], [2.0, np.nan, 0.5])], log=True)))
    )
    assert (packed["title"], packed["log"], packed["series"][0]["points"]) == ("Cost", True, 3)
    assert unpack(packed["series"][0]["x"]).tolist() == [0, 1, 2]
    np.testing.assert_array_equal(unpack(packed["series"][0]["y"]), np.float32([2.0, np.nan, 0.5]))


def test_a_live_update_of_ten_thousand_epochs_is_a_few_kilobytes():
    panel = cost_panel(history(10_000, validation=True), others={}, published={}, log=False)
    assert len(json.dumps(payload(panel))) < 10_000


def test_thinning_keeps_the_ends_and_every_peak():
    values = np.zeros(10_000)
    values[[4321, 8765]] = [7.0, -7.0]
    kept = thin(values, 400)
    assert len(kept) <= 400
    assert {0, 4321, 8765, 9999} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_thinning_stands_what_a_diverged_run_holds(bad):
    values = np.linspace(1, 2, 1000)
    values[900:] = bad
    assert 0 < len(thin(values, 100)) <= 100


def test_short_curves_are_not_thinned():
    assert thin(np.ones(5), 400).tolist() == [0, 1, 2, 3, 4]

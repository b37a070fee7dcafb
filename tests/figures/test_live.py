import base64
import json

import numpy as np
import pandas as pd
import pytest

from mnist_core.figures.curves import curves
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
    plain = cost_panel(curves(history(3)), others={}, published={}, log=False)
    assert [series.name for series in plain.series] == ["Training"]
    own, other = curves(history(3, validation=True)), curves(history(2))
    full = cost_panel(own, others={"calm-otter": other}, published={0: 2.4}, log=True)
    assert [(series.name, series.role) for series in full.series] == [
        ("Training", "training"),
        ("Validation", "validation"),
        ("calm-otter", "other"),
        ("Published", "published"),
    ]
    assert full.log
    assert list(full.series[1].y) == [3.0, 1.5, 1.0]


def test_accuracy_is_in_percent():
    panel = accuracy_panel(curves(history(3, validation=True)), others={"calm-otter": curves(history(2))})
    assert [list(series.y) for series in panel.series] == [[0, 1, 2], [0, 0.5, 1.0], [0, 1]]


def test_epochs_count_passes_done_before_the_updates_and_validation_comes_after_them():
    panel = cost_panel(curves(history(3, validation=True)), others={}, published={}, log=False)
    assert [list(series.x) for series in panel.series] == [[0, 1, 2], [1, 2, 3]]


def test_a_short_run_is_drawn_by_the_points_within_its_epochs():
    points = pd.DataFrame({"epoch": 0, "images_seen": [250, 500, 1000], "cost": [2.0, 1.0, 0.5], "accuracy": 0.5})
    training = curves(history(1, validation=True), points, 1000).training
    assert (list(training.passes), list(training.cost)) == ([0.25, 0.5, 1.0], [2.0, 1.0, 0.5])


def test_beside_published_values_the_axes_begin_with_the_run_itself():
    published = {0: 2.4, 900: 0.16}
    panel = cost_panel(curves(history(5)), others={}, published=published, log=False)
    view = payload(panel)["first_view"]
    assert view["x"] == [0, 4]
    assert view["y"] == pytest.approx([0.4 - 0.08, 2.0 + 0.08])
    logarithmic = payload(cost_panel(curves(history(5)), others={}, published=published, log=True))["first_view"]
    assert logarithmic["y"][0] < np.log10(0.4) < np.log10(2.0) < logarithmic["y"][1] < 0.4
    waiting = cost_panel(curves(history(0)), others={}, published=published, log=False)
    assert payload(waiting)["first_view"] is None
    assert payload(cost_panel(curves(history(5)), others={}, published={}, log=False))["first_view"] is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.2, 0.9], {0.2, 0.3, 0.5, 0.8, 1.0}),
        ([0.01, 2.0], {0.01, 0.02, 0.05, 0.1, 1.0, 2.0}),
        ([1e-9, 1.0], {1e-8, 1e-6, 1e-4, 1.0}),
        ([0.1, 1e20], {1.0, 1e3, 1e18}),
    ],
)
def test_a_logarithmic_axis_is_labelled_by_whole_numbers(values, expected):
    ticks, texts = payload(Panel("Cost", [Series("Training", [0, 1], values)], log=True))["ticks"]
    assert expected <= set(ticks)
    assert len(texts) == len(ticks)
    assert sum(min(values) <= tick <= max(values) for tick in ticks) <= 12


@pytest.mark.parametrize(("values", "is_drawable"), [([], False), ([np.nan, np.inf], False), ([np.nan, 2.0], True)])
def test_a_chart_without_a_finite_number_has_no_axes(values, is_drawable):
    panel = Panel("Cost", [Series("Training", range(len(values)), values)])
    assert payload(panel)["is_drawable"] is is_drawable


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
    panel = cost_panel(curves(history(10_000, validation=True)), others={}, published={}, log=False)
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

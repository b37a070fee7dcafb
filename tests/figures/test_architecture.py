"""The drawing of the network names its layers and counts its parameters, for any config."""

import re
from xml.etree import ElementTree as ET

import pytest

from mnist_core.figures.architecture import architecture_svg
from mnist_core.training import TrainingConfig

SVG = "{http://www.w3.org/2000/svg}"


def drawn(config):
    """Return all texts of the drawing, and the number of circles in each column."""
    box = ET.fromstring(architecture_svg(config))
    texts = [element.text for element in box.iter(f"{SVG}text")]
    columns: dict[str, int] = {}
    for circle in box.iter(f"{SVG}circle"):
        columns[circle.get("cx")] = columns.get(circle.get("cx"), 0) + 1
    return texts, list(columns.values())


def test_the_classic_network_has_the_published_counts():
    texts, _ = drawn(TrainingConfig.preset("classic"))
    assert texts[:10] == [str(label) for label in range(10)]
    assert texts[10:18] == ["784", "inputs", "128", "ReLU", "64", "ReLU", "10", "softmax"]
    assert texts[18:] == ["100,480", "parameters", "8,256", "parameters", "650", "parameters"]
    assert "109,386 parameters" in architecture_svg(TrainingConfig.preset("classic"))


@pytest.mark.parametrize(
    ("hidden", "columns"),
    [((), [11, 10]), ((3, 10), [11, 3, 10, 10]), ((11,), [11, 11, 10]), ((2048,) * 6, [11, *[11] * 6, 10])],
)
def test_small_layers_are_drawn_whole_and_large_ones_with_an_ellipsis(hidden, columns):
    # A large layer is 8 units and 3 dots.
    assert drawn(TrainingConfig(hidden_units=hidden))[1] == columns


def test_everything_lies_within_the_drawing():
    svg = architecture_svg(TrainingConfig(hidden_units=(9, 200, 1), activation="tanh"))
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    places = [(float(x), float(y)) for x, y in re.findall(r'c?x="([\d.]+)" c?y="([\d.]+)"', svg)]
    assert len(places) > 30
    assert all(0 < x < width and 0 < y < height for x, y in places)
    assert ">tanh</text>" in svg

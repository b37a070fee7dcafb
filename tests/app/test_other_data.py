"""With Fashion-MNIST no page speaks of digits, promises MNIST's accuracies, or loads MNIST."""

import re

import pytest

from mnist_core.data.classes import MNIST_FINGERPRINT
from pages.places import PLACES
from pages.shared import resources

VIEWS = {
    "dataset": [
        {"view": view} for view in ("Samples", "Class counts", "Averages", "Pixels", "Map", "Unconfirmed labels")
    ],
    "evaluation": [
        {"part": part}
        for part in (
            "Matrix",
            "Classes",
            "Errors",
            "Calibration",
            "Automatic reading",
            "Robustness",
            "Two runs",
            "Downloads",
        )
    ],
    "draw": [{"input": source, "sample": "0"} for source in ("Draw", "Photo", "Teach me")],
    "backpropagation": [{"show": view} for view in ("Step by step", "One unit", "Check it", "Step size")],
}
EVERY_VIEW = [(place.folder, query) for place in PLACES for query in VIEWS.get(place.folder, [{}])]
# Said of MNIST itself, or of numbers, where that is meant.
CODE = re.compile("js_content:|css_content:")
WRONG = re.compile(r"\b[Dd]igit|MNIST|published (run|result|cost|curve|[0-9])|(?<!\.)98 %|95\.40 %")
MEANT = re.compile(r"[Tt]wice the digits|fashion-mnist|MNIST from scratch")


def sent(app):
    """Return all that a page sends to the browser: widgets, options, help, figures and components."""
    found = []

    def walk(block):
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            proto = getattr(child, "proto", None)
            if proto is not None:
                found.extend(line for line in str(proto).splitlines() if not CODE.match(line.strip()))

    walk(app._tree)
    return MEANT.sub("", "\n".join(found))


@pytest.fixture
def trained(fashion, make_run):
    data = resources.dataset()
    return [
        make_run(
            "finished",
            3,
            dataset_name=data.name,
            dataset_fingerprint=data.fingerprint,
            test_accuracy=0.5,
            test_correct=5000,
            test_count=10_000,
        )
        for _ in range(2)
    ]


@pytest.mark.parametrize(("folder", "query"), EVERY_VIEW, ids=str)
def test_no_page_speaks_of_digits(trained, show_page, folder, query):
    run = {"run": trained[0].id} if folder in {"training", "evaluation", "draw", "backpropagation"} else {}
    shown = sent(show_page(folder, **query, **run))
    assert len(shown) > 1000
    found = WRONG.search(shown)
    assert not found, shown[max(0, found.start() - 200) : found.end() + 100]


@pytest.mark.parametrize(
    ("folder", "query"),
    [
        ("dataset", {"view": "Samples"}),
        ("dataset", {"view": "Map"}),
        ("evaluation", {"part": "Classes"}),
        ("evaluation", {"part": "Matrix"}),
        ("draw", {"input": "Teach me"}),
        ("backpropagation", {"picked": "At random"}),
    ],
    ids=str,
)
def test_classes_are_called_by_their_names(trained, show_page, folder, query):
    assert "Ankle boot" in sent(show_page(folder, **query, run=trained[0].id))


def test_a_link_names_a_class_by_its_name(trained, show_page):
    app = show_page("dataset", view="Samples", only="Bag")
    assert app.pills(key="only").value == 8
    assert not app.warning


def test_the_empty_training_page_shows_no_published_curve(fashion, show_page):
    shown = sent(show_page("training"))
    assert "No run is shown." in shown
    assert "0.373" not in shown
    assert "markers" not in shown


def test_the_program_to_copy_loads_these_data(fashion, show_page):
    assert "keras.datasets.fashion_mnist.load_data()" in sent(show_page("keras_comparison"))


def test_nobody_reads_drawings_until_a_network_has_learnt_these_data(fashion, show_page, make_run):
    make_run("finished", 2, dataset_name="MNIST", dataset_fingerprint=MNIST_FINGERPRINT, test_accuracy=0.9)
    app = show_page("draw", input="Teach me")
    assert [heading.value for heading in app.subheader] == ["Nobody can read it yet."]
    assert "No network has been trained on" in sent(app)

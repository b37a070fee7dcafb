import numpy as np
import pytest

from mnist_core.data import Split, load_mnist
from mnist_core.data.nudge import Nudge, nudge
from mnist_core.evaluation.robustness import (
    DISTORTIONS,
    applied_levels,
    distort,
    examples,
    measure_robustness,
    read_table,
    table_bytes,
)


@pytest.fixture
def dot():
    """Return an image with a 2 x 2 dot of ink, up from and right of the middle."""
    image = np.zeros((28, 28), np.uint8)
    image[5:7, 17:19] = 255
    return image


def version(image, name, level):
    return examples(image, name)[DISTORTIONS[name].levels.index(level)]


def test_measured_on_images_left_as_they_are_the_accuracy_is_that_of_the_test_set(network, dataset):
    split = Split(dataset.test.images[:300], dataset.test.labels[:300])
    shares = []
    table = measure_robustness(network, split, shares.append)
    accuracy = np.mean(network.predict(split.images) == split.labels)
    untouched = {"shift": 0, "turn": 0, "scale": 1, "blur": 0, "noise": 0}
    for name, level in untouched.items():
        curve = table[table["distortion"] == name].set_index("level")["accuracy"]
        assert curve[level] == accuracy
        assert curve.iloc[-1] < accuracy
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(table) == len(shares) == sum(len(kind.levels) for kind in DISTORTIONS.values())


def test_a_shift_moves_ink_by_whole_pixels_and_lets_it_fall_off_the_edge(dot):
    assert np.array_equal(version(dot, "shift", 3), np.roll(dot, 3, axis=1))
    far = np.zeros((28, 28), np.uint8)
    far[:, 27] = 255
    assert version(far, "shift", 1).sum() == 0


def test_a_positive_turn_is_clockwise_and_keeps_the_middle(dot):
    turned = version(dot, "turn", 60)
    rows, columns = np.nonzero(turned > 60)
    y, x = rows.mean() - 13.5, columns.mean() - 13.5
    before_y, before_x = 5.5 - 13.5, 17.5 - 13.5
    angle = np.rad2deg(np.arctan2(y, x) - np.arctan2(before_y, before_x))
    assert angle == pytest.approx(60, abs=6)
    assert np.hypot(y, x) == pytest.approx(np.hypot(before_y, before_x), abs=0.6)


def test_a_turn_is_the_one_that_the_sliders_of_draw_make(dataset):
    image = dataset.test.images[0]
    turned, nudged = version(image, "turn", 30).astype(float), nudge(image, Nudge(turn_deg=30)).astype(float)
    assert np.abs(turned - nudged).mean() < 2
    assert np.abs(turned - nudge(image, Nudge(turn_deg=-30))).mean() > 20


def test_a_table_of_a_release_that_turned_anticlockwise_is_turned_round():
    old = b"distortion,level,accuracy\nshift,0.0,0.9\nrotation,-60.0,0.2\nrotation,0.0,0.9\nrotation,60.0,0.3\n"
    table = read_table(old)
    turns = table[table["distortion"] == "turn"]
    assert list(zip(turns["level"], turns["accuracy"], strict=True)) == [(-60, 0.3), (0, 0.9), (60, 0.2)]
    assert set(table["distortion"]) == {"shift", "turn"}
    assert read_table(table_bytes(table)).equals(table)


def test_half_the_size_halves_the_distance_from_the_middle(dot):
    rows, columns = np.nonzero(version(dot, "scale", 0.5))
    assert (rows.mean() - 13.5, columns.mean() - 13.5) == pytest.approx((-4, 2), abs=0.01)


def test_blur_spreads_ink_and_keeps_its_amount(dot):
    blurred = version(dot, "blur", 1)
    assert blurred.max() < 150
    assert blurred.sum() == pytest.approx(dot.sum(), rel=0.01)


def test_noise_is_the_same_each_time_and_stays_in_range(dot):
    noisy = version(dot, "noise", 0.2)
    assert np.array_equal(noisy, version(dot, "noise", 0.2))
    assert noisy[:4].std() > 20


@pytest.mark.parametrize(("name", "level"), [("turn", -30), ("scale", 0.8), ("blur", 1), ("noise", 0.3)])
def test_the_accuracy_is_that_on_images_distorted_one_by_one(network, dataset, name, level):
    split = Split(dataset.test.images[:500], dataset.test.labels[:500])
    table = measure_robustness(network, split, lambda share: None).set_index(["distortion", "level"])
    measured = table["accuracy"][name, level]
    answers = network.predict(distort(split.images, name, level))
    # The distorted images are rounded to grey levels, which may change an answer or two.
    assert np.mean(answers == split.labels) == pytest.approx(measured, abs=0.004)
    assert 0.1 < measured < 0.9


def test_the_axis_of_noise_says_what_is_applied_after_clipping():
    images = load_mnist().test.images[:500]
    assert applied_levels(images, "turn") == list(DISTORTIONS["turn"].levels)
    applied = applied_levels(images, "noise")
    nominal = DISTORTIONS["noise"].levels
    changes = [np.sqrt(np.square((distort(images, "noise", s) - images.astype(float)) / 255).mean()) for s in nominal]
    assert applied == pytest.approx(changes, abs=0.003)
    assert applied[0] == 0
    assert all(0.5 * level < found < 0.8 * level for level, found in zip(nominal[1:], applied[1:], strict=True))

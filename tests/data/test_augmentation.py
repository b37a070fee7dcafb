import numpy as np
import pytest

from mnist_core.data import load_mnist
from mnist_core.data.augmentation import AUGMENTATIONS, Augmentation, resample

NOTHING = Augmentation(rotation_deg=0, scale=0, shear=0, shift_px=0)


def generators(seed: int, groups: int = 4) -> list[np.random.Generator]:
    """Return one generator for each group of 32 images."""
    return [np.random.default_rng([seed, group]) for group in range(groups)]


@pytest.fixture
def rows() -> np.ndarray:
    """100 images: three whole groups of 32, and 4 of a fourth."""
    return (load_mnist().train.images[:100].reshape(100, 784) / 255).astype(np.float32)


def _grid(groups: int) -> np.ndarray:
    y, x = np.divmod(np.arange(784.0), 28)
    return np.tile(np.stack([y, x]), (groups, 1, 1))


def test_strength_zero_changes_nothing(rows):
    distorted = rows.copy()
    NOTHING.distort(distorted, generators(0))
    assert np.array_equal(distorted, rows)


@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, -2), (-3, 4), (40, 0), (0, -27)])
def test_shift_by_whole_pixels_is_exact_and_brings_in_paper(rows, down, right):
    ys, xs = slice(max(0, down), 28 + min(0, down)), slice(max(0, right), 28 + min(0, right))
    from_ys, from_xs = slice(max(0, -down), 28 + min(0, -down)), slice(max(0, -right), 28 + min(0, -right))
    expected = np.zeros((100, 28, 28), np.float32)
    if abs(down) < 28:
        expected[:, ys, xs] = rows.reshape(-1, 28, 28)[:, from_ys, from_xs]
    resample(rows, _grid(4) - np.array([[down], [right]]))
    assert np.array_equal(rows.reshape(-1, 28, 28), expected)


def test_between_pixels_it_is_bilinear(rows):
    images = rows.reshape(-1, 28, 28).astype(np.float64)
    y, x = 11.25, 14.5
    expected = 0.375 * (images[:, 11, 14] + images[:, 11, 15]) + 0.125 * (images[:, 12, 14] + images[:, 12, 15])
    positions = np.broadcast_to(np.array([[y], [x]]), (4, 2, 784))
    resample(rows, positions)
    assert rows == pytest.approx(np.broadcast_to(expected[:, None], rows.shape), abs=1e-6)


def test_quarter_turn():
    images = load_mnist().train.images[:32].astype(np.float64) / 255
    ys, xs = _grid(1)[0]
    turned = images.reshape(32, 784).copy()
    resample(turned, np.stack([xs, 27 - ys])[None])
    assert np.array_equal(turned.reshape(32, 28, 28), np.rot90(images, axes=(1, 2)))


@pytest.mark.parametrize("name", ["affine", "elastic"])
def test_keeps_about_as_much_ink_within_the_grey_levels(rows, name):
    before = rows.mean()
    distorted = rows.copy()
    AUGMENTATIONS[name].distort(distorted, generators(3))
    assert distorted.min() >= 0
    assert distorted.max() <= 1 + 1e-6  # a sum of four products may round up
    assert distorted.mean() == pytest.approx(before, rel=0.05)
    changed = np.abs(distorted - rows).mean(axis=1)
    assert changed.min() > 0.005


@pytest.mark.parametrize("name", ["affine", "elastic"])
def test_the_generators_decide(rows, name):
    def distorted(seed: int) -> np.ndarray:
        images = rows.copy()
        AUGMENTATIONS[name].distort(images, generators(seed))
        return images

    assert np.array_equal(distorted(1), distorted(1))
    assert not np.array_equal(distorted(1), distorted(2))


def test_a_group_is_distorted_alike_and_groups_differ(rows):
    same = np.tile(rows[:1], (64, 1))
    AUGMENTATIONS["elastic"].distort(same, generators(0, 2))
    assert np.array_equal(same[:32], np.tile(same[:1], (32, 1)))
    assert not np.array_equal(same[0], same[32])


def test_an_image_is_distorted_as_its_group_is_whatever_comes_before(rows):
    whole, cut = rows.copy(), rows.copy()
    AUGMENTATIONS["elastic"].distort(whole, generators(1))
    AUGMENTATIONS["elastic"].distort(cut[:64], generators(1)[:2])
    AUGMENTATIONS["elastic"].distort(cut[64:], generators(1)[2:])
    assert np.array_equal(whole, cut)


def test_strength_is_what_it_says():
    elastic = Augmentation(rotation_deg=0, scale=0, shear=0, shift_px=0, elastic_px=0.8)
    displacement = elastic._source_positions(generators(0, 50)) - _grid(50)
    assert np.sqrt((displacement**2).mean(axis=(1, 2))) == pytest.approx(np.full(50, 0.8))
    shifts = Augmentation(rotation_deg=0, scale=0, shear=0, shift_px=2)._source_positions(generators(0, 500))
    moved = (shifts - _grid(500))[:, :, 0]
    assert -2 <= moved.min() < -1.9
    assert 1.9 < moved.max() <= 2

"""A digit drawn anywhere at any size becomes an image like those of MNIST, and a trained network reads it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_core.data.drawing import (
    MIDDLE,
    bounding_box,
    centre_of_mass,
    naive_resize,
    prepare,
    resample,
)
from mnist_core.data.mnist import load_mnist
from mnist_core.data.strokes import render
from mnist_core.training.packaged_model import packaged_model
from tests.data.digit_strokes import DIGITS, strokes

PLACES = [(14, 16, 40, 66), (200, 20, 60, 90), (30, 170, 55, 80), (150, 130, 100, 140)]


def extents(image):
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@settings(deadline=None)
@given(
    digit=st.sampled_from(list(DIGITS)),
    left=st.floats(12, 120),
    top=st.floats(12, 120),
    width=st.floats(20, 140),
    height=st.floats(40, 140),
)
def test_any_digit_lands_centred_by_mass_in_a_box_of_20(digit, left, top, width, height):
    image = prepare(render(strokes(digit, left, top, width, height))).image
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    for centre in centre_of_mass(image):
        assert centre == pytest.approx(MIDDLE, abs=0.25)
    assert max(extents(image)) == 20


def test_what_is_prepared_is_centred_where_mnists_images_are():
    dataset = load_mnist()
    measured = np.concatenate([_centres(split.images) for split in (dataset.train, dataset.test)]).mean(axis=0)
    assert pytest.approx(measured, abs=0.02) == (MIDDLE, MIDDLE)
    again = np.stack([prepare(image / 255).image for image in dataset.test.images[:500]])
    assert _centres(again).mean(axis=0) == pytest.approx(measured, abs=0.02)
    drawn = np.stack([prepare(render(strokes(digit, *place))).image for place in PLACES for digit in DIGITS])
    assert _centres(drawn).mean(axis=0) == pytest.approx(measured, abs=0.05)


def _centres(images):
    return np.array([centre_of_mass(image) for image in images])


def test_the_aspect_is_kept():
    ink = np.zeros((280, 280))
    ink[40:240, 100:150] = 1
    assert extents(prepare(ink).boxed) == (20, 5 + 1)  # 4.85 pixels wide, so six are touched at most
    assert prepare(ink).cropped.shape == (200, 50)
    assert prepare(ink).rectangle == (40, 100, 240, 150)


@pytest.mark.parametrize("digit", DIGITS)
def test_the_packaged_network_reads_each_digit_small_and_off_centre(digit):
    images = np.stack([prepare(render(strokes(digit, *place))).image for place in PLACES])
    assert packaged_model().network.predict(images).tolist() == [digit] * len(PLACES)


def test_a_naive_resize_of_the_same_strokes_is_read_clearly_worse():
    images = np.stack([naive_resize(render(strokes(digit, *place))) for place in PLACES for digit in DIGITS])
    correct = packaged_model().network.predict(images) == np.tile(list(DIGITS), len(PLACES))
    assert correct.mean() < 0.5


def test_mnists_own_images_are_read_as_well_after_another_preparation():
    test = load_mnist().test
    network, images, labels = packaged_model().network, test.images[:500], test.labels[:500]
    again = np.stack([prepare(image / 255).image for image in images])
    as_is, prepared = ((network.predict(given) == labels).mean() for given in (images, again))
    assert prepared > as_is - 0.01


def test_no_ink_is_no_digit():
    assert prepare(np.zeros((280, 280))) is None
    assert prepare(np.full((280, 280), 0.05)) is None
    dot = np.zeros((280, 280))
    dot[7:11, 9:12] = 1
    assert prepare(dot) is None
    assert bounding_box(dot) == (7, 9, 11, 12)


def test_ink_of_uneven_weight_is_not_cut_off():
    ink = np.full((100, 60), 0.2)
    ink[:4] = 1
    prepared = prepare(ink)
    scale = 100 / 19.4
    assert prepared.image.sum() / 255 == pytest.approx(ink.sum() / scale**2, rel=0.01)


@settings(deadline=None)
@given(st.floats(0.3, 5.0), st.integers(0, 2**32 - 1))
def test_resampling_keeps_ink_and_its_centre(scale, seed):
    ink = np.random.default_rng(seed).random((13, 9))
    shape = (round(13 / scale) + 6, round(9 / scale) + 6)
    smaller = resample(ink, (2.3, 1.6), scale, shape)
    assert smaller.sum() * scale**2 == pytest.approx(ink.sum())
    expected = [
        (centre + 0.5) / scale + start - 0.5 for centre, start in zip(centre_of_mass(ink), (2.3, 1.6), strict=True)
    ]
    if scale >= 1:
        assert centre_of_mass(smaller) == pytest.approx(expected, abs=0.3)


def test_naive_resize_takes_means_of_the_whole_picture():
    picture = np.zeros((56, 84))
    picture[:2, :3] = 1
    picture[10, 20] = 0.6
    squeezed = naive_resize(picture)
    assert squeezed[0, 0] == 255
    assert squeezed[5, 6] == round(0.6 / 6 * 255)
    assert np.count_nonzero(squeezed) == 2

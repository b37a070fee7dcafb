"""The pictures of the Draw page show the arrays they are made of."""

import io

import numpy as np
from PIL import Image

from mnist_core.figures.steps import centred_png, picture_png

ORANGE, BLUE = (230, 159, 0), (86, 180, 233)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_picture_is_shown_as_it_is_with_its_frame_around_the_ink():
    ink = np.zeros((40, 50))
    ink[10:20, 12:30] = 1
    plain, framed = pixels(picture_png(ink)), pixels(picture_png(ink, (10, 12, 20, 30)))
    assert np.array_equal(plain[..., 0], ink * 255)
    orange = (framed == ORANGE).all(axis=-1)
    rows, columns = np.nonzero(orange)
    assert rows.min() <= 9
    assert rows.max() >= 20
    assert columns.min() <= 11
    assert columns.max() >= 30
    assert np.array_equal(pixels(picture_png(np.full((3, 4, 3), 0.2)))[0, 0], (51, 51, 51))


def test_the_crosses_meet_where_an_image_is_well_centred():
    centred, shifted = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.uint8)
    centred[8:21, 8:21] = 90  # its centre of mass is at the index 14, as in MNIST: 14.5 pixels from the edge
    shifted[4:17, 8:21] = 90
    for image, row_px in ((centred, 145), (shifted, 105)):
        marked = pixels(centred_png(image))
        assert marked.shape == (280, 280, 3)
        assert tuple(marked[row_px, 145]) == BLUE
    assert tuple(pixels(centred_png(shifted))[145, 145]) == ORANGE
    assert tuple(pixels(centred_png(np.zeros((28, 28), np.uint8)))[145, 145]) == ORANGE

import base64
import io

import numpy as np
from PIL import Image

from mnist_core.figures.kernels import kernels_png
from mnist_core.figures.mosaic import data_url, digits_png, diverging_png


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def test_digits_are_laid_out_row_by_row_with_transparent_gaps():
    images = np.stack([np.full((2, 3), value, np.uint8) for value in (0, 100, 255)])
    picture = pixels(digits_png(images, columns=2))
    assert picture.shape == (5, 7, 4)
    assert picture[0, 0].tolist() == [0, 0, 0, 255]
    assert picture[0, 4].tolist() == [100, 100, 100, 255]
    assert picture[3, 0].tolist() == [255, 255, 255, 255]
    assert picture[0, 3, 3] == picture[2, 0, 3] == picture[4, 6, 3] == 0


def test_signed_values_are_blue_below_dark_at_and_orange_above_zero():
    picture = pixels(diverging_png(np.array([[[-2.0, 0.0, 2.0]]]), columns=1))
    (negative, zero, positive) = picture[0, :, :3].astype(int)
    assert negative[2] > negative[0] + 100
    assert zero.max() < 40
    assert positive[0] > positive[2] + 100


def test_each_image_is_scaled_to_its_own_extreme_and_all_zero_stays_dark():
    picture = pixels(diverging_png(np.array([[[1e-6]], [[100.0]], [[0.0]]]), columns=3, gap=0))
    assert picture[0, 0].tolist() == picture[0, 1].tolist() != picture[0, 2].tolist()
    assert picture[0, 2, :3].max() < 40


def test_a_kernel_becomes_one_image_a_unit_without_turning_it():
    kernel = np.zeros((784, 3))
    kernel[28 * 2 + 5, 1] = 1.0  # unit 1: row 2, column 5
    picture = pixels(kernels_png(kernel, columns=3))
    assert picture.shape == (28, 3 * 28 + 2, 4)
    inked = np.argwhere((picture[..., 0] > 100) & (picture[..., 3] == 255))
    assert inked.tolist() == [[2, 29 + 5]]


def test_a_data_url_holds_the_png():
    png = digits_png(np.zeros((1, 2, 2), np.uint8), 1)
    kind, _, content = data_url(png).partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content) == png

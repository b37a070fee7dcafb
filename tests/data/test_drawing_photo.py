"""Photos and picture files: what is refused and why, and that the ink is found on any paper."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mnist_core.data.drawing import prepare
from mnist_core.data.mnist import load_mnist
from mnist_core.data.photo import brightness_of, find_ink, otsu_threshold
from mnist_core.data.picture_file import read_photo
from mnist_core.errors import PhotoError
from mnist_core.training.packaged_model import packaged_model

COUNT = 8
DIGIT = load_mnist().test.images[0]


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def large(digit, side=300):
    return np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC), float) / 255


def photo(digit, paper, pen=0.15, noise=0.03):
    """Return a JPEG of a digit with a pen on uneven paper."""
    ink = np.zeros(paper.shape)
    ink[60:360, 250:550] = np.clip(6 * large(digit) - 2.5, 0, 1)
    rng = np.random.default_rng(7)
    picture = paper * (1 - ink) + pen * ink + noise * rng.standard_normal(paper.shape)
    return encoded(Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8)), "JPEG", quality=80)


Y, X = np.mgrid[-1:1:480j, -1:1:640j]
PAPERS = {
    "even": np.full((480, 640), 0.8),
    "lamp in a corner": 0.65 + 0.25 * X - 0.15 * Y,
    "vignette": 0.85 - 0.2 * (X**2 + Y**2),
    "ruled": 0.8 - 0.12 * (np.arange(480)[:, None] % 60 < 2) + 0 * X,
}


def coloured(ink, paper):
    def make(digit):
        mask = Image.fromarray(digit).resize((280, 280))
        layers = (Image.new("RGB", mask.size, colour) for colour in (ink, paper))
        return encoded(Image.composite(*layers, mask))

    return make


def transparent(colour):
    def make(digit):
        mask = Image.fromarray(digit).resize((280, 280))
        image = Image.new("RGB", mask.size, colour)
        image.putalpha(mask)
        return encoded(image)

    return make


PICTURES = {
    **{f"dark on {name} paper": lambda digit, paper=paper: photo(digit, paper) for name, paper in PAPERS.items()},
    "chalk on a board": lambda digit: photo(digit, 0.3 + 0.1 * X, pen=0.9),
    "red on green": coloured((230, 30, 30), (0, 140, 20)),
    "yellow on white": coloured((250, 230, 0), (255, 255, 255)),
    "black on nothing": transparent((0, 0, 0)),
    "white on nothing": transparent((255, 255, 255)),
    "MNIST itself": lambda digit: encoded(Image.fromarray(digit)),
    "MNIST inverted": lambda digit: encoded(Image.fromarray(255 - digit)),
    "black and white": lambda digit: encoded(Image.fromarray(digit > 100)),
    "16 bit": lambda digit: encoded(Image.fromarray(digit.astype(np.uint16) * 200)),
    "GIF": lambda digit: encoded(Image.fromarray(digit).resize((200, 200)), "GIF"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_ink_is_found_whatever_the_paper(name):
    test = load_mnist().test
    ready = [prepare(find_ink(read_photo(PICTURES[name](digit)))) for digit in test.images[:COUNT]]
    assert None not in ready
    read = packaged_model().network.predict(np.stack([one.image for one in ready]))
    assert np.count_nonzero(read == test.labels[:COUNT]) >= COUNT - 1


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_empty_paper_has_no_ink(grey):
    rng = np.random.default_rng(1)
    paper = np.clip(grey + 4 * rng.standard_normal((200, 300)), 0, 255).astype(np.uint8)
    assert find_ink(read_photo(encoded(Image.fromarray(paper)))).sum() == 0


def test_a_thin_pen_is_thickened_to_mnists():
    ink = np.zeros((400, 400))
    ink[50:350, 198:202] = 1
    found = find_ink(np.repeat(1 - ink[..., None], 3, axis=-1))
    assert found[200].sum() == pytest.approx(30, abs=2)  # a tenth of its 300 pixels


def test_the_camera_says_how_to_turn_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise by 90 degrees
    upright = read_photo(encoded(Image.fromarray(DIGIT)))
    turned = read_photo(encoded(Image.fromarray(np.rot90(DIGIT)), exif=exif))
    assert np.array_equal(upright, turned)


def test_a_photo_is_made_no_larger_than_needed():
    assert read_photo(encoded(Image.new("L", (3000, 1000), 9), "JPEG")).shape == (133, 400, 3)
    assert brightness_of(np.ones((2, 3, 3))).tolist() == [[1, 1, 1]] * 2


def header_only(width, height):
    """Return a PNG that claims a size and holds no pixels: reading them would fail, so size must come first."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "received something else"),
        (b"%PDF-1.4 a document", "received something else"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "received something else"),
        (encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90), np.uint8)))[:3000], "damaged"),
        (header_only(5000, 4001), "at most 20 megapixels, received 5000 x 4001 = 20.0"),
        (header_only(10_000, 10_000), "at most 20 megapixels"),
        (header_only(60_000, 60_000), "at most 20 megapixels"),
    ],
)
def test_what_is_refused_is_refused_in_words(content, message):
    with pytest.raises(PhotoError, match=message):
        read_photo(content)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 2), (5, 5)])
def test_tiny_pictures_do_not_break_it(size):
    picture = Image.fromarray(np.random.default_rng(2).integers(0, 255, size, np.uint8))
    assert find_ink(read_photo(encoded(picture))).shape == size


def test_otsu_parts_two_groups_in_the_middle():
    values = np.r_[np.full(900, 0.1), np.full(100, 0.9)].reshape(10, 100)
    assert otsu_threshold(values) == pytest.approx(0.5, abs=0.01)

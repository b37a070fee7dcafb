"""Damaged and forged files: each reader gives an array or its own error, whatever the bytes are.

A seeded mutator changes good files; what once broke a reader is kept in corpus/ under the reader's name.
"""

import io
import random
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_core.data.idx import format_idx, parse_idx
from mnist_core.data.picture_file import read_photo
from mnist_core.errors import DatasetError, ModelFileError, PhotoError
from mnist_core.keras_twin import to_keras_file
from mnist_core.keras_twin.reader import read as read_keras
from mnist_core.nn import MLP
from tests.attacks.bombs import png, zipped

CORPUS = Path(__file__).parent / "corpus"
NETWORK = MLP((784, 3, 10), "tanh", seed=1)


def read_npz(content):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy warns of headers that Python 2 would have written
        return MLP.load(io.BytesIO(content))


def read_idx(content):
    return parse_idx(content, Path("file"), 3)


def npz():
    file = io.BytesIO()
    NETWORK.save(file)
    return file.getvalue()


def picture(kind):
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (28, 28), np.uint8)
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


READERS = {
    "npz": (read_npz, ModelFileError),
    "keras": (read_keras, ModelFileError),
    "photo": (read_photo, PhotoError),
    "idx": (read_idx, DatasetError),
}
GOOD = {
    "npz": [npz()],
    "keras": [to_keras_file(NETWORK)],
    "photo": [png(28, 28), *(picture(kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"))],
    "idx": [format_idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))],
}
TRIES = {"npz": 150, "keras": 60, "photo": 300, "idx": 500}


def mutated(content, rng):
    """Return the bytes with some changed, cut out, doubled, or replaced by numbers that headers like."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        if not data:
            break
        at, length = rng.randrange(len(data)), rng.randint(1, 8)
        kind = rng.randrange(5)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at : at + length] = rng.choice((b"\0", b"\xff", b"\x7f", b"9")) * length
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + 64]
        else:
            del data[max(at, 1) :]
    return bytes(data)


def mutated_entry(content, rng):
    """Return a zip archive in which one entry is changed and the checksums are right again."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(entries))
    # What readers interpret is at the beginning.
    return zipped({**entries, name: mutated(entries[name][:400], rng) + entries[name][400:]})


def check(reader, content):
    read, refusal = READERS[reader]
    try:
        read(content)
    except refusal as error:
        assert 10 < len(str(error)) < 1500
        assert "Traceback" not in str(error)


@pytest.mark.parametrize("reader", READERS)
def test_mutated_files_are_read_or_refused(reader):
    rng = random.Random(f"{reader} 1")
    for _ in range(TRIES[reader]):
        good = rng.choice(GOOD[reader])
        archive = reader in {"npz", "keras"} and rng.random() < 0.7
        check(reader, mutated_entry(good, rng) if archive else mutated(good, rng))


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_a_reader_is_refused(path):
    read, refusal = READERS[path.parent.name]
    with pytest.raises(refusal):
        read(path.read_bytes())


@pytest.mark.parametrize("reader", READERS)
def test_good_files_are_read(reader):
    for content in GOOD[reader]:
        assert READERS[reader][0](content) is not None

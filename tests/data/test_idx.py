"""The IDX reader: what was written is read back, and each kind of bad file is named with a remedy."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mnist_core.data.idx import format_idx, parse_idx, read_bytes
from mnist_core.errors import DatasetError

SOME_FILE = Path("some-folder/train-images-idx3-ubyte")
IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@given(arrays(np.uint8, array_shapes(max_dims=4, max_side=6)))
def test_what_is_written_is_read_back(array):
    read = parse_idx(format_idx(array), SOME_FILE, array.ndim)
    assert read.dtype == np.uint8
    assert read.shape == array.shape
    assert np.array_equal(read, array)


def test_the_header_is_that_of_the_format():
    assert format_idx(IMAGES)[:16] == bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4])


def test_an_array_of_any_memory_order_is_written_in_c_order():
    assert format_idx(np.asfortranarray(IMAGES)) == format_idx(IMAGES)


@given(st.binary(max_size=64), st.integers(1, 3))
def test_no_content_gives_anything_but_an_array_or_a_dataset_error(content, dimensions):
    try:
        assert parse_idx(content, SOME_FILE, dimensions).ndim == dimensions
    except DatasetError as error:
        assert str(SOME_FILE) in str(error)


@pytest.mark.parametrize(
    ("content", "expectation", "finding", "remedy"),
    [
        (b"", "expected an IDX header", "found b''", "Use an IDX file"),
        (b"\x89PNG and so on", "expected an IDX header", r"found b'\x89PNG'", "Use an IDX file"),
        (bytes([0, 0, 13, 3]), "expected uint8", "found float32", "Convert the file to uint8"),
        (bytes([0, 0, 7, 3]), "expected uint8", "found type code 0x07", "Convert the file to uint8"),
        (format_idx(IMAGES[0, 0]), "expected an array of 3 dimensions", "found 1", "perhaps the two files are swapped"),
        (format_idx(IMAGES)[:9], "expected a header of 16 bytes", "found 9", "Copy it again"),
        (format_idx(IMAGES)[:-1], "expected 40 bytes for shape (2, 3, 4)", "found 39", "Copy it again"),
        (format_idx(IMAGES) + b"\0", "expected 40 bytes for shape (2, 3, 4)", "found 41", "Copy it again"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 0, 28, 28), "expected at least one value", "shape (0, 28, 28)", "not empty"),
        (struct.pack(">4B3I", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 0), "expected at least one value", "4294967295", "not"),
    ],
    ids=["empty", "png", "float32", "no type", "labels", "header cut", "cut", "too long", "no image", "huge and empty"],
)
def test_bad_content_is_explained(content, expectation, finding, remedy):
    with pytest.raises(DatasetError) as caught:
        parse_idx(content, SOME_FILE, dimensions=3)
    message = str(caught.value)
    assert message.startswith(f"{SOME_FILE}: ")
    assert expectation in message
    assert finding in message
    assert remedy in message


def test_a_file_is_decompressed_by_its_content_not_its_name(tmp_path):
    plain, gzipped = tmp_path / "plain.gz", tmp_path / "gzipped"
    plain.write_bytes(format_idx(IMAGES))
    gzipped.write_bytes(gzip.compress(format_idx(IMAGES)))
    assert read_bytes(plain, 3) == read_bytes(gzipped, 3) == format_idx(IMAGES)


@pytest.mark.parametrize("damage", ["cut", "checksum", "stream"])
def test_damaged_gzip_is_explained(tmp_path, damage):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    content = bytearray(gzip.compress(format_idx(np.frombuffer(np.random.default_rng(0).bytes(4096), np.uint8))))
    if damage == "cut":
        content = content[:2000]
    else:
        content[-6 if damage == "checksum" else 12] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"expected a readable, complete file, found: .*Copy it again") as caught:
        read_bytes(path, 1)
    assert str(path) in str(caught.value)


def test_no_more_is_read_than_the_header_declares(tmp_path):
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(format_idx(np.arange(5, dtype=np.uint8)) + bytes(1000)))
    with pytest.raises(DatasetError, match="expected 13 bytes, as its header says, found more"):
        read_bytes(path, 1)


def test_a_header_that_declares_too_much_is_refused_before_anything_is_read(tmp_path):
    path = tmp_path / "images"
    path.write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, 400_000, 28, 28))
    with pytest.raises(DatasetError, match=r"at most 256 MB of data, found shape \(400000, 28, 28\)"):
        read_bytes(path, 3)


def test_a_missing_file_and_a_folder_are_explained(tmp_path):
    with pytest.raises(DatasetError, match=r"absent: expected an IDX file, found nothing there. Put the file in place"):
        read_bytes(tmp_path / "absent", 3)
    with pytest.raises(DatasetError, match=r"expected a readable, complete file, found: .*directory"):
        read_bytes(tmp_path, 3)

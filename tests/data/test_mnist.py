"""Loading: the packaged MNIST is the one of 1998, and other folders load or say what is wrong with them."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

from mnist_core.data.idx import format_idx, parse_idx, read_bytes
from mnist_core.data.mnist import CHECKSUMS, PACKAGED_DIR, load_folder, load_mnist
from mnist_core.errors import DatasetError
from mnist_core.settings import settings

PUBLIC_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture
def data_dir(monkeypatch):
    """Return a function that sets MNIST_DATA_DIR for one test."""

    def choose(value):
        monkeypatch.setenv("MNIST_DATA_DIR", str(value))
        settings.cache_clear()

    yield choose
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("name", CHECKSUMS)
def test_the_packaged_files_are_the_public_ones(name):
    content = read_bytes(PACKAGED_DIR / f"{name}.gz", 3 if "images" in name else 1)
    assert hashlib.md5(content).hexdigest() == PUBLIC_MD5[name]
    assert hashlib.sha256(content).hexdigest() == CHECKSUMS[name]


def test_known_facts_about_mnist():
    dataset = load_folder(PACKAGED_DIR)
    assert (dataset.name, dataset.source) == ("MNIST", "packaged with this app")
    assert dataset.train.images.shape == (60_000, 28, 28)
    assert dataset.test.images.shape == (10_000, 28, 28)
    assert dataset.train.images.dtype == dataset.train.labels.dtype == np.uint8
    assert list(np.bincount(dataset.train.labels)) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert list(np.bincount(dataset.test.labels)) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert dataset.train.images.mean() == pytest.approx(33.318421, abs=1e-6)
    assert dataset.test.images.mean() == pytest.approx(33.791224, abs=1e-6)
    assert list(dataset.train.labels[:10]) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert dataset.fingerprint == "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"


def test_arrays_are_read_only_and_loaded_once():
    dataset = load_folder(PACKAGED_DIR)
    assert dataset is load_folder(PACKAGED_DIR)
    for split in (dataset.train, dataset.test):
        with pytest.raises(ValueError, match="read-only"):
            split.images[0, 0, 0] = 1
        with pytest.raises(ValueError, match="read-only"):
            split.labels[0] = 1


def test_a_tampered_packaged_file_is_refused(tmp_path, monkeypatch):
    copy = tmp_path / "packaged"
    shutil.copytree(PACKAGED_DIR, copy)
    labels = parse_idx(read_bytes(copy / "t10k-labels-idx1-ubyte.gz", 1), copy, 1).copy()
    labels[0] = 8
    (copy / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(format_idx(labels), compresslevel=1))
    monkeypatch.setattr("mnist_core.data.mnist.PACKAGED_DIR", copy)
    with pytest.raises(
        DatasetError, match=r"t10k-labels-idx1-ubyte.gz: expected MNIST with SHA-256 ff7bcfd4.* found "
    ) as caught:
        load_folder(copy)
    assert "install the project again" in str(caught.value)


def test_a_folder_of_plain_and_gzipped_files_loads(folder, data_dir):
    data_dir(folder)
    dataset = load_mnist()
    assert (dataset.name, dataset.source) == (folder.name, str(folder))
    assert (len(dataset.train), len(dataset.test)) == (20, 10)
    assert list(dataset.test.labels) == list(range(10))
    rng = np.random.default_rng(3)
    assert np.array_equal(dataset.train.images, rng.integers(0, 256, (20, 28, 28), np.uint8))
    assert not dataset.test.images.flags.writeable


def test_the_working_folder_has_a_name_too(folder, data_dir, monkeypatch):
    monkeypatch.chdir(folder)
    data_dir(".")
    assert load_mnist().name == folder.name


def test_an_empty_setting_means_the_packaged_files(data_dir):
    data_dir("")
    assert load_mnist().name == "MNIST"


def test_the_fingerprint_is_that_of_the_content_not_of_the_files(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("unzipped")
    for path in folder.iterdir():
        (other / path.name.removesuffix(".gz")).write_bytes(read_bytes(path, 3 if "images" in path.name else 1))
    assert load_folder(other).fingerprint == load_folder(folder).fingerprint
    labels = np.zeros(10, np.uint8)
    (other / "t10k-labels-idx1-ubyte").write_bytes(format_idx(labels))
    changed = load_folder.__wrapped__(other)
    assert changed.fingerprint != load_folder(folder).fingerprint


def _remove(folder):
    (folder / "t10k-images-idx3-ubyte").unlink()


def _swap(folder):
    images, labels = folder / "t10k-images-idx3-ubyte", folder / "t10k-labels-idx1-ubyte"
    content = images.read_bytes()
    images.write_bytes(labels.read_bytes())
    labels.write_bytes(content)


def _truncate(folder):
    path = folder / "t10k-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-100])


def _cut_gzip(folder):
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-100])


def _write_floats(folder):
    (folder / "t10k-labels-idx1-ubyte").write_bytes(bytes([0, 0, 0x0D, 1, 0, 0, 0, 10]) + bytes(40))


def _mix_splits(folder):
    shutil.copy(folder / "t10k-labels-idx1-ubyte", folder / "train-labels-idx1-ubyte")
    (folder / "train-labels-idx1-ubyte.gz").unlink()


def _shrink_images(folder):
    (folder / "t10k-images-idx3-ubyte").write_bytes(format_idx(np.zeros((10, 8, 8), np.uint8)))


def _label_letters(folder):
    (folder / "t10k-labels-idx1-ubyte").write_bytes(format_idx(np.arange(17, 27, dtype=np.uint8)))


@pytest.mark.parametrize(
    ("spoil", "named", "expectation", "finding", "remedy"),
    [
        (_remove, "t10k-images-idx3-ubyte", "expected this file", "found neither", "or unset MNIST_DATA_DIR"),
        (_swap, "t10k-images-idx3-ubyte", "array of 3 dimensions", "found 1", "perhaps the two files are swapped"),
        (_truncate, "t10k-images-idx3-ubyte", "7856 bytes for shape (10, 28, 28)", "found 7756", "Copy it again"),
        (_cut_gzip, "train-images-idx3-ubyte.gz", "readable, complete file", "found: ", "Copy it again"),
        (_write_floats, "t10k-labels-idx1-ubyte", "expected uint8", "found float32", "Convert the file"),
        (_mix_splits, "train-*", "one label for each image", "20 images and 10 labels", "belong together"),
        (_shrink_images, "t10k-*", "28 x 28 pixels", "found (8, 8)", "Resize them"),
        (_label_letters, "t10k-*", "labels in 0..9", "found 26", "ten classes"),
    ],
)
def test_a_bad_folder_is_explained(folder, spoil, named, expectation, finding, remedy):
    spoil(folder)
    with pytest.raises(DatasetError) as caught:
        load_folder(folder)
    message = str(caught.value)
    assert message.startswith(str(folder / named))
    assert expectation in message
    assert finding in message
    assert remedy in message


def test_fashion_mnist_loads_as_a_second_data_set(fashion_dir, data_dir):
    data_dir(fashion_dir)
    dataset = load_mnist()
    assert dataset.name == "fashion-mnist"
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    assert list(np.bincount(dataset.train.labels)) == [6000] * 10
    assert dataset.train.images.mean() == pytest.approx(72.94, abs=0.01)
    assert dataset.fingerprint != load_folder(PACKAGED_DIR).fingerprint

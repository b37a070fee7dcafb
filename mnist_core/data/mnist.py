"""Load MNIST: the packaged files, or any folder of IDX files with the same four names."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.data.classes import BY_TEST_LABELS_MD5, NAMES_FILE, Classes, read_names
from mnist_core.data.dataset import CLASSES, IMAGE_SHAPE, Dataset, Split
from mnist_core.data.idx import parse_idx, read_bytes
from mnist_core.errors import DatasetError
from mnist_core.settings import settings

PACKAGED_DIR = Path(__file__).parent / "packaged"

# SHA-256 of the decompressed files. Their MD5 sums, public since 1998, are in packaged/LICENSE.
CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def load_mnist() -> Dataset:
    """Load the packaged MNIST, or the folder that ``MNIST_DATA_DIR`` names. Loaded once per process and shared.

    Returns
    -------
    Dataset
        `.train` with 60,000 and `.test` with 10,000 images (uint8, read-only); other folders may hold other counts.

    Raises
    ------
    DatasetError
        A file is missing, truncated, swapped with another, of the wrong type, or (packaged files) has been changed.
    """
    folder = settings().data_dir
    return load_folder(PACKAGED_DIR) if folder is None else load_folder(folder.expanduser().resolve())


@cache
def load_folder(folder: Path) -> Dataset:
    """Load the four IDX files of `folder`, gzipped or not; those of the packaged folder are checked by SHA-256.

    ``class-names.txt`` beside them, ten lines, names the classes.
    """
    checked = folder == PACKAGED_DIR

    def load(name: str) -> NDArray[np.uint8]:
        path = _find(folder, name)
        dimensions = 3 if "images" in name else 1
        content = read_bytes(path, dimensions)
        if checked and (found := hashlib.sha256(content).hexdigest()) != CHECKSUMS[name]:
            raise DatasetError(
                f"{path}: expected MNIST with SHA-256 {CHECKSUMS[name]}, found {found}. The file has been changed or "
                "damaged: install the project again, or name another folder in MNIST_DATA_DIR."
            )
        return parse_idx(content, path, dimensions)

    # Decompressing and hashing release the interpreter lock, so four threads halve the time.
    with ThreadPoolExecutor(len(CHECKSUMS)) as pool:
        train_images, train_labels, test_images, test_labels = pool.map(load, CHECKSUMS)
    return Dataset(
        name="MNIST" if checked else folder.name,
        source="packaged with this app" if checked else str(folder),
        train=_split(train_images, train_labels, folder, "train"),
        test=_split(test_images, test_labels, folder, "t10k"),
        named=None if checked else _classes(folder),
    )


def _classes(folder: Path) -> Classes | None:
    """Return the classes that the folder names, or those that its test labels are known to have."""
    if (folder / NAMES_FILE).exists():
        return read_names(folder / NAMES_FILE)
    content = _find(folder, "t10k-labels-idx1-ubyte").read_bytes()
    return BY_TEST_LABELS_MD5.get(hashlib.md5(content, usedforsecurity=False).hexdigest())


def _find(folder: Path, name: str) -> Path:
    candidates = [folder / f"{name}.gz", folder / name]
    for path in candidates:
        if path.is_file():
            return path
    raise DatasetError(
        f"{folder / name}: expected this file, gzipped (.gz) or not, found neither. "
        f"Put {', '.join(CHECKSUMS)} into one folder, or unset MNIST_DATA_DIR to use the packaged MNIST."
    )


def _split(images: NDArray[np.uint8], labels: NDArray[np.uint8], folder: Path, prefix: str) -> Split:
    where = f"{folder / prefix}-*"
    if images.shape[1:] != IMAGE_SHAPE:
        raise DatasetError(f"{where}: expected images of 28 x 28 pixels, found {images.shape[1:]}. Resize them.")
    if len(images) != len(labels) or not len(images):
        raise DatasetError(
            f"{where}: expected one label for each image, found {len(images)} images and {len(labels)} labels. "
            "Use two files that belong together."
        )
    if labels.max() >= CLASSES:
        raise DatasetError(f"{where}: expected labels in 0..9, found {labels.max()}. Use a data set of ten classes.")
    return Split(images, labels)

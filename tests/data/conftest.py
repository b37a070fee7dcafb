"""Small folders of IDX files, and Fashion-MNIST as a real second data set."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from mnist_core.data.idx import format_idx

FASHION_DIR = Path("/usr/share/datasets/fashion-mnist")


@pytest.fixture
def folder(tmp_path):
    """Return a folder of four valid files: 20 training images, gzipped, and 10 test images, plain."""
    rng = np.random.default_rng(3)
    for prefix, count in (("train", 20), ("t10k", 10)):
        images = format_idx(rng.integers(0, 256, (count, 28, 28), np.uint8))
        labels = format_idx((np.arange(count) % 10).astype(np.uint8))
        for name, content in ((f"{prefix}-images-idx3-ubyte", images), (f"{prefix}-labels-idx1-ubyte", labels)):
            if prefix == "train":
                (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture(scope="session")
def fashion_dir():
    """Return Debian's Fashion-MNIST. Where CI is set it must be there: `.ci/run` installs it."""
    if FASHION_DIR.is_dir():
        return FASHION_DIR
    if os.environ.get("CI"):
        pytest.fail(f"{FASHION_DIR} is missing: .ci/run should install Debian's package dataset-fashion-mnist.")
    return pytest.skip("Fashion-MNIST is not installed (Debian: apt-get install dataset-fashion-mnist)")

"""Small folders of IDX files."""

import gzip

import numpy as np
import pytest

from mnist_core.data.idx import format_idx


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

"""What tests of several parts need."""

import os
from pathlib import Path

import pytest

FASHION_DIR = Path("/usr/share/datasets/fashion-mnist")


@pytest.fixture(scope="session")
def fashion_dir():
    """Return Debian's Fashion-MNIST. Where CI is set it must be there: `.ci/run` installs it."""
    if FASHION_DIR.is_dir():
        return FASHION_DIR
    if os.environ.get("CI"):
        pytest.fail(f"{FASHION_DIR} is missing: .ci/run should install Debian's package dataset-fashion-mnist.")
    return pytest.skip("Fashion-MNIST is not installed (Debian: apt-get install dataset-fashion-mnist)")

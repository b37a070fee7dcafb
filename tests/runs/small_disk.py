"""A real disk of 20 MB, to be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE_BYTES = 20 * 2**20


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount the disk on a new folder; skip the test where this may not be done."""
    if os.geteuid():
        pytest.skip("only root may mount a small disk; .ci/run is root")
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_BYTES}", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> None:
    """Take all that is free on the disk; what is freed later can be taken again."""
    with pytest.raises(OSError, match="No space left"), (folder / "filler").open("ab") as file:
        file.write(bytes(SIZE_BYTES))

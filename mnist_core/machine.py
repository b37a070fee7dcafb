"""Which machine this is, and how much of it is ours. Times mean nothing without that."""

import os
import platform
from pathlib import Path

import psutil

_ROOT = Path("/")
# Of control groups, versions 2 and 1: the limit, what is in use, and how much of that can be reclaimed at once.
_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def available_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_bytes(root: Path = _ROOT) -> int:
    """Return how much memory this process and those around it may use in all: the machine's, or less in a container.

    Parameters
    ----------
    root
        Where the system's files are; for tests.
    """
    return min([psutil.virtual_memory().total, *(limit for limit, _ in _groups(root))])


def free_memory_bytes(root: Path = _ROOT) -> int:
    """Return how much more memory this process and those around it may take just now."""
    return min([psutil.virtual_memory().available, *(limit - used for limit, used in _groups(root))])


def _groups(root: Path) -> list[tuple[int, int]]:
    """Return limit and use, in bytes, of each control group that limits the memory of this process."""
    groups = []
    for folder in _group_folders(root):
        for limit, usage, reclaimable in _FILES:
            try:
                most = (folder / limit).read_text().strip()
                used = int((folder / usage).read_text())
                statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
            except (OSError, ValueError):
                continue
            if most != "max":
                groups.append((int(most), used - int(statistics.get(reclaimable, 0))))
    return groups


def _group_folders(root: Path) -> list[Path]:
    """Return the folders that describe this process's control groups for memory, and those around them.

    A container sees its own group as the outermost one, whatever path it is told.
    """
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    folders: list[Path] = []
    for number, controllers, path in (line.split(":", 2) for line in lines):
        if number == "0" or "memory" in controllers.split(","):
            top = root / "sys/fs/cgroup" / controllers
            own = top / path.strip("/")
            folders += [own, *(parent for parent in own.parents if parent.is_relative_to(top))]
    return folders

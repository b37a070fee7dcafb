"""How much memory there is: the machine's, or what a control group leaves of it."""

import psutil
import pytest

from mnist_core.machine import free_memory_bytes, memory_bytes

UNLIMITED = 9223372036854771712


@pytest.fixture
def system(tmp_path):
    """Return a function that writes what the system says of a control group: its path, and its files' contents."""

    def write(cgroup, **groups):
        (tmp_path / "proc/self").mkdir(parents=True, exist_ok=True)
        (tmp_path / "proc/self/cgroup").write_text(cgroup)
        for folder, (names, limit, used, inactive) in groups.items():
            group = tmp_path / "sys/fs/cgroup" / folder.replace("__", "/")
            group.mkdir(parents=True, exist_ok=True)
            (group / names[0]).write_text(f"{limit}\n")
            (group / names[1]).write_text(f"{used}\n")
            (group / "memory.stat").write_text(f"anon 1\n{names[2]} {inactive}\n")
        return tmp_path

    return write


VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
VERSION_2 = ("memory.max", "memory.current", "inactive_file")


def test_without_limits_it_is_the_machines(tmp_path, system):
    assert memory_bytes(tmp_path) == psutil.virtual_memory().total
    root = system("0::/\n", **{"": (VERSION_2, "max", 5, 0)})
    assert memory_bytes(root) == psutil.virtual_memory().total
    assert 0 < free_memory_bytes(root) <= memory_bytes(root)


def test_a_containers_limit_counts_and_what_files_hold_can_be_had_back(system):
    root = system("0::/\n", **{"": (VERSION_2, 690_000_000, 600_000_000, 50_000_000)})
    assert memory_bytes(root) == 690_000_000
    assert free_memory_bytes(root) == 140_000_000


def test_the_group_around_a_service_may_be_the_narrower_one(system):
    narrow, wide = (VERSION_2, 1_000_000_000, 100, 0), (VERSION_2, 2_000_000_000, 50, 0)
    assert memory_bytes(system("0::/app.slice/mnist.service\n", **{"app.slice": narrow})) == 1_000_000_000
    root = system("0::/app.slice/mnist.service\n", **{"app.slice__mnist.service": wide})
    assert memory_bytes(root) == 1_000_000_000


def test_version_1_says_it_in_other_files(system):
    root = system("4:memory:/docker/abc\n3:cpu,cpuacct:/x\n0::/\n", memory=(VERSION_1, 700_000_000, 300_000_000, 0))
    assert memory_bytes(root) == 700_000_000
    assert free_memory_bytes(root) == 400_000_000
    root = system("4:memory:/docker/abc\n", memory=(VERSION_1, UNLIMITED, 300_000_000, 0))
    assert memory_bytes(root) == psutil.virtual_memory().total

"""Which machine this is: times mean nothing without it."""

import platform
from pathlib import Path


def processor() -> str:
    """Return the processor's name."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

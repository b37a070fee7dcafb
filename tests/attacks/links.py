"""Links that people, or their chat programs, have broken: which parameters the pages read, and values to put there."""

import random
import re
from pathlib import Path

from mnist_core.training import TrainingConfig

PAGES = Path(__file__).parents[2] / "pages"
GARBAGE = (
    "",
    " ",
    "--5",
    "-1",
    "0x10",
    "1_000",
    "9" * 5000,
    "-" + "9" * 400,
    "1e400",
    "1e-400",
    "inf",
    "-Infinity",
    "nan",
    "0.5.5",
    "\x00",
    "%00",
    "true",
    "True",
    "None",
    "null",
    "[]",
    "{}",
    "../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "![](http://evil.example/x.png)",
    "١٢٣",
    "²",
    "½",
    "0",
    "5",
    "\ud7ff\u202e😀",
    "a" * 20_000,
    ",,,,",
    "-",
    "x-y-z",
)
# What opens other parts of a page, so that their parameters are read as well.
OPENING = {
    "dataset": {"view": ("Numbers", "Samples", "Map"), "split": ("test",)},
    "evaluation": {"source": ("Model file",)},
    "draw": {"input": ("Photo", "Teach me"), "packaged": ("true",)},
    "backpropagation": {"picked": ("A training image", "My drawing"), "show": ("One unit", "Check")},
}


def parameters(folder: str) -> list[str]:
    """Return the parameters that a page may read: what its code and what is shared binds to the address bar."""
    files = [*(PAGES / folder).glob("*.py"), *(PAGES / "shared").glob("*.py")]
    text = "\n".join(file.read_text() for file in files)
    bound = re.findall(r'key="(\w+)"', text) + re.findall(r'permalink\.\w+\(\s*"(\w+)"', text)
    return sorted(
        {*bound, *TrainingConfig.model_fields, "run", "compare", "units", "bend", "start", "weights", "epoch"}
    )


def broken_link(folder: str, names: list[str], seed: int) -> dict[str, str]:
    """Return a query for a page: some parameters hold garbage, some what opens a part of the page."""
    rng = random.Random(f"{folder} {seed}")
    query = {name: rng.choice(GARBAGE) for name in names if rng.random() < 0.6}
    for name, values in OPENING.get(folder, {}).items():
        if rng.random() < 0.7:
            query[name] = rng.choice(values)
    return query

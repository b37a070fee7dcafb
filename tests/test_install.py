"""What the README's first command promises: which Pythons, and the same versions for everybody."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OFFERED = ["3.11", "3.12", "3.13", "3.14"]


def pins(*files: str) -> list[Requirement]:
    """Return the pinned requirements in these files."""
    lines = "\n".join((ROOT / file).read_text() for file in files).splitlines()
    return [Requirement(line) for line in lines if re.match(r"[A-Za-z]", line)]


def version_of(requirement: Requirement) -> str:
    return str(requirement.specifier).removeprefix("==")


def test_readme_package_and_ci_promise_the_same_pythons():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    allowed = SpecifierSet(project["requires-python"])
    assert [f"3.{minor}" for minor in range(30) if f"3.{minor}.9" in allowed] == OFFERED
    assert f"Python {OFFERED[0]} to {OFFERED[-1]}." in (ROOT / "README.md").read_text()
    assert f"pythons=({' '.join(OFFERED)})" in (ROOT / ".ci" / "install").read_text()


def test_the_lock_holds_every_version_that_is_asked_for():
    locked = {(canonicalize_name(pin.name), version_of(pin)) for pin in pins(".ci/constraints.txt")}
    asked = {
        (canonicalize_name(pin.name), version_of(pin)) for pin in pins("requirements.txt", "tests/requirements.txt")
    }
    assert asked - locked == set(), "run .ci/lock"


def test_what_is_installed_is_what_is_locked():
    locked = {
        canonicalize_name(pin.name): version_of(pin)
        for pin in pins(".ci/constraints.txt")
        if pin.marker is None or pin.marker.evaluate()
    }
    needed = {
        canonicalize_name(pin.name) for pin in pins("requirements.txt") if not pin.marker or pin.marker.evaluate()
    }
    seen: dict[str, str] = {}
    while needed:
        name = needed.pop()
        found = distribution(name)
        seen[name] = found.version
        wanted = (Requirement(line) for line in found.requires or ())
        names = {
            canonicalize_name(each.name) for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})
        }
        needed |= names - seen.keys()
    assert len(seen) > 50
    assert seen == {name: locked[name] for name in seen}, "pip install -r tests/requirements.txt"

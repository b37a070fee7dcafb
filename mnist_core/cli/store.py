"""``store``: back the run store up, restore it, check it, and give its free space back."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from mnist_core.cli.output import json_line
from mnist_core.runs import care
from mnist_core.runs.database import default_url

_MEGABYTE = 1_000_000


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    return {"backup": _backup, "restore": _restore, "check": _check, "vacuum": _vacuum}[options.action](options)


def _backup(options: argparse.Namespace) -> int:
    _show(options, f"Backed up to {options.file}", care.backup(_store(), options.file))
    return 0


def _restore(options: argparse.Namespace) -> int:
    _show(options, f"Restored to {_store()}", care.restore(options.file, _store(), replace=options.replace))
    return 0


def _check(options: argparse.Namespace) -> int:
    path = options.file or _store()
    condition = care.check(path)
    _show(options, f"{path} is {'damaged' if condition.problems else 'sound'}", condition)
    return 1 if condition.problems else 0


def _vacuum(options: argparse.Namespace) -> int:
    saved = care.vacuum(_store())
    print(json.dumps({"saved_bytes": saved}) if options.json else f"{_store()}: {saved / _MEGABYTE:.1f} MB smaller.")
    return 0


def _store() -> Path:
    return care.file_of(default_url())


def _show(options: argparse.Namespace, words: str, condition: care.Condition) -> None:
    if options.json:
        print(json_line(asdict(condition)))
        return
    rows = ", ".join(f"{count:,} {table}" for table, count in condition.rows.items() if table != "store_info")
    print(f"{words}: schema version {condition.version}, {condition.size_bytes / _MEGABYTE:.1f} MB, {rows}.")
    for problem in condition.problems:
        print(problem)

"""What can be typed after ``python -m mnist_core``. Options that are hyperparameters come from `TrainingConfig`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from pydantic import ValidationError

from mnist_core.errors import ConfigFileError, DatasetError, ModelFileError, StoreError
from mnist_core.training.config import TrainingConfig, explain
from mnist_core.training.config_file import read_config
from mnist_core.training.presets import DESCRIPTIONS, PRESETS
from mnist_core.training.query import to_query

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        # Each command is imported when it is called, so that none waits for another's libraries.
        return int(import_module(f"mnist_core.cli.{options.command}").run(options))
    except ValidationError as error:
        print(explain(error), file=sys.stderr)
    except (ConfigFileError, DatasetError, ModelFileError, OSError, StoreError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return USAGE_ERROR


def config_from(options: argparse.Namespace) -> TrainingConfig:
    """Return the recipe of the preset or file, with every option that was given in place of its value.

    Raises
    ------
    ValidationError
        A value is out of bounds or not of its type.
    OSError
        The file cannot be read.
    """
    given = {name: getattr(options, name) for name in TrainingConfig.model_fields if getattr(options, name) is not None}
    base = PRESETS[options.preset] if options.config is None else to_query(read_config(options.config.read_bytes()))
    return TrainingConfig(**{**base, **given})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m mnist_core", description="MNIST and a neural network from scratch.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    _add_train(commands.add_parser("train", help="train a network and judge it on the test set"))
    _add_evaluate(commands.add_parser("evaluate", help="judge a saved network on the test set"))
    _add_presets(commands.add_parser("presets", help="train presets over several seeds: mean and deviation"))
    _add_benchmark(commands.add_parser("benchmark", help="compare the speed with other libraries"))
    _add_store(commands.add_parser("store", help="back up, restore, check or shrink the run store"))
    return parser


def _add_train(parser: argparse.ArgumentParser) -> None:
    presets = "; ".join(f"{name}: {text}" for name, text in DESCRIPTIONS.items()).replace("%", "%%")
    parser.add_argument("--preset", choices=PRESETS, default="classic", help=f"the recipe to start from. {presets}")
    parser.add_argument("--config", type=Path, help="a recipe's config.json, as the app saves it, in place of a preset")
    for name, field in TrainingConfig.model_fields.items():
        extra = field.json_schema_extra
        label = extra["label"] if isinstance(extra, dict) else name
        # Values stay text here: the config checks them, with the same messages as everywhere.
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="VALUE", help=f"{label}. {field.description}")
    parser.add_argument("--threads", type=_positive, help="cores to use (default: all)")
    parser.add_argument("--output", type=Path, help="file for the trained network (.npz)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="file of a trained network (.npz)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")


def _add_presets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", choices=PRESETS, action="append", help="which (again for more; default: all)")
    parser.add_argument("--seeds", type=_positive, help="how many seeds, from 0 (default: 5, and 3 for best)")
    parser.add_argument("--held-out", action="store_true", help="judge on the last 10,000 training images instead")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")


def _add_benchmark(parser: argparse.ArgumentParser) -> None:
    workloads = "full-batch, mini-batch, best, inference or start-up (again for more; default: all)"
    parser.add_argument("--workload", action="append", metavar="NAME", help=workloads)
    parser.add_argument("--peers", default="keras,sklearn,torch,jax", help="comma-separated (default: %(default)s)")
    parser.add_argument("--rounds", type=_positive, default=2, help="interleaved rounds (default: %(default)s)")
    parser.add_argument("--figure", type=Path, help="file for a bar chart of the result (.html or .svg)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")


def _add_store(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="action")
    backup = actions.add_parser("backup", help="copy the store to a file while it is in use")
    backup.add_argument("file", type=Path, help="file to write")
    restore = actions.add_parser("restore", help="put a backup in the store's place")
    restore.add_argument("file", type=Path, help="file that `store backup` wrote")
    restore.add_argument("--replace", action="store_true", help="even if there is a store, which is kept beside it")
    check = actions.add_parser("check", help="read the whole store, or a backup, and say what is damaged")
    check.add_argument("file", type=Path, nargs="?", help="a backup (default: the store itself)")
    vacuum = actions.add_parser("vacuum", help="give the store's free space back to the disk")
    for action in (backup, restore, check, vacuum):
        action.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, received {text!r}")
    return int(text)

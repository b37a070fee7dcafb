"""``evaluate``: judge a saved network on the test set."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mnist_core.cli.output import json_line
from mnist_core.data import Dataset, load_mnist
from mnist_core.data.classes import Classes
from mnist_core.evaluation.origin import is_finite, warnings
from mnist_core.evaluation.report import Evaluation
from mnist_core.evaluation.report import evaluate as evaluate_network
from mnist_core.nn import MLP

FAILED = 1
_NUMBERS = ("test_accuracy", "test_interval", "errors", "cost", "per_class", "confusion_rows_true_columns_predicted")


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    network, dataset = MLP.load(options.model), load_mnist()
    doubts = warnings(network, dataset)
    report = evaluate_network(network, dataset.test) if is_finite(network) else None
    if options.json:
        print(json_line(_numbers(report) | _about(network, dataset, doubts)))
    for doubt in doubts:
        print(f"Warning: {doubt}", file=sys.stderr)
    if report is None:
        return FAILED
    if not options.json:
        _show(options.model, network, report, dataset.classes)
    return 0


def _show(model: Path, network: MLP, report: Evaluation, classes: Classes) -> None:
    low, high = report.interval
    layers = "-".join(str(units) for units in network.layer_sizes)
    console = Console()
    console.print(f"{model}: {layers} {network.activation}, on {report.count:,} test images", soft_wrap=True)
    console.print(
        f"Test accuracy {report.accuracy:.2%} (95 % interval {low:.2%} to {high:.2%}), {report.errors} errors"
    )
    console.print(f"Mean cost {report.cost:.4f}", _scores(report, classes), _confusion(report, classes))


def _scores(report: Evaluation, classes: Classes) -> Table:
    table = Table(classes.noun, "precision", "recall", "F1", "images")
    for row in report.per_class.itertuples():
        table.add_row(
            classes.names[row.label], f"{row.precision:.4f}", f"{row.recall:.4f}", f"{row.f1:.4f}", str(row.support)
        )
    return table


def _confusion(report: Evaluation, classes: Classes) -> Table:
    title = f"Rows: true {classes.noun}. Columns: predicted {classes.noun}."
    table = Table("", *(str(label) for label in range(len(classes.names))), title=title)
    for label, row in enumerate(report.confusion):
        name = classes.names[label]
        table.add_row(name if name == str(label) else f"{label} {name}", *(str(count) for count in row))
    for column in table.columns:
        column.justify = "right"
    return table


def _about(network: MLP, dataset: Dataset, doubts: list[str]) -> dict[str, object]:
    """Return what was judged, on what, and what speaks against it, for JSON."""
    return {
        "dataset": dataset.name,
        "dataset_fingerprint": dataset.fingerprint,
        "class_names": dataset.classes.names,
        "origin": None if network.origin is None else asdict(network.origin),
        "warnings": doubts,
    }


def _numbers(report: Evaluation | None) -> dict[str, object]:
    """Return the numbers for JSON; all null where the network cannot be judged."""
    if report is None:
        return dict.fromkeys(_NUMBERS)
    values = (
        report.accuracy,
        report.interval,
        report.errors,
        report.cost,
        report.per_class.to_dict("records"),
        report.confusion,
    )
    return dict(zip(_NUMBERS, values, strict=True))

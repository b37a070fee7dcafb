"""``evaluate``: judge a saved network on the test set."""

import argparse
import json

from rich.console import Console
from rich.table import Table

from mnist_core.data import load_mnist
from mnist_core.evaluation.report import Evaluation
from mnist_core.evaluation.report import evaluate as evaluate_network
from mnist_core.nn import MLP


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    network = MLP.load(options.model)
    report = evaluate_network(network, load_mnist().test)
    if options.json:
        print(json.dumps(_as_json(report)))
        return 0
    low, high = report.interval
    layers = "-".join(str(units) for units in network.layer_sizes)
    console = Console()
    console.print(f"{options.model}: {layers} {network.activation}, on {report.count:,} test images", soft_wrap=True)
    console.print(
        f"Test accuracy {report.accuracy:.2%} (95 % interval {low:.2%} to {high:.2%}), {report.errors} errors"
    )
    console.print(f"Mean cost {report.cost:.4f}", _scores(report), _confusion(report))
    return 0


def _scores(report: Evaluation) -> Table:
    table = Table("digit", "precision", "recall", "F1", "images")
    for row in report.per_class.itertuples():
        table.add_row(str(row.digit), f"{row.precision:.4f}", f"{row.recall:.4f}", f"{row.f1:.4f}", str(row.support))
    return table


def _confusion(report: Evaluation) -> Table:
    table = Table("", *(str(digit) for digit in range(10)), title="Rows: true digit. Columns: predicted digit.")
    for digit, row in enumerate(report.confusion):
        table.add_row(str(digit), *(str(count) for count in row))
    for column in table.columns:
        column.justify = "right"
    return table


def _as_json(report: Evaluation) -> dict[str, object]:
    return {
        "test_accuracy": report.accuracy,
        "test_interval": report.interval,
        "errors": report.errors,
        "cost": report.cost,
        "per_class": report.per_class.to_dict("records"),
        "confusion_rows_true_columns_predicted": report.confusion.tolist(),
    }

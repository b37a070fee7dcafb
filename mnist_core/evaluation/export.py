"""An evaluation to take home: the predictions as a table, the report as JSON, the figures as one page."""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mnist_core.data.classes import Classes
from mnist_core.data.dataset import CLASSES
from mnist_core.evaluation.predictions import Predictions
from mnist_core.evaluation.report import Evaluation


def predictions_csv(predictions: Predictions, classes: Classes) -> str:
    """Return one line an image: index, true and predicted class, correct, cost, and the probability of each class."""
    names = np.array(classes.names)
    table = pd.DataFrame(
        {
            "index": np.arange(len(predictions)),
            "true": predictions.labels,
            "predicted": predictions.predicted,
            "true_name": names[predictions.labels],
            "predicted_name": names[predictions.predicted],
            "correct": predictions.correct.astype(int),
            "cost": predictions.costs,
        }
        | {f"probability_{label}": predictions.probabilities[:, label] for label in range(CLASSES)}
    )
    return table.to_csv(index=False, float_format="%.6g")


def report_json(evaluation: Evaluation, classes: Classes, facts: Mapping[str, Any]) -> str:
    """Return the evaluation's numbers as JSON, after `facts` about what was evaluated."""
    low, high = evaluation.interval
    report = {
        **facts,
        "test_images": evaluation.count,
        "test_correct": evaluation.correct,
        "test_errors": evaluation.errors,
        "test_accuracy": evaluation.accuracy,
        "test_accuracy_interval_95": [low, high],
        "test_cost": evaluation.cost,
        "confusion_true_by_predicted": evaluation.confusion.tolist(),
        "class_names": classes.names,
        "per_class": evaluation.per_class.to_dict("records"),
    }
    return json.dumps(report, indent=2, default=_plain)


def _plain(value: NDArray[Any] | np.generic) -> Any:
    return value.tolist()


def figures_html(title: str, figures: Sequence[tuple[str, Any]]) -> str:
    """Return one HTML page that needs nothing else: each figure with its heading, Plotly's script once.

    Parameters
    ----------
    figures
        Headings and Plotly figures.
    """
    parts = [
        f"<h2>{html.escape(heading)}</h2>" + figure.to_html(full_html=False, include_plotlyjs=number == 0)
        for number, (heading, figure) in enumerate(figures)
    ]
    name = html.escape(title)
    return f"<!doctype html><meta charset=utf-8><title>{name}</title><h1>{name}</h1>" + "".join(parts)

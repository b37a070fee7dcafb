import io
import json
import re

import pandas as pd
import plotly.graph_objects as go
import pytest

from mnist_core.data.classes import DIGITS, FASHION
from mnist_core.evaluation import summarize
from mnist_core.evaluation.export import figures_html, predictions_csv, report_json


def test_the_table_of_predictions_has_a_line_an_image(predictions):
    table = pd.read_csv(io.StringIO(predictions_csv(predictions, FASHION)))
    assert table["index"].tolist() == list(range(10_000))
    assert table["true"].tolist() == predictions.labels.tolist()
    assert table["predicted"].tolist() == predictions.predicted.tolist()
    assert table["true_name"][0] == FASHION.names[predictions.labels[0]]
    assert table["predicted_name"].tolist() == [FASHION.names[label] for label in predictions.predicted]
    assert table["correct"].sum() == predictions.correct.sum()
    assert table["cost"].mean() == pytest.approx(predictions.costs.mean(), rel=1e-4)
    probabilities = table[[f"probability_{digit}" for digit in range(10)]].to_numpy()
    assert probabilities == pytest.approx(predictions.probabilities, rel=1e-5)


def test_the_report_holds_the_numbers_of_the_evaluation(predictions):
    evaluation = summarize(predictions)
    report = json.loads(report_json(evaluation, DIGITS, {"run": "calm-otter-17"}))
    assert report["run"] == "calm-otter-17"
    assert report["test_errors"] == evaluation.errors
    assert report["test_accuracy"] == evaluation.accuracy
    assert report["confusion_true_by_predicted"] == evaluation.confusion.tolist()
    assert [row["support"] for row in report["per_class"]] == evaluation.confusion.sum(axis=1).tolist()


def test_the_figures_come_as_one_page_that_holds_its_own_script():
    page = figures_html("A <b> run", [("First", go.Figure()), ("Second", go.Figure())])
    assert "<h1>A &lt;b&gt; run</h1>" in page
    assert page.index("<h2>First</h2>") < page.index("<h2>Second</h2>")
    assert 3e6 < len(page) < 8e6
    assert not re.search(r"<script[^>]+src=", page)

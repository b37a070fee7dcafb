"""The evaluation to take home. Each file is made when it is asked for."""

import streamlit as st

from mnist_core.evaluation.calibration import reliability
from mnist_core.evaluation.coverage import risk_coverage
from mnist_core.evaluation.export import figures_html, predictions_csv, report_json
from mnist_core.evaluation.robustness import DISTORTIONS, read_table
from mnist_core.figures.calibration import confidence_counts, reliability_diagram, risk_coverage_chart
from mnist_core.figures.confusion import confusion_chart
from mnist_core.figures.robustness import robustness_curve
from pages.evaluation import trust
from pages.evaluation.robustness import TASK, applied
from pages.shared import resources
from pages.shared.judged import Subject
from pages.shared.visitor import who

_ALLOWED_RISK = 0.005


def show(subject: Subject) -> None:
    """Offer the predictions, the report and the figures."""
    st.markdown(
        "**Predictions**: one line for each test image, with its true and predicted class and all ten probabilities. "
        "**Report**: the numbers on this page. **Figures**: one page that opens without a connection."
    )
    name = subject.name
    with st.container(horizontal=True):
        st.download_button(
            "Predictions .csv",
            lambda: predictions_csv(subject.predictions, resources.classes()).encode(),
            f"{name}-predictions.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Report .json",
            lambda: report_json(subject.evaluation, resources.classes(), _facts(subject)).encode(),
            f"{name}-report.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Figures .html",
            lambda: figures_html(f"Evaluation of {name}", _figures(subject)).encode(),
            f"{name}-figures.html",
            "text/html",
            icon=":material/download:",
            on_click="ignore",
        )


def _facts(subject: Subject) -> dict[str, object]:
    data, run = resources.dataset(), subject.run
    facts: dict[str, object] = {"name": subject.name, "dataset": data.name, "dataset_fingerprint": data.fingerprint}
    if run is not None:
        facts |= {"run": run.id, "kind": run.kind, "status": run.status, "config": run.config.model_dump(mode="json")}
        facts |= {"weights_sha256": run.weights_sha256}
    return facts | {"calibration": trust.numbers(subject), **_confirmed(subject), "robustness": _robustness(subject)}


def _confirmed(subject: Subject) -> dict[str, object]:
    """Return the accuracy on the labels that human raters confirmed, where it is known which they are."""
    if subject.confirmed is None:
        return {}
    count, accuracy = subject.confirmed.count, subject.confirmed.accuracy
    return {"confirmed_labels": {"test_images": count, "test_accuracy": accuracy}}


def _robustness(subject: Subject) -> dict[str, list[dict[str, float]]] | None:
    """Return for each distortion its levels and accuracies; None where nobody has had them measured."""
    content = resources.store().load_artifact(subject.run.id, TASK, who=who()) if subject.run else None
    if content is None:
        return None
    table = read_table(content)
    return {
        name: table[table["distortion"] == name].assign(level=applied(name))[["level", "accuracy"]].to_dict("records")
        for name in DISTORTIONS
    }


def _figures(subject: Subject) -> list[tuple[str, object]]:
    tables = {"as trained": reliability(subject.predictions)}
    figures = [
        ("Confusion matrix", confusion_chart(subject.evaluation.confusion, classes=resources.classes())),
        ("Reliability", reliability_diagram(tables)),
        ("Confidence of the answers", confidence_counts(tables)),
        ("Risk and coverage", risk_coverage_chart(risk_coverage(subject.predictions), _ALLOWED_RISK)),
    ]
    content = resources.store().load_artifact(subject.run.id, TASK, who=who()) if subject.run else None
    if content is not None:
        table = read_table(content)
        for name, distortion in DISTORTIONS.items():
            curve = robustness_curve(table[table["distortion"] == name].assign(level=applied(name)), distortion.axis)
            figures.append((f"Robustness: {name}", curve))
    return figures

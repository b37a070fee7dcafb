"""Whether its probabilities can be believed, and how many digits it may read without a person."""

import streamlit as st

from mnist_core.evaluation import Predictions
from mnist_core.evaluation.calibration import at_temperature, expected_calibration_error, reliability
from mnist_core.evaluation.coverage import choose_threshold, operate, risk_coverage
from mnist_core.figures.calibration import confidence_counts, reliability_diagram, risk_coverage_chart
from pages.shared import permalink
from pages.shared.evaluation.subject import Subject
from pages.shared.words import percent

_RATES = {"0.1 %": 0.001, "0.2 %": 0.002, "0.5 %": 0.005, "1 %": 0.01, "2 %": 0.02, "5 %": 0.05}
_NO_BAR = {"displayModeBar": False}


def calibration(subject: Subject) -> None:
    """Show the reliability diagram, the calibration error, and what a temperature changes."""
    st.markdown(
        "A network is calibrated if, of all answers given with 90 % confidence, 90 % are right. Below the dotted line "
        "it is too sure, above it not sure enough."
    )
    answers = {"as trained": subject.predictions}
    if subject.temperature is not None:
        answers[f"at temperature {subject.temperature:.2f}"] = at_temperature(subject.predictions, subject.temperature)
    tables = {name: reliability(predictions) for name, predictions in answers.items()}
    diagram, numbers = st.columns([3, 2], gap="large")
    with diagram:
        alt = "Share of right answers against their mean confidence, in ten steps of confidence"
        st.plotly_chart(reliability_diagram(tables), key="reliability", config=_NO_BAR, alt=alt)
        st.plotly_chart(
            confidence_counts(tables), key="confidences", config=_NO_BAR, alt="Number of answers in each step"
        )
    with numbers:
        st.dataframe(
            {
                "": list(answers),
                "ECE": [percent(expected_calibration_error(table)) for table in tables.values()],
                "mean cost": [f"{predictions.costs.mean():.4f}" for predictions in answers.values()],
            },
            hide_index=True,
            height="content",
            key="calibration errors",
        )
        st.markdown("ECE, the expected calibration error: the mean gap between confidence and accuracy over all answers.")
        st.markdown(_temperature_words(subject))


def _temperature_words(subject: Subject) -> str:
    if subject.unseen is not None and subject.temperature is not None:
        tendency = "too sure" if subject.temperature > 1 else "not sure enough"
        return (
            f"All logits are divided by the temperature **{subject.temperature:.3f}**, fitted on the "
            f"{len(subject.unseen):,} training images that this run did not learn from: there it was {tendency}. The "
            "test set had no part in it, and no answer changes, only how sure it is."
        )
    if subject.run is None:
        return (
            "A temperature is not fitted for a model file: nobody knows which training images it has learnt from, and "
            "the test set must not be used for it."
        )
    return (
        "This run learnt from all training images, so nothing is left to fit a temperature on: on images it has "
        "learnt, a network looks better calibrated than it is, and the test set must not be used for it. Hold out "
        "validation images on the Training page and train again."
    )


@st.fragment
def coverage(subject: Subject) -> None:
    """Show how many digits can be read automatically at a chosen error rate."""
    st.markdown(
        "Accept an answer only from a certain confidence on, and give the other images to a person: the stricter the "
        "threshold, the fewer errors, and the fewer digits are read automatically."
    )
    permalink.check("allowed", _RATES)
    allowed = _RATES[
        st.select_slider(
            "Allowed share of errors", list(_RATES), "0.5 %", key="allowed", bind="query-params", width=420
        )
    ]
    chosen_on = subject.predictions if subject.unseen is None else subject.unseen
    result = operate(subject.predictions, choose_threshold(chosen_on, allowed))
    with st.container(horizontal=True):
        st.metric("Read automatically", percent(result.coverage, 1), border=True)
        st.metric("Errors among them", percent(result.risk), border=True)
        st.metric("Left to a person", f"{result.left:,} of {result.count:,}", border=True)
        accepted_from = percent(result.threshold) if result.accepted else "never"
        st.metric("Accepted from a confidence of", accepted_from, border=True)
    st.markdown(_threshold_words(subject.unseen))
    st.plotly_chart(
        risk_coverage_chart(risk_coverage(subject.predictions), allowed),
        key="risk and coverage",
        config=_NO_BAR,
        alt="Share of errors among the digits read automatically, against the share that is read",
    )


def _threshold_words(unseen: Predictions | None) -> str:
    if unseen is not None:
        return (
            f"The threshold keeps the allowed share on the {len(unseen):,} training images that this run did not learn "
            "from. The numbers and the curve say what it then does on the test set, where it may be more or less."
        )
    return (
        "The threshold was read off the test set itself, as no image was held out from training. On new images expect "
        "somewhat more errors than allowed."
    )

"""Whether a network's probabilities can be believed, and how many images it may read without a person."""

import streamlit as st

from mnist_core.evaluation import Predictions, predict
from mnist_core.evaluation.calibration import (
    at_temperature,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from mnist_core.evaluation.coverage import CONFIDENCE, choose_threshold, operate, risk_coverage
from mnist_core.figures.calibration import confidence_counts, reliability_diagram, risk_coverage_chart
from mnist_core.runs import OPERATOR
from mnist_core.training.split import held_out
from pages.shared import calm, glossary, permalink, resources
from pages.shared.judged import Subject
from pages.shared.words import percent

_RATES = {"0.1 %": 0.001, "0.2 %": 0.002, "0.5 %": 0.005, "1 %": 0.01, "2 %": 0.02, "5 %": 0.05}
_NO_BAR = {"displayModeBar": False}
_CHANCE = (
    "A threshold that only just keeps to the allowed share of errors on the images it was chosen on exceeds it on new "
    "images about half of the time. Allowing for chance keeps an upper bound of that share small enough instead."
)


def calibration(subject: Subject) -> None:
    """Show the reliability diagram, the calibration error, and what a temperature changes."""
    glossary.show(
        "A network is [[calibrated]] if, of all answers given with 90 % confidence, 90 % are right. Below the dotted "
        "line it is too sure, above it not sure enough."
    )
    answers, unseen = {"as trained": subject.predictions}, _unseen(subject)
    temperature = None if unseen is None else fit_temperature(unseen)
    if temperature is not None:
        answers[f"at temperature {temperature:.2f}"] = at_temperature(subject.predictions, temperature)
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
        st.markdown("ECE (expected calibration error) is the mean gap between confidence and accuracy of all answers.")
        glossary.show(_temperature_words(subject, unseen, temperature))


def numbers(subject: Subject) -> dict[str, float | None]:
    """Return what the calibration says, for the report: the error as trained, the temperature, and the error at it."""
    unseen = _unseen(subject)
    temperature = None if unseen is None else fit_temperature(unseen)
    adjusted = None if temperature is None else at_temperature(subject.predictions, temperature)
    return {
        "expected_calibration_error": expected_calibration_error(reliability(subject.predictions)),
        "temperature": temperature,
        "expected_calibration_error_at_temperature": (
            None if adjusted is None else expected_calibration_error(reliability(adjusted))
        ),
    }


def _unseen(subject: Subject) -> Predictions | None:
    """Return the answers for training images that the network did not learn from; None if there are none to know."""
    if subject.run is None:
        return None
    unseen = _of_unseen(subject.run.id, subject.run.weights_sha256, subject)
    return unseen if len(unseen) else None


@st.cache_resource(max_entries=16, show_spinner="Reading images held out from training ...")
def _of_unseen(run_id: str, weights_sha256: str, _subject: Subject) -> Predictions:
    run = resources.store().get(run_id, who=OPERATOR)  # whoever asks has read it as themselves before
    return predict(_subject.network, held_out(run.config, resources.dataset()))


def _temperature_words(subject: Subject, unseen: Predictions | None, temperature: float | None) -> str:
    if unseen is not None and temperature is not None:
        tendency = "too sure" if temperature > 1 else "not sure enough"
        return (
            f"All [[logits]] are divided by the [[temperature]] **{temperature:.3f}**, fitted on "
            f"{len(unseen):,} training images that this run did not learn from: on those the network was {tendency}. "
            "The test set had no part in this. No answer changes, only how sure the network is of it."
        )
    if subject.run is None:
        return (
            "A temperature can be fitted only for runs: which training images other networks have learnt from is not "
            "known here, and the test set must not be used for it."
        )
    return (
        "This run has learnt from all training images, so none are left to fit a temperature on: on images that it has "
        "learnt from, a network looks better calibrated than it is, and the test set must not be used for it. Hold out "
        "validation images on the Training page and train again."
    )


@calm.fragment
def coverage(subject: Subject) -> None:
    """Show how many images can be read automatically at a chosen error rate."""
    st.markdown(
        "Accept an answer only if the network is confident enough, and leave the other images to a person. The "
        "stricter the threshold, the fewer errors are made, but the fewer images are read automatically."
    )
    permalink.check("allowed", _RATES)
    allowed = _RATES[
        st.select_slider(
            "Allowed share of errors", list(_RATES), "0.5 %", key="allowed", bind="query-params", width=420
        )
    ]
    careful = st.toggle("Allow for chance", value=True, key="careful", bind="query-params", help=_CHANCE)
    unseen = _unseen(subject)
    chosen_on = subject.predictions if unseen is None else unseen
    threshold = choose_threshold(chosen_on, allowed, CONFIDENCE if careful else None)
    result = operate(subject.predictions, threshold)
    with st.container(horizontal=True):
        st.metric("Read automatically", percent(result.coverage, 1), border=True)
        st.metric("Errors among them", percent(result.risk), border=True)
        st.metric("Left to a person", f"{result.left:,} of {result.count:,}", border=True)
        accepted_from = percent(result.threshold) if result.accepted else "never"
        st.metric("Lowest confidence accepted", accepted_from, border=True)
    st.markdown(_threshold_words(unseen, careful))
    st.plotly_chart(
        risk_coverage_chart(risk_coverage(subject.predictions), allowed),
        key="risk and coverage",
        config=_NO_BAR,
        alt="Share of errors among the images read automatically, against the share that is read",
    )


def _threshold_words(unseen: Predictions | None, careful: bool) -> str:
    if unseen is None:
        return (
            "The threshold was read off the test set itself, because no images were held out of training. On new "
            "images, expect somewhat more errors than allowed."
        )
    where = f"on {len(unseen):,} training images that this run did not learn from"
    if careful:
        return (
            f"The threshold was chosen {where}, so that even the upper bound of the share of errors (Clopper and "
            f"Pearson, {CONFIDENCE:.0%}) is within what is allowed: on new images the share is exceeded about one time "
            "in twenty. The numbers and the curve show how the threshold does on the test set."
        )
    return (
        f"The threshold keeps exactly to the allowed share {where}. On new images, such as the test set, the share is "
        "exceeded about half of the time, because so few errors are counted that chance matters."
    )

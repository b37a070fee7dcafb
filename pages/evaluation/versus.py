"""Two networks on the same test images: whether one is really better."""

import streamlit as st

from mnist_core.evaluation.paired import compare, contingency, verdict
from mnist_core.runs import Run
from pages.evaluation.subject import PAGE
from pages.shared import run_picker
from pages.shared.disagreements import show_disagreements
from pages.shared.glossary import means
from pages.shared.judged import Subject, is_judged, of_run
from pages.shared.plain import plain
from pages.shared.words import percent, percent_range, points


def show(subject: Subject) -> None:
    """Let the visitor choose another run, and compare the two."""

    def is_other(run: Run) -> bool:
        return is_judged(run) and (subject.run is None or run.id != subject.run.id)

    other_run = run_picker.choose(PAGE, name="other", label="Compare with", among=is_other, required=False)
    if other_run is None or not is_other(other_run):
        st.info("Choose another finished run to compare this network with.", icon=":material/compare_arrows:")
        return
    _compare(subject, of_run(other_run))


def _compare(first: Subject, second: Subject) -> None:
    comparison = compare(first.predictions, second.predictions)
    with st.container(horizontal=True):
        for subject in (first, second):
            interval = percent_range(*subject.evaluation.interval)
            st.metric(
                plain(subject.name), percent(subject.evaluation.accuracy), help=f"95 % interval {interval}", border=True
            )
        st.metric("Difference", points(comparison.difference), border=True)
    st.markdown(verdict(comparison, plain(first.name), plain(second.name)), help=means("mcnemar's test"))
    st.dataframe(contingency(comparison, first.name, second.name), height="content", width="content", key="contingency")
    show_disagreements(first, second)

"""What a finished pair shows: times, test accuracies, whether they differ, and on which images."""

from dataclasses import replace

import streamlit as st

from mnist_core.evaluation.paired import compare, verdict
from mnist_core.keras_twin.times import FIT_EPOCHS, FitTimes, times_table
from mnist_core.runs import Run
from pages.keras_comparison import start
from pages.shared import asking, resources
from pages.shared.disagreements import show_disagreements
from pages.shared.glossary import means
from pages.shared.histories import history as history_of
from pages.shared.judged import Subject, is_judged, of_run
from pages.shared.plain import plain
from pages.shared.visitor import who
from pages.shared.words import percent, percent_range, points

_TASK = "keras_fit"


def is_measuring(first: Run, twin: Run) -> bool:
    """Tell whether a worker is still timing `model.fit` for a finished pair."""
    both_finished = first.status == twin.status == "finished"
    return both_finished and resources.engine().task_state(_TASK, twin.id, who=who()).status in {"queued", "running"}


def show(first: Run, twin: Run) -> None:
    """Show times and accuracies of a pair that has ended."""
    if not (is_judged(first) and is_judged(twin)):
        return
    _times(first, twin)
    _accuracies(replace(of_run(first), name="NumPy"), replace(of_run(twin), name="Keras"))


def _times(first: Run, twin: Run) -> None:
    st.subheader("Time", anchor=False)
    kept = resources.store().load_artifact(twin.id, _TASK, who=who())
    fit = None if kept is None else FitTimes.from_bytes(kept)
    table = times_table(history_of(first.id), history_of(twin.id), fit.epoch_s if fit else ())
    seconds = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        key="times",
        column_config={name: seconds for name in table.columns if name.endswith(" s")}
        | {
            "Times NumPy": st.column_config.NumberColumn(
                format="%.2f ×", help="How many times as long as NumPy, by the median epoch."
            )
        },
    )
    st.caption(
        "“Epoch s” is the median of all epochs but the first, in which NumPy sorts the images and Keras compiles. "
        f"model.fit is measured over {FIT_EPOCHS} epochs, and its total is extrapolated. {_machine(first, twin, fit)}"
    )
    if fit is None:
        _measure_fit(first, twin)


def _machine(first: Run, twin: Run, fit: FitTimes | None) -> str:
    host = first.worker.rpartition(":")[0]
    where = (
        "the same worker" if first.worker == twin.worker else "different workers, so the times may not be comparable"
    )
    processor = f", {fit.processor}" if fit else ""
    versions = ", ".join(f"{name} {number}" for name, number in twin.versions.items())
    threads = "1 thread" if twin.threads == 1 else f"{twin.threads} threads"
    return f"Both ran on {where} ({host}{processor}) with {threads} each; {versions}."


def _measure_fit(first: Run, twin: Run) -> None:
    """Offer to time `model.fit`, once: with a large recipe it takes long, so looking at a pair does not start it."""
    state = resources.engine().task_state(_TASK, twin.id, who=who())
    if state.error:
        st.warning(f"model.fit could not be timed: {state.error}")
        st.button("Try again", on_click=_start_fit, args=(twin,))
    elif state.status in {"queued", "running"}:
        st.caption(":material/timer: Timing model.fit …")
        st.button("Cancel", on_click=_cancel_fit, args=(twin,))
    elif first.status == twin.status == "finished" and start.can_train():
        st.button(
            "Time model.fit as well",
            icon=":material/timer:",
            on_click=_start_fit,
            args=(twin,),
            help=f"Trains the recipe for {FIT_EPOCHS} epochs in Keras's usual way, in a worker.",
        )
    asking.say_why_not(_TASK)


def _start_fit(twin: Run) -> None:
    asking.ask(_TASK, resources.engine().start_task, _TASK, twin.id, who=who())


def _cancel_fit(twin: Run) -> None:
    asking.ask(_TASK, resources.engine().cancel_task, _TASK, twin.id, who=who())


def _accuracies(first: Subject, twin: Subject) -> None:
    st.subheader("Test accuracy", anchor=False, help=means("test set"))
    comparison = compare(first.predictions, twin.predictions)
    with st.container(horizontal=True):
        for subject in (first, twin):
            with st.container(border=True, width=260):
                st.metric(plain(subject.name), percent(subject.evaluation.accuracy))
                st.caption(f"95 % interval (Wilson): {percent_range(*subject.evaluation.interval)}")
        with st.container(border=True, width=260):
            st.metric("Difference", points(comparison.difference))
            st.caption("NumPy minus Keras, on the same images")
    st.markdown(verdict(comparison, plain(first.name), plain(twin.name)), help=means("mcnemar's test"))
    st.caption("Both networks' answers are computed in NumPy, each from its own weights.")
    show_disagreements(first, twin)

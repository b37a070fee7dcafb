"""A pair while it is trained: how far both runs have come, their curves in one chart, and how far they are apart."""

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.figures.live import ALL_POINTS, LIVE_POINTS
from mnist_core.figures.pair import differences_panel, pair_panels
from mnist_core.jobs.pair import twin_of
from mnist_core.keras_twin import notes_on, read_differences
from mnist_core.keras_twin.differences import sameness
from mnist_core.runs import Run
from pages.keras_comparison import outcome, start
from pages.shared import asking, calm, live_chart, resources, run_header
from pages.shared.histories import history as history_of
from pages.shared.visitor import may_change, who

_PACE_S = 1.0
_ANSWERS = {True: ":green[Yes.]", False: ":red[No.]", None: ":orange[This pair cannot tell.]"}


def show(first: Run) -> None:
    """Show the pair of a NumPy run, and follow it while it goes on."""
    twin = twin_of(resources.store(), first, who=who())
    if twin is None:
        st.info("The Keras run of this pair has been deleted. Train the pair again from the sidebar.")
        return
    pace_s = _PACE_S if _goes_on(first, twin) else None
    calm.fragment(_pair, run_every=pace_s)(first.id, twin.id, pace_s is not None)


def _pair(first_id: str, twin_id: str, was_going_on: bool) -> None:
    start.go_to_new_pair()
    store = resources.store()
    try:
        first, twin = store.get(first_id, who=who()), store.get(twin_id, who=who())
    except StoreError:
        st.rerun()  # one was deleted: the page says so
    if _goes_on(first, twin) != was_going_on:
        st.rerun()
    run_header.title(first)
    _progress(first, twin)
    _curves(first, twin)
    outcome.show(first, twin)


def _goes_on(first: Run, twin: Run) -> bool:
    return not (first.has_ended and twin.has_ended) or outcome.is_measuring(first, twin)


def _progress(first: Run, twin: Run) -> None:
    for run, column in zip((first, twin), st.columns(2), strict=True):
        with column:
            st.markdown("**NumPy, from scratch**" if run is first else "**Keras, compiled step**")
            if run is twin and run.status == "queued" and not first.has_ended:
                st.caption("Waiting until NumPy has finished, so that each has the worker to itself.")
                continue
            run_header.progress(run, history_of(run.id))
            if run is twin and run.status == "running" and not run.epochs_done:
                st.caption("TensorFlow is starting, which takes a few seconds. They do not count as training time.")
            run_header.outcome(run)
    if first.has_ended and twin.has_ended:
        return
    if may_change(first):
        st.button("Stop the pair", icon=":material/stop:", key="stop pair", on_click=_stop, args=(first, twin))
        asking.say_why_not("stop")
    else:
        st.caption("Only its owner can stop it.")


def _stop(first: Run, twin: Run) -> None:
    for run in (twin, first):
        asking.ask("stop", resources.engine().stop, run.id, who=who())


def _curves(first: Run, twin: Run) -> None:
    points = ALL_POINTS if first.has_ended and twin.has_ended else LIVE_POINTS
    panels = pair_panels(history_of(first.id), history_of(twin.id))
    live_chart.show(panels, run=first.id, key="pair curves", most_points=points)
    _differences(first, twin, points)


def _differences(first: Run, twin: Run, points: int) -> None:
    st.subheader("Is it the same network?", anchor=False)
    kept = resources.store().load_artifact(twin.id, "differences", who=who())
    differences = None if kept is None else read_differences(kept)
    if differences is None or differences.empty:
        st.caption("Both start from the same weights. After each epoch of Keras, all weights are compared here.")
        return
    config = first.config
    same = sameness(differences, config)
    st.markdown(f"**{_ANSWERS[same.answer]}** {same.words}")
    for note in notes_on(config):
        st.caption(note)
    if config.dtype == "float32":
        proof = start.proof_of(config)
        st.button(
            f"Repeat in float64, {proof.epochs} epochs",
            icon=":material/verified:",
            type="secondary" if same.answer else "primary",
            help="With twice as many decimal places, what rounding has caused shrinks a billionfold; a real "
            "difference would remain.",
            on_click=start.begin_once,
            args=(proof,),
            disabled=not start.can_train(),
        )
        asking.say_why_not("pair")
    live_chart.show([differences_panel(differences)], run=first.id, key="differences", most_points=points, height=320)

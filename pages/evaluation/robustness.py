"""How accuracy falls as the test images get worse: measured in a worker, once for a run."""

import pandas as pd
import streamlit as st

from mnist_core.evaluation.robustness import DISTORTIONS, applied_levels, examples, read_table
from mnist_core.figures.mosaic import digits_png
from mnist_core.figures.robustness import robustness_curve
from mnist_core.jobs import TaskState
from pages.shared import asking, calm, mosaic, resources
from pages.shared.judged import Subject
from pages.shared.visitor import who
from pages.shared.words import percent

TASK = "robustness"
_PACE_S = 1.0
_MEASURED = 2000
_EXAMPLE = 0  # the first test image, a 7
_WAITING = ("queued", "running")


def show(subject: Subject) -> None:
    """Show the curves; or a button that has them measured, and the progress."""
    st.markdown(
        "People do not write in the middle of a box. Here the test images are shifted, turned, scaled, blurred and "
        "made noisy, a little more at each step. The strips show what happens to one image."
    )
    if subject.run is None:
        st.info(
            "Robustness is measured in a worker, and only for runs stored here. Train a network on the Training page "
            "to see its curves."
        )
        return
    waiting = _state(subject.run.id).status in _WAITING
    calm.fragment(_follow, run_every=_PACE_S if waiting else None)(subject.run.id, waiting)


def _follow(run_id: str, was_waiting: bool) -> None:
    state = _state(run_id)
    if (state.status in _WAITING) != was_waiting:
        st.rerun()
    content = resources.store().load_artifact(run_id, TASK, who=who())
    if state.status == "finished" and content is not None:
        _curves(content)
    elif state.status in _WAITING:
        st.progress(state.share, "Waiting for a worker" if state.status == "queued" else "Measuring in a worker")
        st.button("Cancel", on_click=_cancel, args=(run_id,))
        asking.say_why_not(TASK)
        if resources.engine().problem:
            st.warning(resources.engine().problem)
    else:
        if state.error:
            st.error(f"Robustness could not be measured: {state.error}")
        st.button("Measure robustness", on_click=_start, args=(run_id,), icon=":material/play_arrow:", type="primary")
        asking.say_why_not(TASK)


def _state(run_id: str) -> TaskState:
    return resources.engine().task_state(TASK, run_id, who=who())


def _start(run_id: str) -> None:
    asking.ask(TASK, resources.engine().start_task, TASK, run_id, who=who())


def _cancel(run_id: str) -> None:
    asking.ask(TASK, resources.engine().cancel_task, TASK, run_id, who=who())


@st.cache_resource(show_spinner=False, max_entries=len(DISTORTIONS))
def applied(name: str) -> list[float]:
    """Return what each level of a distortion amounts to on the test images: what the axis shows."""
    return applied_levels(resources.dataset().test.images[:_MEASURED], name)


def _meaning(table: pd.DataFrame) -> str:
    """Say what the curves show, and what makes a network more robust."""
    best, worst = table["accuracy"].max(), table.loc[table["accuracy"].idxmin()]
    return (
        f"It reads {percent(best, 1)} of the images at best, and only {percent(worst['accuracy'], 1)} at worst: "
        f"**{worst['distortion']}** harms it most here. Training with augmentation makes a network more robust."
    )


def _curves(content: bytes) -> None:
    table = read_table(content)
    st.markdown(_meaning(table))
    columns = st.columns(2, gap="large")
    for place, (name, distortion) in enumerate(DISTORTIONS.items()):
        with columns[place % len(columns)]:
            st.subheader(name.capitalize(), anchor=False)
            strip = examples(resources.dataset().test.images[_EXAMPLE], name)
            levels = ", ".join(f"{level:g}" for level in distortion.levels)
            mosaic.show(digits_png(strip, len(strip)), f"One test image at {name} {levels}", width_px=40 * len(strip))
            curve = table[table["distortion"] == name].assign(level=applied(name))
            st.plotly_chart(
                robustness_curve(curve, distortion.axis),
                key=f"curve of {name}",
                config={"displayModeBar": False},
                alt=f"Accuracy at {name} {levels}",
            )

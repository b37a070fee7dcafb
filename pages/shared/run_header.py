"""The head of a run: its name and state, what can be done with it, how far it is, and its figures."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.runs.judgement import judgement, learnt_little
from mnist_core.runs.names import recipe_name
from mnist_core.runs.progress import pace
from mnist_core.training.presets import PUBLISHED_TEST_ACCURACY
from pages.shared import asking, resources
from pages.shared.glossary import means
from pages.shared.plain import plain
from pages.shared.visitor import may_change, who
from pages.shared.words import duration, percent

_COLOURS = {
    "queued": "gray",
    "running": "blue",
    "paused": "orange",
    "finished": "green",
    "stopped": "gray",
    "diverged": "red",
    "failed": "red",
}
_MARKS = {
    "good": ":green[:material/check_circle:]",
    "hint": ":blue[:material/lightbulb:]",
    "bad": ":red[:material/error:]",
}
_ASKED = {"pause": "pausing", "step": "finishing this epoch", "stop": "stopping"}


def title(run: Run) -> None:
    """Show name, status and recipe in two lines."""
    word = _ASKED.get(run.requested, run.status) if run.status == "running" else run.status
    colour = "orange" if learnt_little(run) else _COLOURS[run.status]
    st.markdown(f"### {plain(run.name)} :{colour}-badge[{word}]")
    sizes = run.config.layer_sizes
    parts = (
        f"Recipe: {recipe_name(run.config)}",
        "Keras" if run.kind == "keras" else "NumPy",
        " – ".join(map(str, sizes)),
        f"{count_parameters(sizes):,} parameters",
        f"seed {run.config.seed}",
    )
    st.caption(" · ".join(parts))


def head(run: Run) -> None:
    """Show the run's title, and beside it, where there is room, the buttons that act on it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            title(run)
        controls(run)
    asking.say_why_not("control")


def controls(run: Run) -> None:
    """Show the buttons that act on the run where it is trained: pause or resume, step, stop."""
    if run.has_ended and run.status != "failed":
        return
    if not may_change(run):
        st.caption("Only its owner can pause or stop it.")
        return
    engine = resources.engine()
    with st.container(horizontal=True, width="content"):
        if run.status == "failed":
            _button("Resume", ":material/play_arrow:", engine.resume, run, "Try again from the last checkpoint.")
            return
        if run.status == "paused":
            _button("Resume", ":material/play_arrow:", engine.resume, run, "Continue to the last epoch.")
        else:
            _button(
                "Pause",
                ":material/pause:",
                engine.pause,
                run,
                "Keep the run for later. While it is paused, others can use its worker.",
            )
        _button("Step", ":material/skip_next:", engine.step, run, "Train one more epoch, then pause.")
        _button("Stop", ":material/stop:", engine.stop, run, "End the run for good. What it has learnt is kept.")


def _button(label: str, icon: str, action: Callable[..., None], run: Run, explanation: str) -> None:
    st.button(
        label,
        icon=icon,
        key=f"{label} {run.id}",
        help=explanation,
        on_click=asking.ask,
        args=("control", action, run.id),
        kwargs={"who": who()},
        disabled=bool(run.requested),
    )


def progress(run: Run, history: pd.DataFrame) -> None:
    """Show how far the run is, how fast it goes and how long it still takes; or why nothing moves."""
    words = [f"Epoch {run.epochs_done:,} of {run.config.epochs:,}"]
    speed = pace(run, history)
    if speed.epochs_per_s is not None:
        words.append(f"{speed.epochs_per_s:.3g} epochs/s")
    if run.status == "running" and speed.left_s is not None:
        words.append(f"{duration(speed.left_s)} left")
    if run.status == "queued":
        position = resources.engine().queue_position(run.id, who=who())
        words.append("next in the queue" if position == 1 else f"number {position} in the queue")
        if wait_s := resources.engine().expected_wait_s(run.id, who=who()):
            words.append(f"begins in about {duration(wait_s)}")
    st.progress(run.progress, text=" · ".join(words))
    if run.is_active and (problem := resources.engine().problem):
        st.warning(problem)
    elif run.is_silent:
        st.warning(
            "The worker is not answering. The run will continue from its last checkpoint as soon as a worker is free."
        )


def tiles(run: Run, history: pd.DataFrame) -> None:
    """Show the newest figures of the run, side by side where there is room."""
    last = None if history.empty else history.iloc[-1]
    with st.container(horizontal=True):
        _tile("Cost", "–" if last is None else f"{last.cost:.4f}", f"{means('cost')} Here, of the training images.")
        _tile(
            "Training accuracy",
            percent(None if last is None else last.accuracy),
            f"{means('accuracy')} Here, of the images that it learns from.",
        )
        _tile(
            "Validation accuracy",
            percent(None if last is None else last.validation_accuracy),
            f"{means('validation accuracy')} Switch on “Hold out images” in the sidebar of the Training page to have "
            "some.",
        )
        _tile(
            "Test accuracy",
            percent(run.test_accuracy),
            f"{means('test set')} The accuracy on them is measured once, when the run has finished.{_published()}",
        )
        _tile("Training time", duration(run.train_s), "Time spent training; waiting and pauses do not count.")


def _published() -> str:
    return f" The published result is {percent(PUBLISHED_TEST_ACCURACY)}." if is_mnist(resources.dataset()) else ""


def _tile(label: str, value: str, explanation: str) -> None:
    st.metric(label, value, help=explanation, width=150)


def verdict(run: Run, history: pd.DataFrame) -> None:
    """Say how a run that has ended went, and what to try next."""
    outcome(run)
    if run.status in {"diverged", "failed"} or (judged := judgement(history, run.config)) is None:
        return
    words = f"**{judged.words}**" if judged.kind == "bad" else judged.words
    st.markdown(f"{_MARKS[judged.kind]} {words}")


def outcome(run: Run) -> None:
    """Say in words how the run ended, if it ended otherwise than by finishing."""
    if not run.error:
        return
    show = st.error if run.status == "failed" else st.warning
    show(plain(run.error))
    if run.traceback:
        with st.expander("Technical details"):
            st.code(run.traceback, language=None)

"""Four lessons on how learning fails, each one click away."""

import pandas as pd
import streamlit as st

from mnist_core.figures.update import layer_bars, step_sizes
from mnist_core.lessons.catalogue import LESSONS, first_network
from mnist_core.lessons.evidence import compare_dead_units, compare_gradients
from mnist_core.lessons.step_sizes import batch_curve
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import to_query
from pages.backpropagation import rate_choice
from pages.backpropagation.draw import chart
from pages.backpropagation.network_choice import BATCH, batch
from pages.places import TRAINING
from pages.shared import asking, permalink, resources


def choose() -> str | None:
    """Show the lessons as buttons, and return the chosen one."""
    permalink.check("lesson", [lesson.title for lesson in LESSONS.values()])
    return st.pills(
        "Lessons: four ways in which learning fails",
        tuple(LESSONS),
        format_func=lambda key: LESSONS[key].title,
        key="lesson",
        bind="query-params",
        persist_state="session",
        on_change=_take_its_rate,
    )


def _take_its_rate() -> None:
    """Set the slider to the lesson's learning rate, where that is what it is about."""
    lesson = LESSONS.get(st.session_state.lesson)
    if lesson and lesson.shows == "step sizes":
        st.session_state.rate = lesson.config.learning_rate
    else:
        st.session_state.rate = rate_choice.DEFAULT


def show(key: str) -> None:
    """Show what to watch, the evidence, the reason, and a button that trains it."""
    lesson = LESSONS[key]
    with st.container(border=True):
        st.markdown(f"**{lesson.watch}**")
        _evidence(key)
        st.markdown(lesson.why)
        if st.button("Train it, and watch it fail", icon=":material/play_arrow:"):
            _train(key)


def _evidence(key: str) -> None:
    """Show what was measured on the first training images."""
    lesson = LESSONS[key]
    if lesson.shows == "step sizes":
        rate = lesson.config.learning_rate
        names = {"cost": f"mean cost of {BATCH} images, by a step along its own gradient"}
        chart(step_sizes(_curve(key), names, rate), f"Cost after one step of each size; the lesson's is {rate:g}")
        return
    if lesson.shows == "gradients":
        names = {"lesson": _name(lesson.config), "remedy": _name(lesson.remedy)}
        figure = layer_bars(_gradients(key), names, "gradient of a weight (root mean square)", log=True)
    else:
        names = {
            "before": "before any step",
            "lesson": f"after a step of {lesson.config.learning_rate:g}",
            "remedy": f"after a step of {lesson.remedy.learning_rate:g}",
        }
        figure = layer_bars(_dead_units(key), names, "share of dead units", log=False)
    chart(figure, f"{lesson.title}: {', '.join(names.values())}, layer by layer")
    st.caption(_measured_on(lesson.shows))


def _measured_on(shows: str) -> str:
    if shows == "dead units":
        count = len(resources.dataset().train)
        return (
            f"The step follows the gradient of the first {BATCH} training images. A unit is dead if it gives 0 for "
            f"every one of the {count:,} training images."
        )
    return f"Measured on the first {BATCH} training images."


def _name(config: TrainingConfig) -> str:
    return f"{config.activation}, {config.initializer.replace('_', ' ')}"


@st.cache_data(show_spinner=False)
def _curve(key: str) -> pd.DataFrame:
    return batch_curve(first_network(LESSONS[key].config), batch())


@st.cache_data(show_spinner=False)
def _gradients(key: str) -> pd.DataFrame:
    return compare_gradients(key, batch())


@st.cache_data(show_spinner=False)
def _dead_units(key: str) -> pd.DataFrame:
    return compare_dead_units(key, batch(), resources.dataset().train)


def _train(key: str) -> None:
    """Start a run of the lesson's recipe, and show it on the Training page."""
    config = LESSONS[key].config
    if run_id := asking.submit("lesson", config):
        st.switch_page(TRAINING.path, query_params={**to_query(config), "run": run_id})
    asking.say_why_not("lesson")

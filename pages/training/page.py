"""Training: choose a recipe, press Start, and watch the network learn."""

import streamlit as st

from mnist_core.errors import EngineError, LimitError
from mnist_core.figures.live import published_panel
from mnist_core.nn.parameters import count_parameters
from mnist_core.training.presets import PUBLISHED_COSTS
from mnist_core.training.query import to_query
from pages.places import TRAINING
from pages.shared import live_chart, page, permalink, recipe, resources, run_picker
from pages.shared.visitor import visitor
from pages.training import film, run_view

PAGE = "training"
NAMES = (*recipe.FIELDS, "run")
REFUSAL = "refusal of start"


def start() -> None:
    """Submit what the sidebar holds, and show the new run."""
    config, _ = recipe.current()
    if config is None:
        return
    try:
        run_picker.show_instead(PAGE, resources.engine().submit(config, visitor=visitor()))
    except (LimitError, EngineError) as error:
        st.session_state[REFUSAL] = str(error)


page.head(TRAINING)

if permalink.arrived(PAGE, NAMES) or not recipe.is_filled():
    recipe.fill_from(permalink.enter(PAGE, NAMES))

with st.sidebar:
    recipe.show_presets()
    config, problem = recipe.current()
    st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=start,
        disabled=config is None,
    )
    if config:
        st.caption(f"{count_parameters(config.layer_sizes):,} parameters to learn")
        permalink.write(PAGE, recipe.FIELDS, to_query(config))
    for message in filter(None, (problem, st.session_state.pop(REFUSAL, ""))):
        st.error(message)
    recipe.show_fields()

if resources.store().list_runs(1):
    left, right = st.columns(2)
    with left:
        run = run_picker.choose(PAGE, required=False)
    with right:
        others = run_picker.compare(PAGE, run) if run else []
else:
    run, others = None, []

if run:
    run_view.show(run, others)
    film.show(run)
else:
    st.info(
        "No run is shown. Press **Start training** in the sidebar (» on a phone): the classic recipe repeats the "
        "published run, and its cost should follow the dotted curve. The preset **Fast** is there in a second."
    )
    live_chart.show([published_panel(PUBLISHED_COSTS)], run="", key="preview")

"""Training: choose a recipe, press Start, and watch the network learn."""

import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.figures.live import published_panel
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.training.presets import PUBLISHED_COSTS
from mnist_core.training.query import to_query
from pages.places import TRAINING
from pages.shared import asking, glossary, live_chart, page, permalink, recipe, recipe_form, resources, run_picker
from pages.shared.visitor import who
from pages.training import film, recipe_file, run_view

PAGE = "training"
NAMES = (*recipe.FIELDS, "run")


def start() -> None:
    """Submit what the sidebar holds, and show the new run."""
    config, _ = recipe.current()
    if config and (run_id := asking.submit("start", config)):
        run_picker.show_instead(PAGE, run_id)


def choose_runs() -> tuple[Run | None, list[Run]]:
    """Show the selectors of the run that is shown and of those laid over it."""
    left, right = st.columns(2)
    with left:
        run = run_picker.choose(PAGE, required=False)
    with right:
        return run, run_picker.compare(PAGE, run) if run else []


def _what_to_expect() -> str:
    """Say what the default recipe does; a published curve to follow exists for MNIST alone."""
    if is_mnist(resources.dataset()):
        return (
            ": the classic recipe repeats the published run, and its cost should meet the markers. The preset "
            "**Fast** takes a second."
        )
    return ". The preset **Fast** takes a second; the classic recipe takes a minute or two."


st.title(TRAINING.title, anchor=False)

if permalink.arrived(PAGE, NAMES) or not recipe.is_filled():
    recipe.fill_from(permalink.enter(PAGE, NAMES))

with st.sidebar:
    recipe_form.show_presets()
    config, problems = recipe.current()
    st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=start,
        disabled=config is None,
    )
    if config:
        glossary.caption(f"{count_parameters(config.layer_sizes):,} [[parameters]] to learn")
        permalink.write(PAGE, recipe.FIELDS, to_query(config))
    recipe_form.show_problems(problems)
    asking.say_why_not("start")
    recipe_form.show_fair_switch()
    recipe_form.show_fields(problems)
    recipe_file.show()

picture = st.container()
run, others = choose_runs() if resources.store().list_runs(1, who=who()) else (None, [])
if run:
    with picture:
        run_view.show_curves(run, others)
    run_view.show_details(run, others)
    film.show(run)
else:
    asking.say_why_not("control")  # of a run that was deleted meanwhile
    with picture:
        page.sentence(TRAINING)
        st.info(f"No run is shown. Press **Start training** in the sidebar (» on a phone){_what_to_expect()}")
        if is_mnist(resources.dataset()):
            live_chart.show([published_panel(PUBLISHED_COSTS)], run="", key="preview")

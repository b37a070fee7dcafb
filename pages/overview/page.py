"""Overview: what this is, how good it is, and where to go next."""

import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.figures.architecture import architecture_svg
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.runs.comparison import best_run
from mnist_core.runs.names import recipe_name
from mnist_core.training import TrainingConfig
from mnist_core.training.presets import PUBLISHED_TEST_ACCURACY
from pages.overview import first_look
from pages.places import OVERVIEW, PLACES, PLAYGROUND, TRAINING
from pages.shared import asking, calm, glossary, page, resources
from pages.shared.glossary import means
from pages.shared.plain import plain
from pages.shared.visitor import who
from pages.shared.words import duration, percent

CLASSIC = TrainingConfig.preset("classic")
UPDATE_S = 2.0
WHY_VALIDATION = (
    "Accuracy on the images that a run held out of training. Runs are never ranked by the test set: the best of many "
    "test accuracies is partly luck, and a test set that has been used to choose can no longer judge."
)


def start_classic() -> None:
    """Start the classic run and show it on the Training page."""
    if run_id := asking.submit("start", CLASSIC):
        st.switch_page(TRAINING.path, query_params={"run": run_id})
    asking.say_why_not("start")


def show_results(was_active: bool) -> None:
    """Show the published result beside the newest run and the best by validation."""
    runs = resources.store().list_runs(who=who())
    if was_active and not any(run.is_active for run in runs):
        st.rerun()  # the whole page once: there is nothing to follow any more
    best = best_run(runs, resources.dataset().fingerprint)
    tiles = st.columns(3)
    with tiles[0].container(border=True, height="stretch"):
        if is_mnist(resources.dataset()):
            st.metric("Published result", percent(PUBLISHED_TEST_ACCURACY), help=means("test set"))
            st.caption("Test accuracy of the classic recipe after 1,000 epochs, as its authors published it.")
        else:
            st.metric("Published result", "–")
            st.caption(f"No result has been published for {resources.dataset().name}.")
    with tiles[1].container(border=True, height="stretch"):
        newest = runs[0] if runs else None
        st.metric("Newest run", describe(newest) if newest else "–")
        show_run(newest, "Nothing has been trained yet.")
    with tiles[2].container(border=True, height="stretch"):
        st.metric("Best by validation", percent(best.validation_accuracy if best else None), help=WHY_VALIDATION)
        show_run(best, "No finished run on this data has held images out yet.")


def describe(run: Run) -> str:
    """Return the result of a run, or how far it is."""
    if run.test_accuracy is not None:
        return percent(run.test_accuracy)
    return f"{run.status}, {run.progress:.0%}" if run.status in {"running", "paused"} else run.status


def show_run(run: Run | None, otherwise: str) -> None:
    """Show a run's recipe, time and a link to it, or `otherwise` if there is none."""
    if run is None:
        st.caption(otherwise)
        return
    recipe = recipe_name(run.config)
    st.caption(f"Recipe: {recipe}. {'Keras' if run.kind == 'keras' else 'NumPy'}, {duration(run.train_s)} of training.")
    st.page_link(TRAINING.path, label=plain(run.name), icon=":material/show_chart:", query_params={"run": run.id})


data, noun = resources.dataset(), resources.classes().noun
page.head(OVERVIEW, title="MNIST from scratch")
with st.container(horizontal=True):
    if st.button("Open the Playground", type="primary", icon=":material/tune:"):
        st.switch_page(PLAYGROUND.path)
    if st.button("Train the classic network", icon=":material/play_arrow:"):
        start_classic()
st.caption(
    "In the Playground, every move of a slider trains a network at once. The classic network takes a minute or two: "
    "watch it, pause it, or leave and come back; nothing is lost."
)
first_look.show()
st.subheader("How good is it?", anchor=False)
active = any(run.is_active for run in resources.store().list_runs(who=who()))
calm.fragment(show_results, run_every=UPDATE_S if active else None)(active)
st.subheader("The network", anchor=False)
words, drawing = st.columns([2, 3], gap="large", vertical_alignment="center")
with words:
    glossary.show(
        f"It turns {CLASSIC.layer_sizes[0]} pixels into ten probabilities, one for each {noun}. Between them lie "
        f"**{count_parameters(CLASSIC.layer_sizes):,} [[parameters]]**, which start out random. Training shows it all "
        f"images {CLASSIC.epochs:,} times, and each time moves every parameter a little in the direction that makes "
        "the errors smaller."
    )
drawing.markdown(architecture_svg(CLASSIC), unsafe_allow_html=True)
st.subheader("Where to go next", anchor=False)
with st.container(horizontal=True):
    for place in map(page.in_words, PLACES):
        if place.folder != OVERVIEW.folder:
            with st.container(width=260, gap=None):
                st.page_link(place.path, label=f"**{place.title}**", icon=place.icon)
                st.caption(place.sentence)

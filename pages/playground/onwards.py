"""What can be done with a try: other first weights, a pin, a run that is kept, training on all images."""

import streamlit as st

from mnist_core.lessons.trail import has_result
from mnist_core.runs import Run
from mnist_core.training.query import to_query
from pages.places import TRAINING
from pages.playground import tries
from pages.shared import asking

ALL_IMAGES = 60_000


def show_first_weights() -> None:
    """Say which first weights all tries begin with, and offer to draw others."""
    seed = tries.config().seed
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**Same first weights** (seed {seed})",
            width="stretch",
            help="Every try begins with the same random weights and batches, so any change in the result comes from "
            "the setting that you changed. After three tries of one setting with new first weights, a band shows how "
            "much of it chance alone explains.",
        )
        st.button("New first weights", on_click=tries.move, kwargs={"seed": seed + 1})


def show(run: Run) -> None:
    """Show the buttons below the picture; some wait for the result."""
    is_waiting = not has_result(run)
    is_pinned = run.id in [pinned.id for pinned in tries.pins()]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Unpin this try" if is_pinned else "Pin this try",
            icon=":material/keep:",
            help="Pin two tries to see in which settings they differ.",
            disabled=is_waiting,
            on_click=tries.pin,
            args=(run.id,),
        )
        if st.button(
            "Keep as a run",
            icon=":material/save:",
            help="A try is deleted after a hundred newer ones. A run with the same settings learns the same weights, "
            "is judged on the test set, and is kept.",
            disabled=is_waiting,
        ):
            _keep(run)
        st.page_link(
            TRAINING.path,
            label="Train it on all images",
            icon=":material/play_circle:",
            query_params=to_query(run.config.model_copy(update={"train_size": ALL_IMAGES})),
        )
    asking.say_why_not("keep")


def _keep(run: Run) -> None:
    if run_id := asking.submit("keep", run.config):
        st.switch_page(TRAINING.path, query_params={"run": run_id})

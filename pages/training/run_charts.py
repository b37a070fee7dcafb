"""What a run has learnt so far: curves, diagnostics, the table of every 100th epoch, and first-layer kernels."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mnist_core.data.classes import MNIST_FINGERPRINT
from mnist_core.data.provenance import is_mnist
from mnist_core.errors import StoreError
from mnist_core.figures.curves import COUNTING, WHY_TRAINING_IS_LOWER
from mnist_core.figures.kernels import COLUMNS, MOST, kernels_png
from mnist_core.figures.live import ALL_POINTS, LIVE_POINTS, accuracy_panel, cost_panel, diagnostics_panels
from mnist_core.figures.milestones import milestones
from mnist_core.runs import OPERATOR, Run
from mnist_core.runs.comparison import unique_names
from mnist_core.training.presets import PUBLISHED_COSTS
from pages.shared import glossary, live_chart, mosaic, permalink, resources
from pages.shared.histories import curves_of

KERNEL_VIEWS = ("learnt", "weights")


def published(run: Run) -> dict[int, float]:
    """Return the published costs if the run follows the published recipe on MNIST."""
    # It has no fingerprint yet before a worker begins.
    on_mnist = run.dataset_fingerprint in ("", MNIST_FINGERPRINT) and is_mnist(resources.dataset())
    return PUBLISHED_COSTS if run.preset == "classic" and on_mnist else {}


def curves(run: Run, others: Sequence[Run]) -> None:
    """Show cost and accuracy by epoch, beside the published cost and the runs chosen for comparison."""
    picture, below = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with below:
        log = st.toggle(
            "Logarithmic cost axis",
            key="log",
            bind="query-params",
            persist_state="session",
            help="Shows the small progress of late epochs.",
            width=250,
        )
        st.caption(f"{COUNTING} {WHY_TRAINING_IS_LOWER if run.config.validation_size else ''}")
    own, overlay = curves_of(run), {name: curves_of(other) for name, other in unique_names(others).items()}
    panels = [
        cost_panel(own, others=overlay, published=published(run), log=log),
        accuracy_panel(own, others=overlay),
    ]
    with picture:
        live_chart.show(panels, run=run.id, key="curves", most_points=_points(run))


def diagnostics(run: Run, history: pd.DataFrame) -> None:
    """Show, once opened, learning rate, gradient norms and dead units."""
    area = st.expander("Diagnostics: learning rate, gradients, dead units", key="diagnostics", on_change="rerun")
    if area.open and len(history):
        with area:
            live_chart.show(
                diagnostics_panels(history), run=run.id, key="diagnostics chart", most_points=_points(run), height=280
            )
            glossary.caption(
                "A [[gradient]] norm near 0 means that the layer hardly learns. A [[dead unit]] gives 0 for every "
                "image that was checked, so no gradient reaches its weights."
            )


def table(run: Run, history: pd.DataFrame) -> None:
    """Show, once opened, the cost at every 100th epoch, beside the published one where the recipe is the same."""
    area = st.expander("Table of epochs", key="table", on_change="rerun")
    if area.open:
        area.dataframe(
            milestones(history, published(run)),
            hide_index=True,
            column_config={
                "Cost": st.column_config.NumberColumn(format="%.4f"),
                "Training accuracy": st.column_config.NumberColumn(format="%.2f %%"),
                "Published cost": st.column_config.NumberColumn(format="%.4f"),
                "Difference": st.column_config.NumberColumn(format="%+.4f"),
            },
        )


def kernels(run: Run) -> None:
    """Show the kernels of the first layer as images, as of the newest checkpoint."""
    if run.epochs_done == 0:
        return
    st.subheader("The first layer", anchor=False)
    permalink.check("kernels", KERNEL_VIEWS)
    view = st.segmented_control(
        "Show",
        KERNEL_VIEWS,
        default="learnt",
        required=True,
        key="kernels",
        format_func={"learnt": "What it has learnt", "weights": "All its weights"}.__getitem__,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
    )
    png = _kernels(run.id, run.epochs_done, view == "learnt")
    if png is None:
        st.caption("No weights have been stored yet.")
        return
    units = run.config.layer_sizes[1]
    shown = min(MOST, units)
    glossary.caption(
        ("" if shown == units else f"The first {shown} of {units} units. ")
        + f"Each of the {shown} images shows the 28 × 28 [[weights|weight]] of one [[unit]]. "
        "Ink on an orange pixel raises the unit's sum, ink on a blue one lowers it."
        + (" The random weights that it started from have been subtracted." if view == "learnt" else "")
    )
    alt = f"First-layer weights of {shown} units as small images, newest checkpoint."
    mosaic.show_tiles(png, shown, min(COLUMNS, shown), alt)


@st.cache_data(max_entries=32, show_spinner=False)
def _kernels(run_id: str, epochs_done: int, learnt: bool) -> bytes | None:
    store = resources.store()
    try:
        kernel = store.network(run_id, who=OPERATOR).kernels[0]
        shown = kernel - store.snapshot(run_id, 0, who=OPERATOR).kernels[0] if learnt else kernel
        return kernels_png(shown, columns=min(COLUMNS, shown.shape[1]), gap=0)
    except StoreError:
        return None


def _points(run: Run) -> int:
    return ALL_POINTS if run.has_ended else LIVE_POINTS

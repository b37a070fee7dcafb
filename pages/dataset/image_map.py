"""The map of images: points on their two directions of greatest variance."""

import streamlit as st

from mnist_core.data.projection import outermost
from pages.dataset import figures
from pages.dataset.gallery import noun, show_grid, show_large
from pages.shared import calm, permalink

ENDS = ("left", "right", "bottom", "top")
SHOWN_OF_SELECTION = 40


@calm.fragment
def show_map() -> None:
    """Show images as points on their two principal components, and the images of the points that were selected."""
    st.markdown(
        "Each point is one image. Points are close together when their images differ little along the two directions "
        f"in which all images differ most. **Draw around points to see their images**, or click one; click a {noun()} "
        "in the legend to hide it."
    )
    split_name = st.session_state.split
    placed, figure = figures.image_map(split_name)
    chart, selection = st.columns([3, 2], gap="large")
    with chart:
        event = st.plotly_chart(
            figure,
            key=f"map of {split_name}",
            on_select="rerun",
            alt=f"{len(placed.indices):,} images as points, one colour and symbol for each {noun()}",
        )
    indices = [point["customdata"] for point in event["selection"]["points"]]
    with selection:
        permalink.check("end", ENDS)
        end = st.pills("Or take the images at one end", ENDS, key="end", bind="query-params")
        if end:
            indices = outermost(placed, end, SHOWN_OF_SELECTION).tolist()
        if not indices:
            st.info("Nothing is selected yet: draw around some points.", icon=":material/gesture_select:")
            return
        more = f", the first {SHOWN_OF_SELECTION} shown" if len(indices) > SHOWN_OF_SELECTION else ""
        st.markdown(f"**{len(indices):,} images**{more}")
        shown = indices[:SHOWN_OF_SELECTION]
        show_grid(split_name, shown, choice="mapped image", columns=8)
        chosen = st.session_state.get("mapped image", shown[0])
        show_large(split_name, chosen if chosen in shown else shown[0])

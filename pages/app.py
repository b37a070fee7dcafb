"""The frame around every page: window title, favicon and navigation."""

from pathlib import Path

import streamlit as st

from mnist_core.errors import DatasetError, StoreError
from pages.server.settling import settle_once

HERE = Path(__file__).resolve().parent

# File, name in the navigation, icon; the first page is the start page.
SECTIONS = {
    "Start": [
        ("overview/page.py", "Overview", ":material/home:"),
        ("dataset/page.py", "Dataset", ":material/grid_view:"),
    ],
    "Train": [
        ("training/page.py", "Training", ":material/play_circle:"),
        ("runs/page.py", "Runs", ":material/list:"),
    ],
    "Prove": [
        ("keras_comparison/page.py", "Keras comparison", ":material/compare_arrows:"),
        ("evaluation/page.py", "Evaluation", ":material/fact_check:"),
    ],
    "Understand": [
        ("draw/page.py", "Draw a digit", ":material/draw:"),
        ("backpropagation/page.py", "Backpropagation", ":material/account_tree:"),
    ],
}

st.set_page_config(
    page_title="MNIST from scratch",
    page_icon=str(HERE / "shared" / "favicon.png"),
    layout="wide",
    menu_items={"About": "A neural network written from scratch in NumPy learns handwritten digits."},
)
pages = {
    section: [
        st.Page(HERE / file, title=name, icon=icon, default=file == "overview/page.py") for file, name, icon in entries
    ]
    for section, entries in SECTIONS.items()
}
page = st.navigation(pages, expanded=True)
try:
    page.run()
except (DatasetError, StoreError) as error:  # whoever runs the server can mend it by these words
    st.error(str(error), icon=":material/error:")
settle_once(page.title)

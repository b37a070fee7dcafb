"""Evaluation: how good a finished network is, where it fails, and how far it can be trusted."""

import streamlit as st

from pages.evaluation import digits, downloads, errors, headline, matrix, robustness, subject, trust, versus
from pages.places import EVALUATION
from pages.shared import page, permalink, resources

PARTS = {
    "Matrix": matrix.show,
    resources.classes().plural.capitalize(): digits.show,
    "Errors": errors.show,
    "Calibration": trust.calibration,
    "Automatic reading": trust.coverage,
    "Robustness": robustness.show,
    "Two runs": versus.show,
    "Downloads": downloads.show,
}


def show(source: subject.Source) -> None:
    """Show the network, the verdict on it, and the parts that say why."""
    chooser, verdict = st.columns([1, 4], gap="small")
    with chooser:
        judged = subject.choose(source)
    if judged is None:
        return
    with verdict:
        headline.show(judged)
    permalink.check("part", PARTS)
    for tab, part in zip(st.tabs(list(PARTS), key="part", bind="query-params"), PARTS.values(), strict=True):
        if tab.open:
            with tab:
                part(judged)
    headline.show_purpose()


page.head(EVALUATION)
body = st.container()
chosen_source = subject.choose_source()  # below the pictures: a file is the rarer choice
with body:
    show(chosen_source)

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

page.head(EVALUATION)
chooser, verdict = st.columns([2, 5], gap="medium")
with chooser:
    judged = subject.choose()
if judged is None:
    st.stop()
with verdict:
    headline.show(judged)
permalink.check("part", PARTS)
for tab, show in zip(st.tabs(list(PARTS), key="part", bind="query-params"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            show(judged)
headline.show_purpose()

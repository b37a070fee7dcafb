"""How well each class is read, and which two are confused most often."""

import streamlit as st

from mnist_core.evaluation.selection import confused_pairs
from pages.shared import resources
from pages.shared.judged import Subject


def show(subject: Subject) -> None:
    """Show the scores of each class beside the most frequent errors."""
    classes = resources.classes()
    noun = classes.noun
    scores, pairs = st.columns(2, gap="large")
    with scores:
        st.subheader(f"Scores of each {noun}", anchor=False)
        st.markdown(
            f"Precision: of the images read as this {noun}, the share that really shows it. Recall: of the images that "
            "show it, the share that is read as it. F1: the harmonic mean of the two. Support: how many images in the "
            "test set show it."
        )
        shares = {"precision": "{:.2%}", "recall": "{:.2%}", "f1": "{:.2%}", "support": "{:,}"}
        table = subject.evaluation.per_class.rename(columns={"label": noun})
        table[noun] = classes.names
        st.dataframe(table.style.format(shares), hide_index=True, height="content", key="scores")
    with pairs:
        st.subheader("Most confused", anchor=False)
        table = confused_pairs(subject.evaluation.confusion)
        if table.empty:
            st.markdown("It has made no error: nothing is confused.")
            return
        st.markdown(
            f"Share: how many of the images of the true {noun} are misread so. The Matrix tab shows the images of each "
            "pair."
        )
        for column in ("true", "predicted"):
            table[column] = [classes.names[label] for label in table[column]]
        st.dataframe(table.style.format({"share": "{:.2%}"}), hide_index=True, height="content", key="pairs")

"""Choose the network that is judged: a run's, the packaged one, or one from a model file."""

from typing import Literal

import streamlit as st

from mnist_core.data.provenance import is_mnist
from mnist_core.errors import ModelFileError, StoreError
from mnist_core.evaluation.origin import warnings
from mnist_core.training.packaged_model import packaged_model
from mnist_core.uploads.models import MAX_BYTES, SUFFIXES, read_model
from pages.shared import permalink, resources, run_picker
from pages.shared.judged import Subject, is_judged, judge, of_run
from pages.shared.plain import plain

PAGE = "evaluation"
Source = Literal["Network here", "Model file"]
SOURCES: tuple[Source, ...] = ("Network here", "Model file")
_MEGABYTE = 1024 * 1024


def choose_source() -> Source:
    """Show where the network to judge comes from, and return the chosen source."""
    permalink.check("source", SOURCES)
    return st.segmented_control(
        "What to judge", SOURCES, default=SOURCES[0], key="source", bind="query-params", required=True
    )


def choose(source: Source) -> Subject | None:
    """Show what can be judged and return what was chosen; None, after words on what to do, if there is nothing."""
    try:
        return _chosen() if source == SOURCES[0] else _uploaded()
    except (StoreError, ModelFileError, ValueError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def _chosen() -> Subject | None:
    run = run_picker.choose(PAGE, label="Network", among=is_judged, packaged=True)
    if run is None and is_mnist(resources.dataset()):
        return _packaged()
    if run is None:
        st.info("No run has finished yet. Train a network first, or judge a model file.", icon=":material/info:")
        return None
    if run.dataset_fingerprint and run.dataset_fingerprint != resources.dataset().fingerprint:
        st.warning(f"{plain(run.name)} has learnt from {plain(run.dataset_name)}, but is judged here by other data.")
    return of_run(run)


@st.cache_resource(show_spinner="Reading all test images ...")
def _packaged() -> Subject:
    return judge(run_picker.PACKAGED_NAME, packaged_model().network, None)


def _uploaded() -> Subject | None:
    file = st.file_uploader(
        f"Model file ({' or '.join(SUFFIXES)}, up to {MAX_BYTES // _MEGABYTE} MB)",
        type=[suffix.removeprefix(".") for suffix in SUFFIXES],
        max_upload_size=MAX_BYTES // _MEGABYTE,
        help="A network saved by this app, or a Keras model of Dense layers. The file is checked before it is read.",
    )
    if file is None:
        st.info(
            "Choose a model file. The Training page offers each network as one, below its curves.",
            icon=":material/upload_file:",
        )
        return None
    judged = _of_file(file.file_id, file)
    for warning in warnings(judged.network, resources.dataset()):
        st.warning(warning, icon=":material/warning:")
    return judged


@st.cache_resource(max_entries=4, show_spinner="Reading all test images ...")
def _of_file(file_id: str, _file: st.runtime.uploaded_file_manager.UploadedFile) -> Subject:
    return judge(_file.name, read_model(_file), None)

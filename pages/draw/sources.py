"""Where the image comes from: the pad, a photo, or the test set."""

import hashlib
import random

import streamlit as st

from mnist_core.data.drawing import Ink, Preparation, prepare
from mnist_core.data.photo import brightness_of, find_ink
from mnist_core.data.separate import side_by_side
from mnist_core.data.strokes import SMALLEST_PX, extent, render
from mnist_core.errors import PhotoError
from mnist_core.figures.mosaic import digits_png
from mnist_core.uploads.photos import MAX_BYTES, Colours, read_photo
from pages.draw.nudge_view import reset_sliders
from pages.draw.subject import Subject
from pages.shared import drawing_pad, mosaic, permalink, resources
from pages.shared.plain import plain

SOURCES = ("Draw", "Photo", "Teach me")
_TYPES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")


def choose() -> Subject:
    """Show the choice of sources and the chosen one, and return what it holds."""
    permalink.check("input", SOURCES)
    source = st.segmented_control(
        "Where the image comes from",
        SOURCES,
        default=SOURCES[0],
        key="input",
        bind="query-params",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    if source == "Photo":
        return _photographed()
    return _sampled() if source == "Teach me" else _drawn()


def _drawn() -> Subject:
    thing = resources.classes().thing
    strokes = drawing_pad.show("pad", reset_sliders)
    if not strokes:
        return Subject(None, f"The pad is empty. Draw a {thing}, anywhere and at any size.")
    ink = render(strokes)
    preparation = prepare(ink)
    if preparation is None or extent(strokes) < SMALLEST_PX:
        return Subject(None, f"That is too small to be a {thing}. Draw it larger.")
    return Subject(preparation.image, preparation=preparation, picture=ink, hint=_hint(preparation))


def _photographed() -> Subject:
    thing = resources.classes().thing
    file = st.file_uploader(
        f"A photo or picture of one {thing}: any pen, any paper, bright on dark too",
        _TYPES,
        key="photo",
        max_upload_size=MAX_BYTES // 2**20,
        help="At most 5 MB and 20 megapixels. It is read in memory and not kept.",
    )
    if file is None:
        return Subject(None, f"Choose a photo of one {thing}, or take one.")
    content = file.getvalue()
    try:
        colours, ink = _ink_of(hashlib.sha256(content).hexdigest(), content)
    except PhotoError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return Subject(None, "This file cannot be read as a photo. Choose another one.")
    preparation = prepare(ink)
    if preparation is None:
        return Subject(
            None, f"Nothing in this photo stands out as ink. Try one with more contrast, taken closer to the {thing}."
        )
    picture, hint = brightness_of(colours), _hint(preparation)
    return Subject(preparation.image, preparation=preparation, picture=picture, photo=colours, hint=hint)


def _hint(preparation: Preparation) -> str:
    if not side_by_side(preparation.cropped):
        return ""
    thing = resources.classes().thing
    return f"These look like two {thing}s side by side. The network reads one at a time: try each on its own."


@st.cache_data(max_entries=8, show_spinner="Looking for ink ...")
def _ink_of(digest: str, _content: bytes) -> tuple[Colours, Ink]:
    colours = read_photo(_content)
    return colours, find_ink(colours)


def _sampled() -> Subject:
    test = resources.dataset().test
    permalink.check_number("sample", 0, len(test) - 1)
    number, another = st.columns([1, 1], vertical_alignment="bottom")
    index = number.number_input(
        "Image of the test set",
        0,
        len(test) - 1,
        0,
        key="sample",
        bind="query-params",
        persist_state="session",
        on_change=reset_sliders,
    )
    another.button("Another one", icon=":material/shuffle:", width="stretch", on_click=_sample_another)
    mosaic.show(digits_png(test.images[index][None], 1), f"Test image {index}", width_px=200)
    names = resources.classes().names
    guess = st.pills(
        "Guess first, then see the network's answer.",
        range(len(names)),
        key=f"guess {index}",
        format_func=names.__getitem__,
    )
    return Subject(test.images[index], truth=int(test.labels[index]), guess=guess)


def _sample_another() -> None:
    st.session_state.sample = random.randrange(len(resources.dataset().test))
    reset_sliders()

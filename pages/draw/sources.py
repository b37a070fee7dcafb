"""Where the image comes from: the pad, a photo, or the test set."""

import hashlib
import random
from dataclasses import dataclass

import streamlit as st

from mnist_core.data.drawing import Image, Ink, Preparation, prepare
from mnist_core.data.photo import brightness_of, find_ink
from mnist_core.data.strokes import SMALLEST_PX, extent, render
from mnist_core.errors import PhotoError
from mnist_core.uploads.photos import MAX_BYTES, Colours, read_photo
from pages.draw import drawing_pad
from pages.shared import permalink, resources
from pages.shared.plain import plain

SOURCES = ("Draw", "Photo", "Teach me")
_TYPES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")


@dataclass(frozen=True, eq=False)
class Subject:
    """What is to be read.

    Attributes
    ----------
    image
        uint8 (28, 28), or None if there is nothing to read.
    why_not
        Why there is nothing to read, and what to do.
    preparation
        How the image was made; None for an image of the test set, which comes prepared.
    picture
        What came in, as a program sees it that squeezes it as it is.
    photo
        The photo, if it was one.
    truth
        Its class, if that is known.
    """

    image: Image | None
    why_not: str = ""
    preparation: Preparation | None = None
    picture: Ink | None = None
    photo: Colours | None = None
    truth: int | None = None


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
    strokes = drawing_pad.show("pad")
    if not strokes:
        return Subject(None, f"The pad is empty. Draw a {thing}, anywhere and at any size.")
    ink = render(strokes)
    preparation = prepare(ink)
    if preparation is None or extent(strokes) < SMALLEST_PX:
        return Subject(None, f"That is too small to be a {thing}. Draw it larger.")
    return Subject(preparation.image, preparation=preparation, picture=ink)


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
        return Subject(None, "This file cannot be read.")
    preparation = prepare(ink)
    if preparation is None:
        return Subject(
            None, f"Nothing on this photo stands out as ink. Try one with more contrast, closer to the {thing}."
        )
    return Subject(preparation.image, preparation=preparation, picture=brightness_of(colours), photo=colours)


@st.cache_data(max_entries=8, show_spinner="Looking for ink ...")
def _ink_of(digest: str, _content: bytes) -> tuple[Colours, Ink]:
    colours = read_photo(_content)
    return colours, find_ink(colours)


def _sampled() -> Subject:
    test = resources.dataset().test
    permalink.check_number("sample", 0, len(test) - 1)
    number, another = st.columns([1, 1], vertical_alignment="bottom")
    index = number.number_input(
        "Image of the test set", 0, len(test) - 1, 0, key="sample", bind="query-params", persist_state="session"
    )
    another.button("Another one", icon=":material/shuffle:", width="stretch", on_click=_sample_another)
    st.caption(
        "The network has never seen these images while it learnt. They come prepared: 28 × 28 pixels, centred. Guess "
        "before you look at what it says, then move the sliders below."
    )
    return Subject(test.images[index], truth=int(test.labels[index]))


def _sample_another() -> None:
    st.session_state.sample = random.randrange(len(resources.dataset().test))

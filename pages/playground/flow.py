"""One of the images to watch, flowing through the network of a try."""

import streamlit as st

from mnist_core.lessons.digits_to_watch import COUNT, digits_to_watch
from mnist_core.runs import Run
from pages.playground import tries
from pages.shared import network_view, networks, permalink, resources

_DIGIT, _NAMES = "playground.digit", ("digit",)
_NUMBERS = tuple(map(str, range(COUNT)))


@st.fragment
def show(run: Run) -> None:
    """Show the network of a try that has weights, reading one of the images to watch."""
    st.subheader("The network, from the image to its answer", anchor=False)
    network, watched, names = networks.newest(run), digits_to_watch(resources.dataset()), resources.classes()
    guesses = network.predict(watched.images)

    def words(index: int) -> str:
        label, guess = int(watched.labels[index]), int(guesses[index])
        return f"{names.caption(label)}, {'read correctly' if label == guess else f'misread as {names.names[guess]}'}"

    if _DIGIT not in st.session_state:
        linked = permalink.enter(tries.PAGE, _NAMES).get("digit")
        st.session_state[_DIGIT] = int(linked) if linked in _NUMBERS else 0
    index = st.selectbox("Image to read", range(len(watched)), format_func=words, key=_DIGIT, persist_state="session")
    permalink.write(tries.PAGE, _NAMES, {"digit": str(index)} if index else {})
    image, label = watched.images[index], int(watched.labels[index])
    network_view.show(network, image, key="playground network", label=label, config=run.config)

"""Playground: sliders that train a network, and what each move leads to."""

import streamlit as st

from mnist_core.lessons.trail import has_result
from pages.places import PLAYGROUND
from pages.playground import answer, flow, onwards, settings, tries
from pages.shared import asking, calm, page

# As high as the picture beside it, so that both are in sight while a setting is moved.
SETTINGS_PX = 408


@calm.fragment
def play() -> None:
    """Show the picture, the settings beside it, and below them the network."""
    picture, controls = st.columns([13, 6], gap="medium")
    run = tries.current()
    with controls, st.container(height=SETTINGS_PX, key="settings"):
        settings.show()
        onwards.show_first_weights()
    with picture:
        if run is None:
            st.info("No try is shown. Change a setting to start one.")
            asking.say_why_not("try")
        else:
            answer.show_stage(run)
    if run:
        answer.show_trail(run)
        onwards.show(run)
        answer.show_pins()
        # Until a new network is there, the one before it stays: nothing below comes and goes with each move.
        seen = run if has_result(run) else tries.before(run, tries.of_visitor())
        if seen and seen.status == "finished":
            flow.show(seen)
    tries.write_link()


page.head(PLAYGROUND)
tries.enter()
play()

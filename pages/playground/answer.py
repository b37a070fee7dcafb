"""What is shown of a try: the stage, what its result means, and the trail of all tries."""

import streamlit as st

from mnist_core.figures.trail import trail as trail_picture
from mnist_core.figures.trail import value_text
from mnist_core.lessons import meaning
from mnist_core.lessons.trail import Dot, band, differing, dots, has_result, last_moved
from mnist_core.runs import Run
from mnist_core.runs.tries import BOUND_S
from mnist_core.training.config import label
from pages.playground import stage, trail, tries
from pages.shared import asking, glossary
from pages.shared.histories import history
from pages.shared.words import percent

_ASK = "Move the [[learning rate]] far to the left, then far to the right, and watch what happens to the accuracy."


def show_stage(run: Run) -> None:
    """Show the accuracy, the curves and the digits."""
    before = tries.before(run, tries.of_visitor())
    stage.show(run.id, before.id if before else "", is_known=run.has_ended, on_ended=_ended)
    asking.say_why_not("try")
    wanted = tries.config().train_size
    if run.config.train_size < wanted:
        st.caption(
            f"It learns from {run.config.train_size:,} images instead of {wanted:,}, to fit into {BOUND_S:g} seconds."
        )


def show_trail(run: Run) -> None:
    """Show what the result means, and the way that led to it."""
    mine = tries.of_visitor()
    if has_result(run) and run.id not in [one.id for one in mine]:  # somebody else's, by a link
        mine = [run, *mine]
    field = last_moved(run.config, [one for one in mine if one.id != run.id], "learning_rate")
    way = dots(mine, run.config, field)
    found = meaning.of_valley(way, label(field).lower()) or (_ASK if len(mine) < 4 else "")
    glossary.show(f"{_sentences(run, tries.before(run, mine), mine)} {found}")
    _show_trail(run, mine, way, field)


def _ended() -> None:
    """Do nothing: the page is shown again, and reads the result."""


def _sentences(run: Run, before: Run | None, mine: list[Run]) -> str:
    """Say what the result means; while a try is still training, say where that will stand."""
    if run.has_ended and not has_result(run):
        return "This try ended before it had a result. Change a setting to start another one."
    if not has_result(run):
        return "As soon as the try has ended, you can read here what its result means."
    last = history(run.id).iloc[-1:]
    cost, accuracy = (last.cost.item(), last.accuracy.item()) if len(last) else (float("nan"), 0.0)
    change = meaning.of_change(run, before, mine) if before else ""
    return f"**{meaning.of_result(run, cost, accuracy)}** {change}"


def _show_trail(run: Run, mine: list[Run], way: list[Dot], field: str) -> None:
    chance = band(run.config, mine)
    trail.draw(trail_picture(way, field, run.id, chance), _chosen)
    words = [
        "Each dot is a [[try]] of yours, as high as its [[accuracy]] on [[held-out images]]; choose one to bring it "
        "back."
    ]
    if chance:
        words.append(
            f"The green band is chance: {chance.seeds} tries of this setting with other first weights lie between "
            f"{percent(chance.low)} and {percent(chance.high)}."
        )
    glossary.show(" ".join(words))


def _chosen() -> None:
    tries.show_try(str(st.session_state["trail"].chosen or ""))


def show_pins() -> None:
    """Show the pinned tries side by side, by what differs."""
    pinned = tries.pins()
    if not pinned:
        return
    if len(pinned) == 1:
        st.caption(f"One try is pinned ({_result(pinned[0])}). Pin another one to compare the two.")
        return
    one, other = pinned
    fields = differing(one.config, other.config)
    lines = [f"| {label(name)} | {_value(one, name)} | {_value(other, name)} |" for name in fields]
    head = "| | First pinned | Second pinned |\n|---|---|---|"
    result = f"| **Held-out accuracy** | **{_result(one)}** | **{_result(other)}** |"
    st.markdown("\n".join([head, *lines, result]))
    if not fields:
        st.caption("They have the same settings and first weights, so they are the same to the last bit.")
    elif verdict := meaning.of_change(other, one, tries.of_visitor(), called="the first"):
        st.caption(f"The second: {verdict}")


def _value(run: Run, field: str) -> str:
    return value_text(field, getattr(run.config, field))


def _result(run: Run) -> str:
    return "diverged" if run.status == "diverged" else percent(run.validation_accuracy)

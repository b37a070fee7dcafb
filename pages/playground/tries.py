"""The try that is shown: entered by link or run at once, moved by a setting, and all earlier ones of this visitor."""

from typing import Any

import streamlit as st

from mnist_core.errors import StoreError
from mnist_core.lessons.trail import has_result, same_but
from mnist_core.runs import Run
from mnist_core.runs.tries import state_of
from mnist_core.training import TrainingConfig
from mnist_core.training.fair import HELD_OUT
from pages.shared import asking, permalink, resources
from pages.shared.visitor import who

PAGE, NAMES = "playground", ("try", "pins")
# Small enough to answer at once, and not yet at its best: there is something to find in both directions.
FIRST = TrainingConfig(
    hidden_units=(64,),
    epochs=2,
    batch_size=32,
    learning_rate=0.02,
    train_size=10_000,
    validation_size=HELD_OUT,
)
_CONFIG, _TRY, _BEFORE, _PINS, _IMAGES = (f"{PAGE}.{name}" for name in ("config", "try", "before", "pins", "images"))
_TIMELESS = ("learning_rate", "activation", "weight_decay", "label_noise", "seed")
MOST_PINS = 2


def enter() -> None:
    """Show what the link says or this session showed last; without either, run a first try at once."""
    if not permalink.arrived(PAGE, NAMES) and _TRY in st.session_state:
        return
    link = permalink.enter(PAGE, NAMES)
    st.session_state[_PINS] = [name for name in link.get("pins", "").split(".") if find(name)][:MOST_PINS]
    run = find(link["try"]) if "try" in link else None
    if run:
        show_try(run.id)
        return
    if "try" in link:
        permalink.refuse("try", link["try"], "This try no longer exists; a new one has been started.")
    st.session_state.setdefault(_TRY, "")
    _run(FIRST)


def find(try_id: str) -> Run | None:
    """Return a try, or None if there is none of this id."""
    try:
        run = resources.store().get(try_id, who=who())
    except StoreError:
        return None
    return run if run.purpose == "try" else None


def config() -> TrainingConfig:
    """Return the recipe that the widgets show; the try may have fewer images, where three seconds are too short."""
    chosen: TrainingConfig = st.session_state[_CONFIG]
    return chosen


def current() -> Run | None:
    """Return the try that is shown; None if not even the first could be made, or it was deleted."""
    return find(st.session_state[_TRY])


def of_visitor() -> list[Run]:
    """Return the visitor's tries that have a result, the newest first."""
    return [run for run in resources.store().list_tries(who=who()) if has_result(run)]


def before(run: Run, tries: list[Run]) -> Run | None:
    """Return the try that was shown before `run`, or of those made before it the newest."""
    known = st.session_state.get(_BEFORE)
    if known and known != run.id and (found := find(known)) and has_result(found):
        return found
    return next((one for one in tries if one.created_at_utc < run.created_at_utc), None)


def move(**settings: Any) -> None:
    """Try the recipe with other settings."""
    fields = config().model_dump() | settings
    if "optimizer" in settings:
        del fields["momentum"]  # each brings its usual one
    _run(TrainingConfig.model_validate(fields))


def show_try(try_id: str) -> None:
    """Bring a try back, with its settings."""
    if run := find(try_id):
        st.session_state[_CONFIG] = run.config
        st.session_state[_IMAGES] = run.config.train_size
        _now_shown(run.id)


def _run(chosen: TrainingConfig) -> None:
    st.session_state[_CONFIG] = chosen
    if try_id := asking.ask("try", resources.engine().submit_try, _fitting(chosen), who=who()):
        _now_shown(try_id)


def _fitting(chosen: TrainingConfig) -> TrainingConfig:
    """Return the recipe with as many images as it has time for.

    Where nothing was moved that takes time, it has as many as the last try, however busy the machine is by now: tries
    of different numbers of images cannot be compared.
    """
    last = find(st.session_state.get(_TRY, ""))
    wanted = st.session_state.get(_IMAGES)
    st.session_state[_IMAGES] = chosen.train_size
    ignored = (*_TIMELESS, "train_size")
    was_in_time = last is not None and wanted == chosen.train_size and state_of(last) != "bounded"
    if last and was_in_time and same_but(last.config, *ignored) == same_but(chosen, *ignored):
        return chosen.model_copy(update={"train_size": last.config.train_size})
    return resources.engine().foresee(chosen)


def _now_shown(try_id: str) -> None:
    last = find(st.session_state.get(_TRY, ""))
    if last and last.id != try_id and has_result(last):
        st.session_state[_BEFORE] = last.id
    st.session_state[_TRY] = try_id


def pins() -> list[Run]:
    """Return the pinned tries."""
    return [run for name in st.session_state[_PINS] if (run := find(name))]


def pin(try_id: str) -> None:
    """Pin a try; of three, the oldest pin goes. A pinned one is let go."""
    kept = [name for name in st.session_state[_PINS] if name != try_id]
    was_pinned = len(kept) < len(st.session_state[_PINS])
    st.session_state[_PINS] = kept if was_pinned else [*kept, try_id][-MOST_PINS:]


def write_link() -> None:
    """Let the address bar say what is shown."""
    state = {"try": st.session_state[_TRY], "pins": ".".join(st.session_state[_PINS])}
    permalink.write(PAGE, NAMES, {name: value for name, value in state.items() if value})

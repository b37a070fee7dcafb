"""Limits that protect the server. Widgets cannot: anyone can talk to a server without using its pages."""

from mnist_core.errors import LimitError
from mnist_core.runs import RunStore
from mnist_core.settings import Settings
from mnist_core.training.config import TrainingConfig


def check_config(config: TrainingConfig, limits: Settings) -> None:
    """Raise LimitError if a run of this recipe would be too large."""
    for problem in exceeded(config, limits).values():
        raise LimitError(problem)


def exceeded(config: TrainingConfig, limits: Settings) -> dict[str, str]:
    """Return for each field of a recipe that exceeds a limit of this server what is allowed, in words."""
    layers, widest = len(config.hidden_units), max(config.hidden_units, default=0)
    problems = {}
    if config.epochs > limits.max_epochs:
        problems["epochs"] = f"Epochs: at most {limits.max_epochs} allowed here, received {config.epochs}. Use fewer."
    if layers > limits.max_hidden_layers:
        problems["hidden_units"] = (
            f"Hidden layers: at most {limits.max_hidden_layers} allowed here, received {layers}. Use fewer."
        )
    if widest > limits.max_hidden_units:
        problems["hidden_units"] = (
            f"Hidden units: at most {limits.max_hidden_units} in a layer allowed here, received {widest}. Use fewer."
        )
    return problems


def check_room(store: RunStore, visitor: str, limits: Settings) -> None:
    """Raise LimitError if the visitor, or all visitors together, already have as many active runs as allowed."""
    mine = store.count_active(visitor)
    if mine >= limits.max_queued_runs_per_visitor:
        raise LimitError(
            f"Runs at a time: at most {limits.max_queued_runs_per_visitor} of yours may wait or run, there are {mine}. "
            "Wait until one ends, or pause, stop or delete one on the Runs page."
        )
    everybody = store.count_active()
    if everybody >= limits.max_queued_runs:
        raise LimitError(
            f"Runs at a time: at most {limits.max_queued_runs} of all visitors may wait or run, there are {everybody}. "
            "Try again later."
        )

"""Limits that protect the server. Widgets cannot: anyone can talk to a server without using its pages."""

from mnist_core.errors import EngineError, LimitError
from mnist_core.keras_twin import why_not
from mnist_core.nn.parameters import count_parameters
from mnist_core.runs import Run
from mnist_core.runs.admission import Room
from mnist_core.runs.quota import Quota
from mnist_core.runs.size import expected_bytes
from mnist_core.runs.tries import MAX_PARAMETERS
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
    size = expected_bytes(config)
    if not problems and size > limits.max_run_bytes:
        problems["hidden_units"] = (
            f"Hidden units: a run may take {limits.max_run_bytes / 1e6:.0f} MB of disk space here; this recipe would "
            f"take {size / 1e6:.0f}. Use fewer hidden units, float32, or an optimizer that keeps less, such as sgd."
        )
    return problems


def check_try(config: TrainingConfig) -> None:
    """Raise LimitError if the recipe's network is too large for a try."""
    count = count_parameters(config.layer_sizes)
    if count > MAX_PARAMETERS:
        raise LimitError(
            f"Hidden units: the network of a try may have {MAX_PARAMETERS:,} weights and biases, this one would have "
            f"{count:,}. Use fewer units, or train it as a run."
        )


def check_keras(limits: Settings) -> None:
    """Raise LimitError if nothing may be trained with Keras on this server."""
    if reason := why_not(limits):
        raise LimitError(reason)


def check_goes_on(run: Run) -> None:
    """Raise EngineError for a try: it begins anew or not at all."""
    if run.purpose == "try":
        raise EngineError("A try does not go on. Keep it as a run, and let that train for longer.")


def room(limits: Settings) -> Room:
    """Return how many runs, and how many tasks, there may be at a time."""
    return Room(
        limits.max_queued_runs_per_visitor,
        limits.max_queued_runs,
        Quota(
            limits.max_visitor_bytes,
            limits.max_address_bytes,
            limits.max_store_bytes,
            limits.min_free_bytes,
            limits.keep_days,
        ),
        limits.max_queued_runs_per_address,
    )


def check_extension(run: Run, epochs: int, limits: Settings) -> None:
    """Raise EngineError or LimitError if a run cannot go on to `epochs` in all.

    It must end as a run that had `epochs` from its start would. With a constant learning rate it does, bit for bit. A
    schedule that falls to zero over all epochs is planned from the first one: stretching its end would raise the rate
    again and give a network that no recipe describes, so such a run goes on to its own last epoch only.
    """
    config = run.config
    if run.pair_id is not None:
        raise EngineError(f"{run.name} is one half of a comparison with Keras. Train a new pair with more epochs.")
    if epochs <= run.epochs_done:
        raise EngineError(
            f"Epochs: expected more than the {run.epochs_done} that {run.name} has done, received {epochs}."
        )
    if config.schedule != "constant" and epochs != config.epochs:
        raise EngineError(
            f"{run.name} plans its learning rate ({config.schedule}) over {config.epochs} epochs from the first to the "
            f"last, so it cannot go on to {epochs}. Start a new run of {epochs} epochs instead."
        )
    if run.train_s >= limits.max_run_s:
        raise LimitError(
            f"{run.name} has trained for the {limits.max_run_s:g} seconds that a run may take (MNIST_MAX_RUN_S)."
        )
    check_config(config.model_copy(update={"epochs": epochs}), limits)

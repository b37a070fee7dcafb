"""What Keras's `model.summary()` prints for a config, without Keras: the same table, drawn by the same library."""

from itertools import pairwise

from rich.console import Console
from rich.table import Column, Table

from mnist_core.training.config import TrainingConfig

_WIDTH = 76
_SHARES = (0.45, 0.80, 1.0)


def model_summary(config: TrainingConfig) -> str:
    """Return the text that `model.summary()` prints for the model of `keras_code(config)`."""
    ends = [0, *(int(share * _WIDTH) for share in _SHARES)]
    name, shape, count = (end - start for start, end in pairwise(ends))
    table = Table(
        Column("Layer (type)", width=name),
        Column("Output Shape", width=shape),
        Column("Param #", justify="right", width=count),
        width=_WIDTH,
        show_lines=True,
    )
    total = 0
    for layer, units, parameters in _layers(config):
        total += parameters
        table.add_row(layer, f"(None, {units})", f"{parameters:,}")
    return _drawn(table) + _totals(total, config)


def _layers(config: TrainingConfig) -> list[tuple[str, int, int]]:
    """Return name and type, units and parameters of each layer."""
    rows = []
    for number, (fan_in, fan_out) in enumerate(pairwise(config.layer_sizes)):
        suffix = f"_{number}" if number else ""
        rows.append((f"dense{suffix} (Dense)", fan_out, (fan_in + 1) * fan_out))
        if config.dropout and number < len(config.hidden_units):
            rows.append((f"dropout{suffix} (Dropout)", fan_out, 0))
    return rows


def _drawn(table: Table) -> str:
    console = Console(width=_WIDTH, highlight=False, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print('Model: "sequential"')
        console.print(table)
    return capture.get()


def _totals(parameters: int, config: TrainingConfig) -> str:
    size = _readable_size(parameters * (8 if config.dtype == "float64" else 4))
    return (
        f" Total params: {parameters:,} ({size})\n Trainable params: {parameters:,} ({size})\n"
        " Non-trainable params: 0 (0.00 B)\n"
    )


def _readable_size(size_bytes: float) -> str:
    for unit in ("B", "KB", "MB"):
        if size_bytes < 1024:
            return f"{size_bytes:.2f} {unit}"
        size_bytes /= 1024
    return f"{size_bytes:.2f} GB"

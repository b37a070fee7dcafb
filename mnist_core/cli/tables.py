"""Tables for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from mnist_core.training import EpochResult
from mnist_core.training.presets import PUBLISHED_COSTS


def cost_table(history: Sequence[EpochResult], *, published: bool) -> Table:
    """Return cost and accuracy of every 100th epoch (every one of short runs), beside the published costs if asked."""
    every = 100 if len(history) > 100 else max(1, len(history) // 10)
    has_validation = bool(history) and history[0].validation_accuracy is not None
    table = Table("epoch", "cost", "accuracy", *(["validation"] if has_validation else []))
    if published:
        table.add_column("published cost")
    for column in table.columns:
        column.justify = "right"
    for result in history:
        if result.epoch % every == 0 or result.epoch == history[-1].epoch:
            row = [str(result.epoch), f"{result.cost:.4f}", f"{result.accuracy:.2%}"]
            if has_validation:
                row.append(f"{result.validation_accuracy:.2%}")
            if published:
                row.append(f"{PUBLISHED_COSTS[result.epoch]:.4f}" if result.epoch in PUBLISHED_COSTS else "")
            table.add_row(*row)
    return table

"""Find runs by words and by settings, as in "otter optimizer:adam learning_rate:0.1"."""

from dataclasses import dataclass

from mnist_core.runs.names import recipe_name
from mnist_core.runs.run import Run
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import text_of


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for.

    Attributes
    ----------
    words
        Each must occur in a run's name, notes, kind, recipe or status.
    settings
        Each field of `TrainingConfig` must have this value, as `training.query` writes it.
    unknown
        What stands before a colon and names no field. Such a search finds nothing.
    """

    words: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    def finds(self, run: Run) -> bool:
        """Say whether the run has all that is looked for."""
        text = f"{run.name} {run.notes} {run.kind} {recipe_name(run.config)} {run.status}".lower()
        return (
            not self.unknown
            and all(word in text for word in self.words)
            and all(_equal(text_of(run.config, field), value) for field, value in self.settings)
        )


def parse(text: str) -> Search:
    """Return the search that a line of text describes: words, and settings as "field:value"."""
    words, settings, unknown = [], [], []
    for part in text.lower().split():
        field, colon, value = part.partition(":")
        name = field.replace("-", "_")
        if not colon:
            words.append(part)
        elif name in TrainingConfig.model_fields:
            settings.append((name, value))
        else:
            unknown.append(field)
    return Search(tuple(words), tuple(settings), tuple(unknown))


def _equal(value: str, wanted: str) -> bool:
    try:
        return float(value) == float(wanted)
    except ValueError:
        return value.lower() == wanted

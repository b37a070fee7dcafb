"""The way that somebody walked through the settings: what each try moved, what it found, and what is only chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_core.runs import Run
from mnist_core.training.config import TrainingConfig

# As many networks of one setting, each from first weights of its own, show roughly how much chance alone changes.
SEEDS_FOR_A_BAND = 3


def has_result(run: Run) -> bool:
    """Tell whether a try has come to something: an accuracy, or that its steps were far too large."""
    return run.status == "diverged" or (run.status == "finished" and run.validation_accuracy is not None)


def accuracy_of(run: Run) -> float | None:
    """Return the held-out accuracy of a try that has one; a network whose numbers overflowed has none."""
    return run.validation_accuracy if run.status == "finished" else None


def differing(one: TrainingConfig, other: TrainingConfig) -> tuple[str, ...]:
    """Return the fields in which two recipes differ."""
    return tuple(name for name in TrainingConfig.model_fields if getattr(one, name) != getattr(other, name))


def same_but(config: TrainingConfig, *fields: str) -> tuple[object, ...]:
    """Return the recipe without some fields, to compare."""
    return tuple(getattr(config, name) for name in TrainingConfig.model_fields if name not in fields)


def last_moved(config: TrainingConfig, earlier: Sequence[Run], otherwise: str) -> str:
    """Return the setting that was moved last before `config` was tried.

    Parameters
    ----------
    earlier
        Tries, the newest first.
    otherwise
        The answer where no earlier try differs in any setting.
    """
    for run in earlier:
        moved = [name for name in differing(config, run.config) if name not in {"seed", "momentum"}]
        if moved:
            return moved[0]
    return otherwise


@dataclass(frozen=True, slots=True)
class Band:
    """What chance alone changes: the lowest and highest held-out accuracy of one setting, and of how many seeds."""

    low: float
    high: float
    seeds: int

    @property
    def width(self) -> float:
        """From the lowest to the highest."""
        return self.high - self.low


def band(config: TrainingConfig, tries: Sequence[Run]) -> Band | None:
    """Return how far the tries of a setting lie apart that differ in their first weights alone, if they are enough."""
    setting = same_but(config, "seed")
    found = {
        run.config.seed: accuracy
        for run in tries
        if same_but(run.config, "seed") == setting and (accuracy := accuracy_of(run)) is not None
    }
    if len(found) < SEEDS_FOR_A_BAND:
        return None
    return Band(min(found.values()), max(found.values()), len(found))


@dataclass(frozen=True, slots=True)
class Dot:
    """One try on the trail.

    Attributes
    ----------
    value
        Of the setting on the axis, as it stands in the config.
    accuracy
        On the held-out images; None where the try diverged.
    is_alike
        Whether it differs from the try that is shown in this setting, and in the seed, alone.
    """

    id: str
    value: object
    accuracy: float | None
    is_alike: bool


def dots(tries: Sequence[Run], shown: TrainingConfig, field: str) -> list[Dot]:
    """Return the trail along one setting, the oldest try first. `tries` are those with a result."""
    # An optimizer brings its usual momentum with it.
    others = same_but(shown, field, "seed", "momentum")
    return [
        Dot(
            run.id,
            getattr(run.config, field),
            accuracy_of(run),
            same_but(run.config, field, "seed", "momentum") == others,
        )
        for run in reversed(tries)
    ]


def is_only_chance(one: Run, other: Run, tries: Sequence[Run]) -> Band | None:
    """Return the band within which two tries' accuracies differ; None if there is no band, or they differ by more."""
    first, second = accuracy_of(one), accuracy_of(other)
    bands = [found for run in (one, other) if (found := band(run.config, tries))]
    if not bands or first is None or second is None:
        return None
    widest = max(bands, key=lambda found: found.width)
    return widest if abs(first - second) <= widest.width else None

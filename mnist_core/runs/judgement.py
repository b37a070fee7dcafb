"""What a run's curves say in one sentence: how it went, and what to try next."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mnist_core.runs.run import Run
from mnist_core.training.config import USUAL_RATE, TrainingConfig

# Guessing gives 10 %. Below 20 % next to nothing has been learnt, below 50 % far less than any sound recipe learns.
GUESSING, LEARNT, SOUND = 0.2, 0.5, 0.9
# A rate so many times the usual one explains by itself why next to nothing has been learnt; one much further from it,
# why a network reads less than nine in ten.
_FAR, _MUCH_TOO_FAR = 3.0, 10.0
# Overfitting: the validation cost has risen by 5 % or more above its least, which lies in the first 80 % of the epochs.
_RISE, _EARLY = 1.05, 0.8
# Still falling: by more than 2 % from the last but one tenth of the epochs to the last tenth.
_FALL = 0.02
# Restless: in more than a quarter of the epochs the cost rises, by more than a tenth in the worst.
_OFTEN, _JUMP = 0.25, 0.1
_FEW_EPOCHS = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """One sentence about a run that has ended, and whether it is good news, a hint, or a failure."""

    kind: Literal["good", "hint", "bad"]
    words: str


def learnt_little(run: Run) -> bool:
    """Tell whether a run has finished with a network that reads fewer than half of the test images."""
    return run.test_accuracy is not None and run.test_accuracy < LEARNT


def judgement(history: pd.DataFrame, config: TrainingConfig) -> Judgement | None:
    """Judge a run that has ended in order, never by the test set. One that diverged says why in its `error`.

    Parameters
    ----------
    history
        Of `RunStore.history`.
    config
        Its recipe.

    Returns
    -------
    Judgement or None
        None if there is nothing to judge.
    """
    if history.empty:
        return None
    accuracy, images = _final_accuracy(history)
    reads = f"{100 * accuracy:.2f} % of the {images} images"
    is_excessive = config.learning_rate > _MUCH_TOO_FAR * USUAL_RATE[config.optimizer]
    if accuracy < (SOUND if is_excessive else LEARNT) and (failure := _failure(history, config, accuracy, reads)):
        return failure
    return _overfitting(history) or _restlessness(history) or _course(history, config, reads)


def _final_accuracy(history: pd.DataFrame) -> tuple[float, str]:
    last = history.iloc[-1]
    if np.isnan(last.validation_accuracy):
        return float(last.accuracy), "training"
    return float(last.validation_accuracy), "validation"


def _failure(history: pd.DataFrame, config: TrainingConfig, accuracy: float, reads: str) -> Judgement | None:
    """Return why so little has been learnt, unless it would only have needed more time."""
    what = "Barely better than guessing" if accuracy < GUESSING else "It has learnt less than it could"
    usual = USUAL_RATE[config.optimizer]
    if config.initializer == "zeros":
        why = "With zeros as first weights nothing can be learnt. Choose he_normal."
    elif config.learning_rate > _FAR * usual:
        why = f"The learning rate {config.learning_rate:g} is probably too large for {config.optimizer}. Try {usual:g}."
    elif config.learning_rate < usual / _FAR:
        why = f"The learning rate {config.learning_rate:g} is probably too small for {config.optimizer}. Try {usual:g}."
    elif _is_falling(history, config):
        return None
    else:
        why = "Try more epochs or training images, another activation, or fewer layers."
    return Judgement("bad", f"{what}: {reads}. {why}")


def _overfitting(history: pd.DataFrame) -> Judgement | None:
    costs = history.validation_cost.to_numpy()
    if len(costs) < _FEW_EPOCHS or np.isnan(costs).any():
        return None
    best = int(costs.argmin())
    if best >= _EARLY * (len(costs) - 1) or costs[-1] < _RISE * costs[best]:
        return None
    return Judgement(
        "hint",
        f"Overfits from epoch {int(history.epoch.iloc[best]) + 1:,}: the validation cost has risen from "
        f"{costs[best]:.4f} to {costs[-1]:.4f} since. Stop there, or try dropout, weight decay or augmentation.",
    )


def _restlessness(history: pd.DataFrame) -> Judgement | None:
    costs = history.cost.to_numpy()
    if len(costs) < _FEW_EPOCHS:
        return None
    rises = np.diff(costs) / costs[:-1]
    if (rises > 0).mean() <= _OFTEN or rises.max() <= _JUMP:
        return None
    return Judgement(
        "hint", f"Restless: the cost rose in {int((rises > 0).sum()):,} epochs. A smaller learning rate is calmer."
    )


def _course(history: pd.DataFrame, config: TrainingConfig, reads: str) -> Judgement:
    if len(history) == 1:
        return Judgement("good", f"One pass over the images was enough to read {reads}.")
    if _is_falling(history, config):
        return Judgement(
            "hint", f"The cost was still falling when the run ended, with {reads} read correctly. Try more epochs."
        )
    return Judgement("good", f"The cost fell and levelled out, with {reads} read correctly.")


def _is_falling(history: pd.DataFrame, config: TrainingConfig) -> bool:
    """Tell whether more epochs would go on lowering the cost. A planned fall of the rate ends with the run."""
    costs = history.cost.to_numpy()
    tenth = max(1, len(costs) // 10)
    if config.schedule != "constant" or len(costs) < 2 * tenth:
        return False
    before, last = costs[-2 * tenth : -tenth].mean(), costs[-tenth:].mean()
    return bool(last < (1 - _FALL) * before)

"""The curves of a run by passes done, which is how epochs are counted everywhere."""

from dataclasses import dataclass

import pandas as pd

COUNTING = (
    "Epochs count the passes done: the cost at epoch 100 is that of the network after 100 passes over the training "
    "images, before it learns from the next."
)
WHY_TRAINING_IS_LOWER = (
    "Training accuracy is measured while the network learns, and so also by the weaker networks from earlier in the "
    "pass; validation accuracy is measured after it. That is why it can be the higher of the two."
)


@dataclass(frozen=True, eq=False)
class Curves:
    """What is drawn of one run: tables with the columns `passes`, `cost` and `accuracy` (in [0, 1]).

    Attributes
    ----------
    training
        By the points within the epochs where the run has them, or else one row an epoch, measured in pass number
        `passes` before its updates.
    validation
        One row an epoch, measured when so many passes were done; empty where no images are held out.
    """

    training: pd.DataFrame
    validation: pd.DataFrame


def curves(history: pd.DataFrame, points: pd.DataFrame | None = None, images_per_epoch: int = 1) -> Curves:
    """Return the curves of a run.

    Parameters
    ----------
    history, points
        Of `RunStore.history` and `RunStore.points`.
    images_per_epoch
        How many images the run learns from in one pass.
    """
    if points is not None and len(points):
        training = points.assign(passes=points.images_seen / images_per_epoch)
    else:
        training = history.assign(passes=history.epoch.astype(float))
    measured = history[history.validation_cost.notna()]
    return Curves(
        training[["passes", "cost", "accuracy"]],
        pd.DataFrame(
            {
                "passes": measured.epoch + 1.0,
                "cost": measured.validation_cost,
                "accuracy": measured.validation_accuracy,
            }
        ),
    )

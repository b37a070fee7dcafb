"""How good a finished network is, and where it fails. Read in this order: predictions, report, intervals."""

from mnist_core.evaluation.intervals import mcnemar_exact, wilson_interval
from mnist_core.evaluation.predictions import Predictions, leave_out, predict
from mnist_core.evaluation.report import Evaluation, evaluate, summarize

__all__ = [
    "Evaluation",
    "Predictions",
    "evaluate",
    "leave_out",
    "mcnemar_exact",
    "predict",
    "summarize",
    "wilson_interval",
]

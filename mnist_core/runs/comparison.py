"""Runs beside one another: as a table, what their recipes differ in, which is best, and which repeat another."""

from collections.abc import Iterable, Sequence

import pandas as pd

from mnist_core.runs.run import Run
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import as_text

# What one asks for first comes first: a phone shows four columns.
_COLUMNS = ("Name", "Status", "Test %", "Validation %", "Epochs", "Recipe", "Kind", "Time s", "When", "Notes")


def overview(runs: Iterable[Run]) -> pd.DataFrame:
    """Return one row a run, in the order given: what a list of runs shows. Accuracies are in percent."""
    rows = [
        (
            run.name,
            run.status,
            _percent(run.test_accuracy),
            _percent(run.validation_accuracy),
            run.epochs_done,
            run.preset or "own",
            "Keras" if run.kind == "keras" else "NumPy",
            run.train_s,
            run.created_at_utc,
            run.notes,
        )
        for run in runs
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"Validation %": float, "Test %": float, "Time s": float})


def matches(run: Run, words: str) -> bool:
    """Say whether every word of a search occurs in the run's name, notes, kind, recipe or status."""
    text = f"{run.name} {run.notes} {run.kind} {run.preset or 'own'} {run.status}".lower()
    return all(word in text for word in words.lower().split())


def settings_table(config: TrainingConfig) -> pd.DataFrame:
    """Return one row a setting: its label, its value as text, and the default where that is another."""
    default = TrainingConfig()
    rows = [(label, _text(config, name), _text(default, name)) for name, label in _labels().items()]
    return pd.DataFrame(
        [(label, value, "" if value == usual else usual) for label, value, usual in rows],
        columns=["Setting", "Value", "Default, if another"],
    )


def differing_settings(runs: Sequence[Run]) -> pd.DataFrame:
    """Return only the settings in which the runs differ: a row each, with a column for each run."""
    table: dict[str, list[str]] = {"Setting": list(_labels().values())}
    table |= {name: [_text(run.config, field) for field in _labels()] for name, run in unique_names(runs).items()}
    settings = pd.DataFrame(table)
    return settings[settings.drop(columns="Setting").nunique(axis=1) > 1].reset_index(drop=True)


def unique_names(runs: Iterable[Run]) -> dict[str, Run]:
    """Return the runs by name; a name that occurs twice gets the beginning of its run's id."""
    named: dict[str, Run] = {}
    for run in runs:
        named[f"{run.name} ({run.id[:4]})" if run.name in named else run.name] = run
    return named


def best_run(runs: Iterable[Run], dataset_fingerprint: str) -> Run | None:
    """Return the run with the highest test accuracy on the data set with this fingerprint; None if there is none."""
    judged = [run for run in runs if run.test_accuracy is not None and run.dataset_fingerprint == dataset_fingerprint]
    return max(judged, key=lambda run: run.test_accuracy or 0.0, default=None)


def repeats(run: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the other runs of exactly the same recipe, seed and kind, and not known to be on other data."""
    return tuple(
        other
        for other in runs
        if other.id != run.id
        and other.kind == run.kind
        and other.config == run.config
        and other.dataset_fingerprint in ("", run.dataset_fingerprint)
    )


def is_identical(run: Run, other: Run) -> bool | None:
    """Say whether two runs ended with bit-identical weights; None while one of them has no final weights."""
    if run.status != "finished" or other.status != "finished":
        return None
    return run.weights_sha256 == other.weights_sha256


def _labels() -> dict[str, str]:
    """Return the label of each field of a config."""
    fields = TrainingConfig.model_fields.items()
    return {
        name: str(field.json_schema_extra["label"])
        for name, field in fields
        if isinstance(field.json_schema_extra, dict)
    }


def _text(config: TrainingConfig, name: str) -> str:
    return as_text(getattr(config, name))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share

"""Runs beside one another: as a table, what their recipes differ in, which is best, and which repeat another."""

from collections.abc import Iterable, Sequence

import pandas as pd

from mnist_core.runs.names import recipe_name
from mnist_core.runs.run import Run
from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import words_of

# What one asks for first comes first: a phone shows four columns.
OUTCOME = (
    "Name",
    "Status",
    "Validation %",
    "Test %",
    "Epochs done",
    "Recipe",
    "Time s",
    "When",
    "Owner",
    "Kind",
    "Notes",
)


def overview(runs: Iterable[Run], me: str | None = None) -> pd.DataFrame:
    """Return one row a run, in the order given: what a list of runs shows. Accuracies are in percent.

    The columns are `OUTCOME` and every setting by its label. `me` is the identity of who asks.
    """
    rows = [
        {
            "Name": run.name,
            "Status": run.status,
            "Validation %": _percent(run.validation_accuracy),
            "Test %": _percent(run.test_accuracy),
            "Epochs done": run.epochs_done,
            "Recipe": recipe_name(run.config),
            "Time s": run.train_s,
            "When": run.created_at_utc,
            "Owner": "you" if me and run.owner == me else "another visitor",
            "Kind": "Keras" if run.kind == "keras" else "NumPy",
            "Notes": run.notes,
        }
        | {label: _cell(run.config, field) for field, label in setting_labels().items()}
        for run in runs
    ]
    table = pd.DataFrame(rows, columns=[*OUTCOME, *setting_labels().values()])
    return table.astype({"Validation %": float, "Test %": float, "Time s": float})


def settings_table(config: TrainingConfig) -> pd.DataFrame:
    """Return one row a setting: its label, its value as text, and the default where that is another."""
    default = TrainingConfig()
    rows = [(label, words_of(config, name), words_of(default, name)) for name, label in setting_labels().items()]
    return pd.DataFrame(
        [(label, value, "" if value == usual else usual) for label, value, usual in rows],
        columns=["Setting", "Value", "Default, if another"],
    )


def differing_settings(runs: Sequence[Run]) -> pd.DataFrame:
    """Return only the settings in which the runs differ: a row each, with a column for each run."""
    table: dict[str, list[str]] = {"Setting": list(setting_labels().values())}
    table |= {
        name: [words_of(run.config, field) for field in setting_labels()] for name, run in unique_names(runs).items()
    }
    settings = pd.DataFrame(table)
    return settings[settings.drop(columns="Setting").nunique(axis=1) > 1].reset_index(drop=True)


def unique_names(runs: Iterable[Run]) -> dict[str, Run]:
    """Return the runs by name; a name that occurs twice gets the beginning of its run's id."""
    named: dict[str, Run] = {}
    for run in runs:
        named[f"{run.name} ({run.id[:4]})" if run.name in named else run.name] = run
    return named


def best_run(runs: Iterable[Run], dataset_fingerprint: str) -> Run | None:
    """Return the finished run with the highest validation accuracy on the data set with this fingerprint.

    None if no run held images out: the test set judges what was chosen, and so it chooses nothing.
    """
    validated = [
        run
        for run in runs
        if run.status == "finished"
        and run.validation_accuracy is not None
        and run.dataset_fingerprint == dataset_fingerprint
    ]
    return max(validated, key=lambda run: run.validation_accuracy or 0.0, default=None)


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
    """Tell whether two runs ended with bit-identical weights; None where one of them has no final weights to compare.

    That is a run that has not finished, or of whose weights no hash has been kept.
    """
    if not all(one.status == "finished" and one.weights_sha256 for one in (run, other)):
        return None
    return run.weights_sha256 == other.weights_sha256


def setting_labels() -> dict[str, str]:
    """Return the label of each field of a config."""
    fields = TrainingConfig.model_fields.items()
    return {
        name: str(field.json_schema_extra["label"])
        for name, field in fields
        if isinstance(field.json_schema_extra, dict)
    }


def _cell(config: TrainingConfig, name: str) -> object:
    """Return numbers as they are, so that a table sorts them, and all else as text."""
    is_number = isinstance(TrainingConfig.model_fields[name].default, int | float)
    return getattr(config, name) if is_number else words_of(config, name)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share

import pandas as pd
import pytest

from mnist_core.keras_twin import time_fit
from mnist_core.keras_twin.times import FitTimes, times_table
from mnist_core.machine import available_cores, processor
from mnist_core.training import TrainingConfig


def history(*epoch_s):
    return pd.DataFrame({"elapsed_s": pd.Series(epoch_s).cumsum()})


def test_the_table_gives_medians_without_the_first_epoch_and_totals():
    table = times_table(history(5, 1, 2, 3), history(9, 4, 4, 4), (20, 6, 8, 7, 7))
    assert table["Implementation"].tolist() == ["NumPy", "Keras, compiled step", "Keras, model.fit"]
    assert table["Epoch s"].tolist() == [2, 4, 7]
    assert table["First epoch s"].tolist() == [5, 9, 20]
    assert table["All epochs s"].tolist() == [11, 21, 20 + 3 * 7]
    assert table["Times NumPy"].tolist() == [1, 2, 3.5]


def test_the_table_needs_no_model_fit_and_only_one_epoch():
    table = times_table(history(2), history(3), ())
    assert table["Epoch s"].tolist() == [2, 3]
    assert table["All epochs s"].tolist() == [2, 3]


def test_the_times_of_model_fit_survive_as_bytes():
    times = FitTimes((2.5, 0.5), "a processor", 2)
    assert FitTimes.from_bytes(times.to_bytes()) == times


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_model_fit_is_timed_epoch_by_epoch(dataset, label_smoothing):
    config = TrainingConfig(
        hidden_units=(8,), train_size=500, batch_size=50, weight_decay=0.01, label_smoothing=label_smoothing
    )
    epoch_s = time_fit(config, dataset, 3, available_cores())
    assert len(epoch_s) == 3
    assert min(epoch_s) > 0
    assert epoch_s[0] > epoch_s[1]  # the first compiles


def test_the_processor_has_a_name():
    assert processor().strip()

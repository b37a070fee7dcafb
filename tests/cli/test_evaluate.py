"""The evaluate and presets commands."""

import json

import pytest

from mnist_core import TrainingConfig, load_mnist, train
from mnist_core.cli.parser import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    trainer = train(TrainingConfig(epochs=1, batch_size=64, train_size=3000), load_mnist())
    next(trainer)
    path = tmp_path_factory.mktemp("model") / "model.npz"
    trainer.network.save(path)
    return path, trainer.network


def test_json_agrees_with_the_network(model, capsys):
    path, network = model
    test = load_mnist().test
    assert main(["evaluate", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["test_accuracy"] == (network.predict(test.images) == test.labels).mean()
    confusion = report["confusion_rows_true_columns_predicted"]
    assert sum(map(sum, confusion)) == 10_000
    assert sum(confusion[7]) == 1028  # test images of a seven: rows are the true digits
    assert report["errors"] == 10_000 - sum(confusion[digit][digit] for digit in range(10))


def test_the_tables_name_their_rows_and_columns(model, capsys):
    assert main(["evaluate", str(model[0])]) == 0
    shown = capsys.readouterr().out
    for words in ("95 % interval", "precision", "recall", "F1", "Rows: true digit. Columns: predicted digit."):
        assert words in shown


def test_what_is_no_model_is_refused_in_words(tmp_path, capsys):
    (tmp_path / "model.npz").write_text("no model")
    assert main(["evaluate", str(tmp_path / "model.npz")]) == 2
    assert "expected an undamaged .npz model" in capsys.readouterr().err


def test_presets_reports_every_seed(capsys):
    assert main(["presets", "--preset", "fast", "--seeds", "2", "--held-out", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["preset"] == "fast"
    assert len(result["accuracies"]) == len(result["train_s"]) == 2
    assert all(accuracy > 0.94 for accuracy in result["accuracies"])
    first, second = result["accuracies"]
    assert result["seeds"] == 2
    assert result["mean"] == pytest.approx((first + second) / 2)
    assert result["deviation"] == pytest.approx(abs(first - second) / 2**0.5)
    # Student's t with one degree of freedom: 12.706.
    half = 12.7062 * result["deviation"] / 2**0.5
    assert (result["low"], result["high"]) == pytest.approx((result["mean"] - half, result["mean"] + half), rel=1e-4)

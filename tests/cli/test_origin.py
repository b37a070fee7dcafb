"""Models say where they come from, and the commands say when that speaks against a number."""

import json
import platform
from math import inf, nan

import numpy as np
import pytest

from mnist_core import MLP, TrainingConfig, load_mnist
from mnist_core.cli.output import json_line
from mnist_core.cli.parser import main
from mnist_core.nn.origin import Origin
from mnist_core.settings import settings

DIVERGING = ["--learning-rate", "100", "--hidden-units", "64-64-64-64-64", "--train-size", "1000", "--momentum", "0.9"]
NULLS = {"test_accuracy", "test_interval", "errors", "cost", "per_class", "confusion_rows_true_columns_predicted"}


def strictly(text):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def evaluate(capsys, path, code=0):
    assert main(["evaluate", str(path), "--json"]) == code
    shown = capsys.readouterr()
    return strictly(shown.out), shown.err


def test_a_trained_model_carries_its_recipe_data_and_versions(tmp_path, capsys):
    path = tmp_path / "model.npz"
    recipe = ["--preset", "fast", "--train-size", "2000", "--seed", "3"]
    assert main(["train", *recipe, "--output", str(path), "--json"]) == 0
    capsys.readouterr()
    origin = MLP.load(path).origin
    expected = TrainingConfig.preset("fast").model_copy(update={"train_size": 2000, "seed": 3})
    assert TrainingConfig(**origin.config) == expected
    assert (origin.dataset_name, origin.dataset_fingerprint) == ("MNIST", load_mnist().fingerprint)
    assert (origin.status, origin.epochs_done) == ("finished", 1)
    assert origin.versions == {"python": platform.python_version(), "numpy": np.__version__}
    report, errors = evaluate(capsys, path)
    assert report["warnings"] == []
    assert report["origin"]["config"]["seed"] == 3
    assert errors == ""


def test_a_network_of_other_data_is_judged_with_a_warning(tmp_path, capsys):
    path, network = tmp_path / "model.npz", MLP(seed=1)
    network.origin_of = lambda: Origin({}, "fashion-mnist", "0" * 64, "finished", 5)
    network.save(path)
    report, errors = evaluate(capsys, path)
    (warning,) = report["warnings"]
    assert "has been trained on fashion-mnist, but is judged here by another data set, MNIST" in warning
    assert f"Warning: {warning}" in errors
    assert report["dataset"] == "MNIST"
    assert report["dataset_fingerprint"] == load_mnist().fingerprint


def test_a_model_of_the_first_release_is_of_unknown_origin(tmp_path, capsys):
    MLP(seed=1).save(tmp_path / "model.npz")
    report, errors = evaluate(capsys, tmp_path / "model.npz")
    assert report["origin"] is None
    assert "does not say where the network comes from" in report["warnings"][0]
    assert "Warning: The file does not say" in errors


def test_a_network_that_diverged_is_named_when_it_is_saved(tmp_path, capsys):
    path = tmp_path / "model.npz"
    assert main(["train", "--epochs", "300", *DIVERGING, "--output", str(path)]) == 1
    assert "a network that diverged" in capsys.readouterr().out
    assert MLP.load(path).origin.status == "diverged"


def test_a_diverging_run_prints_json_that_is_json(capsys):
    assert main(["train", "--epochs", "300", *DIVERGING, "--json"]) == 1
    *epochs, final = [strictly(line) for line in capsys.readouterr().out.splitlines()]
    assert None in [epochs[-1]["cost"], *epochs[-1]["gradient_norms"]]
    assert final["status"] == "diverged"
    assert final["test_accuracy"] is None


def test_weights_that_are_not_finite_have_no_accuracy(tmp_path, capsys):
    network = MLP(seed=1)
    network.kernels[0][0] = np.nan
    network.save(tmp_path / "model.npz")
    report, errors = evaluate(capsys, tmp_path / "model.npz", code=1)
    assert {report[name] for name in NULLS} == {None}
    assert "Its weights are not finite numbers" in report["warnings"][-1]
    assert "Its weights are not finite numbers" in errors


@pytest.mark.parametrize(
    ("value", "text"),
    [(nan, "null"), (-inf, "null"), ((1.5, nan), "[1.5, null]"), ({"b": [inf]}, '{"b": [null]}')],
)
def test_null_stands_for_what_json_has_no_number_for(value, text):
    assert json_line({"a": value}) == f'{{"a": {text}}}'
    assert json_line({"a": np.array([1, 2])}) == '{"a": [1, 2]}'
    assert json_line({"a": np.float32("nan")}) == '{"a": null}'


def test_the_tables_name_the_classes_of_other_data(tmp_path, capsys, fashion_dir, monkeypatch):
    monkeypatch.setenv("MNIST_DATA_DIR", str(fashion_dir))
    settings.cache_clear()
    try:
        MLP(seed=1).save(tmp_path / "model.npz")
        assert main(["evaluate", str(tmp_path / "model.npz")]) == 0
        shown = capsys.readouterr().out
        report, _ = evaluate(capsys, tmp_path / "model.npz")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert "Rows: true class. Columns: predicted class." in shown
    assert "9 Ankle boot" in shown
    assert "digit" not in shown
    assert report["class_names"][9] == "Ankle boot"

"""The train command as a person runs it: in a process of its own, on real MNIST."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from mnist_core import MLP, load_mnist
from mnist_core.cli.parser import main
from mnist_core.training import TrainingConfig
from mnist_core.training.config_file import write_config

COMMAND = [sys.executable, "-m", "mnist_core", "train"]


def run(*arguments, environment=None):
    variables = os.environ | (environment or {})
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False, env=variables
    )


def test_json_gives_an_object_an_epoch_and_a_final_one(tmp_path):
    done = run(
        "--epochs", "2", "--train-size", "3000", "--validation-size", "500", "--output", tmp_path / "m", "--json"
    )
    assert done.returncode == 0, done.stderr
    *epochs, final = [json.loads(line) for line in done.stdout.splitlines()]
    assert [epoch["epoch"] for epoch in epochs] == [0, 1]
    assert all({"cost", "accuracy", "validation_accuracy", "elapsed_s"} <= epoch.keys() for epoch in epochs)
    test = load_mnist().test
    saved = MLP.load(tmp_path / "m")
    assert final["final"] is True
    assert final["test_accuracy"] == (saved.predict(test.images) == test.labels).mean()
    low, high = final["test_interval"]
    assert low < final["test_accuracy"] < high


def test_the_classic_recipe_is_shown_beside_the_published_costs(capsys):
    assert main(["train", "--epochs", "2"]) == 0
    shown = capsys.readouterr()
    assert "Test accuracy" in shown.out
    assert "published" not in shown.out  # another number of epochs is another recipe


def test_options_replace_a_presets_values(capsys):
    assert main(["train", "--preset", "fast", "--epochs", "1", "--train-size", "2000", "--json"]) == 0
    first, final = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first["epoch"] == 0
    assert final["epochs"] == 1


def test_a_recipe_is_read_from_a_file_and_options_replace_its_values(tmp_path, capsys):
    recipe = tmp_path / "config.json"
    recipe.write_text(write_config(TrainingConfig(epochs=3, train_size=2000, hidden_units=(8,))))
    assert main(["train", "--config", str(recipe), "--optimizer", "nesterov", "--epochs", "2", "--json"]) == 0
    *epochs, final = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (len(epochs), final["epochs"]) == (2, 2)
    assert len(epochs[0]["gradient_norms"]) == 2  # one hidden layer, as the file says
    recipe.write_text("no recipe")
    assert main(["train", "--config", str(recipe)]) == 2
    assert "expected a JSON file such as config.json" in capsys.readouterr().err
    assert main(["train", "--config", str(tmp_path / "none.json")]) == 2


def test_a_diverged_run_says_so_and_fails(capsys):
    recipe = ["--learning-rate", "100", "--hidden-units", "64-64-64-64-64", "--train-size", "1000", "--momentum", "0.9"]
    assert main(["train", "--epochs", "300", *recipe]) == 1
    assert "Diverged. The" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--epochs", "0"], "epochs: expected greater than or equal to 1, received '0'"),
        (["--optimizer", "magic"], "optimizer: expected 'sgd', 'momentum'"),
        (["--output", "/no/such/folder/model.npz"], "--output: expected a file in a folder that exists"),
        (["--preset", "turbo"], "invalid choice: 'turbo'"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--threads", "0"], "expected a whole number from 1 on, received '0'"),
    ],
)
def test_bad_options_give_a_message_and_exit_code_2(arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_cleanly_and_saves(tmp_path):
    arguments = ["--epochs", "10000", "--json", "--output", tmp_path / "model.npz"]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = json.loads(process.stdout.readline())
        os.kill(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert first["epoch"] == 0
    assert process.returncode == 130
    assert errors == ""
    final = json.loads(rest.splitlines()[-1])
    assert final["status"] == "stopped"
    assert np.isfinite(MLP.load(tmp_path / "model.npz").parameters).all()


def test_a_missing_data_folder_is_named(tmp_path):
    done = run("--epochs", "1", environment={"MNIST_DATA_DIR": str(tmp_path)})
    assert done.returncode == 2
    assert f"{tmp_path}/train-images-idx3-ubyte: expected this file" in done.stderr


def test_every_field_is_an_option_with_its_own_help():
    help_text = " ".join(run("--help").stdout.split())
    for words in ("--learning-rate VALUE", "--hidden-units VALUE", "How far one step follows the gradient"):
        assert words in help_text

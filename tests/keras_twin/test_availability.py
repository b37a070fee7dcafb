import subprocess
import sys
from pathlib import Path

import pytest

from mnist_core import TrainingConfig
from mnist_core.errors import LimitError
from mnist_core.keras_twin import availability, is_installed, train_twin, versions, why_not
from mnist_core.settings import Settings, settings

ROOT = Path(__file__).parents[2]
SERVER = """
import sys
import mnist_core.jobs, mnist_core.keras_twin, pages.keras_comparison.follow
from mnist_core.keras_twin import is_installed, keras_code, to_keras_file
from mnist_core import MLP, TrainingConfig, load_mnist
from mnist_core.uploads.child import ask
assert is_installed()
assert ask("keras", to_keras_file(MLP((784, 4, 10))))
keras_code(TrainingConfig(), load_mnist())
print(sorted({"keras", "tensorflow"} & set(sys.modules)))
"""


def test_nothing_that_the_server_does_imports_tensorflow():
    done = subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


def test_keras_is_known_without_being_imported(monkeypatch):
    assert is_installed()
    assert versions()["keras"]
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert not is_installed()


def test_a_server_may_switch_keras_off(monkeypatch):
    assert why_not(Settings()) == ""
    assert why_not(Settings(keras="off")) == "Keras is switched off on this server (MNIST_KERAS=off)."
    monkeypatch.setenv("MNIST_KERAS", "off")
    assert Settings().keras == "off"


def test_where_memory_is_short_keras_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(availability, "memory_bytes", lambda: 690_000_000)
    assert "needs 1,800 MB of memory with everything around it, and this server has 690 MB" in why_not(Settings())
    assert why_not(Settings(scheduler_address="tcp://elsewhere:8786")) == ""


def test_a_worker_does_not_load_tensorflow_where_too_little_memory_is_free(dataset, monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(availability, "free_memory_bytes", lambda: 900_000_000)
    with pytest.raises(LimitError, match="needs 1,250 MB of free memory, and 900 MB are free just now"):
        train_twin(TrainingConfig(epochs=1), dataset)
    monkeypatch.setenv("MNIST_KERAS", "off")
    settings.cache_clear()
    try:
        with pytest.raises(LimitError, match="MNIST_KERAS=off"):
            train_twin(TrainingConfig(epochs=1), dataset)
    finally:
        settings.cache_clear()

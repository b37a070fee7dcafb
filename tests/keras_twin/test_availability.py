import subprocess
import sys
from pathlib import Path

from mnist_core.keras_twin import is_installed, versions

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

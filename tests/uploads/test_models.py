"""Uploaded model files: read by a child process, and refused in words."""

import io
import subprocess
from dataclasses import dataclass

import numpy as np
import pytest

from mnist_core import MLP
from mnist_core.errors import ModelFileError
from mnist_core.keras_twin import to_keras_file
from mnist_core.nn.origin import Origin
from mnist_core.uploads.models import MAX_BYTES, read_model
from mnist_core.uploads.usable import largest_sum


@dataclass
class Upload:
    """A file as a browser sends it."""

    name: str
    content: bytes

    @property
    def size(self):
        return len(self.content)

    def getvalue(self):
        return self.content


def npz_of(network):
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


def test_an_npz_file_gives_the_network_bit_for_bit(network):
    read = read_model(Upload("model.npz", npz_of(network)))
    assert np.array_equal(read.parameters, network.parameters)
    assert read.layer_sizes == network.layer_sizes


def test_a_keras_file_gives_a_network_with_the_same_answers(network, dataset):
    read = read_model(Upload("model.keras", to_keras_file(network)))
    images = dataset.test.images[:200]
    assert read.predict_proba(images) == pytest.approx(network.predict_proba(images), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("model.npz", b"not a model", "model.npz: expected an undamaged .npz model"),
        ("model.keras", b"not a model", "model.keras: Expected an undamaged .keras file"),
        ("model.pkl", b"cos\nsystem\n", "expected a file ending in .npz or .keras"),
    ],
)
def test_what_is_no_model_is_refused_in_words(name, content, words):
    with pytest.raises(ModelFileError, match=words):
        read_model(Upload(name, content))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    class Large(Upload):
        size = MAX_BYTES + 1

        def getvalue(self):
            raise AssertionError("it was read")

    with pytest.raises(ModelFileError, match=f"at most {MAX_BYTES:,} bytes, received {MAX_BYTES + 1:,}"):
        read_model(Large("model.npz", b""))


def changed(change):
    network = MLP((784, 12, 10), "relu", seed=1)
    change(network)
    return npz_of(network)


def set_kernel(layer, value):
    def change(network):
        network.kernels[layer][3, 3] = value

    return change


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize(
    ("value", "words"), [(np.nan, "finite weights"), (-np.inf, "finite weights"), (1e38, "sums stay finite")]
)
def test_weights_with_which_nothing_can_be_computed_are_refused(layer, value, words):
    with pytest.raises(ModelFileError, match=f"model.npz: Expected .*{words}"):
        read_model(Upload("model.npz", changed(set_kernel(layer, value))))


def test_large_weights_are_accepted_as_long_as_every_answer_is_a_number(dataset):
    network = read_model(Upload("model.npz", changed(set_kernel(0, 1e30))))
    assert np.isfinite(network.predict_proba(dataset.test.images[:500])).all()


def test_a_bound_holds_for_every_image():
    network = MLP((784, 12, 10), "relu", seed=1)
    images = np.random.default_rng(0).uniform(size=(50, 784)).astype(np.float32)
    assert np.abs(network.logits(images)).max() <= largest_sum(network)
    assert largest_sum(MLP((784, 12, 10), "tanh", seed=1)) < largest_sum(network)


@pytest.mark.parametrize("sizes", [(100, 10), (784, 9)])
def test_a_network_for_other_images_or_classes_is_refused(sizes):
    with pytest.raises(ModelFileError, match="from 784 pixels to 10 classes, found one from"):
        read_model(Upload("model.npz", npz_of(MLP(sizes))))


def test_where_a_network_comes_from_is_kept():
    network = MLP((784, 10))
    origin = Origin({}, "MNIST", "ab" * 32, "finished", 3)
    network.origin_of = lambda: origin
    assert read_model(Upload("model.npz", npz_of(network))).origin == origin


def test_the_reader_has_no_secrets_of_the_server(monkeypatch):
    monkeypatch.setenv("MNIST_DATABASE_URL", "postgresql://user:secret@host/db")
    asked = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: asked.append(kwargs["env"]) or run(*args, **kwargs))
    read_model(Upload("model.npz", npz_of(MLP((784, 10)))))
    assert "PATH" in asked[0]
    assert not [name for name in asked[0] if name.startswith("MNIST_")]

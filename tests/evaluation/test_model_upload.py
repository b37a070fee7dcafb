import io
import zipfile
from dataclasses import dataclass

import numpy as np
import pytest

from mnist_core import MLP
from mnist_core.errors import ModelFileError
from mnist_core.evaluation.model_upload import MAX_BYTES, read_upload
from mnist_core.keras_twin import to_keras_file


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
    read = read_upload(Upload("model.npz", npz_of(network)))
    assert np.array_equal(read.parameters, network.parameters)
    assert read.layer_sizes == network.layer_sizes


def test_a_keras_file_gives_a_network_with_the_same_answers(network, dataset):
    read = read_upload(Upload("model.keras", to_keras_file(network)))
    images = dataset.test.images[:200]
    assert read.predict_proba(images) == pytest.approx(network.predict_proba(images), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("model.npz", b"not a model", "model.npz: expected an undamaged .npz model"),
        ("model.keras", b"not a model", "Expected an undamaged .keras file"),
        ("model.pkl", b"cos\nsystem\n", "expected a file ending in .npz or .keras"),
    ],
)
def test_what_is_no_model_is_refused_in_words(name, content, words):
    with pytest.raises(ModelFileError, match=words):
        read_upload(Upload(name, content))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    class Large(Upload):
        size = MAX_BYTES + 1

        def getvalue(self):
            raise AssertionError("it was read")

    with pytest.raises(ModelFileError, match=f"at most {MAX_BYTES} bytes, received {MAX_BYTES + 1}"):
        read_upload(Large("model.npz", b""))


def test_a_small_file_that_unpacks_to_too_much_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kernel_0.npy", bytes(MAX_BYTES + 1))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(ModelFileError, match="bytes unpacked"):
        read_upload(Upload("bomb.npz", file.getvalue()))


def test_weights_that_are_not_finite_are_refused():
    network = MLP((784, 10))
    network.kernels[0][3, 3] = np.nan
    with pytest.raises(ModelFileError, match="expected finite weights"):
        read_upload(Upload("model.npz", npz_of(network)))

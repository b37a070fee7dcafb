"""`.keras` files: what Keras reads of ours, what we read of Keras's, and what is refused before any of it is used."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from mnist_core.errors import ModelFileError
from mnist_core.keras_twin import to_keras_file
from mnist_core.keras_twin.reader import read
from mnist_core.nn import MLP
from tests.keras_twin.lazy import keras

# Keras makes arrays of TensorFlow's tensors in a way that NumPy 2 no longer likes.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@pytest.fixture(scope="module")
def images(dataset):
    return dataset.test.images[:200]


def rows(images, dtype=np.float32):
    return images.reshape(len(images), -1).astype(dtype) / 255


def keras_file(model, tmp_path):
    path = tmp_path / "model.keras"
    model.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("sizes", "activation"), [((784, 128, 64, 10), "relu"), ((784, 12, 10), "tanh"), ((784, 10), "relu")]
)
def test_keras_reads_our_file_and_predicts_the_same(sizes, activation, dtype, images, tmp_path):
    network = MLP(sizes, activation, seed=1, dtype=dtype)
    network.biases[0][:] = np.linspace(-1, 1, sizes[1])
    path = tmp_path / "network.keras"
    path.write_bytes(to_keras_file(network))
    model = keras.models.load_model(path, safe_mode=True, compile=False)
    theirs = model.predict_on_batch(rows(images, dtype))
    np.testing.assert_allclose(theirs, network.predict_proba(images), atol=1e-6)


def test_a_network_survives_the_round_trip_bit_for_bit():
    network = MLP((784, 20, 10), "sigmoid", seed=2)
    network.biases[1][:] = np.arange(10)
    again = read(to_keras_file(network))
    assert again.layer_sizes == network.layer_sizes
    assert again.activation == "sigmoid"
    assert again.parameters.tobytes() == network.parameters.tobytes()


def sequential(*layers, shape=(784,)):
    return keras.Sequential([keras.Input(shape), *layers])


def dense(units, activation=None, **arguments):
    return keras.layers.Dense(units, activation, bias_initializer="random_normal", **arguments)


def functional():
    inputs = keras.Input((28, 28, 1))
    h = keras.layers.Flatten()(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    return keras.Model(inputs, dense(10, "softmax")(keras.layers.ReLU()(dense(16)(h))))


MODELS = {
    "plain": lambda: sequential(dense(16, "relu"), dense(10)),
    "images, grey levels": lambda: sequential(
        keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), dense(16, "relu"), dense(10), shape=(28, 28)
    ),
    "layers of their own": lambda: sequential(
        dense(16), keras.layers.Activation("tanh"), keras.layers.Dropout(0.5), dense(10), keras.layers.Softmax()
    ),
    "no bias": lambda: sequential(dense(16, "sigmoid", use_bias=False), dense(10, "softmax")),
    "functional": functional,
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_keras_is_read_and_answers_the_same(kind, images, tmp_path):
    model = MODELS[kind]()
    shape = model.input_shape[1:]
    rescales = any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers)
    x = images.reshape(-1, *shape).astype("float32") / (1 if rescales else 255)
    theirs = model.predict_on_batch(x)
    network = read(keras_file(model, tmp_path))
    is_softmax = np.allclose(theirs.sum(axis=1), 1)
    ours = network.predict_proba(images) if is_softmax else network.logits(images)
    np.testing.assert_allclose(ours, theirs, atol=1e-5 if rescales else 1e-6)


def test_a_trained_model_with_its_optimizer_is_read(images, tmp_path):
    model = MODELS["plain"]()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(rows(images), np.zeros(len(images)), verbose=0)
    network = read(keras_file(model, tmp_path))
    np.testing.assert_allclose(network.logits(images), model.predict_on_batch(rows(images)), atol=1e-6)


REFUSED = {
    "Conv2D": lambda: sequential(keras.layers.Conv2D(2, 3), keras.layers.Flatten(), dense(10), shape=(28, 28, 1)),
    "Lambda": lambda: sequential(keras.layers.Lambda(lambda x: x), dense(10)),
    "expected 784 or 28 x 28|Input: expected": lambda: sequential(dense(10), shape=(100,)),
    "Output: expected a Dense layer of 10 units": lambda: sequential(dense(5)),
    "Hidden layers: expected the same activation": lambda: sequential(dense(4, "relu"), dense(4, "tanh"), dense(10)),
    "Activation: expected one of relu, tanh, sigmoid": lambda: sequential(dense(4, "elu"), dense(10)),
    "Rescaling: expected one": lambda: sequential(keras.layers.Rescaling(2.0), dense(10)),
    "ReLU: expected no max_value": lambda: sequential(dense(4), keras.layers.ReLU(max_value=6), dense(10)),
    "expected float32 or float64, found mixed_float16": lambda: sequential(dense(10, dtype="mixed_float16")),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_model_that_is_no_such_perceptron_is_refused_in_words(words, tmp_path):
    with pytest.raises(ModelFileError, match=words):
        read(keras_file(REFUSED[words](), tmp_path))


def test_branches_are_refused(tmp_path):
    inputs = keras.Input((784,))
    left, right = dense(10)(inputs), dense(10)(inputs)
    with pytest.raises(ModelFileError, match="expected"):
        read(keras_file(keras.Model(inputs, keras.layers.add([left, right])), tmp_path))
    skipped = dense(10)(inputs)
    with pytest.raises(ModelFileError, match="branches"):
        read(edited(keras_file(keras.Model(inputs, dense(10)(skipped)), tmp_path), cut_off_last_layer))


def cut_off_last_layer(config):
    last = config["config"]["layers"][2]
    last["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = config["config"]["layers"][0]["config"]["name"]


def edited(content, change):
    """Return a `.keras` file whose config was changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(entries["config.json"])
    change(config)
    return zipped({**entries, "config.json": json.dumps(config).encode()})


def zipped(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture(scope="module")
def content():
    return to_keras_file(MLP((784, 4, 10)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda config: config.update(module="builtins"), "a model of Keras itself"),
        (lambda config: config["config"]["layers"][1].update(module="os"), "of Keras itself"),
        (lambda config: config["config"]["layers"][1].update(registered_name="my>Dense"), "my>Dense"),
        (lambda config: config["config"]["layers"][1]["config"].update(units=10**9), "1 to 8192 units"),
        (lambda config: config["config"]["layers"][1]["config"].update(units=8), "shape"),
        (lambda config: config["config"].update(layers=config["config"]["layers"][:1] * 200), "layers"),
        (lambda config: config["config"].update(layers=7), "Keras 3 model"),
        (lambda config: config["config"]["layers"][1]["config"].update(activation={"class_name": "f"}), "a custom one"),
    ],
)
def test_a_changed_config_is_refused(content, change, words):
    with pytest.raises(ModelFileError, match=words):
        read(edited(content, change))


def with_weights(content, fill):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        config = archive.read("config.json")
    file = io.BytesIO()
    with h5py.File(file, "w") as weights:
        fill(weights)
    return zipped({"config.json": config, "model.weights.h5": file.getvalue()})


def test_weights_from_another_file_are_refused(content, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 784 * 4 * 4)

    def fill(weights):
        external = [(str(secret), 0, 784 * 4 * 4)]
        weights.create_dataset("layers/dense/vars/0", (784, 4), "f4", external=external)
        weights["layers/dense/vars/1"] = np.zeros(4, "f4")
        weights["layers/dense_1/vars/0"] = np.zeros((4, 10), "f4")
        weights["layers/dense_1/vars/1"] = np.zeros(10, "f4")

    with pytest.raises(ModelFileError, match="found a reference"):
        read(with_weights(content, fill))


def test_weights_that_are_no_numbers_are_refused(content):
    def fill(weights):
        for layer, shape in (("dense", (784, 4)), ("dense_1", (4, 10))):
            weights[f"layers/{layer}/vars/0"] = np.full(shape, np.nan, "f4")
            weights[f"layers/{layer}/vars/1"] = np.zeros(shape[1], "f4")

    with pytest.raises(ModelFileError, match="expected finite numbers"):
        read(with_weights(content, fill))


def test_files_that_are_no_models_are_refused_in_words(content):
    with pytest.raises(ModelFileError, match="undamaged"):
        read(b"not a zip file")
    with pytest.raises(ModelFileError, match="undamaged"):
        read(content[: len(content) // 2])
    with pytest.raises(ModelFileError, match=r"found config\.json, model\.weights\.h5, \.\./evil"):
        read(zipped({"config.json": b"{}", "model.weights.h5": b"", "../evil": b""}))
    with pytest.raises(ModelFileError, match="at most 68,157,440 bytes unpacked"):
        read(zipped({"config.json": b"{}", "model.weights.h5": bytes(65 * 1024**2 + 1)}))

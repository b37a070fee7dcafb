"""Model files: bit for bit there and back, and a clear error for whatever is no model."""

import io
import json
import zipfile

import numpy as np
import pytest

from mnist_core.errors import ModelFileError
from mnist_core.nn import MLP, model_file
from mnist_core.nn.origin import Origin


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("hidden", [(), (128, 64)])
def test_a_network_survives_bit_for_bit(tmp_path, dtype, hidden):
    network = MLP((784, *hidden, 10), "tanh", seed=5, dtype=dtype)
    network.save(tmp_path / "model")
    loaded = MLP.load(tmp_path / "model")
    assert loaded.parameters.tobytes() == network.parameters.tobytes()
    assert (loaded.layer_sizes, loaded.activation, loaded.dtype) == (network.layer_sizes, "tanh", np.dtype(dtype))


def test_binary_files_work_as_paths_do():
    file = io.BytesIO()
    MLP(seed=5).save(file)
    file.seek(0)
    assert np.array_equal(MLP.load(file).parameters, MLP(seed=5).parameters)


def archive(**changes):
    """Return the file of a small model with some arrays replaced, or left out where None."""
    arrays = {
        "format": np.array(model_file.FORMAT),
        "activation": np.array("relu"),
        "kernel_0": np.zeros((784, 10), np.float32),
        "bias_0": np.zeros(10, np.float32),
    }
    arrays = {name: array for name, array in (arrays | changes).items() if array is not None}
    file = io.BytesIO()
    np.savez(file, **arrays)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bias_0": None}, "expected format, activation, kernel_0, bias_0"),
        ({"extra": np.zeros(3)}, "found .*extra.npy"),
        ({"format": np.array("mnist-mlp-99")}, "expected format 'mnist-mlp-1', found 'mnist-mlp-99'"),
        ({"activation": np.array("gelu")}, "expected activation relu, tanh, sigmoid, found 'gelu'"),
        ({"activation": np.zeros(3)}, "activation of type float64"),
        ({"kernel_0": np.zeros((784, 9), np.float32)}, r"found \(784, 9\) and \(10,\)"),
        ({"kernel_0": np.zeros(784, np.float32)}, "expected kernel_0 of shape"),
        ({"kernel_0": np.zeros((784, 10))}, "expected float32 or float64 throughout"),
        ({"kernel_0": np.zeros((784, 10), np.int32), "bias_0": np.zeros(10, np.int32)}, "found int32"),
    ],
)
def test_alien_archives_are_refused_in_words(changes, message):
    with pytest.raises(ModelFileError, match=message):
        MLP.load(archive(**changes))


def test_pickled_arrays_are_never_loaded():
    with pytest.raises(ModelFileError, match="kernel_0"):
        MLP.load(archive(kernel_0=np.array([{"a": 1}], dtype=object)))


def test_a_missing_file_and_a_text_file(tmp_path):
    with pytest.raises(ModelFileError, match=r"nothing\.npz: expected a model file, found nothing there"):
        MLP.load(tmp_path / "nothing.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(ModelFileError, match=r"text\.npz: expected an undamaged \.npz"):
        MLP.load(tmp_path / "text.npz")


def test_truncated_and_altered_files_are_refused(tmp_path):
    content = archive(kernel_0=np.random.default_rng(0).normal(size=(784, 10)).astype(np.float32)).getvalue()
    for damaged in (content[: len(content) // 2], content[:-200], content[:2000] + b"\xff" * 8 + content[2008:]):
        (tmp_path / "model.npz").write_bytes(damaged)
        with pytest.raises(ModelFileError, match="undamaged"):
            MLP.load(tmp_path / "model.npz")


def test_a_bomb_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in ("format.npy", "activation.npy", "bias_0.npy"):
            bomb.writestr(name, b"0")
        with bomb.open("kernel_0.npy", "w", force_zip64=True) as entry:
            for _ in range(model_file.MAX_BYTES // (1 << 24) + 1):
                entry.write(bytes(1 << 24))
    file.seek(0)
    with pytest.raises(ModelFileError, match="expected at most 257,048,576 bytes unpacked"):
        MLP.load(file)


def test_a_header_that_lies_about_its_size_is_refused_before_it_is_allocated():
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (784, 10**9)})
    file = archive()
    with zipfile.ZipFile(file) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    entries["kernel_0.npy"] = header.getvalue() + bytes(64)
    altered = io.BytesIO()
    with zipfile.ZipFile(altered, "w") as target:
        for name, content in entries.items():
            target.writestr(name, content)
    altered.seek(0)
    with pytest.raises(ModelFileError, match="kernel_0 of shape"):
        MLP.load(altered)


ORIGIN = Origin(
    config={"epochs": 3, "hidden_units": [128, 64]},
    dataset_name="KMNIST",
    dataset_fingerprint="ab" * 32,
    status="finished",
    epochs_done=3,
    versions={"numpy": "2.4.6"},
)


def test_the_origin_travels_with_the_weights():
    network, file = MLP(seed=5), io.BytesIO()
    network.origin_of = lambda: ORIGIN
    network.save(file)
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        assert json.loads(str(arrays["origin"]))["dataset_name"] == "KMNIST"
    file.seek(0)
    loaded = MLP.load(file)
    assert loaded.origin == ORIGIN
    again = io.BytesIO()
    loaded.save(again)
    again.seek(0)
    assert MLP.load(again).origin == ORIGIN


def test_a_file_of_the_first_release_loads_without_an_origin():
    assert MLP.load(archive()).origin is None


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        (np.array("{"), "undamaged"),
        (np.array("[]"), "expected an origin as a JSON object, found list"),
        (np.array('{"config": {}}'), "origin.dataset_name: expected str, found NoneType"),
        (np.array(ORIGIN.to_json().replace("3,", "true,")), "origin.epochs_done: expected int, found bool"),
        (np.array("[" * 60_000), "undamaged"),
        (np.array("x" * 70_000), "origin of type <U70000"),
        (np.array([{"a": 1}], dtype=object), "undamaged"),
    ],
)
def test_a_bad_origin_is_refused_in_words(origin, message):
    with pytest.raises(ModelFileError, match=message):
        MLP.load(archive(origin=origin))


def test_an_origin_of_a_newer_release_keeps_what_is_known():
    newer = json.dumps(json.loads(ORIGIN.to_json()) | {"place": "somewhere"})
    assert MLP.load(archive(origin=np.array(newer))).origin == ORIGIN

"""Small files that ask for much memory: each was refused too late, or not at all, by an earlier release."""

import gzip
import io
import json
import struct
import zipfile
import zlib
from itertools import pairwise

import h5py
import numpy as np

from mnist_core.keras_twin import to_keras_file
from mnist_core.nn import MLP, model_file

MEGABYTE = 1024 * 1024


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(*sizes, method=zipfile.ZIP_DEFLATED):
    """Return a model of zeros with layers of `sizes`."""
    arrays = {"format": np.array(model_file.FORMAT), "activation": np.array("relu")}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        arrays[f"kernel_{layer}"] = np.zeros((fan_in, fan_out), np.float32)
        arrays[f"bias_{layer}"] = np.zeros(fan_out, np.float32)
    return zipped({f"{name}.npy": npy(array) for name, array in arrays.items()}, method)


def npz_with_more_behind():
    """Return a model whose bias unpacks to 256 MB, while its entry declares a hundred bytes more than the array."""
    bias = npy(np.zeros(10, np.float32))
    content = npz(784, 10)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["bias_0.npy"] = bias + bytes(256 * MEGABYTE)
    lying = zipped(entries)
    declared, true = struct.pack("<I", len(bias) + 100), struct.pack("<I", len(bias) + 256 * MEGABYTE)
    return lying.replace(true, declared)


def keras(weights, **changes):
    """Return a `.keras` file of a 784-10 network with `weights` in place of its own."""
    with zipfile.ZipFile(io.BytesIO(to_keras_file(MLP((784, 10))))) as archive:
        config = json.loads(archive.read("config.json"))
    config["config"]["layers"][1]["config"].update(changes)
    return zipped({"config.json": json.dumps(config), "model.weights.h5": weights})


def compressed_hdf5(units):
    """Return weights of zeros, compressed by HDF5 itself."""
    file = io.BytesIO()
    with h5py.File(file, "w") as weights:
        for layer, (fan_in, fan_out) in {"dense": (784, units), "dense_1": (units, 10)}.items():
            weights.create_dataset(f"layers/{layer}/vars/0", (fan_in, fan_out), "f8", compression=9)
            weights.create_dataset(f"layers/{layer}/vars/1", (fan_out,), "f8")
    return file.getvalue()


def keras_compressed(units):
    with zipfile.ZipFile(io.BytesIO(to_keras_file(MLP((784, 1, 10))))) as archive:
        config = json.loads(archive.read("config.json"))
    config["config"]["layers"][1]["config"]["units"] = units
    return zipped({"config.json": json.dumps(config), "model.weights.h5": compressed_hdf5(units)})


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, *, colour_type=6, bits=8, extra=()):
    """Return a PNG of zeros: colour type 6 is RGBA, 0 grey."""
    row_bytes = 1 + width * bits // 8 * {0: 1, 6: 4}[colour_type]
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(bytes(row_bytes * height), 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body + _chunk(b"IEND", b"")


def text_bomb():
    """Return a PNG with a text chunk that unpacks to 200 MB."""
    return png(28, 28, extra=[_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 * MEGABYTE), 9))])


def gzip_bomb(declared):
    """Return gzipped IDX images that declare some images, and go on with 300 MB of zeros."""
    header = struct.pack(">4B3I", 0, 0, 8, 3, declared, 28, 28)
    return gzip.compress(header + bytes(300 * MEGABYTE), 1)


UPLOADS = {
    "keras: 200 MB of zeros as weights": lambda: ("keras", keras(bytes(200 * MEGABYTE))),
    "keras: 8,192 units compressed by HDF5": lambda: ("keras", keras_compressed(8192)),
    "npz: 340,000 units": lambda: ("npz", npz(784, 1, 340_000, 10)),
    "npz: 100,000,000 weights": lambda: ("npz", npz(784, 8192, 8192, 10)),
    "npz: more behind than declared": lambda: ("npz", npz_with_more_behind()),
    "npz: packed by LZMA": lambda: ("npz", npz(784, 10, method=zipfile.ZIP_LZMA)),
    "png: 20 megapixels with transparency": lambda: ("photo", png(5000, 4000)),
    "png: 20 megapixels of 16 bits": lambda: ("photo", png(5000, 4000, colour_type=0, bits=16)),
    "png: a text of 200 MB": lambda: ("photo", text_bomb()),
}

"""Read which network a Keras model's config.json describes, without running any of it.

Accepted is what a multilayer perceptron can be exactly: Dense layers one after the other, with Flatten, Rescaling,
Dropout, ReLU, Activation and Softmax layers around them. All else is refused, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from mnist_core.data.dataset import CLASSES
from mnist_core.errors import ModelFileError
from mnist_core.nn.activations import ACTIVATIONS
from mnist_core.nn.parameters import MAX_HIDDEN_LAYERS, MAX_PARAMETERS, MAX_UNITS, count_parameters
from mnist_core.training.config import PIXELS

_MAX_LAYERS = MAX_HIDDEN_LAYERS + 1
_INPUTS = ([None, PIXELS], [None, 28, 28], [None, 28, 28, 1])
_GREY_LEVELS = 255.0
# Above it, a Rescaling layer cannot be meant for grey levels up to 255.
_LARGEST_SCALE = 0.02


@dataclass
class Architecture:
    """A perceptron's shape.

    Attributes
    ----------
    units
        Of each Dense layer.
    activations
        After each Dense layer: "linear" or one of the network's; "softmax" at the end counts as "linear", because it
        does not belong to the logits.
    has_bias
        Of each Dense layer.
    scale, offset
        The first layer sees pixel * scale + offset, where the pixel is in [0, 1].
    rescales
        Whether the model has a Rescaling layer, and so takes grey levels 0 to 255.
    """

    units: list[int] = field(default_factory=list)
    activations: list[str] = field(default_factory=list)
    has_bias: list[bool] = field(default_factory=list)
    scale: float = 1.0
    offset: float = 0.0
    rescales: bool = False

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units of every layer, inputs first."""
        return (PIXELS, *self.units)

    @property
    def activation(self) -> str:
        """The hidden layers' activation."""
        return self.activations[0] if len(self.activations) > 1 else "relu"


def read_architecture(config: Any) -> Architecture:
    """Return the perceptron that the parsed config.json of a Keras model describes.

    Raises
    ------
    ModelFileError
        It is not a perceptron for 28 x 28 images and ten classes that this app can compute exactly.
    """
    try:
        layers = _chain(config)
        architecture = Architecture()
        for layer in layers:
            _LAYERS[_kind(layer)](architecture, layer["config"])
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"config.json: expected a Keras 3 model, found: {error!r:.200}.") from error
    _check(architecture)
    return architecture


def _chain(config: Any) -> list[Mapping[str, Any]]:
    """Return the layers of a Sequential model, or of a functional one in which each follows the one before."""
    kind, layers = config["class_name"], config["config"]["layers"]
    if config["module"] not in {"keras", "keras.models", "keras.src.models.functional", "keras.src.models.sequential"}:
        raise ModelFileError(f"config.json: expected a model of Keras itself, found {config['module']}.{kind}.")
    if kind not in {"Sequential", "Functional"} or len(layers) > 4 * _MAX_LAYERS:
        raise ModelFileError(f"config.json: expected Sequential or Functional, found {kind} of {len(layers)} layers.")
    for before, layer in pairwise(layers) if kind == "Functional" else ():
        (node,) = layer["inbound_nodes"]
        if node["args"][0]["config"]["keras_history"][0] != before["config"]["name"]:
            raise ModelFileError("config.json: expected layers one after the other, found branches.")
    return list(layers)


def _kind(layer: Mapping[str, Any]) -> str:
    kind = layer["class_name"]
    if layer["module"] != "keras.layers" or layer.get("registered_name") or kind not in _LAYERS:
        raise ModelFileError(
            f"Layer {layer['config'].get('name', kind)!r}: expected one of {', '.join(_LAYERS)} of Keras itself, found "
            f"{layer.get('registered_name') or kind}. Export a plain stack of Dense layers."
        )
    _check_dtype(layer["config"])
    return str(kind)


def _check_dtype(config: Mapping[str, Any]) -> None:
    dtype = config.get("dtype", "float32")
    name = dtype["config"]["name"] if isinstance(dtype, dict) else dtype
    if name not in {"float32", "float64"}:
        raise ModelFileError(f"Layer {config['name']!r}: expected float32 or float64, found {name}.")


def _input(_: Architecture, config: Mapping[str, Any]) -> None:
    if config["batch_shape"] not in _INPUTS:
        raise ModelFileError(
            f"Input: expected images of 784 or 28 x 28 pixels, found shape {config['batch_shape']}. Only networks for "
            "MNIST-like images can be read."
        )


def _flatten(architecture: Architecture, _: Mapping[str, Any]) -> None:
    _before_dense(architecture, "Flatten")


def _rescaling(architecture: Architecture, config: Mapping[str, Any]) -> None:
    _before_dense(architecture, "Rescaling")
    scale = float(config["scale"])
    if architecture.rescales or not 0 < scale <= _LARGEST_SCALE:
        raise ModelFileError(
            f"Rescaling: expected one, of grey levels 0 to 255, such as 1/255; found a scale of {scale:g}."
        )
    architecture.rescales = True
    architecture.scale, architecture.offset = _GREY_LEVELS * scale, float(config["offset"])


def _before_dense(architecture: Architecture, name: str) -> None:
    if architecture.units:
        raise ModelFileError(f"{name}: expected before the first Dense layer, found after one.")


def _dense(architecture: Architecture, config: Mapping[str, Any]) -> None:
    units = int(config["units"])
    if not 1 <= units <= MAX_UNITS or len(architecture.units) >= _MAX_LAYERS or config.get("quantization_config"):
        raise ModelFileError(f"Dense: expected up to {_MAX_LAYERS} layers of 1 to {MAX_UNITS} units, found {units}.")
    architecture.units.append(units)
    architecture.activations.append("linear")
    architecture.has_bias.append(bool(config.get("use_bias", True)))
    _activate(architecture, config.get("activation") or "linear")


def _activation(architecture: Architecture, config: Mapping[str, Any]) -> None:
    _activate(architecture, config["activation"])


def _relu(architecture: Architecture, config: Mapping[str, Any]) -> None:
    if config.get("max_value") is not None or config.get("negative_slope") or config.get("threshold"):
        raise ModelFileError("ReLU: expected no max_value, negative_slope or threshold.")
    _activate(architecture, "relu")


def _softmax(architecture: Architecture, config: Mapping[str, Any]) -> None:
    if config.get("axis", -1) not in {-1, 1}:
        raise ModelFileError(f"Softmax: expected axis -1, found {config['axis']}.")
    _activate(architecture, "softmax")


def _activate(architecture: Architecture, name: Any) -> None:
    """Note an activation of the last Dense layer so far."""
    if name == "linear":
        return
    known = isinstance(name, str) and name in {*ACTIVATIONS, "softmax"}
    if not known or not architecture.units or architecture.activations[-1] != "linear":
        raise ModelFileError(
            f"Activation: expected one of {', '.join(ACTIVATIONS)} after a Dense layer, or softmax at the end; found "
            f"{name if isinstance(name, str) else 'a custom one'!r}."
        )
    architecture.activations[-1] = name


def _dropout(_: Architecture, config: Mapping[str, Any]) -> None:
    """Nothing: Dropout does nothing when a network predicts."""


_LAYERS = {
    "InputLayer": _input,
    "Flatten": _flatten,
    "Rescaling": _rescaling,
    "Dense": _dense,
    "Activation": _activation,
    "ReLU": _relu,
    "Dropout": _dropout,
    "Softmax": _softmax,
}


def _check(architecture: Architecture) -> None:
    hidden = architecture.activations[:-1]
    if not architecture.units or architecture.units[-1] != CLASSES:
        raise ModelFileError(f"Output: expected a Dense layer of {CLASSES} units at the end, found another.")
    if count_parameters(architecture.layer_sizes) > MAX_PARAMETERS:
        raise ModelFileError(f"Layers: expected at most {MAX_PARAMETERS} weights in all. Use a smaller network.")
    if architecture.activations[-1] not in {"linear", "softmax"}:
        raise ModelFileError(f"Output: expected logits or softmax, found {architecture.activations[-1]}.")
    if len(set(hidden)) > 1 or (hidden and hidden[0] not in ACTIVATIONS):
        raise ModelFileError(
            f"Hidden layers: expected the same activation in all, one of {', '.join(ACTIVATIONS)}; found "
            f"{', '.join(hidden)}."
        )

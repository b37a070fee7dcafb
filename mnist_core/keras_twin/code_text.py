"""A config as the Keras program that does the same: to copy, to learn from, to run elsewhere.

Tests run what is written here: its model, loss and optimizer take the same steps as the NumPy network.
"""

from mnist_core.data.classes import FASHION
from mnist_core.data.dataset import Dataset
from mnist_core.data.provenance import is_mnist
from mnist_core.keras_twin.fields import left_out_of_program
from mnist_core.training.config import TrainingConfig

_INITIALIZERS = {
    "he_normal": 'keras.initializers.VarianceScaling(2.0, mode="fan_in", distribution="untruncated_normal")',
    "glorot_uniform": "keras.initializers.GlorotUniform()",
    "zeros": "keras.initializers.Zeros()",
}
_SCHEDULES = {
    "cosine": "PEAK * 0.5 * (1 + ops.cos(np.pi * share))",
    "one_cycle": (
        "ops.where(share < 0.1, PEAK * share / 0.1, PEAK * 0.5 * (1 + ops.cos(np.pi * (share - 0.1) / 0.9)))"
    ),
}


def keras_code(config: TrainingConfig, dataset: Dataset) -> str:
    """Return a complete Python program; what it cannot do as the NumPy network does stands in a comment."""
    body = "\n\n".join([_settings(config), data_code(config, dataset) + "\n", model_code(config), _fit(config)])
    imports = {
        "gzip.": "import gzip",
        "Path(": "from pathlib import Path",
        "keras.": "import keras",
        "np.": "import numpy as np",
        " ops.": "from keras import ops",
    }
    return "\n".join(line for used, line in imports.items() if used in body) + f"\n\n{body}\n"


def data_code(config: TrainingConfig, dataset: Dataset) -> str:
    """Return the lines that load the images and choose those to train on."""
    lines = [
        _load(dataset),
        f'x_train = train_images.reshape(-1, 784).astype("{config.dtype}") / 255',
        f'x_test = test_images.reshape(-1, 784).astype("{config.dtype}") / 255',
        "y_train, y_test = train_labels, test_labels",
    ]
    if config.validation_size:
        held = f"-{config.validation_size}"
        lines += [
            f"x_validation, y_validation = x_train[{held}:], y_train[{held}:]",
            f"x_train, y_train = x_train[:{held}], y_train[:{held}]",
        ]
    if config.train_size < len(dataset.train) - config.validation_size:
        rng = f"np.random.default_rng([{config.seed}, 0, 0, 0])"
        lines += [
            f"chosen = np.sort({rng}.choice(len(x_train), {config.train_size}, replace=False))",
            "x_train, y_train = x_train[chosen], y_train[chosen]",
        ]
    if config.label_noise:
        lines += _noise(config)
    if config.label_smoothing:
        parts = ["train", "test", *(["validation"] if config.validation_size else [])]
        lines += [f"y_{part} = keras.utils.to_categorical(y_{part})" for part in parts]
    lines.append(f"BATCH_SIZE = {config.batch_size or 'len(x_train)'}")
    return "\n".join(lines)


def _noise(config: TrainingConfig) -> list[str]:
    """Return the lines that replace a share of the training labels by other classes."""
    return [
        f"rng = np.random.default_rng([{config.seed}, 5, 0, 0])",
        f"wrong = rng.permutation(len(y_train))[: round({config.label_noise} * len(y_train))]",
        "shifts = rng.integers(1, 10, len(y_train))",
        "y_train = y_train.copy()",
        "y_train[wrong] = (y_train[wrong] + shifts[wrong]) % 10",
    ]


def _load(dataset: Dataset) -> str:
    """Return the lines that load the data set: by Keras where it has it, otherwise from the folder it came from."""
    known = "mnist" if is_mnist(dataset) else "fashion_mnist" if dataset.classes is FASHION else ""
    if known:
        return f"(train_images, train_labels), (test_images, test_labels) = keras.datasets.{known}.load_data()"
    return f"""FOLDER = Path({dataset.source!r})


def read_idx(name, header_bytes):
    packed = FOLDER / f"{{name}}.gz"
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else (FOLDER / name).read_bytes()
    return np.frombuffer(content, np.uint8, offset=header_bytes)


train_images, test_images = (read_idx(f"{{part}}-images-idx3-ubyte", 16) for part in ("train", "t10k"))
train_labels, test_labels = (read_idx(f"{{part}}-labels-idx1-ubyte", 8) for part in ("train", "t10k"))"""


def model_code(config: TrainingConfig) -> str:
    """Return the lines that build and compile `model`; they need `x_train` and BATCH_SIZE where a schedule does."""
    parts = [_layers(config)]
    if config.schedule != "constant":
        parts.append(_schedule(config))
    parts += [f"optimizer = {_optimizer(config)}"]
    if config.optimizer == "adamw":
        parts[-1] += '\noptimizer.exclude_from_weight_decay(var_names=["bias"])'
    loss = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    if config.label_smoothing:
        loss = f"keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing={config.label_smoothing})"
    parts.append(f'loss = {loss}\nmodel.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])')
    return "\n\n".join(parts)


def _settings(config: TrainingConfig) -> str:
    lines = [f"keras.utils.set_random_seed({config.seed})", f'keras.config.set_floatx("{config.dtype}")']
    lines += [f"# Not in this program: {what}." for what in left_out_of_program(config)]
    if _has_penalty(config):
        lines.append(
            "# The loss that Keras prints includes the weight penalty; the cost of the NumPy network does not."
        )
    return "\n".join(lines)


def _layers(config: TrainingConfig) -> str:
    arguments = "units, activation, kernel_initializer=initializer"
    if _has_penalty(config):
        arguments += f", kernel_regularizer=keras.regularizers.L2({config.weight_decay / 2})"
    layers = ["keras.Input((784,))"]
    for units in config.hidden_units:
        layers.append(f'dense({units}, "{config.activation}")')
        if config.dropout:
            layers.append(f"keras.layers.Dropout({config.dropout})")
    layers.append("dense(10)")
    rows = "".join(f"        {layer},\n" for layer in layers)
    return f"""def dense(units, activation=None):
    initializer = {_INITIALIZERS[config.initializer]}
    return keras.layers.Dense({arguments})


model = keras.Sequential(
    [
{rows}    ]
)"""


def _has_penalty(config: TrainingConfig) -> bool:
    return bool(config.weight_decay) and config.optimizer != "adamw"


def _schedule(config: TrainingConfig) -> str:
    return f"""PEAK = {config.learning_rate}
STEPS = {config.epochs} * -(-len(x_train) // BATCH_SIZE)


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        share = (ops.cast(step, "{config.dtype}") + 0.5) / STEPS
        return {_SCHEDULES[config.schedule]}

    def get_config(self):
        return {{}}
"""


def _optimizer(config: TrainingConfig) -> str:
    rate = config.learning_rate if config.schedule == "constant" else "Schedule()"
    if config.optimizer == "adam":
        return f"keras.optimizers.Adam({rate})"
    if config.optimizer == "adamw":
        return f"keras.optimizers.AdamW({rate}, weight_decay={config.weight_decay})"
    momentum = f", momentum={config.momentum}" if config.momentum else ""
    return f"keras.optimizers.SGD({rate}{momentum}{', nesterov=True' if config.optimizer == 'nesterov' else ''})"


def _fit(config: TrainingConfig) -> str:
    validation = ", validation_data=(x_validation, y_validation)" if config.validation_size else ""
    return (
        f"model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs={config.epochs}{validation})\n"
        "cost, accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)\n"
        'print(f"Test accuracy: {accuracy:.2%}")'
    )

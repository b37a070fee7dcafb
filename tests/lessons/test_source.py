import inspect

import pytest

from mnist_core.lessons.source import step_source
from mnist_core.nn import activations, backpropagation, losses, optimizers

STEPS = ("z", "a", "softmax", "cost", "d_logits", "gradient", "d_z", "update")


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("activation", activations.ACTIVATIONS)
@pytest.mark.parametrize("step", STEPS)
def test_every_line_shown_is_a_line_of_the_network(step, activation, layer):
    modules = (activations, backpropagation, losses, optimizers)
    known = {line.strip() for module in modules for line in inspect.getsource(module).splitlines()}
    shown = [
        line for line in step_source(step, activation, layer).splitlines() if line and not line.startswith("# mnist")
    ]
    assert shown
    assert set(shown) <= known


def test_it_says_where_the_lines_come_from():
    source = step_source("a", "tanh").splitlines()
    assert source[0] == "# mnist_core/nn/backpropagation.py, Backpropagation.forward_from_products"
    assert source[-2:] == ["# mnist_core/nn/activations.py, tanh", "np.tanh(z, out=out)"]


def test_the_first_layer_multiplies_the_pixels():
    assert "np.matmul(x, kernels[0]" in step_source("z", "relu", 0)
    assert "np.matmul(x" not in step_source("z", "relu", 1)
    assert "np.matmul(x.T" in step_source("gradient", "relu", 0)

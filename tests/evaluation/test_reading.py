"""An answer in words that admits doubt, and reasons that add up."""

import numpy as np
import pytest

from mnist_core.data.classes import DIGITS
from mnist_core.data.mnist import load_mnist
from mnist_core.evaluation.preparation import preparation_accuracies
from mnist_core.evaluation.reading import Reading, read, reasons
from mnist_core.nn import MLP
from mnist_core.training.packaged_model import packaged_model

TEST = load_mnist().test


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (0.8, "This is an 8."),
        (0.79, "Probably an 8, perhaps a 3."),
        (0.5, "Probably an 8, perhaps a 3."),
        (0.4, "I cannot tell: perhaps an 8 (40 %), perhaps a 3 (15 %)."),
    ],
)
def test_words_say_how_sure_it_is(first, words):
    probabilities = np.full(10, (0.85 - first) / 8)
    probabilities[[8, 3]] = first, 0.15
    assert Reading(probabilities).words(DIGITS) == words


def test_a_network_of_nan_cannot_tell():
    assert Reading(np.full(10, np.nan)).words(DIGITS).startswith("I cannot tell: this network's weights")


def test_it_reads_a_test_image():
    reading = read(packaged_model().network, TEST.images[0])
    assert reading.label == TEST.labels[0] == 7
    assert reading.probabilities.sum() == pytest.approx(1)
    assert reading.probabilities[reading.second] == np.sort(reading.probabilities)[-2]


def test_what_the_ink_said_adds_up_to_the_lead():
    """Without hidden layers the lead of the first digit is the sum over the ink, and the difference of biases."""
    network = MLP((784, 10), seed=4)
    network.biases[0][:] = np.arange(10) / 10
    reading = read(network, TEST.images[0])
    why = reasons(network, TEST.images[0], reading)
    logits, bias = network.logits(TEST.images[:1])[0], network.biases[0]
    lead = logits[reading.label] - logits[reading.second]
    assert why.spoke.sum() + bias[reading.label] - bias[reading.second] == pytest.approx(lead, abs=1e-4)
    assert why.spoke[TEST.images[0] == 0].any() == False  # noqa: E712 - no ink, nothing said


def test_preparation_matters():
    prepared, squeezed = preparation_accuracies(packaged_model().network, TEST, 200)
    assert prepared > 0.95
    assert squeezed < 0.4

"""The steps of one update in order, each with its formula and what it means in plain words."""

from dataclasses import dataclass

from mnist_core.lessons.one_update import OneUpdate
from pages.backpropagation.numbers import tex

LETTERS = """
| | |
|:--|:--|
| **x** | the image, as 784 numbers |
| **W**, **b** | the weights and biases: what the network learns |
| **z** | a weighted sum: inputs times weights, plus the bias |
| **a** | an activation: what a unit makes of its sum and passes on |
| **p** | the probabilities, the network's answer; **t** the right answer, 1 for the truth and 0 elsewhere |
| **C** | the cost: how wrong the answer is |
| **d** before a letter | its derivative: how fast the cost changes as it grows |
| 1, 2, 3 after a letter | the layer, counted from the image |
"""
_BENDS = {
    "relu": (
        r"\max(z_{L},\,0)",
        "This is [[ReLU]]: a unit passes its sum on if it is positive, and 0 otherwise. Without such a bend, many "
        "layers could do no more than one.",
    ),
    "tanh": (
        r"\tanh(z_{L})",
        "Each sum is squeezed into the range from −1 to 1. Without such a bend, many layers could do no more than one.",
    ),
    "sigmoid": (
        r"\frac{1}{1+e^{-z_{L}}}",
        "Each sum is squeezed into the range from 0 to 1. Without such a bend, many layers could do no more than one.",
    ),
}
_SLOPES = {
    "relu": "0 for a unit at rest: it had no say, so it takes no blame",
    "tanh": "1 in the middle, near 0 at either end",
    "sigmoid": "1/4 at most, near 0 at either end",
}


@dataclass(frozen=True)
class Step:
    """One screen.

    Attributes
    ----------
    kind
        "input", "z", "a", "softmax", "cost", "d_logits", "gradient", "d_z", "update" or "after".
    layer
        Which layer it is about, from 0; -1 for none.
    title
        Short, for the list of steps.
    formula
        In LaTeX.
    words
        What happens, for somebody who knows no calculus.
    """

    kind: str
    layer: int
    title: str
    formula: str
    words: str


def steps_of(update: OneUpdate, noun: str) -> list[Step]:
    """Return the steps of an update, from the image to the cost after it."""
    last = update.layers - 1
    steps = [_input()]
    for layer in range(last):
        steps += [_sum(layer), _bend(layer, update.before.activation)]
    steps += [_sum(last, noun), _softmax(last, noun), _cost(update, noun), _d_logits(last, noun), _gradient(last)]
    for layer in reversed(range(last)):
        steps += [_d_z(layer, update.before.activation), _gradient(layer)]
    return [*steps, _update(update), _after(update)]


def _input() -> Step:
    return Step(
        "input",
        -1,
        "The image",
        r"x \in [0,1]^{784}",
        "The network sees 784 numbers, one for each pixel, row after row: 0 is paper, 1 is full ink.",
    )


def _incoming(layer: int) -> str:
    return f"a_{{{layer}}}" if layer else "x"


def _sum(layer: int, noun: str = "") -> Step:
    name = layer + 1
    formula = f"z_{{{name}}} = {_incoming(layer)}\\,W_{{{name}}} + b_{{{name}}}"
    source = f"activation of layer {layer}" if layer else "pixel"
    if noun:
        words = (
            f"The last layer has one [[unit]] for each {noun}. Each multiplies every {source} by a [[weight]] of its "
            "own, adds the products, and adds its [[bias]]. The largest of these ten sums ([[logits]]) is the "
            "network's answer."
        )
        return Step("z", layer, f"Ten sums z{name}, the logits", formula, words)
    words = (
        f"Each [[unit]] of layer {name} multiplies every {source} by a [[weight]] of its own, adds all products, and "
        "adds its [[bias]]. A large sum means that the unit has found what it looks for."
    )
    return Step("z", layer, f"Weighted sums z{name}", formula, words)


def _bend(layer: int, activation: str) -> Step:
    formula, words = _BENDS[activation]
    name = layer + 1
    return Step("a", layer, f"Activations a{name}", f"a_{{{name}}} = " + formula.replace("{L}", f"{{{name}}}"), words)


def _softmax(last: int, noun: str) -> Step:
    z = f"z_{{{last + 1},"
    return Step(
        "softmax",
        last,
        "Probabilities p",
        rf"p_k = \frac{{e^{{{z}k}}}}}}{{\sum_j e^{{{z}j}}}}}}",
        "[[Softmax]] turns the ten sums into probabilities: e to the power of each, divided by the total of all ten. "
        f"They are positive and add up to 1, and a larger sum gets a larger share. The frame marks the right {noun}.",
    )


def _cost(update: OneUpdate, noun: str) -> Step:
    p = float(update.probabilities[update.label])
    return Step(
        "cost",
        update.layers - 1,
        "The cost",
        rf"C = -\ln p_{{{update.label}}} = -\ln\left({tex(p)}\right) = {tex(update.cost)}",
        f"The [[cost]] says how wrong the answer is, by the probability of the right {noun} alone. A probability of 1 "
        "costs 0; one tenth, a blind guess, costs 2.30; the smaller the probability, the higher the cost.",
    )


def _d_logits(last: int, noun: str) -> Step:
    name = last + 1
    return Step(
        "d_logits",
        last,
        f"Backwards: dz{name} of the ten sums",
        rf"\begin{{gathered}} dz_{{{name}}} = \frac{{\partial C}}{{\partial z_{{{name}}}}} = p - t \\ "
        rf"t_k = 1 \text{{ at the right {noun}, else }} 0 \end{{gathered}}",
        "Now backwards, with one question about every number: as it grows, how fast does the cost grow? The answer is "
        "its derivative, written here with a d in front. Where it is below 0, the cost falls as the number grows. For "
        f"these sums it is simple: the probability, minus 1 for the right {noun}.",
    )


def _gradient(layer: int) -> Step:
    name = layer + 1
    return Step(
        "gradient",
        layer,
        f"Gradients dW{name} and db{name}",
        rf"dW_{{{name}}} = {_incoming(layer)}^{{\top}}\,dz_{{{name}}}, \qquad db_{{{name}}} = dz_{{{name}}}",
        "The [[gradient]] says how the cost depends on each weight: it is the number that came in through the weight, "
        f"times the derivative of the sum that it went into. Where the {'activation' if layer else 'pixel'} was 0, the "
        "weight had no part in the answer, and its derivative is 0. A bias is like a weight on an input that is always "
        "1.",
    )


def _d_z(layer: int, activation: str) -> Step:
    name, after = layer + 1, layer + 2
    return Step(
        "d_z",
        layer,
        f"Back through layer {after}: dz{name}",
        rf"dz_{{{name}}} = \left(dz_{{{after}}}\,W_{{{after}}}^{{\top}}\right) \odot f'(z_{{{name}}})",
        f"Each unit of layer {name} had a say in every sum of layer {after}. So its derivative is the sum of theirs, "
        f"each times the weight between the two; and then times the slope of its own [[activation]] "
        f"({_SLOPES[activation]}). This is the chain rule.",
    )


def _update(update: OneUpdate) -> Step:
    return Step(
        "update",
        -1,
        "The update",
        rf"\begin{{gathered}} W_l \leftarrow W_l - {update.learning_rate:g}\; dW_l \\ "
        rf"b_l \leftarrow b_l - {update.learning_rate:g}\; db_l \end{{gathered}}",
        "Every weight and bias takes one step against its derivative: where growing would raise the cost, it shrinks. "
        "The [[learning rate]] says how long the steps are.",
    )


def _after(update: OneUpdate) -> Step:
    return Step(
        "after",
        update.layers - 1,
        "The cost after it",
        rf"C = -\ln p_{{{update.label}}} = {tex(update.cost_after)}",
        "The same image goes through the changed network from the beginning.",
    )

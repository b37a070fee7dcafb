"""One screen for each step of the update: words, formula, the line of code, and the arrays."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures import arrays
from mnist_core.figures.update import cost_of_probability
from mnist_core.lessons.one_update import OneUpdate
from mnist_core.lessons.source import step_source
from pages.backpropagation.draw import chart, kernel, rows, units
from pages.backpropagation.network_choice import PAGE
from pages.backpropagation.steps import LETTERS, Step, steps_of
from pages.backpropagation.unit_choice import choose_unit
from pages.shared import glossary, page, permalink

NAME = "step"  # in the address bar: its number alone; a bound selector would put its title there
KEY = f"{PAGE}.{NAME}"
WITHOUT_CODE = {"input", "after"}


# The way on stays in reach while one reads, at the foot of the window. The wrapper is what has room to stick in.
_STICKY = """<style>
[data-testid=stLayoutWrapper]:has(> .st-key-steps) { position: sticky; bottom: 0; z-index: 90;
  background: $background; padding: .5rem 0; }
@media print { [data-testid=stLayoutWrapper]:has(> .st-key-steps) { position: static; } }
</style>"""


def show(update: OneUpdate, noun: str) -> None:
    """Show the chosen step, its picture first, and the way to the others."""
    steps = steps_of(update, noun)
    screen = st.container(gap="xsmall")
    step = steps[_choose(steps)]
    with screen:
        st.subheader(step.title, anchor=False)
        _SCREENS[step.kind](update, step)
        _explain(update, step)


def _explain(update: OneUpdate, step: Step) -> None:
    """Show the step in words, as a formula and as code."""
    words, code = st.columns(2, gap="large")
    with words:
        glossary.show(step.words)
        st.latex(step.formula)
        with st.expander("What the letters mean"):
            st.markdown(LETTERS)
    if step.kind not in WITHOUT_CODE:
        with code:
            st.caption("The lines of this app that compute it")
            st.code(step_source(step.kind, update.before.activation, step.layer), language="python", wrap_lines=True)


def _choose(steps: list[Step]) -> int:
    """Show Back, the list of steps, and Next; return the number of the step to show, from 0."""
    count = len(steps)
    if permalink.arrived(PAGE, (NAME,)) or KEY not in st.session_state:
        permalink.check_number(NAME, 1, count)
        linked = permalink.enter(PAGE, (NAME,)).get(NAME, "")
        st.session_state[KEY] = int(linked) if linked.isdecimal() and 1 <= int(linked) <= count else 1
    # Another architecture has other steps.
    st.session_state[KEY] = number = min(st.session_state[KEY], count)
    st.html(_STICKY.replace("$background", page.background_colour()))
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        _button("Back", "left", number - 1, disabled=number == 1)
        _button("Next", "right", number + 1, disabled=number == count)
        number = st.selectbox(
            f"Step (of {count})",
            range(1, count + 1),
            format_func=lambda n: f"{n} of {count}. {steps[n - 1].title}",
            key=KEY,
            label_visibility="collapsed",
            width=300,
        )
    permalink.write(PAGE, (NAME,), {NAME: str(number)} if number > 1 else {})
    return number - 1


def _button(label: Literal["Back", "Next"], key: str, to: int, *, disabled: bool) -> None:
    """Show a button that an arrow key presses too.

    It names the step to go to: a run that a quick second key interrupts has Streamlit call back twice.
    """
    st.button(
        label,
        icon=":material/arrow_back:" if label == "Back" else ":material/arrow_forward:",
        icon_position="left" if label == "Back" else "right",
        type="secondary" if label == "Back" else "primary",
        shortcut=key,
        on_click=_show,
        args=(to,),
        disabled=disabled,
    )


def _show(number: int) -> None:
    st.session_state[KEY] = number


def _show_input(update: OneUpdate, step: Step) -> None:
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        chart(arrays.image_values(update.x.reshape(IMAGE_SHAPE), signed=False), "The image: ink of each pixel, 0 to 1")
    right.markdown(
        "Point at a pixel, or tap it, to read its number. All pictures of numbers on this page work like this."
    )


def _show_sum(update: OneUpdate, step: Step) -> None:
    layer = step.layer
    left, right = st.columns(2)
    unit = choose_unit(update, layer)
    with left:
        units(update.z[layer], f"The sums z{layer + 1}", chosen=unit)
    with right:
        kernel(update.before.kernels[layer], unit, f"W{layer + 1}")


def _show_bend(update: OneUpdate, step: Step) -> None:
    layer, name = step.layer, step.layer + 1
    left, right = st.columns(2)
    with left:
        units(update.z[layer], f"Before: the sums z{name}")
    with right:
        units(update.a[layer], f"After: the activations a{name}")


def _show_softmax(update: OneUpdate, step: Step) -> None:
    rows({"sum z": update.z[-1]}, update, signed=True, title="The ten sums")
    rows({"p": update.probabilities}, update, signed=False, title="The probabilities")


def _show_cost(update: OneUpdate, step: Step) -> None:
    probability = float(update.probabilities[update.label])
    left, right = st.columns([1, 3], vertical_alignment="center")
    left.metric("Probability of the truth", f"{probability:.4g}")
    left.metric("Cost", f"{update.cost:.4g}")
    with right:
        chart(cost_of_probability(probability), f"Cost for every probability of the truth; here {update.cost:.4g}")


def _show_d_logits(update: OneUpdate, step: Step) -> None:
    values = {"p": update.probabilities, "t": update.target, "dz": update.d_z[-1]}
    rows(values, update, signed=True, title="Probability p, target t, and their difference dz")


def _show_gradient(update: OneUpdate, step: Step) -> None:
    layer, name = step.layer, step.layer + 1
    left, right = st.columns(2)
    unit = choose_unit(update, layer)
    with left:
        units(update.gradient.biases[layer], f"The gradient db{name} of the biases", chosen=unit)
    with right:
        kernel(update.gradient.kernels[layer], unit, f"dW{name}")


def _show_d_z(update: OneUpdate, step: Step) -> None:
    layer, name = step.layer, step.layer + 1
    left, right = st.columns(2)
    with left:
        units(update.slopes(layer), f"The slopes f'(z{name})")
    with right:
        units(update.d_z[layer], f"The derivatives dz{name}")


def _show_update(update: OneUpdate, step: Step) -> None:
    columns = st.columns(3)
    layer = st.segmented_control(
        "Layer",
        range(update.layers),
        default=0,
        format_func=lambda layer: f"Layer {layer + 1}",
        required=True,
        key="updated_layer",
    )
    unit = choose_unit(update, layer)
    parts = {
        "before": update.before.kernels[layer],
        "the step": update.kernel_step(layer),
        "after": update.after.kernels[layer],
    }
    for column, (name, part) in zip(columns, parts.items(), strict=True):
        with column:
            kernel(part, unit, f"W{layer + 1}, {name}")


def _show_after(update: OneUpdate, step: Step) -> None:
    values = {"before": update.probabilities, "after": update.probabilities_after}
    rows(values, update, signed=False, title="The probabilities before and after the update")
    left, right = st.columns(2)
    left.metric("Cost before", f"{update.cost:.4g}")
    right.metric(
        "Cost after", f"{update.cost_after:.4g}", f"{update.cost_after - update.cost:.4g}", delta_color="inverse"
    )
    if update.cost_after < update.cost:
        st.success(f"The cost fell from {update.cost:.4g} to {update.cost_after:.4g}. This is one step of learning.")
    elif update.cost_after == update.cost:
        st.info(
            "The cost stayed the same: the gradient is too small to move it. Try a larger learning rate or another "
            "image."
        )
    else:
        st.warning("The cost rose: the step was so long that it overshot the valley. Try a smaller learning rate.")


_SCREENS: dict[str, Callable[[OneUpdate, Step], None]] = {
    "input": _show_input,
    "z": _show_sum,
    "a": _show_bend,
    "softmax": _show_softmax,
    "cost": _show_cost,
    "d_logits": _show_d_logits,
    "gradient": _show_gradient,
    "d_z": _show_d_z,
    "update": _show_update,
    "after": _show_after,
}

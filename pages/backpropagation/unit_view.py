"""One unit: its sum term by term, and its derivative term by term by the chain rule."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from mnist_core.data.dataset import IMAGE_SHAPE
from mnist_core.figures.update import sum_of_terms
from mnist_core.lessons.one_update import OneUpdate
from mnist_core.lessons.unit_sum import Sum, backward_sum, forward_sum, weight_gradients
from pages.backpropagation.draw import chart
from pages.backpropagation.numbers import tex
from pages.backpropagation.unit_choice import choose_unit
from pages.shared import permalink

NUMBER = st.column_config.NumberColumn(format="%.6g")


def show(update: OneUpdate, noun: str) -> None:
    """Show the chosen unit forwards and backwards."""
    names = [str(layer + 1) for layer in range(update.layers)]
    permalink.check("layer", names)
    if st.session_state.get("layer") not in names:
        st.session_state.pop("layer", None)
    chosen = st.segmented_control(
        "Layer", names, default="1", required=True, key="layer", bind="query-params", persist_state="session"
    )
    layer = int(chosen) - 1
    unit = choose_unit(update, layer)
    _forwards(update, layer, unit)
    if layer == update.layers - 1:
        _backwards_of_output(update, unit, noun)
    else:
        _backwards_of_hidden(update, layer, unit)
    _weights(update, layer, unit)


def _forwards(update: OneUpdate, layer: int, unit: int) -> None:
    parts = forward_sum(update, layer, unit)
    st.subheader(f"Forwards: the sum of unit {unit}", anchor=False)
    inputs = "pixels" if layer == 0 else f"activations of layer {layer}"
    st.markdown(
        f"The unit multiplies the {inputs} by its weights and adds the products and its bias. These are the strongest "
        "products; each bar begins where the one before it ended."
    )
    _waterfall(parts, _namer(layer), f"z of unit {unit}", bias=True)
    st.latex(rf"z = \sum_i x_i\,w_i + b = {tex(parts.products)} + {tex(parts.bias)} = {tex(parts.total)}")
    if layer < update.layers - 1:
        st.latex(rf"a = f(z) = {tex(update.a[layer][unit])}")
    with st.expander("These products as numbers"):
        _table(parts.terms, _namer(layer), {"value": "Input", "weight": "Weight", "product": "Input × weight"})


def _backwards_of_hidden(update: OneUpdate, layer: int, unit: int) -> None:
    chain = backward_sum(update, layer, unit)
    st.subheader("Backwards: how the cost follows this unit", anchor=False)
    st.markdown(
        f"If the unit's activation grew a little, every sum of layer {layer + 2} would grow by the weight between the "
        "two, and the cost by that sum's derivative. Added up, these are the derivative with respect to the activation."
    )
    namer = _namer(layer + 1)
    _waterfall(chain.d_a, namer, f"da of unit {unit}", bias=False)
    st.markdown(
        "Times the slope of the unit's own activation at its z, this is the derivative with respect to its sum:"
    )
    st.latex(rf"dz = da \cdot f'(z) = {tex(chain.d_a.total)} \cdot {tex(chain.slope)} = {tex(chain.d_z)}")
    if chain.slope == 0:
        st.info("The slope is 0: the unit gave 0 and had no say in the answer, so none of its weights will move.")
    names = {"value": "dz of the unit after", "weight": "Weight", "product": "dz × weight"}
    with st.expander("These products as numbers"):
        _table(chain.d_a.terms, namer, names)


def _backwards_of_output(update: OneUpdate, unit: int, noun: str) -> None:
    st.subheader("Backwards: how the cost follows this unit", anchor=False)
    target, p, d_z = update.target[unit], update.probabilities[unit], update.d_z[-1][unit]
    side = "is" if target else "is not"
    st.markdown(
        f"Unit {unit} {side} the right {noun}, so its probability should be {target:.0f}. Its derivative is how far "
        "the probability is above that."
    )
    st.latex(rf"dz = p - t = {tex(p)} - {target:.0f} = {tex(d_z)}")


def _weights(update: OneUpdate, layer: int, unit: int) -> None:
    st.subheader("What it does to the weights", anchor=False)
    st.markdown(
        "A weight's derivative is its input times dz. The update subtracts the learning rate times that: the weights "
        "with the largest derivatives, and the steps they take."
    )
    names = {"value": "Input", "gradient": "Input × dz", "weight": "Weight before", "step": "Step"}
    _table(weight_gradients(update, layer, unit), _namer(layer), names)


def _waterfall(parts: Sum, name: Callable[[int], str], total: str, *, bias: bool) -> None:
    names = [name(source) for source in parts.terms["source"]]
    values = parts.terms["product"].tolist()
    if parts.rest_count:
        names.append(f"{parts.rest_count} others")
        values.append(parts.rest)
    if bias:
        names.append("bias")
        values.append(parts.bias)
    chart(sum_of_terms(names, values, total, parts.total), f"How the terms add up to {total}, {parts.total:.4g}")


def _table(table: pd.DataFrame, name: Callable[[int], str], columns: dict[str, str]) -> None:
    shown = table[list(columns)].rename(columns=columns)
    shown.insert(0, "From", [name(source) for source in table["source"]])
    st.dataframe(shown, hide_index=True, column_config=dict.fromkeys(columns.values(), NUMBER))


def _namer(layer: int) -> Callable[[int], str]:
    """Return how to call an input of a layer: a pixel by its place, a unit by its number."""
    if layer == 0:
        return lambda source: "row {}, col {}".format(*divmod(source, IMAGE_SHAPE[1]))
    return lambda source: f"unit {source}"

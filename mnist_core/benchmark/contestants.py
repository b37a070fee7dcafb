"""Who takes part: this network, textbook NumPy, and other libraries in each of their usual forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

OURS = "ours"


@dataclass(frozen=True)
class Contestant:
    """One library in one form.

    Attributes
    ----------
    name, label
        In commands and JSON; for people.
    peer
        Name of the library in ``--peers``; "" for those that always take part.
    module
        Where `make(form, threads)` returns a `peers.Peer`. Imported in the contestant's own process only.
    package
        What must be installed.
    form
        Which of the library's forms.
    label_predicting
        For people, where it predicts; "": the same.
    """

    name: str
    label: str
    peer: str
    module: str
    package: str
    form: str = ""
    label_predicting: str = ""

    @property
    def installed(self) -> bool:
        """Whether its package can be imported."""
        return find_spec(self.package) is not None


_PEERS, _KERAS = "mnist_core.benchmark.peers", "mnist_core.keras_twin.peer"

CONTESTANTS = {
    contestant.name: contestant
    for contestant in (
        Contestant(OURS, "this network", "", f"{_PEERS}.ours", "mnist_core"),
        Contestant("textbook", "textbook NumPy", "", f"{_PEERS}.textbook", "numpy"),
        Contestant("keras-fit", "Keras fit", "keras", _KERAS, "keras", "fit", "Keras predict"),
        Contestant("keras-step", "Keras, compiled", "keras", _KERAS, "keras", "step"),
        Contestant("keras-xla", "Keras, XLA", "keras", _KERAS, "keras", "xla"),
        Contestant("sklearn", "scikit-learn", "sklearn", f"{_PEERS}.scikit_learn", "sklearn"),
        Contestant("torch", "PyTorch", "torch", f"{_PEERS}.pytorch", "torch"),
        Contestant("jax-step", "JAX jit", "jax", f"{_PEERS}.jax_jit", "jax", "step"),
        Contestant("jax-scan", "JAX scan", "jax", f"{_PEERS}.jax_jit", "jax", "scan"),
    )
}
PEERS = tuple(dict.fromkeys(contestant.peer for contestant in CONTESTANTS.values() if contestant.peer))


def of_peers(names: Sequence[str], peers: Sequence[str]) -> list[Contestant]:
    """Return the contestants called `names` that always take part or whose library is among `peers`."""
    return [CONTESTANTS[name] for name in names if CONTESTANTS[name].peer in {"", *peers}]

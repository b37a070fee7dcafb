"""Work on its way to a worker, closed to the scheduler in between.

A scheduler unpickles what it passes on. Were that the work itself, it would import all that the work needs, which is
60 MB and no use to it.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parcel:
    """A function and its arguments. They are never shown: Dask logs what it cannot compute."""

    content: bytes = field(repr=False)


def pack(function: Callable[..., object], *arguments: object) -> Parcel:
    """Return a function of a module and its arguments, ready to be sent."""
    return Parcel(pickle.dumps((function, arguments)))


def deliver(parcel: Parcel) -> object:
    """Call the function in a parcel, and return what it does. Parcels come from our own engine, over TLS."""
    function, arguments = pickle.loads(parcel.content)
    return function(*arguments)

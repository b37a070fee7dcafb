"""Work on its way to a worker, sealed so that the scheduler in between does not open it.

A scheduler unpickles what it passes on. If that were the work itself, it would import all that the work needs: 60 MB
of no use to it.
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
    """Call the function in a parcel, and return its result. Parcels come from our own engine, over TLS."""
    function, arguments = pickle.loads(parcel.content)
    return function(*arguments)

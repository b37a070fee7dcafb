"""Where a network comes from: kept with its weights, so that a file found a year later still says what it is."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

MAX_CHARACTERS = 65_536


@dataclass(frozen=True)
class Origin:
    """What a network was trained with and on, as plain values: a reader checks what it uses.

    Attributes
    ----------
    config
        The recipe, a value for each field of `TrainingConfig`.
    dataset_name, dataset_fingerprint
        What it learnt from; the fingerprint is 64 hexadecimal digits.
    status
        "finished", "unfinished", "stopped", "diverged" or whatever status the run had when the network was saved.
    epochs_done
        Passes over the training images.
    versions
        Library name -> version.
    """

    config: Mapping[str, Any]
    dataset_name: str
    dataset_fingerprint: str
    status: str
    epochs_done: int
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return all of it as one line of JSON."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote; fields that a newer release may have added are left out.

        Raises
        ------
        ValueError
            The text is not JSON, or a field is missing or of another type.
        """
        try:
            found = json.loads(text)
        except RecursionError:
            raise ValueError("the origin is nested too deeply") from None
        if not isinstance(found, dict):
            raise ValueError(f"expected an origin as a JSON object, found {type(found).__name__}")
        return cls(**{name: _value(found, name, kind) for name, kind in _KINDS.items()})


_KINDS = {
    "config": dict,
    "dataset_name": str,
    "dataset_fingerprint": str,
    "status": str,
    "epochs_done": int,
    "versions": dict,
}


def _value(found: dict[str, Any], name: str, kind: type) -> Any:
    value = found.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"origin.{name}: expected {kind.__name__}, found {type(value).__name__}")
    return value

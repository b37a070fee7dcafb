"""Lines of JSON that every reader of JSON accepts."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np


def json_line(record: Mapping[str, Any]) -> str:
    """Return one line of JSON. JSON has no NaN and no infinity: null stands for them."""
    return json.dumps(_plain(record), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not isfinite(value) else value

"""The array type of the network: float32 for speed, or float64 for checks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]

"""
Numbers on a grid, whose sums are the same to the last bit in whatever order they are added.

What rounding takes away is far below what single precision holds of a weight; what it gives is that NumPy, compiled code and any machine agree.
"""

from __future__ import annotations

import numpy as np

# Added and taken away again, it leaves of a double the multiple of 2 ** -36 nearest to it: at this size doubles lie so far apart.
ROUNDER = 1.5 * 2.0**16


def on_grid(values: np.ndarray) -> np.ndarray:
    """
    Round to multiples of 2 ** -36.

    Parameters
    ----------
    values : numpy.ndarray of float
        Below 2 ** 15.

    Returns
    -------
    numpy.ndarray of float64
        The nearest multiples. As long as magnitudes add up to less than 2 ** 17, no sum of them loses a bit.
    """
    rounded = np.add(values, ROUNDER, dtype=float)
    rounded -= ROUNDER
    return rounded

"""The people of a campaign beside their controls, in strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from tasrib.tracing.pool import Pool

# From the finest: the first that leaves hardly anybody without somebody to be compared with.
STRATA = (
    ("region", "month", "channel"),
    ("region", "month"),
    ("region",),
    ("month", "channel"),
    ("month",),
    ("channel",),
)


@dataclass(frozen=True)
class Sender:
    """
    A sender of control messages.

    Attributes
    ----------
    thing : str
        Its name among ``thing`` of `People.frame`.
    people : int
        Who complained of it.
    operator : str
        With which operator most of them are.
    share : float
        How many of them are.
    """

    thing: str
    people: int
    operator: str
    share: float


def stratum_names(rows: pd.DataFrame, strata: tuple[str, ...]) -> np.ndarray:
    """
    Name the stratum of each person.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a person, with the columns ``region``, ``month`` and ``channel``.
    strata : tuple of str
        Columns that make a stratum; none for one stratum.

    Returns
    -------
    numpy.ndarray of str, shape (n_people,)
        The values of the columns, `` / `` between them.
    """
    names = pd.Series("", index=range(len(rows)), dtype="str")
    for column in strata:
        names = names + " / " + rows[column].astype("str").to_numpy()
    return names.to_numpy(dtype=object)


@dataclass(frozen=True)
class ControlCounts:
    """
    A campaign's people beside their controls.

    Attributes
    ----------
    reached, controls : numpy.ndarray of int, shape (n_strata, n_operators)
        People by the operator their number was allocated to. Those of unknown operators are not counted.
    strata : tuple of str
        What the strata are made of; empty for one stratum.
    relaxed : bool
        Whether controls from other months or channels had to be taken.
    n_unknown : int
        Controls whose prefix belongs to no known operator.
    region_share : float
        Share of the controls with a region that live in the most frequent region of the people reached; NaN where unknown.
    largest : float
        Share of the controls that complained of the sender of whom most did.
    without : tuple of (Sender, numpy.ndarray)
        Senders of whom ten or more complained, and the controls without them: shape (n_strata, n_operators).
    aside : tuple of Sender
        Those left out, since nearly all who complained of them are with one operator.
    n_senders : int
        Senders of whom the controls complained.
    """

    reached: np.ndarray
    controls: np.ndarray
    strata: tuple[str, ...]
    relaxed: bool
    n_unknown: int = 0
    region_share: float = float("nan")
    largest: float = 0.0
    without: tuple[tuple[Sender, np.ndarray], ...] = ()
    aside: tuple[Sender, ...] = ()
    n_senders: int = 0

    @property
    def n_strata(self) -> int:
        """Strata that hold both."""
        return int(((self.reached.sum(1) > 0) & (self.controls.sum(1) > 0)).sum())


@dataclass(frozen=True)
class Compared:
    """
    A campaign that can be compared.

    Attributes
    ----------
    people : pandas.DataFrame
        Everyone it reached, as from `People.reached`.
    counts : ControlCounts
        They and their controls, by stratum and operator.
    pool : Pool
        Where the controls come from.
    """

    people: pd.DataFrame
    counts: ControlCounts
    pool: Pool

"""Whom the people of a campaign are compared with: controls, in strata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.tracing.people import People

# From the finest: the first that leaves hardly anybody without somebody to be compared with.
STRATA = (
    ("region", "month", "channel"),
    ("region", "month"),
    ("region",),
    ("month", "channel"),
    ("month",),
    ("channel",),
)
_STRATA = ("month", "channel", "region")
_COVERED = 0.95
_CASES_PER_STRATUM, _CONTROLS_PER_STRATUM = 5, 5


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
    """

    reached: np.ndarray
    controls: np.ndarray
    strata: tuple[str, ...]
    relaxed: bool

    @property
    def n_strata(self) -> int:
        """Strata that hold both."""
        return int(((self.reached.sum(1) > 0) & (self.controls.sum(1) > 0)).sum())


class Pool:
    """
    Everyone who may serve as a control, each counted once.

    Parameters
    ----------
    people : People
        The people of a batch.
    also : iterable of str
        Campaigns whose people may serve beside those who reported commercial or scam messages.
    operators : list of str
        Names, in the order of all counts.
    """

    def __init__(self, people: People, also: Iterable[str], operators: list[str]) -> None:
        self.operators = pd.Index(operators)
        frame = people.frame
        rows = frame[frame["control"] | frame["campaign_id"].isin(set(also))]
        # A control message first: a person known from it is compared by when and how it came.
        rows = rows.sort_values(["person", "control"], ascending=[True, False], kind="stable").drop_duplicates("person")
        self.rows = rows[rows["operator"].isin(operators)].set_index("person")
        # A thousand campaigns ask a million people: everything is counted by numbered cells.
        self._values = {name: pd.Index(np.sort(frame[name].unique())) for name in _STRATA}
        self._cells, self._cell_of, self._n = self._numbered()

    def beside(self, cases: pd.DataFrame, least: int) -> ControlCounts:
        """
        Compare the people of a campaign with the pool.

        Parameters
        ----------
        cases : pandas.DataFrame
            From `People.reached`.
        least : int
            With fewer controls from the same channels and months, all channels and months are taken.

        Returns
        -------
        ControlCounts
            Counts by stratum and operator; the finest strata of ``STRATA`` that keep 95% of the people.
        """
        n = self._n - np.bincount(self._cell_of[self._held(cases)], minlength=len(self._n))
        near = self._near(cases)
        relaxed = bool(n[near].sum() < least and n[near].sum() < n.sum())
        used = np.ones(len(n), bool) if relaxed else near
        codes = np.column_stack([self._code(cases, name) for name in (*_STRATA, "operator")])
        known = codes[codes[:, -1] >= 0]
        # Strata of what was relaxed would leave those controls out again.
        for strata in [("region",)] if relaxed else STRATA:
            found = self._counted(known, self._cells[used], n[used], strata, relaxed)
            if found is not None:
                return found
        return self._counted(known, self._cells[used], n[used], (), relaxed, always=True)  # type: ignore[return-value]

    def rows_beside(self, cases: pd.DataFrame, per_case: int, *, relaxed: bool) -> pd.DataFrame:
        """
        Some controls, row by row, for comparisons that look at persons.

        Parameters
        ----------
        cases : pandas.DataFrame
            From `People.reached`.
        per_case : int
            Controls to take for each case at most.
        relaxed : bool
            Whether those of other months and channels serve too.

        Returns
        -------
        pandas.DataFrame
            With the index ``person``. Evenly spread over the pool, the same ones each time.
        """
        serves = np.ones(len(self.rows), bool) if relaxed else self._near(cases)[self._cell_of]
        serves[self._held(cases)] = False
        places = np.flatnonzero(serves)
        most = max(per_case * len(cases), 1)
        if len(places) > most:
            places = places[np.linspace(0, len(places) - 1, most).round().astype(int)]
        return self.rows.iloc[places]

    def _numbered(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Month, channel, region and operator of each cell that holds somebody; the cell of each row; people in each."""
        columns = [self._code(self.rows, name) for name in (*_STRATA, "operator")]
        sizes = [*(len(self._values[name]) for name in _STRATA), len(self.operators)]
        flat = np.ravel_multi_index(columns, [max(size, 1) for size in sizes]) if len(self.rows) else np.zeros(0, int)
        numbers, cell_of, n = np.unique(flat, return_inverse=True, return_counts=True)
        return np.column_stack(np.unravel_index(numbers, [max(size, 1) for size in sizes])), cell_of, n

    def _code(self, rows: pd.DataFrame, name: str) -> np.ndarray:
        return (self.operators if name == "operator" else self._values[name]).get_indexer(rows[name])

    def _held(self, cases: pd.DataFrame) -> np.ndarray:
        """Places of those of the pool that the campaign reached."""
        places = self.rows.index.get_indexer(cases["person"])
        return places[places >= 0]

    def _near(self, cases: pd.DataFrame) -> np.ndarray:
        """Cells of the same channels and months as the cases, or of unknown ones."""
        near = np.ones(len(self._n), bool)
        for name in ("channel", "month"):
            known = set(cases[name]) - {""}
            if known:
                wanted = self._values[name].isin([*known, ""])
                near &= wanted[self._cells[:, _STRATA.index(name)]]
        return near

    def _counted(
        self,
        cases: np.ndarray,
        cells: np.ndarray,
        n: np.ndarray,
        strata: tuple[str, ...],
        relaxed: bool,
        *,
        always: bool = False,
    ) -> ControlCounts | None:
        columns = [_STRATA.index(name) for name in strata]
        if any(len(np.unique(cells[:, c])) < 2 and len(np.unique(cases[:, c])) < 2 for c in columns):
            return None
        case_key, cell_key = np.zeros(len(cases), int), np.zeros(len(cells), int)
        for name, c in zip(strata, columns, strict=True):
            case_key = case_key * len(self._values[name]) + cases[:, c]
            cell_key = cell_key * len(self._values[name]) + cells[:, c]
        names, row = np.unique(case_key, return_inverse=True)
        shape = max(len(names), 1), len(self.operators)
        reached = np.bincount(row * shape[1] + cases[:, -1], minlength=shape[0] * shape[1]).reshape(shape)
        met = np.isin(cell_key, names)
        place = np.searchsorted(names, cell_key[met]) * shape[1] + cells[met, -1]
        controls = np.bincount(place, n[met], shape[0] * shape[1]).astype(int).reshape(shape)
        if not always:
            met = controls.sum(1) > 0
            both = max(int(met.sum()), 1)
            if (
                reached[met].sum() < _COVERED * reached.sum()
                or reached.sum() / both < _CASES_PER_STRATUM
                or controls.sum() / both < _CONTROLS_PER_STRATUM
            ):
                return None
        return ControlCounts(reached, controls, strata, relaxed)


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

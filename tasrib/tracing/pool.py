"""Everyone who may serve as a control, by what they reported, when and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from tasrib.tracing.controls import STRATA, ControlCounts, Sender
from tasrib.tracing.people import People
from tasrib.tracing.windows import EVERYTHING, Key, Reports, when_and_how

_STRATA = ("month", "channel", "region")
_COVERED = 0.95
_CASES_PER_STRATUM, _CONTROLS_PER_STRATUM = 5, 5
# From so many people on, a sender is a list of its own, without which a finding has to stand. Where more than this share of them is
# with one operator, and clearly fewer of the other controls, the messages are the operator's own: they reach its customers only.
LARGE, _OWN = 10, 0.9
_OTHERS_AT_MOST = 0.7
# The largest ones; what a smaller one of so many weighs cannot carry a finding.
_MOST_SENDERS = 60


@dataclass(frozen=True)
class Window:
    """
    Reports of some months and channels, each person and sender once.

    Attributes
    ----------
    places : numpy.ndarray of int
        Rows of the pool.
    codes : numpy.ndarray of int, shape (n_places, 4)
        Month, channel, region and operator of each.
    things, persons : numpy.ndarray of int
        Sender and person of each.
    aside : tuple of Sender
        Senders left out.
    n_unknown : int
        People whose prefix is of no known operator.
    """

    places: np.ndarray
    codes: np.ndarray
    things: np.ndarray
    persons: np.ndarray
    aside: tuple[Sender, ...]
    n_unknown: int

    @cached_property
    def weight(self) -> float:
        """How many independent people a report is worth."""
        return _worth(self.persons)

    @cached_property
    def cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Month, channel, region and operator of each cell that holds a report; the cell of each report; reports in each."""
        kinds, of, n = np.unique(self.codes, axis=0, return_inverse=True, return_counts=True)
        return kinds.reshape(-1, 4), of.ravel(), n

    @cached_property
    def senders(self) -> np.ndarray:
        """Each of whom somebody complained, once."""
        return np.unique(self.things)

    @cached_property
    def large(self) -> list[tuple[int, int]]:
        """Senders of whom many complained, most first, and how many did."""
        things, n = np.unique(self.things, return_counts=True)
        order = np.argsort(-n, kind="stable")[:_MOST_SENDERS]
        return [(int(things[i]), int(n[i])) for i in order if n[i] >= LARGE]

    @cached_property
    def of_large(self) -> sparse.csr_array:
        """Reports of each large sender in each cell: shape (n_large, n_cells)."""
        cells, of, _ = self.cells
        rows = {thing: row for row, (thing, _) in enumerate(self.large)}
        row = np.array([rows.get(thing, -1) for thing in self.things.tolist()], int)
        kept = row >= 0
        shape = (len(rows), len(cells))
        return sparse.csr_array((np.ones(int(kept.sum())), (row[kept], of[kept])), shape=shape)


class Pool:
    """
    Everyone who may serve as a control.

    Controls are drawn as reports are made, not as people are: whoever complains of everything is among those who complained of the campaign
    as often as among the reports of the months and channels in which it came, and not as often as among the people who ever complained
    (density sampling: Lubin & Gail, American Journal of Epidemiology 1984). So reports are counted, each person and sender once, and then
    taken for as many people as they are worth.

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
        self.rows = rows.set_index("person")
        self._values = {name: pd.Index(np.sort(frame[name].unique())) for name in _STRATA}
        self._codes = np.column_stack([self._code(self.rows, name) for name in (*_STRATA, "operator")])
        self._things, self.things = pd.factorize(self.rows["thing"])
        self._persons, self._names = pd.factorize(self.rows.index)
        self._reports = Reports(self.rows, self._persons, self._things)
        self._windows: dict[Key, Window] = {}

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
        window, relaxed = self._serving(cases, least)
        reports, worth = self._reports_in(window, cases)
        codes = np.column_stack([self._code(cases, name) for name in (*_STRATA, "operator")])
        known = codes[codes[:, -1] >= 0]
        n_senders = int((~np.isin(window.senders, self.things.get_indexer(cases["thing"].unique()))).sum())
        # Strata of what was relaxed would leave those controls out again.
        for strata in [("region",)] if relaxed else STRATA:
            found = self._counted(known, window, reports, worth, strata, relaxed)
            if found is not None:
                return replace(found, n_senders=n_senders)
        whole = self._counted(known, window, reports, worth, (), relaxed, always=True)
        return replace(whole, n_senders=n_senders)  # type: ignore[type-var,return-value]

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
            With the index ``person``, each once. Evenly spread over the reports of the pool, the same ones each time.
        """
        window = self.window(EVERYTHING if relaxed else when_and_how(cases))
        places = window.places[~self.rows.index[window.places].isin(cases["person"])]
        most = max(per_case * len(cases), 1)
        if len(places) > most:
            places = places[np.linspace(0, len(places) - 1, most).round().astype(int)]
        rows = self.rows.iloc[places]
        return rows[~rows.index.duplicated()]

    def window(self, key: Key) -> Window:
        """
        Reports of some months and channels.

        Parameters
        ----------
        key : (frozenset of str, frozenset of str)
            Months and channels, as `Reports.within` takes them.

        Returns
        -------
        Window
            Kept, since many campaigns ask for the same.
        """
        if key not in self._windows:
            self._windows[key] = self._made(key)
        return self._windows[key]

    def _serving(self, cases: pd.DataFrame, least: int) -> tuple[Window, bool]:
        near, everywhere = self.window(when_and_how(cases)), self.window(EVERYTHING)
        n, most = (int(self._reports_in(window, cases)[0].sum()) for window in (near, everywhere))
        return (near, False) if n >= least or n == most else (everywhere, True)

    def _reports_in(self, window: Window, cases: pd.DataFrame) -> tuple[np.ndarray, float]:
        """Reports in each cell of a window, but for those of the campaign itself, and how many people each is worth."""
        _, of, n = window.cells
        own = self.things.get_indexer(cases["thing"].unique())
        mine = np.isin(window.things, own[own >= 0])
        if not mine.any():
            return n, window.weight
        return n - np.bincount(of[mine], minlength=len(n)), _worth(window.persons[~mine])

    def _made(self, key: Key) -> Window:
        places = self._reports.within(key)
        is_known = self._codes[places, -1] >= 0
        n_unknown = len(np.unique(self._persons[places[~is_known]]))
        places = places[is_known]
        aside = self._aside(places)
        if aside:
            left_out = self.things.get_indexer([sender.thing for sender in aside])
            places = places[~np.isin(self._things[places], left_out)]
        return Window(places, self._codes[places], self._things[places], self._persons[places], tuple(aside), n_unknown)

    def _aside(self, places: np.ndarray) -> list[Sender]:
        """Senders of whom hardly anyone complained but one operator's customers."""
        k = max(len(self.operators), 1)
        if not len(places):
            return []
        flat = self._things[places] * k + self._codes[places, -1]
        counts = np.bincount(flat, minlength=len(self.things) * k).reshape(-1, k)
        people, total = counts.sum(1), counts.sum(0)
        found = []
        for thing in np.flatnonzero((people >= LARGE) & (counts.max(1) > _OWN * people)).tolist():
            own = int(counts[thing].argmax())
            others = total - counts[thing]
            if others.sum() and others[own] <= _OTHERS_AT_MOST * others.sum():
                found.append(self._sender(thing, counts[thing]))
        return found

    def _sender(self, thing: int, counts: np.ndarray) -> Sender:
        own = int(counts.argmax())
        n = int(counts.sum().round())
        return Sender(str(self.things[thing]), n, str(self.operators[own]), float(counts[own] / max(counts.sum(), 1)))

    def _code(self, rows: pd.DataFrame, name: str) -> np.ndarray:
        return (self.operators if name == "operator" else self._values[name]).get_indexer(rows[name])

    def _counted(
        self,
        cases: np.ndarray,
        window: Window,
        n: np.ndarray,
        worth: float,
        strata: tuple[str, ...],
        relaxed: bool,
        *,
        always: bool = False,
    ) -> ControlCounts | None:
        cells = window.cells[0]
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

        def people(reports: np.ndarray) -> np.ndarray:
            found = np.bincount(place, reports[met], shape[0] * shape[1]).reshape(shape)
            return _whole(found * worth)

        controls = people(n)
        if not always:
            both = controls.sum(1) > 0
            size = max(int(both.sum()), 1)
            if (
                reached[both].sum() < _COVERED * reached.sum()
                or reached.sum() / size < _CASES_PER_STRATUM
                or controls.sum() / size < _CONTROLS_PER_STRATUM
            ):
                return None
        without = []
        for (thing, _), part in zip(window.large, window.of_large.toarray() if window.large else (), strict=True):
            # The campaign's own reports are gone already.
            if (part <= n).all():
                sender = self._sender(thing, np.bincount(cells[:, -1], part, shape[1]))
                without.append((sender, people(n - part)))
        largest = max((sender.people for sender, _ in without), default=0) / max(n.sum(), 1)
        return ControlCounts(
            reached, controls, strata, relaxed, window.n_unknown, self._region_share(cases, cells, n), float(largest),
            tuple(without), window.aside,
        )  # fmt: skip

    def _region_share(self, cases: np.ndarray, cells: np.ndarray, n: np.ndarray) -> float:
        """Share of the controls, of those with a region, that live where most of the people reached do."""
        place, unknown = _STRATA.index("region"), self._values["region"].get_indexer([""])[0]
        regions = cases[cases[:, place] != unknown, place]
        told = cells[:, place] != unknown
        if not len(regions) or not n[told].sum():
            return float("nan")
        return float(n[told & (cells[:, place] == np.bincount(regions).argmax())].sum() / n[told].sum())


def _worth(persons: np.ndarray) -> float:
    """How many independent people a report is worth, given whose each is (Kish, "Survey Sampling", 1965, 8.2)."""
    reports = np.unique(persons, return_counts=True)[1]
    return float(reports.sum() / (reports**2).sum()) if len(reports) else 1.0


def _whole(people: np.ndarray) -> np.ndarray:
    """Whole numbers of people with nearly the same sum in each stratum (largest remainders)."""
    low = np.floor(people + 1e-9)
    left = np.rint(people.sum(1) - low.sum(1)).astype(int)
    order = np.argsort(np.argsort(low - people, axis=1, kind="stable"), axis=1, kind="stable")
    return (low + (order < left[:, None])).astype(int)

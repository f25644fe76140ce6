"""Each campaign's people as one list among others: those of the other campaigns and of the senders of control messages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.special import logit

from tasrib.tracing.controls import ControlCounts
from tasrib.tracing.people import People
from tasrib.tracing.stats.spread import Asked, BesideLists, Lists, beside_lists
from tasrib.tracing.windows import EVERYTHING, Key, Reports, when_and_how

_Name = TypeVar("_Name", bound=Hashable)
# Shorter lists say nothing of how lists differ; their people count one by one.
_SHORTEST = 5
# Fewer lists of ten people or more tell little of the spread: then it rests on what is believed beforehand.
ENOUGH, _TELLING = 6, 10
# A region's mix is drawn towards the mix of all by so many people.
_DRAWN = 10.0


@dataclass(frozen=True)
class AmongLists:
    """
    How a campaign stands among other lists.

    Attributes
    ----------
    operators : tuple of BesideLists
        One an operator.
    n_lists : int
        Other lists of ten people or more.
    """

    operators: tuple[BesideLists, ...]
    n_lists: int

    @property
    def is_told(self) -> bool:
        """Whether there are enough lists to say how much lists differ."""
        return self.n_lists >= ENOUGH


class ListTable:
    """
    All lists of a batch.

    Parameters
    ----------
    people : People
        Who was reached by what.
    operators : list of str
        Names, in the order of all counts.
    """

    def __init__(self, people: People, operators: list[str]) -> None:
        frame = people.frame[people.frame["operator"].isin(operators)]
        self.n_operators, self.operators = len(operators), pd.Index(operators)
        self._thing, things = pd.factorize(frame["thing"], sort=True)
        self.things = pd.Index(things)
        self._reports = Reports(frame, pd.factorize(frame["person"])[0], self._thing)
        self._operator = self.operators.get_indexer(frame["operator"])
        self._region, regions = pd.factorize(frame["region"], sort=True)
        self.regions = pd.Index(regions)
        self._is_control = frame["control"].to_numpy(bool)

    def among(
        self,
        cases: Mapping[_Name, pd.DataFrame],
        counts: Mapping[_Name, ControlCounts],
        kin: Mapping[str, set[str]],
    ) -> dict[_Name, AmongLists]:
        """
        Place campaigns among the lists of their months and channels.

        Parameters
        ----------
        cases : mapping of name to pandas.DataFrame
            People of each campaign, as from `People.reached`; of campaigns taken together the rows of all of them.
        counts : mapping of name to ControlCounts
            Their controls, for the senders that are set aside.
        kin : mapping of name to set of str
            Of each, campaigns that tell nothing of it, since they have its sender, party or link.

        Returns
        -------
        dict of name to AmongLists
            By campaign.
        """
        found: dict[_Name, AmongLists] = {}
        by: dict[tuple[Key, frozenset[str]], list[_Name]] = {}
        for name, rows in cases.items():
            key = EVERYTHING if counts[name].relaxed else when_and_how(rows)
            by.setdefault((key, frozenset(sender.thing for sender in counts[name].aside)), []).append(name)
        for (key, aside), names in by.items():
            window = self._window(key, aside)
            found |= self._place(
                window,
                {name: (cases[name], kin.get(name, set()) if isinstance(name, str) else set()) for name in names},
            )
        return found

    def _window(self, key: Key, aside: frozenset[str]) -> _Window:
        places = self._reports.within(key)
        places = places[~np.isin(self._thing[places], self.things.get_indexer(sorted(aside)))]
        shape = len(self.things), max(len(self.regions), 1), self.n_operators
        flat = np.ravel_multi_index((self._thing[places], self._region[places], self._operator[places]), shape)
        table = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        is_control = np.zeros(len(self.things), bool)
        is_control[self._thing[places[self._is_control[places]]]] = True
        return _Window(table, is_control)

    def _place(
        self, window: _Window, campaigns: Mapping[_Name, tuple[pd.DataFrame, set[str]]]
    ) -> dict[_Name, AmongLists]:
        places = np.flatnonzero(window.is_list)
        people = window.people[places]
        left_out, tables = [], []
        for rows, kin in campaigns.values():
            own = self.things.get_indexer([*rows["thing"].unique(), *kin])
            left_out.append(np.flatnonzero(np.isin(places, own)).tolist())
            tables.append(self._table(rows))
        offsets = window.raised(np.array(tables))
        lists = Lists(window.table[places].sum(1), window.offsets[places], ~window.is_control[places], window.alone)
        asked = [Asked(table.sum(0), offset, out) for table, offset, out in zip(tables, offsets, left_out, strict=True)]
        telling = [int((np.delete(people, out) >= _TELLING).sum()) for out in left_out]
        judged = beside_lists(lists, asked)
        return {name: AmongLists(each, n) for name, each, n in zip(campaigns, judged, telling, strict=True)}

    def _table(self, rows: pd.DataFrame) -> np.ndarray:
        """People of one list by region and operator."""
        table = np.zeros((max(len(self.regions), 1), self.n_operators), int)
        operators = self.operators.get_indexer(rows["operator"])
        regions = self.regions.get_indexer(rows["region"])
        known = (operators >= 0) & (regions >= 0)
        np.add.at(table, (regions[known], operators[known]), 1)
        return table


@dataclass(frozen=True)
class _Window:
    """Lists of some months and channels: people by thing, region and operator."""

    table: np.ndarray
    is_control: np.ndarray

    @cached_property
    def people(self) -> np.ndarray:
        return self.table.sum((1, 2))

    @cached_property
    def is_list(self) -> np.ndarray:
        return self.people >= _SHORTEST

    @cached_property
    def alone(self) -> np.ndarray:
        """Controls that are no list of many, by operator."""
        return self.table[self.is_control & ~self.is_list].sum((0, 1)).astype(int)

    @cached_property
    def _mixes(self) -> tuple[np.ndarray, np.ndarray]:
        """Mix of operators among all controls, and among those of each region."""
        controls = self.table[self.is_control].sum(0)
        whole = (controls.sum(0) + 0.5) / (controls.sum() + 0.5 * controls.shape[1])
        return whole, (controls + _DRAWN * whole) / (controls.sum(1, keepdims=True) + _DRAWN)

    @cached_property
    def offsets(self) -> np.ndarray:
        """By how much each list's regions raise the log-odds of each operator."""
        return self.raised(self.table)

    def raised(self, table: np.ndarray) -> np.ndarray:
        """The same of lists given by region and operator: shape (n_lists, n_operators)."""
        whole, by_region = self._mixes
        people = table.sum(2)
        expected = (people @ by_region) / np.maximum(people.sum(1, keepdims=True), 1)
        expected = np.where(people.sum(1, keepdims=True) > 0, expected, whole)
        return logit(np.clip(expected, 1e-3, 1 - 1e-3)) - logit(np.clip(whole, 1e-3, 1 - 1e-3))

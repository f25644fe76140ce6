"""Signs that one person filed complaints for many: what stands side by side, or is the same, more than chance and custom make it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.values import home_zone
from tasrib.errors import TasribError
from tasrib.scored import COLUMNS
from tasrib.tracing.rows import Rows

# A couple who complain of one message are two complainants; three different people are a sign at the earliest.
_FEWEST = 3
# Expected number of such runs among all rows of a file, if neighbours were strangers.
_CHANCE = 0.01
# What most people of a campaign share is the campaign's.
_MOST = 0.5
# Neighbours on each side by which it is judged whether the order of a file goes with what it is compared by.
_NEAR, _AROUND = 20, 50
_SORTED, _FEWEST_STEPS = 0.9, 5
# Without a sign each person of a run of this many times as many has a moment of their own.
_TYPICAL = 3
# A time of day on so many days, in such a share of rows, is what a program or a clerk writes where none was given.
_USUAL_DAYS, _USUAL = 3, 0.1
# A free text: longer than the name of an organisation.
_LONG, _WORDS = 25, 5
_NO_KEY = -1
_ADDRESS = re.compile(rf"[^\s@]{{1,64}}@[^\s@]{{1,255}}|{PSEUDONYM}")
_KNOWN = frozenset(column.name for column in COLUMNS)


def filing_signs(scored: pd.DataFrame | Rows, persons: np.ndarray, country: str = "MA") -> list[np.ndarray]:
    """
    Find complaints of different people that one person seems to have filed.

    Parameters
    ----------
    scored : pandas.DataFrame or Rows, n rows
        Scored complaints, checked; columns of the user's own may hold free texts and e-mail addresses.
    persons : numpy.ndarray of int, shape (n,)
        Whose number each names: a number for each person.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    list of numpy.ndarray of int
        Places of the rows of each sign, in no order: groups may share rows.

    Notes
    -----
    Neighbours in the order of filing (rows of a sheet, numbers of complaints) of one campaign that were reached in the same minute, or that
    name the same long list of organisations. An order says something only where it is not that of the times themselves: in a file sorted by
    time all who were reached in one minute stand together. Hence a run counts only (a) where times around it, and those of the campaign,
    go up and down, (b) where most people of the campaign have moments of their own, so that it was not sent in bursts, and (c) where
    the run would be rare if neighbours were strangers, by the greatest of three rates: how frequent its minute is in the file, near the
    run, and how often runs go on at all. Elsewhere: the same prose in a column of the user's own, and an e-mail address of a few.
    """
    scored = Rows.of(scored)
    case = _Case(_things(scored), persons)
    minutes, known_to = _Keys.of_minutes(scored["received_at"], country), _Keys.of_texts(scored["known_to"])
    signs: list[np.ndarray] = []
    for order in _orders(scored):
        signs += [*_same_minute(_Runs(order, minutes, case)), *_same_list(_Runs(order, known_to, case))]
    for name in scored:
        if name not in _KNOWN and isinstance(scored[name].dtype, pd.StringDtype):
            cells = scored[name].fillna("").str.strip()
            signs += _addresses(cells, case) or _prose(cells, case)
    return signs


def _things(rows: Rows) -> np.ndarray:
    """A number for what each complaint is about: its campaign, or its very text."""
    campaign, text = rows.codes("campaign_id").astype(np.int64), rows.codes("text").astype(np.int64)
    of_none = (rows["campaign_id"] == "").to_numpy(bool)
    return pd.factorize(np.where(of_none, text + campaign.max(initial=0) + 1, campaign))[0]


def _minutes(received: pd.Series, country: str) -> np.ndarray:
    """Minutes since 1970 in UTC; none where there is no time of day, or one that stands for none."""
    utc = received.dt.floor("min")
    minutes = utc.dt.tz_localize(None).to_numpy(dtype="datetime64[m]").astype("int64")
    minutes[received.isna().to_numpy()] = _NO_KEY
    try:
        local = utc.dt.tz_convert(home_zone(country))
    except TasribError:
        local = utc
    whole = (received == utc).to_numpy()
    for clock in (utc, local):
        minutes[whole & (clock.dt.hour == 0).to_numpy() & (clock.dt.minute == 0).to_numpy()] = _NO_KEY
    timed = minutes != _NO_KEY
    day, of_day = np.divmod(minutes, 24 * 60)
    usual = pd.DataFrame({"day": day, "of_day": of_day})[timed].groupby("of_day")["day"].agg(["size", "nunique"])
    usual = usual[(usual["nunique"] >= _USUAL_DAYS) & (usual["size"] > _USUAL * timed.sum())]
    minutes[np.isin(of_day, usual.index.to_numpy())] = _NO_KEY
    return minutes


def _orders(scored: Rows) -> Iterator[_Order]:
    """Orders of filing: the rows of a sheet, the numbers of a series of complaints."""
    file = pd.factorize(scored["source_file"] + "\x1f" + scored["source_sheet"])[0]
    place = np.arange(len(scored))
    row = scored["source_row"].astype("float64").to_numpy()
    places = np.lexsort((place, np.where(np.isnan(row), place, row), file))
    yield _Order(places, file[places], np.ones(max(len(places) - 1, 0), dtype=bool))
    parts = scored["complaint_id"].str.extract(r"^(.*?)(\d{1,15})\D*$")
    numbered = np.flatnonzero(parts[1].notna().to_numpy())
    series = pd.factorize(parts[0].iloc[numbered])[0]
    number = parts[1].iloc[numbered].astype("float64").to_numpy()
    places = np.lexsort((numbered, number, series))
    yield _Order(numbered[places], series[places], np.diff(number[places]) == 1)


@dataclass(frozen=True)
class _Order:
    """Places of rows in the order of filing; of each the file, their numbers ascending; and whether the next one follows it at once."""

    places: np.ndarray
    file: np.ndarray
    follows: np.ndarray


@dataclass(frozen=True)
class _Case:
    """Of all rows what they are about and whose number they name, and the places of the rows about each thing."""

    things: np.ndarray
    persons: np.ndarray

    @cached_property
    def about(self) -> dict[int, np.ndarray]:
        return pd.Series(self.things).groupby(self.things).indices


@dataclass(frozen=True)
class _Keys:
    """What neighbours may have in common, by place: a number, -1 where there is nothing; and which of the numbers may make a sign."""

    of_rows: np.ndarray
    telling: np.ndarray

    @classmethod
    def of_minutes(cls, received: pd.Series, country: str) -> _Keys:
        minutes = _minutes(received, country)
        return cls(minutes, minutes != _NO_KEY)

    @classmethod
    def of_texts(cls, cells: pd.Series) -> _Keys:
        text = cells.str.strip()
        empty = (text == "").to_numpy()
        codes = pd.factorize(text, sort=True)[0].astype("int64")
        return cls(np.where(empty, _NO_KEY, codes), (text.str.len() > _LONG).to_numpy() & ~empty)


class _Runs:
    """
    Runs of neighbours of different people with one key about one thing, where neither chance nor the order of the file explains them.

    Parameters
    ----------
    order : _Order
        Who is whose neighbour.
    keys : _Keys
        What they share.
    case : _Case
        All rows.
    """

    def __init__(self, order: _Order, keys: _Keys, case: _Case) -> None:
        self.order, self.keys, self.case = order, keys, case
        places, file = order.places, order.file
        self.key, self.thing = keys.of_rows[places], case.things[places]
        same = order.follows & (file[1:] == file[:-1]) & (self.thing[1:] == self.thing[:-1])
        same &= (self.key[1:] == self.key[:-1]) & (self.key[1:] != _NO_KEY)
        self.starts = np.flatnonzero(np.r_[True, ~same]) if len(places) else np.array([], dtype=int)
        self.sizes = np.diff(np.r_[self.starts, len(places)])
        n_files = int(file.max()) + 1 if len(file) else 0
        self.first = np.searchsorted(file, np.arange(n_files), "left")
        self.last = np.searchsorted(file, np.arange(n_files), "right")
        keyed = self.key != _NO_KEY
        self.n_keyed = np.bincount(file[keyed], minlength=n_files)
        of_run = file[self.starts]
        # How often a run goes on: among strangers as many runs of two, of all runs, as of three of those of two.
        twos = np.bincount(of_run[self.sizes == 2], minlength=n_files)
        self.goes_on = (1 + twos) / (1 + np.bincount(of_run, minlength=n_files))
        codes = pd.factorize(self.key)[0]
        alike = file * (int(codes.max(initial=0)) + 1) + codes
        self.n_alike = pd.Series(alike).groupby(alike).transform("size").to_numpy()
        self.free: dict[tuple[int, int], bool] = {}

    def found(self) -> Iterator[tuple[int, int]]:
        """From where to where in the order each run goes."""
        for start, size in zip(self.starts, self.sizes, strict=True):
            if size < _FEWEST or not self.keys.telling[self.order.places[start]]:
                continue
            n_people = len(set(self.case.persons[self.order.places[start : start + size]]))
            if n_people < _FEWEST or self.chance(start, size, n_people) >= _CHANCE:
                continue
            if self.free_order(start, size):
                yield int(start), int(start + size)

    def chance(self, start: int, size: int, n_people: int) -> float:
        """Expected number of such runs in the file, if each neighbour had this key by the greatest of three rates."""
        file = self.order.file[start]
        n = int(self.n_keyed[file])
        rate = max((self.n_alike[start] - size + 1) / n, self.goes_on[file])
        if n * rate ** (n_people - 1) >= _CHANCE:
            return float(n * rate ** (n_people - 1))
        before = self.key[max(self.first[file], start - _AROUND) : start]
        near = np.r_[before, self.key[start + size : min(self.last[file], start + size + _AROUND)]]
        near = near[near != _NO_KEY]
        around = float(np.mean(near == self.key[start])) if len(near) else 0.0
        return float(n * max(rate, around) ** (n_people - 1))

    def free_order(self, start: int, size: int) -> bool:
        """Whether keys go up and down around the run, and among the rows of its own thing."""
        file, thing = int(self.order.file[start]), int(self.thing[start])
        first, last = self.first[file], self.last[file]
        if not _up_and_down(self.key[max(first, start - _NEAR) : min(last, start + size + _NEAR)]):
            return False
        if (file, thing) not in self.free:
            self.free[file, thing] = _up_and_down(self.key[first:last][self.thing[first:last] == thing])
        return self.free[file, thing]


def _up_and_down(keys: np.ndarray) -> bool:
    steps = np.diff(keys[keys != _NO_KEY])
    steps = steps[steps != 0]
    return len(steps) >= _FEWEST_STEPS and bool(1 - _SORTED < np.mean(steps > 0) < _SORTED)


def _same_minute(runs: _Runs) -> Iterator[np.ndarray]:
    """Runs of one minute, where the campaign did not reach its people so many a minute that they are no wonder."""
    for start, end in runs.found():
        rows = runs.order.places[start:end]
        about = runs.case.about[int(runs.thing[start])]
        about = about[runs.keys.of_rows[about] != _NO_KEY]
        people = pd.DataFrame({"minute": runs.keys.of_rows[about], "person": runs.case.persons[about]})
        others = people[~np.isin(about, rows)].drop_duplicates()["minute"].value_counts().to_numpy()
        typical = np.repeat(others, others)
        mine = people.loc[people["minute"] == runs.key[start], "person"].nunique()
        if len(typical) < _FEWEST or mine > _MOST * people["person"].nunique():
            continue
        if np.median(typical) * _TYPICAL <= len(set(runs.case.persons[rows])):
            yield rows


def _same_list(runs: _Runs) -> Iterator[np.ndarray]:
    """Runs of one long text, where it is not that of most people of the campaign and the file is not sorted by such texts."""
    for start, end in runs.found():
        about = runs.case.about[int(runs.thing[start])]
        mine = runs.case.persons[about[runs.keys.of_rows[about] == runs.key[start]]]
        file = runs.order.file[start]
        key = runs.key[runs.first[file] : runs.last[file]]
        other = (key != runs.key[start]) & (key != _NO_KEY)
        again = int(np.sum(other)) - len(np.unique(key[other]))
        together = int(np.sum((key[1:] == key[:-1]) & other[1:]))
        few = len(set(mine)) <= _MOST * len(set(runs.case.persons[about]))
        if few and together <= _MOST * again:
            yield runs.order.places[start:end]


def _prose(cells: pd.Series, case: _Case) -> list[np.ndarray]:
    """The same sentence by three or more people of a campaign in which the others wrote sentences of their own."""
    rows = pd.DataFrame(
        {"text": cells.to_numpy(), "thing": case.things, "person": case.persons, "row": np.arange(len(cells))}
    )
    sentence = (cells.str.len() > _LONG).to_numpy() & (cells.str.count(r"\S+") >= _WORDS).to_numpy()
    people = rows[sentence].drop_duplicates(["thing", "text", "person"])
    shared = people.groupby(["thing", "text"])["person"].nunique()
    # What stands beside other campaigns too is a form letter, which citizens pass on.
    campaigns = people.groupby("text")["thing"].nunique()
    found = []
    for thing, text in shared.index[shared >= _FEWEST]:
        mine = rows[rows["thing"] == thing]
        others = mine[mine["text"] != text].drop_duplicates(["person", "text"])
        told = others.loc[others["text"] != "", "text"]
        few = shared[thing, text] <= _MOST * mine["person"].nunique()
        own = len(told) > _MOST * len(others) and told.nunique() > _SORTED * len(told)
        if few and own and campaigns[text] == 1:
            found.append(mine.loc[mine["text"] == text, "row"].to_numpy())
    return found


def _addresses(cells: pd.Series, case: _Case) -> list[np.ndarray]:
    """Complaints of several people with one address, in a column where most people have an address of their own."""
    filled = (cells != "").to_numpy()
    if not filled.any() or cells[filled].str.fullmatch(_ADDRESS).mean() <= _SORTED:
        return []
    rows = pd.DataFrame({"address": cells.str.casefold(), "thing": case.things, "person": case.persons}).reset_index(
        drop=True
    )[filled]
    sharing = rows.drop_duplicates(["address", "person"]).groupby("address")["person"].transform("size")
    if (sharing > 1).mean() > _MOST:
        return []
    per_thing = rows.drop_duplicates(["thing", "person"]).groupby("thing").size()
    each = rows.drop_duplicates(["thing", "address", "person"]).groupby(["thing", "address"]).size()
    shares = each / per_thing.reindex(each.index.get_level_values("thing")).to_numpy()
    # The address of most of a campaign's people is its sender's.
    senders = set(each.index[(each > 1) & (shares > _MOST)].get_level_values("address"))
    shared = sharing.index[sharing > 1]
    several = rows[rows["address"].isin(set(rows.loc[shared, "address"]) - senders)]
    return [group.to_numpy() for group in several.groupby("address").groups.values()]

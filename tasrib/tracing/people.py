"""From complaints to people: who was reached by what, each counted once, and with whom they are compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.errors import TasribError
from tasrib.numbering import is_person
from tasrib.tracing.filers import filed_for_others, inferred_filers, one_each, said_filers
from tasrib.tracing.persons import persons
from tasrib.tracing.rows import Rows
from tasrib.tracing.senders import name_senders

CONTROL_CATEGORIES = ("commercial", "scam")
# Who files for more than this share of all people gathers complaints.
_GATHERED = 0.5
# Columns of a scored complaint that are taken over, by their name here.
_TAKEN = {
    "operator": "operator_allocated", "serving": "operator_serving", "prefix": "prefix", "channel": "channel", "region": "region",
    "known_to": "known_to", "other_operators": "other_operators",
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """
    The people of a batch.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a person and thing received: ``person``, ``campaign_id`` (empty for a control message), ``operator``
        (empty where the prefix is of no known operator), ``serving`` (what the person says; empty where unsaid),
        ``prefix``, ``channel``, ``month``, ``week`` (its Monday), ``region``, ``known_to``, ``other_operators``, ``control``, ``thing`` (the
        campaign, or the sender of a control message: `name_senders`), ``filer`` (who filed: `filers`).
    reports : pandas.Series
        How many different things each person reported, by person.
    filers_said : bool
        Whether complaints say who filed them.
    filed : dict of str to (int, int)
        By campaign, the people of filers who filed for two or more, and these filers. Of these people one each is in `frame`.
    senders : pandas.Series of str
        Sender of each control message, as in ``thing``, by its place in the scored table.
    """

    frame: pd.DataFrame
    reports: pd.Series
    filers_said: bool = False
    filed: dict[str, tuple[int, int]] = field(default_factory=dict)
    senders: pd.Series = field(default_factory=lambda: pd.Series(dtype="str"))

    def reached(self, campaign: str) -> pd.DataFrame:
        """People reached by a campaign, one row each."""
        places = self._places.get(campaign)
        return self.frame.iloc[[] if places is None else places].drop_duplicates("person")

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        return self.frame.groupby("campaign_id", sort=False).indices


def gather_people(scored: pd.DataFrame | Rows, country: str = "MA") -> People:
    """
    Turn scored complaints into people.

    Parameters
    ----------
    scored : pandas.DataFrame or Rows
        Scored complaints, checked (`tasrib.scored.check`).
    country : str
        ISO 3166 code of the home country they were scored for.

    Returns
    -------
    People
        Only people with a mobile number of the home country: another number says nothing of its operators.

    Raises
    ------
    TasribError
        When the complaints were scored for another country.
    """
    rows = Rows.of(scored)
    valid = np.flatnonzero(rows["number_status"] == "valid")
    rows = rows.where(valid)
    others = sorted(set(rows["country"]) - {country, ""})
    if others:
        raise TasribError(
            f"these complaints were scored for {', '.join(others)}, not {country}; give the country they were scored for"
        )
    frame = pd.DataFrame({name: rows[source] for name, source in _TAKEN.items()})
    frame["person"] = persons(rows.frame(["recipient", "number_status"]), country)
    frame["filer"] = _filers(rows, frame["person"], country)
    frame["known_to"] = _organisations(frame["known_to"], country)
    frame["campaign_id"] = rows["campaign_id"].where(rows["decision"] == "campaign", "")
    received = rows["received_at"]
    frame["month"] = _days(received, lambda days: days.strftime("%Y-%m"))
    frame["week"] = _days(
        received, lambda days: (days - pd.to_timedelta(days.day_of_week, unit="D")).strftime("%Y-%m-%d")
    )
    frame["control"] = rows["category"].isin(CONTROL_CATEGORIES) & (rows["decision"] == "not_campaign")
    frame["region"] = frame["region"].str.strip().str.casefold()
    frame["thing"] = frame["campaign_id"]
    controls = np.flatnonzero(frame["control"])
    messages = rows.where(controls)
    senders = name_senders(messages["text"], messages["sender"])
    names = np.array([f"m-{number}" for number in range(senders.max(initial=-1) + 1)], dtype=object)
    frame.loc[frame["control"], "thing"] = names[senders]
    by_place = pd.Series(frame.loc[frame["control"], "thing"].to_numpy(), index=valid[controls])
    # Everything that a person reported tells how busy a complainant they are, whatever the model made of it.
    reports = frame["person"].value_counts()
    frame = frame[(frame["campaign_id"] != "") | frame["control"]]
    # Which of a person's rows is kept must not depend on the order of the file.
    order = ["person", "campaign_id", "thing", "month", "channel", "region", "week"]
    frame = frame.sort_values(order, kind="stable").reset_index(drop=True)
    shared = frame[frame.duplicated("filer", keep=False) & (frame["campaign_id"] != "")]
    filed = {
        name: filed_for_others(mine["filer"], mine["person"]) for name, mine in shared.groupby("campaign_id", sort=True)
    }
    # Who files for relatives brings one list of numbers, not one number each.
    kept = one_each(frame, frame["filer"], "thing").reset_index(drop=True)
    return People(
        kept, reports, bool((rows["complainant"] != "").any()), {name: n for name, n in filed.items() if n[0]}, by_place
    )


def _days(received: pd.Series, say: Callable[[pd.DatetimeIndex], pd.Index]) -> pd.Series:
    """Say something of the day of each moment, empty where there is none; of each day once, since complaints are many and days are few."""
    codes, days = pd.factorize(received.dt.floor("D"))
    said = np.append(np.asarray(say(pd.DatetimeIndex(days)), dtype=object), "")
    return pd.Series(said[codes], index=received.index, dtype="str")


def _filers(rows: Rows, people: pd.Series, country: str) -> pd.Series:
    """Who filed each complaint: who is said to have, else who the signs say, else the person."""
    told = (rows["complainant"] != "").to_numpy(bool)
    if not told.any():
        return inferred_filers(rows, people, country)
    said = said_filers(rows, people, country)
    # Who files for most is no relative of theirs: an association that gathers complaints.
    filed_for = people.groupby(said).nunique()
    gatherers = set(filed_for.index[filed_for > max(_GATHERED * people.nunique(), 1)])
    said = said.where(~said.isin(gatherers), people)
    if told.all():
        return said
    return said.where(told, inferred_filers(rows, people, country))


def _organisations(known_to: pd.Series, country: str) -> pd.Series:
    """Names of organisations without the numbers of persons that were put among them."""

    def named(cell: str) -> str:
        names = (name.strip() for name in cell.split(";"))
        return ";".join(name for name in names if not (re.match(PSEUDONYM, name) or is_person(name, country)))

    kept = {cell: named(cell) for cell in known_to.unique() if re.search(r"p-|\d{2}", cell)}
    return known_to.map(lambda cell: kept.get(cell, cell)).astype("str")


def top_region(people: pd.DataFrame) -> tuple[str, float]:
    """
    Most frequent region and its share of the people with a region.

    Parameters
    ----------
    people : pandas.DataFrame
        With a column ``region``.

    Returns
    -------
    (str, float)
        ``("", 0.0)`` where no region is known.
    """
    shares = people.loc[people["region"] != "", "region"].value_counts(normalize=True)
    return (str(shares.index[0]), float(shares.iloc[0])) if len(shares) else ("", 0.0)


def is_skewed(people: pd.DataFrame, share: float, controls_share: float) -> bool:
    """
    Tell whether people live in one region clearly more often than their controls.

    Parameters
    ----------
    people : pandas.DataFrame
        With a column ``region``.
    share : float
        Share of the most frequent region among them, as from `top_region`.
    controls_share : float
        Share of the same region among the controls; NaN where their regions are unknown.

    Returns
    -------
    bool
        Whether the share is higher by a fifth of all people and by more than two standard errors; also where regions of the people alone are
        known and most live in one.
    """
    n = int((people["region"] != "").sum())
    if n == 0:
        return False
    if np.isnan(controls_share):
        return share > 0.5
    error = np.sqrt(max(share * (1 - share), 0.25 / n) / n)
    return bool(share - controls_share > max(0.2, 2 * error))

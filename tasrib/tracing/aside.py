"""Senders of control messages that were set aside, by their names: who is left out of a comparison is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tasrib.numbering import received_in, without_numbers
from tasrib.tracing.controls import Compared
from tasrib.tracing.people import People
from tasrib.tracing.rows import Rows
from tasrib.tracing.senders import is_named

ASIDE_COLUMNS = ("campaign_id", "sender", "wording", "people", "operator", "share")
# Of a message as much as makes it known again.
_LONGEST = 100


def set_aside(scored: Rows, people: People, compared: Mapping[str, Compared]) -> pd.DataFrame:
    """
    List the senders of whom hardly anyone complained but one operator's customers, and who are no controls therefore.

    Parameters
    ----------
    scored : Rows
        Scored complaints.
    people : People
        Their people.
    compared : mapping of str to Compared
        Campaigns beside their controls.

    Returns
    -------
    pandas.DataFrame
        One row a campaign and sender, most people first: ``sender`` (empty where unknown) and ``wording``, its most frequent message cut short,
        without the numbers and addresses of persons; ``people`` who complained of it, ``operator`` of most of them, ``share`` of those.
    """
    found = [(name, sender) for name, campaign in compared.items() for sender in campaign.counts.aside]
    told_of = {sender.thing for _, sender in found}
    countries = received_in(scored.frame(("number_status", "country"))) if told_of else ()
    told = {thing: _told(scored, people, thing, countries) for thing in told_of}
    rows = [(name, *told[each.thing], each.people, each.operator, each.share) for name, each in found]
    table = pd.DataFrame(rows, columns=list(ASIDE_COLUMNS))
    place = pd.Series(range(len(compared)), index=list(compared), dtype=int)
    order = table.assign(place=table["campaign_id"].map(place), fewer=-table["people"])
    return table.loc[order.sort_values(["place", "fewer", "sender", "wording"], kind="stable").index].reset_index(
        drop=True
    )


def _told(scored: Rows, people: People, thing: str, countries: Sequence[str]) -> tuple[str, str]:
    """Name and wording of a sender."""
    mine = scored.where(people.senders.index[people.senders == thing].to_numpy())
    name = mine["sender"].str.strip()
    return _shown(name[is_named(name.str.casefold())], countries), _shown(mine["text"], countries)


def _shown(values: pd.Series, countries: Sequence[str]) -> str:
    counts = values.value_counts()
    if counts.empty:
        return ""
    # The first in the alphabet of several, so that the order of the file changes nothing.
    most = min(str(value) for value, n in counts.items() if n == counts.iloc[0])
    text = " ".join(without_numbers(most, countries).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} […]"

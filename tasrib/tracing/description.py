"""What is said of each campaign before and beside the tests: messages, people, shares by operator."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from tasrib.tracing.controls import ControlCounts
from tasrib.tracing.messages import of_campaigns
from tasrib.tracing.people import People
from tasrib.tracing.persons import persons
from tasrib.tracing.stats.exact import clopper_pearson

CAMPAIGN_COLUMNS = (
    "campaign_id", "party", "n_messages", "n_people", "n_valid", "n_unknown", "first", "last", "text", "tested",
    "same_template",
)  # fmt: skip
# What `trace` says of a campaign as a whole: posterior of no leak, and of two operators.
FIGURES = ("p_none", "p_two")
SHARE_COLUMNS = (
    "campaign_id", "operator", "observed", "share", "share_low", "share_high", "controls", "controls_share",
    "controls_low", "controls_high", "market_share",
)  # fmt: skip


def describe(scored: pd.DataFrame, people: People, operators: list[str], min_people: int, country: str) -> pd.DataFrame:
    """
    List the campaigns.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, checked (`tasrib.scored.check`).
    people : People
        Their people.
    operators : list of str
        Names of the known operators.
    min_people : int
        Campaigns that reached fewer people with a known operator are not to be tested.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        One row a campaign, columns ``CAMPAIGN_COLUMNS``, most people first. ``same_template``: the ids of campaigns with the same text but for
        the contestant, ``;`` between them.
    """
    mine = of_campaigns(scored)
    messages = mine[["campaign_id", "party", "text"]].assign(person=persons(mine, country), at=mine["received_at"])
    by = messages.groupby("campaign_id")
    table = pd.DataFrame(
        {"n_messages": by.size(), "n_people": by["person"].nunique(), "first": by["at"].min(), "last": by["at"].max()}
    )
    reached = people.frame[people.frame["campaign_id"] != ""].drop_duplicates(["campaign_id", "person"])
    known = reached["operator"].isin(operators).groupby(reached["campaign_id"]).agg(["size", "sum"])
    known = known.reindex(table.index, fill_value=0).astype(int)
    table["n_valid"], table["n_unknown"] = known["size"], known["size"] - known["sum"]
    table["tested"] = known["sum"] >= min_people
    table["same_template"] = _same_template(mine).reindex(table.index, fill_value="")
    table["text"] = _most_frequent(messages, "text")["text"]
    named = _most_frequent(messages[messages["party"] != ""], "party").reindex(table.index)
    # A party is named on most of all its messages, or not at all: what a few complainants wrote around the message must
    # not put a party's name on a campaign.
    table["party"] = named["party"].where(named["n"] > table["n_messages"] / 2, "").fillna("")
    table = table.rename_axis("campaign_id").reset_index()[list(CAMPAIGN_COLUMNS)]
    table["tested"] = table["tested"].astype(bool)
    return table.sort_values(["n_people", "campaign_id"], ascending=[False, True]).reset_index(drop=True)


def shares_by_operator(
    compared: Mapping[str, ControlCounts], operators: list[str], market: np.ndarray | None
) -> pd.DataFrame:
    """
    Share of each operator among the people reached and among the controls.

    Parameters
    ----------
    compared : mapping of str to ControlCounts
        By campaign; each with somebody reached.
    operators : list of str
        Names, in the order of the counts.
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares, where known.

    Returns
    -------
    pandas.DataFrame
        One row a campaign and operator, columns ``SHARE_COLUMNS``, with Clopper-Pearson intervals (95%).
    """
    k, names = len(operators), list(compared)
    x, n = _by_operator([mine.reached for mine in compared.values()])
    y, m = _by_operator([mine.controls for mine in compared.values()])
    low, high = clopper_pearson(x, n)
    control_low, control_high = clopper_pearson(y, m)
    columns = (
        np.repeat(np.array(names, object), k), np.tile(np.array(operators, object), len(names)), x, x / n, low, high, y,
        np.divide(y, m, out=np.full(len(y), np.nan), where=m > 0), control_low, control_high,
        np.tile(np.full(k, np.nan) if market is None else market, len(names)),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(SHARE_COLUMNS, columns, strict=True))).astype(
        {"campaign_id": "str", "operator": "str"}
    )


def with_figures(
    campaigns: pd.DataFrame, figures: Mapping[str, Mapping[str, float]], compared: Mapping[str, ControlCounts]
) -> pd.DataFrame:
    """
    Add to each campaign what people were compared within, and what comparisons say of the campaign as a whole.

    Parameters
    ----------
    campaigns : pandas.DataFrame
        From `describe`.
    figures : mapping of str to mapping of str to float
        Figures by name, of each compared campaign.
    compared : mapping of str to ControlCounts
        The same campaigns.

    Returns
    -------
    pandas.DataFrame
        With ``strata`` (a tuple), ``p_none`` and ``p_two`` (and other figures that are given); missing where not compared.
    """
    names = campaigns["campaign_id"]
    columns = dict.fromkeys((*FIGURES, *(name for one in figures.values() for name in one)))
    return campaigns.assign(
        strata=pd.Series([compared[name].strata if name in compared else () for name in names], dtype=object),
        **{column: [figures.get(name, {}).get(column, np.nan) for name in names] for column in columns},
    )


def reached_as_controls_are(counts: ControlCounts, market: np.ndarray | None, least: int) -> float:
    """
    Take a quick look at each operator of a campaign.

    Parameters
    ----------
    counts : ControlCounts
        The campaign's people and their controls.
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares, where known.
    least : int
        With fewer controls, people are compared with the market.

    Returns
    -------
    float
        Smallest p-value of the operators; 0 where there is nothing to compare with: such a campaign is not cleared.
    """
    x, y = counts.reached.sum(0), counts.controls.sum(0)
    if y.sum() >= least:
        return float(stats.hypergeom.sf(x - 1, x.sum() + y.sum(), x + y, x.sum()).min())
    return float(stats.binom.sf(x - 1, x.sum(), market).min()) if market is not None else 0.0


def _most_frequent(messages: pd.DataFrame, column: str) -> pd.DataFrame:
    """By campaign the most frequent value, the first in the alphabet of several, and how often it occurs."""
    counts = messages.groupby(["campaign_id", column]).size().rename("n").reset_index()
    counts = counts.sort_values(["campaign_id", "n", column], ascending=[True, False, True])
    return counts.drop_duplicates("campaign_id").set_index("campaign_id")


def _same_template(messages: pd.DataFrame) -> pd.Series:
    """By campaign the others of its template."""
    used = messages.loc[messages["template_id"] != "", ["campaign_id", "template_id"]].drop_duplicates()
    by = used.groupby("template_id")["campaign_id"].agg(set)
    others = {
        campaign: ";".join(sorted(by[template] - {campaign}))
        for campaign, template in zip(used["campaign_id"], used["template_id"], strict=True)
    }
    return pd.Series(others, dtype="str")


def _by_operator(counts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """People of each campaign and operator, one after the other, and beside each the people of the campaign."""
    if not counts:
        return np.zeros(0, int), np.zeros(0, int)
    people = np.array([each.sum(0) for each in counts], int)
    return people.ravel(), np.repeat(people.sum(1), people.shape[1])

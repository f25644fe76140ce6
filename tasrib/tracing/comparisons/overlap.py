"""One list, several parties: do two campaigns reach the same people more often than chance makes them?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse
from statsmodels.stats.multitest import multipletests

from tasrib.tracing.comparison import Batch, Comparison, Found, Line, Setting, SideTable, Told, is_below
from tasrib.tracing.stats.overlap import ReportUrns, overlap_test

OVERLAP_COLUMNS = (
    "campaign_a",
    "campaign_b",
    "n_a",
    "n_b",
    "overlap",
    "expected",
    "ratio",
    "jaccard",
    "p_value",
    "p_adjusted",
    "strata",
    "method",
)

Campaigns: TypeAlias = Mapping[Hashable, Sequence[Hashable]] | pd.DataFrame
# Adjusted p-value below which two campaigns are said to share people.
_SHARED = 0.05


@dataclass(frozen=True)
class _Membership:
    """Who is in which campaign, how much each person reports, and in which stratum."""

    names: list
    people: sparse.csr_array
    activity: np.ndarray
    strata: np.ndarray


def campaign_overlap(
    campaigns: Campaigns,
    universe: Sequence[Hashable],
    *,
    strata: ArrayLike | None = None,
    activity: ArrayLike | None = None,
    min_people: int = 5,
) -> pd.DataFrame:
    """
    Test for each pair of campaigns whether more people are in both than chance would put there.

    Parameters
    ----------
    campaigns : mapping of campaign to sequence of person, or pandas.DataFrame
        People reached by each campaign; or a long frame with the columns ``person`` and ``campaign_id``. A person
        counts once in a campaign.
    universe : sequence of person, shape (n_people,)
        Everyone who complained about anything, each once.
    strata : sequence, shape (n_people,), optional
        Stratum (region, month) of each person of the universe. People stay in their stratum under the null.
    activity : sequence of int, shape (n_people,), optional
        How many things each person reported, messages of other kinds included: the more that is known here, the
        better. The number of campaigns that the person is in unless given.
    min_people : int
        Campaigns with fewer people are left out.

    Returns
    -------
    pandas.DataFrame
        One row a pair with somebody in both, least p-value first: ``campaign_a``, ``campaign_b``, ``n_a``, ``n_b``,
        ``overlap``, ``expected``, ``ratio`` (overlap over expected), ``jaccard``, ``p_value`` (one-sided for excess),
        ``p_adjusted`` (over all pairs of the campaigns kept, those without an overlap included), ``strata`` (groups in
        which an overlap was possible), ``method`` (``activity, exact``, or ``activity, bound`` where the p-value is an
        upper bound: see `overlap_test`).

    Raises
    ------
    ValueError
        When a person of a campaign is not in the universe or twice in it, lengths differ, or a person is in more
        campaigns than things reported.

    Notes
    -----
    Without a shared list, each person reports as much as they do, and nothing else makes two campaigns overlap. So people
    are grouped by stratum and by how much they report (as Tumminello et al., "Statistically validated networks in bipartite
    complex systems", PLoS ONE 2011, do), and within a group the reports of the smaller campaign fall on any of the reports
    that are not the larger one's (configuration model: Newman, Strogatz & Watts, Physical Review E 2001). A test that held
    all people alike would ring for those who complain often, since they are in many campaigns.

    Adjusted by Benjamini & Yekutieli, Annals of Statistics 2001: pairs that share a campaign are dependent.
    """
    who = _membership(campaigns, universe, strata, activity, min_people)
    shared = sparse.coo_array(sparse.triu(who.people.T @ who.people, k=1))
    a, b, overlap = shared.row, shared.col, shared.data.astype(int)
    sizes = np.asarray(who.people.sum(axis=0)).ravel().astype(int)
    found = overlap_test(ReportUrns(who.people, who.activity, who.strata), a, b, overlap)
    untested = len(who.names) * (len(who.names) - 1) // 2 - len(a)
    p = np.append(found.p_value, np.ones(untested))
    adjusted = multipletests(p, method="fdr_by")[1][: len(a)] if len(a) else found.p_value
    with np.errstate(divide="ignore"):
        ratio = overlap / found.expected
    names = np.array([*who.names, None], dtype=object)
    table = pd.DataFrame(
        {
            "campaign_a": names[a],
            "campaign_b": names[b],
            "n_a": sizes[a],
            "n_b": sizes[b],
            "overlap": overlap,
            "expected": found.expected,
            "ratio": ratio,
            "jaccard": overlap / (sizes[a] + sizes[b] - overlap),
            "p_value": found.p_value,
            "p_adjusted": adjusted,
            "strata": found.n_groups,
            "method": np.where(found.exact, "activity, exact", "activity, bound"),
        },
        columns=list(OVERLAP_COLUMNS),
    )
    return table.sort_values(["p_value", "ratio"], ascending=[True, False], kind="stable").reset_index(drop=True)


def _membership(
    campaigns: Campaigns,
    universe: Sequence[Hashable],
    strata: ArrayLike | None,
    activity: ArrayLike | None,
    min_people: int,
) -> _Membership:
    index = pd.Index(universe)
    if not index.is_unique:
        raise ValueError("the universe holds a person twice: give each once")
    if isinstance(campaigns, pd.DataFrame):
        campaign, names = pd.factorize(campaigns["campaign_id"], sort=True)
        person = index.get_indexer(campaigns["person"])
    else:
        names = list(campaigns)
        campaign = np.repeat(np.arange(len(names)), [len(campaigns[name]) for name in names])
        person = index.get_indexer([one for name in names for one in campaigns[name]])
    if (person < 0).any():
        raise ValueError(f"{(person < 0).sum()} people of campaigns are not in the universe: it is all complainants")
    shape = (len(index), len(names))
    people = sparse.csr_array((np.ones(len(person), np.int32), (person, campaign)), shape=shape)
    people.data[:] = 1
    in_campaigns = np.asarray(people.sum(axis=1)).ravel().astype(int)
    reported = in_campaigns if activity is None else np.asarray(activity)
    stratum = (
        np.zeros(len(index), int) if strata is None else pd.factorize(np.asarray(strata), use_na_sentinel=False)[0]
    )
    if len(reported) != len(index) or len(stratum) != len(index):
        raise ValueError(f"strata and activity need one entry for each of the {len(index)} people of the universe")
    if (reported < in_campaigns).any():
        raise ValueError("somebody is in more campaigns than things reported: activity counts campaigns too")
    keep = np.flatnonzero(np.asarray(people.sum(axis=0)).ravel() >= min_people)
    return _Membership([names[i] for i in keep], people[:, keep], reported.astype(int), stratum)


def compare_campaigns(batch: Batch, setting: Setting) -> Callable[[], Found]:
    """
    Ask of each two campaigns whether they reached the same people more often than chance makes them.

    Parameters
    ----------
    batch : Batch
        All campaigns.
    setting : Setting
        Not needed.

    Returns
    -------
    callable
        Gives as table the pairs of campaigns with somebody in both: see `campaign_overlap`.
    """
    people = batch.people
    mine = people.frame.loc[people.frame["campaign_id"] != "", ["person", "campaign_id"]]
    # People as numbers: a million names take long to send to another process.
    mine = mine.assign(person=people.reports.index.get_indexer(mine["person"])).drop_duplicates()
    in_campaigns = np.bincount(mine["person"], minlength=len(people.reports))
    activity = np.maximum(people.reports.to_numpy(int), in_campaigns)
    return partial(_overlap, mine, activity)


def _overlap(members: pd.DataFrame, activity: np.ndarray) -> Found:
    return Found(table=campaign_overlap(members, range(len(activity)), activity=activity))


def _finish(table: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    return table.assign(party_a=table["campaign_a"].map(party), party_b=table["campaign_b"].map(party))


def _is_shared(pair: Mapping[str, Any]) -> bool:
    return is_below(pair["p_adjusted"], _SHARED)


def _tell(pair: Mapping[str, Any]) -> Told:
    values: dict[str, tuple[str, Any]] = {"bare": ("bare", pair.get("overlap"))}
    for side in "ab":
        values[side] = ("campaign", (pair[f"campaign_{side}"], pair.get(f"party_{side}") or ""))
        values[f"n_{side}"] = ("people", pair.get(f"n_{side}"))
    return Told(pair.get("p_value"), pair.get("p_adjusted"), values, pair.get("expected"))


def _line(pairs: pd.DataFrame) -> Line:
    """On the pairs that show nothing; whether there are others that do stands above it."""
    return Line({"n": len(pairs)}, "" if len(pairs) else "nothing")


COMPARISON = Comparison(
    key="overlap",
    compare_batch=compare_campaigns,
    group="overlap",
    line=_line,
    side=SideTable(
        name="overlaps",
        sheet="overlaps",
        columns=(*OVERLAP_COLUMNS, "party_a", "party_b"),
        tell=_tell,
        of_two=True,
        is_found=_is_shared,
        finish=_finish,
    ),
)

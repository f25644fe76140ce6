"""One list, several parties: do two campaigns reach the same people more often than chance makes them?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse, special, stats
from statsmodels.stats.multitest import multipletests

from tasrib.tracing.comparison import Batch, Comparison, Found, Setting, SideTable, Told

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
# Lower ends of the classes of how many things a person reported.
ACTIVITY_CLASSES = (1, 2, 3, 4, 5, 7, 10, 15)
# Multiplications (a group costs its overhead besides): of one convolution, of all; some seconds and some tens of seconds.
_PAIR_COST, _TOTAL_COST, _GROUP_COST = 1e9, 1e10, 1.5e4
_CELLS_AT_ONCE = 4_000_000
_NEGLIGIBLE = 230.0

Null: TypeAlias = Literal["activity", "people"]
Campaigns: TypeAlias = Mapping[Hashable, Sequence[Hashable]] | pd.DataFrame
# Adjusted p-value below which two campaigns are said to share people.
_SHARED = 0.05
_METHOD = """For each two campaigns, the people reached by both are counted and compared with what chance
makes among people who report as much. Shared people point to one list or one supplier, not to where it came from."""


@dataclass(frozen=True)
class _Membership:
    """Who is in which campaign, and how people group under the null."""

    names: list
    people: sparse.csr_array
    activity: np.ndarray
    group: np.ndarray
    n_groups: int


def campaign_overlap(
    campaigns: Campaigns,
    universe: Sequence[Hashable],
    *,
    strata: ArrayLike | None = None,
    activity: ArrayLike | None = None,
    null: Null = "activity",
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
    null : {"activity", "people"}
        ``activity`` keeps how much each person reports, ``people`` holds all of a stratum alike. Who complains often
        is in many campaigns, and under ``people`` that alone makes campaigns overlap: only for data in which everybody
        reports alike, or as the plain figure beside the other.
    min_people : int
        Campaigns with fewer people are left out.

    Returns
    -------
    pandas.DataFrame
        One row a pair with somebody in both, least p-value first: ``campaign_a``, ``campaign_b``, ``n_a``, ``n_b``,
        ``overlap``, ``expected``, ``ratio`` (overlap over expected), ``jaccard``, ``p_value`` (one-sided for excess),
        ``p_adjusted`` (over all pairs of the campaigns kept, those without an overlap included), ``strata`` (groups in
        which an overlap was possible), ``method`` (the null; ``exact``, or ``bound``: see notes).

    Raises
    ------
    ValueError
        When a person of a campaign is not in the universe or twice in it, lengths differ, or a person is in more
        campaigns than things reported.

    Notes
    -----
    Null ``people``: in each stratum the overlap is hypergeometric, as in gene lists (Tavazoie et al., Nature Genetics
    1999); over strata the sum of independent hypergeometric variables, which is the exact distribution of the stratified
    permutation test.

    Null ``activity``: people are further grouped by how much they report (as Tumminello et al., "Statistically validated
    networks in bipartite complex systems", PLoS ONE 2011, do), and within a group the reports of the smaller campaign
    fall on any of the reports that are not the larger one's (configuration model: Newman, Strogatz & Watts, Physical
    Review E 2001). A person of the larger campaign with d reports holds d - 1 of those, so that one who reported a
    single thing cannot be in both: drawing people instead of reports would expect d / (d - 1) times too many.
    `permuted_overlap` has the same null by Monte Carlo.

    Sums are convolved exactly, the least p-values first. Where a convolution is long, and where too many of them are
    wanted, the tail is that of a binomial with the same mean: a hypergeometric variable is a sum of independent unequal
    coin tosses (Vatutin & Mikhailov, Theory of Probability and its Applications 1982), and among those equal tosses have
    the largest tail from one above the mean on (Hoeffding, Annals of Mathematical Statistics 1956). A bound, not less.

    Adjusted by Benjamini & Yekutieli, Annals of Statistics 2001: pairs that share a campaign are dependent.
    """
    who = _membership(campaigns, universe, strata, activity, null, min_people)
    shared = sparse.coo_array(sparse.triu(who.people.T @ who.people, k=1))
    a, b, overlap = shared.row, shared.col, shared.data.astype(int)
    sizes = np.asarray(who.people.sum(axis=0)).ravel().astype(int)
    mean, possible, p_value, exact = _test(_Urns(who, null), a, b, overlap)
    untested = len(who.names) * (len(who.names) - 1) // 2 - len(p_value)
    adjusted = multipletests(np.append(p_value, np.ones(untested)), method="fdr_by")[1][: len(a)] if len(a) else p_value
    with np.errstate(divide="ignore"):
        ratio = overlap / mean
    names = np.array([*who.names, None], dtype=object)
    table = pd.DataFrame(
        {
            "campaign_a": names[a],
            "campaign_b": names[b],
            "n_a": sizes[a],
            "n_b": sizes[b],
            "overlap": overlap,
            "expected": mean,
            "ratio": ratio,
            "jaccard": overlap / (sizes[a] + sizes[b] - overlap),
            "p_value": p_value,
            "p_adjusted": adjusted,
            "strata": possible,
            "method": np.where(exact, f"{null}, exact", f"{null}, bound"),
        },
        columns=list(OVERLAP_COLUMNS),
    )
    return table.sort_values(["p_value", "ratio"], ascending=[True, False], kind="stable").reset_index(drop=True)


def permuted_overlap(
    campaigns: Campaigns,
    universe: Sequence[Hashable],
    *,
    strata: ArrayLike | None = None,
    activity: ArrayLike | None = None,
    null: Null = "activity",
    min_people: int = 5,
    n_permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Do what `campaign_overlap` does by Monte Carlo, for a few thousand reports at most.

    Parameters
    ----------
    campaigns, universe, strata, activity, null, min_people
        As in `campaign_overlap`.
    n_permutations : int
        Random data sets.
    seed : int
        Of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row a pair with somebody in both: ``campaign_a``, ``campaign_b``, ``overlap``, ``expected``, ``p_value``.

    Raises
    ------
    ValueError
        As in `campaign_overlap`.

    Notes
    -----
    Null ``people`` draws every campaign's people anew in each stratum. Null ``activity`` swaps reports between two people
    of one group wherever neither then has a campaign twice, which keeps every person's number of reports and every
    campaign's size (Gotelli & Entsminger, Oecologia 2001). p = (1 + as large) / (1 + permutations): Davison & Hinkley,
    "Bootstrap Methods and their Application", 1997, eq. 4.11.
    """
    who = _membership(campaigns, universe, strata, activity, null, min_people)
    shared = sparse.coo_array(sparse.triu(who.people.T @ who.people, k=1))
    a, b, overlap = shared.row, shared.col, shared.data.astype(int)
    rng = np.random.default_rng(seed)
    state = _Reports(who) if null == "activity" else None
    sums, as_large = np.zeros(len(a)), np.zeros(len(a), int)
    for _ in range(n_permutations):
        drawn = (state.swapped(rng) if state else _redrawn(who, rng)).toarray()
        count = (drawn[:, a] & drawn[:, b]).sum(axis=0)
        sums += count
        as_large += count >= overlap
    return pd.DataFrame(
        {
            "campaign_a": [who.names[i] for i in a],
            "campaign_b": [who.names[i] for i in b],
            "overlap": overlap,
            "expected": sums / max(n_permutations, 1),
            "p_value": (1 + as_large) / (1 + n_permutations),
        }
    )


def _membership(
    campaigns: Campaigns,
    universe: Sequence[Hashable],
    strata: ArrayLike | None,
    activity: ArrayLike | None,
    null: Null,
    min_people: int,
) -> _Membership:
    if null not in ("activity", "people"):
        raise ValueError(f"null is {null!r}: give 'activity' or 'people'")
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
    if null == "activity":
        stratum = stratum * (len(ACTIVITY_CLASSES) + 1) + np.searchsorted(ACTIVITY_CLASSES, reported, side="right")
    group = np.unique(stratum, return_inverse=True)[1]
    keep = np.flatnonzero(np.asarray(people.sum(axis=0)).ravel() >= min_people)
    return _Membership(
        [names[i] for i in keep], people[:, keep], reported.astype(int), group, int(group.max(initial=-1)) + 1
    )


class _Urns:
    """For each group and pair: balls that make an overlap, balls drawn, all balls."""

    def __init__(self, who: _Membership, null: Null):
        n = len(who.group)
        to_group = sparse.csr_array((np.ones(n, np.int64), (who.group, np.arange(n))), shape=(max(who.n_groups, 1), n))
        self.null = null
        self.members = (to_group @ who.people).toarray()
        weights = who.activity if null == "activity" else np.ones(n, np.int64)
        self.balls = to_group @ weights
        self.held = (to_group @ who.people.multiply(weights[:, None]).tocsr()).toarray()

    def of(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        in_a, in_b = self.members[:, a], self.members[:, b]
        if self.null == "people":
            return in_a, in_b, np.broadcast_to(self.balls[:, None], in_a.shape)
        larger = np.maximum(in_a, in_b)
        others = np.where(in_a >= in_b, self.held[:, a], self.held[:, b]) - larger
        return others, np.minimum(in_a, in_b), self.balls[:, None] - larger


def _test(
    urns: _Urns, a: np.ndarray, b: np.ndarray, overlap: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Mean overlap of each pair, groups that can add to it, P(overlap at least as large), and whether it is exact."""
    mean, p_value, cost = np.zeros(len(a)), np.ones(len(a)), np.zeros(len(a))
    possible = np.zeros(len(a), int)
    size = max(1, _CELLS_AT_ONCE // len(urns.balls))
    for start in range(0, len(a), size):
        part = slice(start, start + size)
        good, draws, total = urns.of(a[part], b[part])
        balls = np.maximum(total, 1).astype(float)
        means = good * (draws / balls)
        variances = means * (1 - good / balls) * (total - draws) / np.maximum(balls - 1, 1)
        mean[part], possible[part] = means.sum(axis=0), (means > 0).sum(axis=0)
        spans = np.minimum(good, draws)
        p_value[part] = _binomial_tail(overlap[part], mean[part], spans.sum(axis=0))
        spans = np.minimum(spans, 10 + 45 * np.sqrt(variances))
        cost[part] = (np.cumsum(spans, axis=0) * spans).sum(axis=0) + _GROUP_COST * possible[part]
        alone, where = np.flatnonzero(possible[part] == 1), means.argmax(axis=0)
        one = (where[alone], alone)
        p_value[start + alone] = stats.hypergeom.sf(overlap[part][alone] - 1, total[one], good[one], draws[one])
    exact = possible <= 1
    several = np.flatnonzero(~exact & (cost <= _PAIR_COST))
    several = several[np.argsort(p_value[several], kind="stable")]
    for pair in several[np.cumsum(cost[several]) <= _TOTAL_COST]:
        good, draws, total = (part[:, 0] for part in urns.of(a[[pair]], b[[pair]]))
        at = (good > 0) & (draws > 0)
        p_value[pair], exact[pair] = _convolved_tail(overlap[pair], good[at], draws[at], total[at]), True
    return mean, possible, np.clip(p_value, 0, 1), exact


def _binomial_tail(overlap: np.ndarray, mean: np.ndarray, tosses: np.ndarray) -> np.ndarray:
    tosses = np.maximum(tosses, overlap)
    return stats.binom.sf(overlap - 1, tosses, np.minimum(mean / tosses, 1))


def _convolved_tail(overlap: int, good: np.ndarray, draws: np.ndarray, total: np.ndarray) -> float:
    least, pmf = 0, np.ones(1)
    for g, d, n in zip(good.tolist(), draws.tolist(), total.tolist(), strict=True):
        k = np.arange(max(0, g + d - n), min(g, d) + 1)
        # scipy.stats.hypergeom.pmf checks its arguments anew each time: ten times as slow, over millions of calls.
        log_pmf = -special.gammaln([k + 1, g - k + 1, d - k + 1, n - g - d + k + 1]).sum(axis=0)
        seen = np.flatnonzero(log_pmf > log_pmf.max() - _NEGLIGIBLE)
        pmf = np.convolve(pmf, special.softmax(log_pmf[seen[0] : seen[-1] + 1]))
        least += int(k[seen[0]])
    return float(pmf[max(0, overlap - least) :].sum())


def _redrawn(who: _Membership, rng: np.random.Generator) -> sparse.csr_array:
    rows, columns = [], []
    for group in range(who.n_groups):
        members = np.flatnonzero(who.group == group)
        for at, size in enumerate(np.asarray(who.people[members].sum(axis=0)).ravel().astype(int)):
            rows.append(rng.choice(members, size, replace=False))
            columns.append(np.full(size, at))
    person, campaign = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_array((np.ones(len(person), np.int32), (person, campaign)), shape=who.people.shape)


class _Reports:
    """Every report as a person and a campaign, -1 for all other things, in a random state that respects the null."""

    def __init__(self, who: _Membership):
        self.shape = who.people.shape
        inside = sparse.coo_array(who.people)
        spare = who.activity - np.asarray(who.people.sum(axis=1)).ravel().astype(int)
        self.person = np.concatenate([inside.row, np.repeat(np.arange(len(spare)), spare)])
        self.campaign = np.concatenate([inside.col, np.full(spare.sum(), -1)])
        of = who.group[self.person]
        self.blocks = [block for g in np.unique(of) if len(block := np.flatnonzero(of == g)) > 1]
        self.taken = set(zip(inside.row.tolist(), inside.col.tolist(), strict=True))

    def swapped(self, rng: np.random.Generator) -> sparse.csr_array:
        """Membership after two tries of a swap for each report."""
        person, campaign, taken = self.person, self.campaign, self.taken
        for block in self.blocks:
            for i, j in block[rng.integers(len(block), size=(2 * len(block), 2))].tolist():
                p, q, c, d = person[i], person[j], campaign[i], campaign[j]
                if c == d or p == q or (p, d) in taken or (q, c) in taken:
                    continue
                if c >= 0:
                    taken.remove((p, c))
                    taken.add((q, c))
                if d >= 0:
                    taken.remove((q, d))
                    taken.add((p, d))
                campaign[i], campaign[j] = d, c
        inside = campaign >= 0
        return sparse.csr_array((np.ones(inside.sum(), np.int32), (person[inside], campaign[inside])), shape=self.shape)


def compare_campaigns(batch: Batch, setting: Setting) -> Found:
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
    Found
        As table the pairs of campaigns with somebody in both: see `campaign_overlap`.
    """
    people = batch.people
    mine = people.frame.loc[people.frame["campaign_id"] != "", ["person", "campaign_id"]]
    # People as numbers: names are long, and there may be a million of them.
    mine = mine.assign(person=people.reports.index.get_indexer(mine["person"])).drop_duplicates()
    in_campaigns = np.bincount(mine["person"], minlength=len(people.reports))
    activity = np.maximum(people.reports.to_numpy(int), in_campaigns)
    return Found(table=campaign_overlap(mine, np.arange(len(activity)), activity=activity))


def _finish(table: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    return table.assign(party_a=table["campaign_a"].map(party), party_b=table["campaign_b"].map(party))


def _is_shared(pair: Mapping[str, Any]) -> bool:
    return pair["p_adjusted"] < _SHARED


def _tell(pair: Mapping[str, Any]) -> Told:
    values: dict[str, tuple[str, Any]] = {"bare": ("bare", pair.get("overlap"))}
    for side in "ab":
        values[side] = ("campaign", (pair[f"campaign_{side}"], pair.get(f"party_{side}") or ""))
        values[f"n_{side}"] = ("people", pair.get(f"n_{side}"))
    return Told(pair.get("p_value"), pair.get("p_adjusted"), values, pair.get("expected"))


def _line(pairs: pd.DataFrame) -> str:
    """On the pairs that show nothing; whether there are others that do stands above it."""
    if len(pairs) == 0:
        return "No two campaigns that reached five people or more reached the same person."
    many = "pair" if len(pairs) == 1 else "pairs"
    return (
        f"{len(pairs)} {{other}}{many} of campaigns reached some of the same people, no more of them than chance and busy "
        "complainants make."
    )


def _summary(pairs: pd.DataFrame, name: Callable[[str, str], str]) -> list[str]:
    return [
        f"Campaigns {name(row.campaign_a, row.party_a)} and {name(row.campaign_b, row.party_b)} reached {row.overlap} of the "
        f"same people, where about {row.expected:.0f} would be expected by chance: consistent with one list, or one supplier, "
        "behind both."
        for row in pairs.itertuples()
    ]


COMPARISON = Comparison(
    key="overlap",
    title="Lists shared between campaigns",
    by="shared lists",
    method=_METHOD,
    compare_batch=compare_campaigns,
    group="overlap",
    line=_line,
    side=SideTable(
        name="overlaps",
        sheet="overlaps",
        columns=(*OVERLAP_COLUMNS, "party_a", "party_b"),
        tell=_tell,
        is_found=_is_shared,
        summary=_summary,
        finish=_finish,
    ),
)

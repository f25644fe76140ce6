"""From scored complaints to findings: each campaign, by each method, against what it can be compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from tasrib.errors import TasribError
from tasrib.numbering import market_shares, portability
from tasrib.tracing.comparisons.operators import operator_excess
from tasrib.tracing.comparisons.overlap import campaign_overlap
from tasrib.tracing.controls import Comparison, Pool
from tasrib.tracing.description import describe, shares_by_operator, times, with_posteriors
from tasrib.tracing.grading import FINDING_COLUMNS, GENERATED_COLUMNS, dialled, graded
from tasrib.tracing.others import (
    CONTROLS_PER_CASE,
    Setting,
    canary_rows,
    generated_row,
    holder_rows,
    paired_rows,
    scan_rows,
)
from tasrib.tracing.people import People, gather_people
from tasrib.tracing.stats.mixture import PRIOR_NO_LEAK, PRIOR_PAIRS, LeakPosterior
from tasrib.tracing.stats.ported import count_declared, update_ported

__all__ = ["FINDING_COLUMNS", "GENERATED_COLUMNS", "TraceResult", "trace"]

# People of other campaigns are controls only where too few people reported anything else: chosen for looking unsuspicious,
# they look alike, and clean campaigns beside them ring up to twice as often as they should. One that looks as unlikely as this is
# left out: a leaked list among the controls would make every clean campaign look skewed the other way.
_SUSPECT = 0.01
# Beta prior of the ported share where no figure is known for the country: mean 10%, up to a third.
_PORTED_UNKNOWN = (1.0, 9.0)
# What the methods that look at persons need of each.
_SEEN = ["person", "operator", "prefix", "known_to", "other_operators"]
# People err about their own operator: two in a hundred, a judgement.
_MISDECLARED = 0.02


@dataclass(frozen=True)
class TraceResult:
    """
    What `trace` found.

    Attributes
    ----------
    findings : pandas.DataFrame
        One row a campaign, hypothesis and method, with the columns of ``FINDING_COLUMNS``; strongest evidence first.
    campaigns : pandas.DataFrame
        One row a campaign: ``campaign_id``, ``party``, ``n_messages``, ``n_people``, ``n_valid``, ``n_unknown``
        (people whose prefix is of no known operator), ``first``, ``last``, ``text``, ``tested``, ``strata`` (what people
        were compared within), ``p_none`` and ``p_two`` (posterior of no leak, and of two operators).
    shares : pandas.DataFrame
        One row a tested campaign and operator: ``observed``, ``share``, ``share_low``, ``share_high`` (exact 95%),
        ``controls``, ``controls_share`` and its interval, ``market_share``.
    settings : dict
        Country, thresholds, priors, sources and how market shares were read: what the method section prints.
    overlaps : pandas.DataFrame
        Pairs of campaigns that reached the same people: see `campaign_overlap`.
    generated : pandas.DataFrame
        One row a tested campaign: whether its numbers look dialled (``GENERATED_COLUMNS``).
    nodes : pandas.DataFrame
        The ten most likely nodes of the numbering tree of each tested campaign: see `tree_scan`.
    """

    findings: pd.DataFrame
    campaigns: pd.DataFrame
    shares: pd.DataFrame
    settings: dict
    overlaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    generated: pd.DataFrame = field(default_factory=pd.DataFrame)
    nodes: pd.DataFrame = field(default_factory=pd.DataFrame)


def trace(
    scored: pd.DataFrame,
    *,
    country: str = "MA",
    min_people: int = 10,
    prior_no_leak: float = PRIOR_NO_LEAK,
    prior_pairs: float = PRIOR_PAIRS,
    canaries: pd.DataFrame | None = None,
    pseudonym: Callable[[str], str] | None = None,
    replicates: int = 9_999,
    seed: int = 0,
    n_jobs: int = 1,
) -> TraceResult:
    """
    Test for each campaign whether the people it reached point to where the list came from.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, as from `tasrib.score`.
    country : str
        ISO 3166 code of the home country.
    min_people : int
        Campaigns that reached fewer people with a known operator are listed and not tested. As many controls are
        needed for a comparison with controls.
    prior_no_leak, prior_pairs : float
        Prior probability, 0 to 1, that a campaign's list came from no operator, and from two; what is left is shared out
        equally among the single operators.
    canaries : pandas.DataFrame, optional
        Numbers given to one holder only: ``number``, ``holder``, as from `read_canaries`.
    pseudonym : callable, optional
        Makes the pseudonym of a number in E.164 form, so that canaries are found among pseudonyms.
    replicates, seed : int
        Random draws of the tree scan, and the seed of all draws.
    n_jobs : int
        Processes for the comparison by operator.

    Returns
    -------
    TraceResult
        Findings and what they rest on.

    Raises
    ------
    TasribError
        When `scored` lacks columns that scoring makes or was scored for another country, or a setting is out of range.

    Notes
    -----
    The twelve points of the design, one file each in `tasrib/trace/`. P-values are adjusted within a campaign by the
    method itself, and across campaigns, method by method, by Benjamini-Hochberg (`adjust_across`).
    """
    if min_people < 1 or not 0 < prior_no_leak < 1 or not 0 <= prior_pairs < 1 - prior_no_leak:
        raise TasribError(
            f"min_people {min_people} must be 1 or more, prior_no_leak {prior_no_leak} between 0 and 1, and both priors "
            f"together ({prior_pairs} for pairs) less than 1"
        )
    country = country.upper()
    people = gather_people(scored, country)
    operators, market, settings = _baseline(scored, country, people)
    settings |= {"min_people": min_people, "prior_no_leak": prior_no_leak, "prior_pairs": prior_pairs, "seed": seed}
    setting = Setting(operators, market, settings["ported_beta"], country, prior_no_leak, prior_pairs, replicates, seed)
    campaigns = describe(scored, people, operators, min_people, country)
    tested = campaigns.loc[campaigns["tested"], "campaign_id"].tolist()
    cases = {name: people.reached(name) for name in tested}
    pool = Pool(people, [], operators)
    compared = {name: pool.beside(cases[name], min_people) for name in tested}
    few = [name for name in tested if compared[name].controls.sum() < min_people]
    pools = dict.fromkeys(tested, pool)
    settings["campaigns_as_controls"] = 0
    if few:
        unsuspected = [name for name in tested if _smallest_p(compared[name], market, min_people) >= _SUSPECT]
        wider = Pool(people, unsuspected, operators)
        pools |= dict.fromkeys(few, wider)
        compared |= {name: wider.beside(cases[name], min_people) for name in few}
        settings["campaigns_as_controls"] = len(unsuspected)
    tested = [name for name in tested if market is not None or compared[name].controls.sum() >= min_people]
    campaigns["tested"] = campaigns["campaign_id"].isin(tested)
    compared = {name: compared[name] for name in tested}
    each_campaign = (
        delayed(_one)(
            compared[name], cases[name][_SEEN], _near(pools[name], cases[name], compared[name]), setting, min_people
        )
        for name in tested
    )
    # The overlaps first: they are the longest piece of work.
    members, activity = _members(people)
    overlap = delayed(campaign_overlap)(members, np.arange(len(activity)), activity=activity)
    overlaps, *found = Parallel(n_jobs=n_jobs)(chain([overlap], each_campaign))
    rows, generated, nodes, posterior = [], [], [], {}
    for name, each in zip(tested, found, strict=True):
        rows += [{"campaign_id": name} | row for row in each.rows]
        generated.append({"campaign_id": name} | each.generated)
        nodes.append(each.nodes.assign(campaign_id=name))
        posterior[name] = each.posterior
    settings["n_canaries"] = 0 if canaries is None else len(canaries)
    if canaries is not None:
        everyone = {name: people.reached(name)["person"].tolist() for name in campaigns["campaign_id"]}
        sent = campaigns.set_index("campaign_id")["first"].dropna().to_dict()
        rows += canary_rows(canaries, everyone, sent, pseudonym, setting)
    party = campaigns.set_index("campaign_id")["party"]
    looks = dialled(generated, party)
    nodes = [table for table in nodes if len(table)]
    return TraceResult(
        graded(rows, party, looks, cases, compared),
        with_posteriors(campaigns, posterior, compared),
        shares_by_operator(compared, operators, market),
        settings,
        overlaps.assign(party_a=overlaps["campaign_a"].map(party), party_b=overlaps["campaign_b"].map(party)),
        looks,
        pd.concat(nodes, ignore_index=True) if nodes else pd.DataFrame(),
    )


@dataclass(frozen=True)
class _Found:
    """What the methods say of one campaign."""

    rows: list[dict]
    posterior: LeakPosterior
    generated: dict
    nodes: pd.DataFrame


def _near(pool: Pool, cases: pd.DataFrame, mine: Comparison) -> pd.DataFrame:
    return pool.rows_beside(cases, CONTROLS_PER_CASE, relaxed=mine.relaxed)[_SEEN[1:]]


def _one(mine: Comparison, cases: pd.DataFrame, near: pd.DataFrame, setting: Setting, min_people: int) -> _Found:
    """All comparisons of one campaign: a process may do it by itself."""
    controlled = bool(mine.controls.sum() >= min_people)
    table, posterior = operator_excess(
        mine, setting.operators, setting.market, setting.ported, controlled=controlled,
        prior_no_leak=setting.prior_no_leak, prior_pairs=setting.prior_pairs,
    )  # fmt: skip
    scanned, tree = scan_rows(cases, near, setting) if controlled else ([], pd.DataFrame())
    rows = _operator_rows(table, mine, setting.market)
    rows += [*paired_rows(cases, setting), *holder_rows(cases, near, setting), *scanned]
    return _Found(rows, posterior, generated_row(cases, near, setting), tree.head(10))


def _baseline(scored: pd.DataFrame, country: str, people: People) -> tuple[list[str], np.ndarray | None, dict]:
    # When the campaigns were, not when people complained of other things.
    received = times(scored[scored["decision"] == "campaign"]).dropna()
    middle = received.median() if len(received) else pd.Timestamp.now("UTC")
    settings: dict = {"country": country, "at": middle.date().isoformat()} | _ported(middle, country, people)
    try:
        market = market_shares(middle, country)
    except TasribError as error:
        settings |= {"market_method": f"no market shares: {error}", "market_sources": ()}
        seen = people.frame.loc[people.frame["operator"] != "", "operator"]
        return sorted(seen.unique()), None, settings
    settings |= {"market_method": market.method, "market_sources": market.sources, "market_shares": market.shares}
    return list(market.shares), np.array(list(market.shares.values())), settings


def _ported(at: pd.Timestamp, country: str, people: People) -> dict:
    try:
        known = portability(at, country)
        prior, sources = (known.beta_a, known.beta_b), known.sources
    except TasribError as error:
        prior, sources = _PORTED_UNKNOWN, (f"assumed, mean 10%, since {error}",)
    said = people.frame[(people.frame["serving"] != "") & (people.frame["operator"] != "")].drop_duplicates("person")
    belief = update_ported(prior, *count_declared(said["operator"], said["serving"]), misdeclared=_MISDECLARED)
    return {
        "ported_beta": (belief.beta_a, belief.beta_b), "ported_mean": belief.mean, "ported_low": belief.low,
        "ported_high": belief.high, "ported_sources": sources, "n_declared": belief.n_declared,
        "n_declared_differs": belief.n_differs, "misdeclared": _MISDECLARED,
    }  # fmt: skip


def _smallest_p(mine: Comparison, market: np.ndarray | None, least: int) -> float:
    """Of a quick look at each operator; compared with nothing, a campaign is not cleared either."""
    from scipy import stats

    x, y = mine.reached.sum(0), mine.controls.sum(0)
    if y.sum() >= least:
        return float(stats.hypergeom.sf(x - 1, x.sum() + y.sum(), x + y, x.sum()).min())
    return float(stats.binom.sf(x - 1, x.sum(), market).min()) if market is not None else 0.0


def _operator_rows(table: pd.DataFrame, mine: Comparison, market: np.ndarray | None) -> list[dict]:
    n, m = int(mine.reached.sum()), int(mine.controls.sum())
    controlled = (
        "market" if "binomial" in str(table["method"].iloc[0]) else ("both" if market is not None else "controls")
    )
    rows = table.assign(n_reached=n, n_controls=m, baseline=controlled).to_dict("records")
    return [{"hypothesis": f"operator:{row.pop('operator')}"} | row for row in rows]


def _members(people: People) -> tuple[pd.DataFrame, np.ndarray]:
    """Who is in which campaign, people as numbers (a million names take long to send), and what each reported."""
    mine = people.frame.loc[people.frame["campaign_id"] != "", ["person", "campaign_id"]]
    mine = mine.assign(person=people.reports.index.get_indexer(mine["person"])).drop_duplicates()
    activity = np.bincount(mine["person"], minlength=len(people.reports))
    return mine, np.maximum(people.reports.to_numpy(int), activity)

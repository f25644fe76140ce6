"""From scored complaints to findings: each campaign, by each comparison, against what it can be compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from tasrib._arguments import as_frame, as_number, as_whole, is_partitioned
from tasrib.errors import TasribError
from tasrib.numbering.plan import check_country
from tasrib.scored import check
from tasrib.tracing.aside import set_aside
from tasrib.tracing.background import find_background
from tasrib.tracing.caveats import Caveat
from tasrib.tracing.comparison import Batch, Case, Comparison, Finding, Found, Setting
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.controls import Compared, ControlCounts
from tasrib.tracing.description import (
    describe,
    reached_as_controls_are,
    share_fits,
    shares_by_operator,
    with_figures,
)
from tasrib.tracing.evidence import WEAK
from tasrib.tracing.filers import one_each
from tasrib.tracing.grading import grade, show
from tasrib.tracing.lists import AmongLists, ListTable
from tasrib.tracing.messages import campaign_messages, messages_of
from tasrib.tracing.people import People, gather_people
from tasrib.tracing.pool import Pool
from tasrib.tracing.result import TraceResult
from tasrib.tracing.rows import NEEDED, Rows, coded
from tasrib.tracing.stats.mixture import PRIOR_NO_LEAK, PRIOR_PAIRS
from tasrib.tracing.unions import Union, find_unions

# People of other campaigns are controls only where too few people reported anything else: chosen for looking unsuspicious,
# they look alike, and clean campaigns beside them ring up to twice as often as they should. One that looks as unlikely as this is
# left out: a leaked list among the controls would make every clean campaign look skewed the other way.
_SUSPECT = 0.01
# Beyond some controls a case, more add hardly anything (Ury, Biometrics 1975) and cost time.
CONTROLS_PER_CASE = 8


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
    scored : pandas.DataFrame or dask.dataframe.DataFrame
        Scored complaints, as from `tasrib.score`. Of a Dask DataFrame (`tasrib[dask]`) workers give what tracing reads, partition after
        partition, and the result is that of all of them in one table.
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
        Processes for the comparisons.

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
    One file a comparison in ``tasrib/tracing/comparisons/``; ``docs/statistics.md`` says what each asks. P-values are adjusted
    within a campaign by the comparison itself, and across campaigns, family by family, by Benjamini-Hochberg (`adjust_across`).
    """
    country = check_country(country)
    min_people, replicates, seed = (
        as_whole(min_people, "min_people"),
        as_whole(replicates, "replicates"),
        as_whole(seed, "seed", 0),
    )
    prior_no_leak, prior_pairs = as_number(prior_no_leak, "prior_no_leak"), as_number(prior_pairs, "prior_pairs")
    if canaries is not None:
        canaries = as_frame(canaries, "canaries, as from tasrib.read_canaries", ("number", "holder"))
    if not 0 < prior_no_leak < 1 or not 0 <= prior_pairs < 1 - prior_no_leak:
        raise TasribError(
            f"min_people {min_people} must be 1 or more, prior_no_leak {prior_no_leak} between 0 and 1, and both priors "
            f"together ({prior_pairs} for pairs) less than 1"
        )
    rows = _rows_of(scored)
    people = gather_people(rows, country)
    known = find_background(rows, people, country)
    setting = Setting(
        country, known.operators, known.market, (known.ported.beta_a, known.ported.beta_b), min_people, prior_no_leak,
        prior_pairs, canaries, pseudonym, replicates, seed,
    )  # fmt: skip
    messages = messages_of(rows)
    campaigns = describe(messages, people, known.operators, min_people, country)
    pool = Pool(people, [], setting.operators)
    compared, cleared = _beside_controls(people, campaigns, pool, setting)
    setting = replace(setting, n_campaigns=max(len(compared), 1))
    together = _together(find_unions(messages, campaigns), people, compared, pool, setting)
    among = _among(ListTable(people, known.operators), compared, together, setting)
    campaigns["tested"] = campaigns["campaign_id"].isin(compared)
    batch = Batch(people, campaigns, campaign_messages(messages, country))
    del messages
    found = _compare(compared, together, among, batch, setting, n_jobs)
    _hold_down_parts(found.findings, together, by_key())
    party = campaigns.set_index("campaign_id")["party"]
    tables, doubts = _side_tables(found.tables, party)
    tables["set_aside"] = set_aside(rows, people, compared)
    shown = {
        name: show(
            compared.get(name),
            doubts.get(name, ()),
            filers_said=people.filers_said,
            filed=people.filed.get(name, (0, 0)),
        )
        for name in campaigns["campaign_id"]
    }
    counts = {name: campaign.counts for name, campaign in compared.items()}
    findings = grade(found.findings, by_key(), party, shown)
    leading = findings["comparison"].isin([comparison.key for comparison in COMPARISONS if comparison.leads])
    tables["fits"] = share_fits(findings[leading], counts, known.operators, setting.ported)
    return TraceResult(
        findings,
        with_figures(campaigns, found.of_campaigns, counts),
        shares_by_operator(counts, known.operators, known.market),
        _settings(setting, known.to_settings(), cleared),
        tables,
    )


def _rows_of(scored: Any) -> Rows:
    """What tracing reads; of partitions each gives it where it lies, and is not asked for as a whole."""
    if not is_partitioned(scored):
        return Rows.of(check(scored, NEEDED))
    import dask

    check(scored._meta, NEEDED)
    # One after the other: all at once would stand here beside what is kept of them.
    return Rows.of_parts(dask.delayed(coded)(part).compute() for part in scored.to_delayed())


def _together(
    unions: Sequence[Union], people: People, compared: Mapping[str, Compared], pool: Pool, setting: Setting
) -> dict[Union, Compared]:
    """Campaigns that may be one list, as one campaign beside its controls."""
    found = {}
    for union in unions:
        if union.campaigns[0] not in compared:
            continue
        rows = pd.concat([people.reached(name) for name in union.campaigns]).drop_duplicates("person")
        rows = one_each(rows.assign(union=""), rows["filer"], "union").drop(columns="union")
        counts = pool.beside(rows, setting.min_people)
        if _controlled(counts, setting):
            found[union] = Compared(rows, counts, pool)
    return found


def _among(
    lists: ListTable, compared: Mapping[str, Compared], together: Mapping[Union, Compared], setting: Setting
) -> dict[str | Union, AmongLists]:
    """Where each campaign, and campaigns taken together, stand among all lists."""
    asked: dict[str | Union, Compared] = {}
    asked |= {name: each for name, each in compared.items() if _controlled(each.counts, setting)}
    asked |= {union: each for union, each in together.items()}
    kin = {name: set(union.campaigns) for union in together for name in union.campaigns}
    people = {name: each.people for name, each in asked.items()}
    counts = {name: each.counts for name, each in asked.items()}
    return lists.among(people, counts, kin)


def _hold_down_parts(findings: list[Finding], together: Iterable[Union], comparisons: Mapping[str, Comparison]) -> None:
    """What one wording of a list shows, and all of them do not, is weak at most."""
    of_unions = {
        (finding["campaign_id"], finding["name"]): max(finding["p_within"], finding.get("p_between_within", 0.0))
        for finding in findings
        if comparisons[finding["comparison"]].compare_union is not None
    }
    union_of = {name: union for union in together for name in union.campaigns}
    for finding in findings:
        comparison, union = comparisons[finding["comparison"]], union_of.get(finding["campaign_id"])
        # Only what unions are compared by, in one campaign alone.
        if union is None or comparison.compare is None or comparison.within_people or comparison.names != "operator":
            continue
        whole = of_unions.get((union.campaigns[0], finding["name"]), 0.0)
        if finding["p_within"] < WEAK <= whole:
            others = tuple(name for name in union.campaigns if name != finding["campaign_id"])
            said = Caveat("union_silent", {"others": others, "shared": union.shared})
            finding |= {"at_most": "weak", "doubts": (*finding.get("doubts", ()), said)}


def _settings(setting: Setting, background: dict, cleared: int) -> dict:
    return {
        "country": setting.country, **background, "min_people": setting.min_people, "prior_no_leak": setting.prior_no_leak,
        "prior_pairs": setting.prior_pairs, "seed": setting.seed, "campaigns_as_controls": cleared,
        "controls_per_case": CONTROLS_PER_CASE,
        "n_canaries": 0 if setting.canaries is None else len(setting.canaries),
    }  # fmt: skip


def _beside_controls(
    people: People, campaigns: pd.DataFrame, pool: Pool, setting: Setting
) -> tuple[dict[str, Compared], int]:
    """Campaigns that can be compared, each beside its controls; how many other campaigns had to serve as controls."""
    names = campaigns.loc[campaigns["tested"], "campaign_id"].tolist()
    reached = {name: people.reached(name) for name in names}
    counts = {name: pool.beside(reached[name], setting.min_people) for name in names}
    pools, cleared = dict.fromkeys(names, pool), []
    few = [name for name in names if not _controlled(counts[name], setting)]
    if few:
        cleared = [
            name
            for name in names
            if reached_as_controls_are(counts[name], setting.market, setting.min_people) >= _SUSPECT
        ]
        wider = Pool(people, cleared, setting.operators)
        pools |= dict.fromkeys(few, wider)
        counts |= {name: wider.beside(reached[name], setting.min_people) for name in few}
    found = {name: Compared(reached[name], counts[name], pools[name]) for name in names}
    if setting.market is None:
        found = {name: each for name, each in found.items() if _controlled(each.counts, setting)}
    return found, len(cleared)


def _controlled(counts: ControlCounts, setting: Setting) -> bool:
    return bool(counts.controls.sum() >= setting.min_people)


@dataclass(frozen=True)
class _Gathered:
    """What all comparisons found, and what each keeps beside its findings."""

    findings: list[Finding]
    of_campaigns: dict[str, dict[str, float]]
    tables: dict[str, list[pd.DataFrame]]


def _compare(
    compared: Mapping[str, Compared],
    together: Mapping[Union, Compared],
    among: Mapping[str | Union, AmongLists],
    batch: Batch,
    setting: Setting,
    n_jobs: int,
) -> _Gathered:
    """Make all comparisons; those of all campaigns at once come first, for they are the longest pieces of work."""
    at_once = {each.key: each.compare_batch(batch, setting) for each in COMPARISONS if each.compare_batch is not None}
    # What only comparisons of a whole batch need stays here: a key that makes pseudonyms, and a list sent with each campaign.
    alone = replace(setting, canaries=None, pseudonym=None)
    one_by_one = (delayed(_one_by_one)(case, alone) for case in _cases(compared, among, setting))
    unions = (delayed(_union_by_union)(case, alone) for case in _cases(together, among, setting))
    work = chain((delayed(prepared)() for prepared in at_once.values()), one_by_one, unions)
    # As in other processes, so that one says the same; and the products of matrices are so small that threads mostly wait for each other.
    with threadpool_limits(1, user_api="blas"):
        done = Parallel(n_jobs=n_jobs)(work)
    gathered = _Gathered([], {name: {} for name in compared}, {})
    alone_done, together_done = done[len(at_once) :][: len(compared)], done[len(at_once) + len(compared) :]
    for name, each in zip(compared, alone_done, strict=True):
        for key, found in each.items():
            _gather(gathered, key, found, name)
    for union, each in zip(together, together_done, strict=True):
        first, *others = union.campaigns
        for key, found in each.items():
            # They stand with the first, and its own figures stay.
            noted = [{**finding, "note": ", ".join(others)} for finding in found.findings]
            _gather(gathered, key, replace(found, findings=noted, of_campaign={}), first)
    for key, found in zip(at_once, done, strict=False):
        _gather(gathered, key, found, None)
    return gathered


def _cases(
    compared: Mapping[str, Compared] | Mapping[Union, Compared],
    among: Mapping[str | Union, AmongLists],
    setting: Setting,
) -> Iterator[Case]:
    """One campaign after the other: the controls of thousands, person by person, would fill the memory."""
    for name, each in compared.items():
        near = each.pool.rows_beside(each.people, CONTROLS_PER_CASE, relaxed=each.counts.relaxed)
        campaign = name if isinstance(name, str) else name.campaigns[0]
        yield Case(campaign, each.people, each.counts, near, _controlled(each.counts, setting), among.get(name))


def _gather(gathered: _Gathered, key: str, found: Found, campaign: str | None) -> None:
    mine = {} if campaign is None else {"campaign_id": campaign}
    gathered.findings.extend({**mine, "comparison": key, **finding} for finding in found.findings)
    if found.table is not None:
        gathered.tables.setdefault(key, []).append(found.table.assign(**mine))
    if campaign is not None:
        gathered.of_campaigns[campaign] |= found.of_campaign


def _one_by_one(case: Case, setting: Setting) -> dict[str, Found]:
    """All comparisons of one campaign: a process may do it by itself."""
    return {each.key: _beside(case, each.compare(case, setting)) for each in COMPARISONS if each.compare is not None}


def _union_by_union(case: Case, setting: Setting) -> dict[str, Found]:
    """All comparisons of campaigns taken together."""
    return {
        each.key: _beside(case, each.compare_union(case, setting))
        for each in COMPARISONS
        if each.compare_union is not None
    }


def _beside(case: Case, found: Found) -> Found:
    """With whom people were compared, in each finding."""
    if not case.controlled:
        return found
    beside = {"n_senders": case.counts.n_senders, "compared_within": case.counts.strata}
    return replace(found, findings=[beside | finding for finding in found.findings])


def _side_tables(
    parts: Mapping[str, list[pd.DataFrame]], party: pd.Series
) -> tuple[dict[str, pd.DataFrame], dict[str, list[Caveat]]]:
    """What comparisons keep, completed; and the doubts that they raise about campaigns."""
    tables: dict[str, pd.DataFrame] = {}
    doubts: dict[str, list[Caveat]] = {}
    for comparison in COMPARISONS:
        side = comparison.side
        if side is None:
            continue
        made = parts.get(comparison.key, [pd.DataFrame(columns=list(side.columns))])
        # Of tables without a row one keeps the types; beside others they would only spoil them.
        table = pd.concat([part for part in made if len(part)] or made[:1], ignore_index=True)
        tables[side.name] = side.finish(table, party)
        for campaign, caveat in side.doubts(tables[side.name]).items():
            doubts.setdefault(campaign, []).append(caveat)
    return tables, doubts

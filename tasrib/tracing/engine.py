"""From scored complaints to findings: each campaign, by each comparison, against what it can be compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd
from joblib import Parallel, delayed

from tasrib._arguments import as_frame, as_number, as_whole
from tasrib.errors import TasribError
from tasrib.numbering.plan import check_country
from tasrib.scored import check
from tasrib.tracing.background import find_background
from tasrib.tracing.caveats import Caveat
from tasrib.tracing.comparison import Batch, Case, Finding, Found, Setting
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.controls import Compared, ControlCounts
from tasrib.tracing.description import describe, reached_as_controls_are, shares_by_operator, with_figures
from tasrib.tracing.grading import grade, show
from tasrib.tracing.messages import campaign_messages
from tasrib.tracing.people import People, gather_people
from tasrib.tracing.pool import Pool
from tasrib.tracing.result import TraceResult
from tasrib.tracing.stats.mixture import PRIOR_NO_LEAK, PRIOR_PAIRS

# People of other campaigns are controls only where too few people reported anything else: chosen for looking unsuspicious,
# they look alike, and clean campaigns beside them ring up to twice as often as they should. One that looks as unlikely as this is
# left out: a leaked list among the controls would make every clean campaign look skewed the other way.
_SUSPECT = 0.01
# Beyond some controls a case, more add hardly anything (Ury, Biometrics 1975) and cost time.
CONTROLS_PER_CASE = 8
# Of a scored complaint: without these nothing can be compared. What else lacks is unknown.
_NEEDED = ("text", "recipient", "category", "decision", "campaign_id", "operator_allocated", "number_status")
# Nothing here rests on it, so a table labelled by hand may have anything in it.
_UNUSED = ["probability"]


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
    scored = check(scored, _NEEDED).drop(columns=_UNUSED, errors="ignore")
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
    people = gather_people(scored, country)
    known = find_background(scored, people, country)
    setting = Setting(
        country, known.operators, known.market, (known.ported.beta_a, known.ported.beta_b), min_people, prior_no_leak,
        prior_pairs, canaries, pseudonym, replicates, seed,
    )  # fmt: skip
    campaigns = describe(scored, people, known.operators, min_people, country)
    compared, cleared = _beside_controls(people, campaigns, setting)
    campaigns["tested"] = campaigns["campaign_id"].isin(compared)
    found = _compare(compared, Batch(people, campaigns, campaign_messages(scored, country)), setting, n_jobs)
    party = campaigns.set_index("campaign_id")["party"]
    tables, doubts = _side_tables(found.tables, party)
    shown = {name: show(compared.get(name), doubts.get(name, ())) for name in campaigns["campaign_id"]}
    counts = {name: campaign.counts for name, campaign in compared.items()}
    return TraceResult(
        grade(found.findings, by_key(), party, shown),
        with_figures(campaigns, found.of_campaigns, counts),
        shares_by_operator(counts, known.operators, known.market),
        _settings(setting, known.to_settings(), cleared),
        tables,
    )


def _settings(setting: Setting, background: dict, cleared: int) -> dict:
    return {
        "country": setting.country, **background, "min_people": setting.min_people, "prior_no_leak": setting.prior_no_leak,
        "prior_pairs": setting.prior_pairs, "seed": setting.seed, "campaigns_as_controls": cleared,
        "controls_per_case": CONTROLS_PER_CASE,
        "n_canaries": 0 if setting.canaries is None else len(setting.canaries),
    }  # fmt: skip


def _beside_controls(people: People, campaigns: pd.DataFrame, setting: Setting) -> tuple[dict[str, Compared], int]:
    """Campaigns that can be compared, each beside its controls; how many other campaigns had to serve as controls."""
    names = campaigns.loc[campaigns["tested"], "campaign_id"].tolist()
    reached = {name: people.reached(name) for name in names}
    pool = Pool(people, [], setting.operators)
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


def _compare(compared: Mapping[str, Compared], batch: Batch, setting: Setting, n_jobs: int) -> _Gathered:
    """Make all comparisons; those of all campaigns at once come first, for they are the longest pieces of work."""
    at_once = {each.key: each.compare_batch(batch, setting) for each in COMPARISONS if each.compare_batch is not None}
    # What only comparisons of a whole batch need stays here: a key that makes pseudonyms, and a list sent with each campaign.
    alone = replace(setting, canaries=None, pseudonym=None)
    one_by_one = (delayed(_one_by_one)(case, alone) for case in _cases(compared, setting))
    done = Parallel(n_jobs=n_jobs)(chain((delayed(prepared)() for prepared in at_once.values()), one_by_one))
    gathered = _Gathered([], {name: {} for name in compared}, {})
    for name, each in zip(compared, done[len(at_once) :], strict=True):
        for key, found in each.items():
            _gather(gathered, key, found, name)
    for key, found in zip(at_once, done, strict=False):
        _gather(gathered, key, found, None)
    return gathered


def _cases(compared: Mapping[str, Compared], setting: Setting) -> Iterator[Case]:
    """One campaign after the other: the controls of thousands, person by person, would fill the memory."""
    for name, each in compared.items():
        near = each.pool.rows_beside(each.people, CONTROLS_PER_CASE, relaxed=each.counts.relaxed)
        yield Case(name, each.people, each.counts, near, _controlled(each.counts, setting))


def _gather(gathered: _Gathered, key: str, found: Found, campaign: str | None) -> None:
    mine = {} if campaign is None else {"campaign_id": campaign}
    gathered.findings.extend({**mine, "comparison": key, **finding} for finding in found.findings)
    if found.table is not None:
        gathered.tables.setdefault(key, []).append(found.table.assign(**mine))
    if campaign is not None:
        gathered.of_campaigns[campaign] |= found.of_campaign


def _one_by_one(case: Case, setting: Setting) -> dict[str, Found]:
    """All comparisons of one campaign: a process may do it by itself."""
    return {each.key: each.compare(case, setting) for each in COMPARISONS if each.compare is not None}


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

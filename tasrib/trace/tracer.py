"""From scored complaints to findings: each campaign against its controls, operator by operator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering import market_shares, portability
from tasrib.trace.adjust import adjust
from tasrib.trace.evidence import caveats, evidence_level
from tasrib.trace.exact import fisher_excess
from tasrib.trace.market import binomial_excess, share_interval
from tasrib.trace.mixture import PRIOR_NO_LEAK, leak_posterior
from tasrib.trace.people import People, count_by, gather_people, one_spelling, top_region

FINDING_COLUMNS = (
    "campaign_id", "party", "hypothesis", "method", "n_reached", "observed", "expected", "odds_ratio", "ci_low",
    "ci_high", "leak_share", "leak_share_low", "leak_share_high", "p_value", "p_adjusted", "posterior", "baseline",
    "evidence", "caveats", "n_controls", "controls_observed", "expected_market", "p_market",
)  # fmt: skip
SHARE_COLUMNS = (
    "campaign_id", "operator", "observed", "share", "share_low", "share_high", "controls", "controls_share",
    "controls_low", "controls_high", "market_share",
)  # fmt: skip
# A campaign whose first comparison looks as unlikely as this is not used as a control for others: a leaked list among
# the controls would make every clean campaign look skewed the other way.
_SUSPECT = 0.2
# Beta prior of the ported share where no figure is known for the country: mean 10%, up to a third.
_PORTED_UNKNOWN = (1.0, 9.0)


@dataclass(frozen=True)
class TraceResult:
    """
    What `trace` found.

    Attributes
    ----------
    findings : pandas.DataFrame
        One row a campaign and hypothesis, with the columns of ``FINDING_COLUMNS``; strongest evidence first.
    campaigns : pandas.DataFrame
        One row a campaign: ``campaign_id``, ``party``, ``n_messages``, ``n_people``, ``n_valid``, ``n_unknown``
        (people whose prefix is of no known operator), ``first``, ``last``, ``text``, ``tested``.
    shares : pandas.DataFrame
        One row a tested campaign and operator: ``observed``, ``share``, ``share_low``, ``share_high`` (exact 95%),
        ``controls``, ``controls_share`` and its interval, ``market_share``.
    settings : dict
        Country, thresholds, priors, sources and how market shares were read: what the method section prints.
    """

    findings: pd.DataFrame
    campaigns: pd.DataFrame
    shares: pd.DataFrame
    settings: dict


def trace(
    scored: pd.DataFrame, *, country: str = "MA", min_people: int = 10, prior_no_leak: float = PRIOR_NO_LEAK
) -> TraceResult:
    """
    Test for each campaign whether the people it reached point to one operator's list.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, as from `tasrib.score`.
    country : str
        ISO 3166 code of the home country.
    min_people : int
        Campaigns that reached fewer people with a known operator are listed and not tested. As many controls are
        needed for a comparison with controls.
    prior_no_leak : float
        Prior probability, 0 to 1, that a campaign's list came from no operator.

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
    Case-control design, exact conditional test, market shares as a second baseline only: `shared/tracing.md`, 1 to 4.
    """
    if min_people < 1 or not 0 < prior_no_leak < 1:
        raise TasribError(f"min_people {min_people} must be 1 or more, prior_no_leak {prior_no_leak} between 0 and 1")
    country = country.upper()
    people = gather_people(scored, country)
    operators, market, settings = _baseline(scored, country, people)
    campaigns = _describe(scored, people, operators, min_people, country)
    settings |= {"min_people": min_people, "prior_no_leak": prior_no_leak}
    tested = campaigns.loc[campaigns["tested"], "campaign_id"].tolist()
    context = _Context(people, operators, market, settings["ported_beta"], min_people, prior_no_leak)
    unsuspected = [name for name in tested if _smallest_p(context, name, []) >= _SUSPECT]
    settings["campaigns_as_controls"] = len(unsuspected)
    rows: list[dict] = []
    shares: list[dict] = []
    for name in tested:
        found, table = _test(context, name, [other for other in unsuspected if other != name])
        rows += found
        shares += table
        if not found:
            campaigns.loc[campaigns["campaign_id"] == name, "tested"] = False
    party = campaigns.set_index("campaign_id")["party"]
    findings = pd.DataFrame(rows, columns=FINDING_COLUMNS)
    findings["party"] = findings["campaign_id"].map(party).fillna("").astype("str")
    return TraceResult(_graded(findings), campaigns, pd.DataFrame(shares, columns=SHARE_COLUMNS), settings)


@dataclass(frozen=True)
class _Context:
    people: People
    operators: list[str]
    market: np.ndarray | None
    ported: tuple[float, float]
    min_people: int
    prior_no_leak: float


def _baseline(scored: pd.DataFrame, country: str, people: People) -> tuple[list[str], np.ndarray | None, dict]:
    # When the campaigns were, not when people complained of other things.
    times = _times(scored[scored["decision"] == "campaign"]).dropna()
    middle = times.median() if len(times) else pd.Timestamp.now("UTC")
    settings: dict = {"country": country, "at": middle.date().isoformat()} | _ported(middle, country)
    try:
        market = market_shares(middle, country)
    except TasribError as error:
        settings |= {"market_method": f"no market shares: {error}", "market_sources": ()}
        seen = people.frame.loc[people.frame["operator"] != "", "operator"]
        return sorted(seen.unique()), None, settings
    settings |= {"market_method": market.method, "market_sources": market.sources, "market_shares": market.shares}
    return list(market.shares), np.array(list(market.shares.values())), settings


def _ported(at: pd.Timestamp, country: str) -> dict:
    try:
        known = portability(at, country)
    except TasribError as error:
        note = f"assumed, mean 10%, since {error}"
        return {"ported_beta": _PORTED_UNKNOWN, "ported_mean": 0.1, "ported_sources": (note,)}
    return {"ported_beta": (known.beta_a, known.beta_b), "ported_mean": known.mean, "ported_sources": known.sources}


def _smallest_p(context: _Context, name: str, also: list[str]) -> float:
    cases = count_by(context.people.reached(name), context.operators)
    controls = count_by(context.people.controls(name, also, context.min_people)[0], context.operators)
    # Compared with nothing, it is not cleared either.
    return min(_p_values(cases, controls, context), default=0.0)


def _p_values(cases: np.ndarray, controls: np.ndarray, context: _Context) -> list[float]:
    if controls.sum() >= context.min_people:
        return [fisher_excess(a, cases.sum(), b, controls.sum()).p_value for a, b in zip(cases, controls, strict=True)]
    if context.market is not None:
        return [binomial_excess(a, cases.sum(), share) for a, share in zip(cases, context.market, strict=True)]
    return []


def _test(context: _Context, name: str, also: list[str]) -> tuple[list[dict], list[dict]]:
    reached = context.people.reached(name)
    control_people, relaxed = context.people.controls(name, also, context.min_people)
    cases, controls = (count_by(group, context.operators) for group in (reached, control_people))
    n, m = int(cases.sum()), int(controls.sum())
    p_values = _p_values(cases, controls, context)
    if not p_values:
        return [], []
    controlled = m >= context.min_people
    has_market = context.market is not None
    market = context.market if context.market is not None else np.full(len(cases), 1 / max(len(cases), 1))
    _, leaks = leak_posterior(cases, controls, market, context.ported, prior_no_leak=context.prior_no_leak)
    said = caveats(
        n_reached=n,
        n_controls=m,
        n_unknown=len(reached) - n,
        controlled=controlled,
        relaxed=relaxed,
        top_region=top_region(reached),
    )
    rows, shares = [], []
    for i, operator in enumerate(context.operators):
        a, b = int(cases[i]), int(controls[i])
        exact = fisher_excess(a, n, b, m)
        rows.append(
            {
                "campaign_id": name,
                "hypothesis": f"operator:{operator}",
                "method": "Fisher exact, one-sided" if controlled else "binomial exact, one-sided",
                "n_reached": n,
                "observed": a,
                "expected": n * b / m if controlled else n * market[i],
                "odds_ratio": exact.odds_ratio if controlled else np.nan,
                "ci_low": exact.ci_low if controlled else np.nan,
                "ci_high": exact.ci_high if controlled else np.nan,
                "leak_share": leaks[i].share,
                "leak_share_low": leaks[i].low,
                "leak_share_high": leaks[i].high,
                "p_value": p_values[i],
                "posterior": leaks[i].posterior,
                "baseline": ("both" if has_market else "controls") if controlled else "market",
                "caveats": " ".join(said),
                "n_controls": m,
                "controls_observed": b,
                "expected_market": n * market[i] if has_market else np.nan,
                "p_market": binomial_excess(a, n, market[i]) if has_market else np.nan,
            }
        )
        low, high = share_interval(a, n)
        control_low, control_high = share_interval(b, m)
        shares.append(
            {
                "campaign_id": name,
                "operator": operator,
                "observed": a,
                "share": a / n,
                "share_low": low,
                "share_high": high,
                "controls": b,
                "controls_share": b / m if m else np.nan,
                "controls_low": control_low,
                "controls_high": control_high,
                "market_share": market[i] if has_market else np.nan,
            }
        )
    return rows, shares


def _graded(findings: pd.DataFrame) -> pd.DataFrame:
    findings["p_adjusted"] = adjust(findings["p_value"].to_numpy(float), findings["campaign_id"].tolist())
    findings["evidence"] = [
        evidence_level(row.p_value, row.p_adjusted, row.posterior, controlled=row.baseline != "market")
        for row in findings.itertuples()
    ]
    findings["evidence"] = findings["evidence"].astype("str")
    rank = findings["evidence"].map({"strong": 0, "moderate": 1, "weak": 2, "none": 3})
    order = findings.assign(rank=rank).sort_values(["rank", "p_adjusted", "campaign_id", "hypothesis"], kind="stable")
    return findings.loc[order.index, list(FINDING_COLUMNS)].reset_index(drop=True)


def _describe(
    scored: pd.DataFrame, people: People, operators: list[str], min_people: int, country: str
) -> pd.DataFrame:
    columns = [
        "campaign_id",
        "party",
        "n_messages",
        "n_people",
        "n_valid",
        "n_unknown",
        "first",
        "last",
        "text",
        "tested",
    ]
    rows = []
    mine = scored[(scored["decision"] == "campaign") & (scored["campaign_id"].fillna("") != "")]
    for name, messages in mine.groupby("campaign_id"):
        reached = people.reached(str(name))
        known = int(count_by(reached, operators).sum())
        parties = messages.get("party", pd.Series(dtype="str")).fillna("")
        named = parties[parties != ""].value_counts()
        times = _times(messages)
        rows.append(
            {
                "campaign_id": name,
                # A party is named on most of all its messages, or not at all: what a few complainants wrote around the
                # message must not put a party's name on a campaign.
                "party": named.index[0] if len(named) and named.iloc[0] > len(messages) / 2 else "",
                "n_messages": len(messages),
                "n_people": one_spelling(messages["recipient"], country).nunique(),
                "n_valid": len(reached),
                "n_unknown": len(reached) - known,
                "first": times.min(),
                "last": times.max(),
                "text": messages["text"].mode().iloc[0],
                "tested": known >= min_people,
            }
        )
    frame = pd.DataFrame(rows, columns=columns)
    frame["tested"] = frame["tested"].astype(bool)
    return frame.sort_values(["n_people", "campaign_id"], ascending=[False, True]).reset_index(drop=True)


def _times(scored: pd.DataFrame) -> pd.Series:
    received = scored["received_at"] if "received_at" in scored else pd.Series(pd.NaT, index=scored.index)
    return pd.to_datetime(received, utc=True, format="ISO8601")

"""The first page: what was read, and one row a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from tasrib.report.beside import number_of, weak_because
from tasrib.report.catalogue import COMMA, knows, say
from tasrib.report.sections import verdicts_found
from tasrib.report.summary import largest_reached, nothing_compared
from tasrib.report.words import campaign_name, chance_words, count_words, number_words, percent_words, points_to
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import caveat_text, isolated
from tasrib.tracing.comparison import Comparison, label
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.evidence import ABOVE_WEAK, LEVELS

# Of each comparison the verdicts that say that there is something.
_Verdicts: TypeAlias = dict[str, list[dict]]
NOT_TESTED = "not_tested"
# Rows that are read in a minute; the others are folded below them.
MOST_ROWS = 12
# Beyond these the strongest is named, the others stand in the campaign's section.
_MOST_ALSO = _MOST_OTHERS = 3
# A share above this is told as the whole list.
_ALL = 0.995


@dataclass(frozen=True)
class FirstRow:
    """
    What the first page says of a campaign.

    Attributes
    ----------
    campaign_id, name, people : str
        The campaign, and how many it reached, in words.
    level : str
        The strongest word for evidence that any comparison earned it; ``not_tested`` where none was made.
    found, ask : str
        One line each: what was found and how sure, and what to ask for next.
    """

    campaign_id: str
    name: str
    people: str
    level: str
    found: str
    ask: str


def totals(scored: pd.DataFrame, result: TraceResult, n_rejected: int, language: str) -> list[tuple[str, str]]:
    """
    Count what was read.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Its findings.
    n_rejected : int
        Rows in quarantine.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    list of (str, str)
        Number and noun.
    """
    decisions = scored["decision"].value_counts()
    counts = {
        "complaints": len(scored) + n_rejected,
        "people": int(scored["recipient"].nunique()),
        "messages": int(decisions.get("campaign", 0)),
        "review": int(decisions.get("review", 0)),
        "campaigns": len(result.campaigns),
        "quarantine": n_rejected,
    }
    return [(number_words(n, language), say(f"first.{name}", language, n=n)) for name, n in counts.items()]


def first_rows(result: TraceResult, shown: pd.DataFrame, language: str) -> list[FirstRow]:
    """
    Say of each campaign in a line what was found, how sure it is, and what to ask for.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`, aliases applied.
    shown : pandas.DataFrame
        The campaigns that the report shows, rows of ``result.campaigns``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    list of FirstRow
        Strongest evidence first, then most people. Of a weak finding nobody is named.
    """
    signs = {
        comparison.key: verdicts_found(comparison.side, result.table(comparison.side.name)).to_dict("records")
        for comparison in COMPARISONS
        if comparison.side is not None and comparison.side.tell is not None
    }
    rows = [_row(campaign, result, signs, language) for _, campaign in shown.iterrows()]
    order = [NOT_TESTED, *LEVELS]
    # Sorting keeps the order of the campaigns, most people first.
    return sorted(rows, key=lambda row: -order.index(row.level))


def level_of(campaign: pd.Series, result: TraceResult) -> str:
    """
    Word for a campaign as a whole.

    Parameters
    ----------
    campaign : pandas.Series
        A row of ``result.campaigns``.
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    str
        The strongest word that any comparison earned it; ``not_tested`` where people were too few and nothing else says anything.
    """
    found = result.findings.loc[result.findings["campaign_id"] == campaign["campaign_id"], "evidence"]
    level = max(found, key=LEVELS.index, default=LEVELS[0])
    return level if campaign["tested"] or level != LEVELS[0] else NOT_TESTED


def nothing_words(result: TraceResult, language: str) -> str:
    """
    Say why nothing was compared.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Two sentences; empty where something was compared.
    """
    why = nothing_compared(result, language)
    return f"{why} {say('nothing.so', language)}" if why else ""


def _row(campaign: pd.Series, result: TraceResult, verdicts: _Verdicts, language: str) -> FirstRow:
    level = level_of(campaign, result)
    mine = result.findings[result.findings["campaign_id"] == campaign["campaign_id"]]
    signs = list(_signs(campaign["campaign_id"], verdicts, language))
    if level in ABOVE_WEAK:
        found, ask = _above(mine[mine["evidence"].isin(ABOVE_WEAK)], language)
    elif level == NOT_TESTED:
        found, ask = _too_few(campaign, result, language), say("first.ask.not_tested", language)
    elif level == LEVELS[0]:
        found, ask = _none(mine, language), say("first.ask.sender", language)
    else:
        found, ask = _weak(mine, bool(signs), language), say("first.ask.weak", language)
    return FirstRow(
        campaign["campaign_id"],
        isolated(campaign_name(campaign["campaign_id"], campaign["party"]), language),
        say("first.reached", language, n=int(campaign["n_people"])),
        level,
        " ".join([found, *(said for said, _ in signs)]),
        " ".join([ask, *(dict.fromkeys(asked for _, asked in signs))]),
    )


def _above(findings: pd.DataFrame, language: str) -> tuple[str, str]:
    first, others = findings.iloc[0], findings.iloc[1:]
    comparison = by_key()[first["comparison"]]
    name = isolated(label(first), language)
    said = [
        say(
            f"first.found.{comparison.group}", language, name=name, n=int(first["observed"]),
            total=int(first["n_reached"]), expected=count_words("expected", number_of(first["expected"]), language),
        ),
        say("first.sure", language, often=chance_words(float(first["p_adjusted"]), language)),
    ]  # fmt: skip
    if len(others):
        named = [_also(row, language) for _, row in others.head(_MOST_ALSO).iterrows()]
        comma = COMMA[language]
        said.append(say("first.also", language, names=comma.join(dict.fromkeys(named))))
    kind = comparison.subject(first)
    asked = f"first.ask.{kind}" if knows(f"first.ask.{kind}") else "first.ask.place"
    return " ".join(said), say(asked, language, name=name)


def _also(finding: pd.Series, language: str) -> str:
    by, pointed = say(f"comparison.{finding['comparison']}.by", language), points_to(finding, language)
    return pointed if by in pointed else f"{pointed} ({by})"


def _weak(findings: pd.DataFrame, has_sign: bool, language: str) -> str:
    """Without a name: beside a sign that chance makes as well, a name is read as a finding."""
    weak = findings[findings["evidence"] == LEVELS[1]]
    kept = [caveat for _, row in weak.iterrows() for caveat in weak_because(row)]
    if not kept:
        return say("first.weak", language)
    # What a sign says already is not said twice.
    reason = "" if has_sign else f" {caveat_text(kept[0], language)}"
    return say("first.weak_kept", language) + reason


def _none(findings: pd.DataFrame, language: str) -> str:
    keys = [comparison.key for comparison in COMPARISONS if comparison.leads]
    shares = findings.loc[findings["comparison"].isin(keys), "detectable_share"].dropna()
    if shares.empty:
        return say("first.none", language)
    # Of any operator: so the largest of what each would have needed.
    most = float(shares.max())
    could = (
        say("first.undetectable", language)
        if most >= _ALL
        else say("first.detectable", language, share=percent_words(most, language))
    )
    return f"{say('first.none', language)} {could}"


def _too_few(campaign: pd.Series, result: TraceResult, language: str) -> str:
    known, least = largest_reached(campaign.to_frame().T), int(result.settings["min_people"])
    if known < least:
        return say("first.too_few", language, n=known, least=least)
    return say("first.no_controls", language)


def _signs(campaign_id: str, verdicts: _Verdicts, language: str) -> Iterator[tuple[str, str]]:
    """What verdicts say of a campaign, and what to ask for that; each stands beside the evidence and grades nothing."""
    comma = COMMA[language]
    for key_of, rows in verdicts.items():
        comparison = by_key()[key_of]
        others: dict[str, list[str]] = {}
        for row in rows:
            other = _other_of(row, campaign_id, comparison, language)
            if other is not None:
                others.setdefault(_wording(comparison, row), []).append(other)
        for key, names in others.items():
            other = comma.join(names[:_MOST_OTHERS]) + (f"{comma}…" if len(names) > _MOST_OTHERS else "")
            yield say(f"first.sign.{key}", language, other=other), say(f"first.ask.{comparison.group}", language)


def _other_of(row: dict, campaign_id: str, comparison: Comparison, language: str) -> str | None:
    """The other campaign of a verdict on two, nothing of a verdict on one; None of a verdict on others."""
    if comparison.side is None or not comparison.side.of_two:
        return "" if row["campaign_id"] == campaign_id else None
    for mine, other in ("ab", "ba"):
        if row[f"campaign_{mine}"] == campaign_id:
            return isolated(campaign_name(row[f"campaign_{other}"], row[f"party_{other}"]), language)
    return None


def _wording(comparison: Comparison, row: dict) -> str:
    """What one sign means may differ from what the others do."""
    assert comparison.side is not None, f"{comparison.key} keeps no verdicts"
    assert comparison.side.tell is not None, f"{comparison.key} keeps no verdicts"
    sign = comparison.side.tell(row).values.get("sign", ("", ""))[1]
    special = f"{comparison.group}_{sign}"
    return special if sign and knows(f"first.sign.{special}") else comparison.group

"""What a campaign's section says: each comparison in words, beside its small table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from tasrib.report.alias import names_shown
from tasrib.report.aside import aside_of
from tasrib.report.beside import weak_because, whom_words, without_chances
from tasrib.report.catalogue import COMMA, knows, say
from tasrib.report.cells import table_cells
from tasrib.report.narrative import detectable_words, narrate, narrate_verdict
from tasrib.report.translated import translated
from tasrib.report.words import campaign_name, percent_words, phrase, points_to, probability_words
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import ALTERNATIVES, Caveat, caveat_text, isolated
from tasrib.tracing.comparison import Comparison, Line, SideTable, label
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.evidence import ABOVE_WEAK


def finding_row(row: pd.Series, language: str) -> dict:
    """
    A finding for the table of findings.

    Parameters
    ----------
    row : pandas.Series
        A row of ``TraceResult.findings``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        Its columns with ``campaign`` (its name), ``points_to``, ``by`` (the comparison) and ``unit`` of what was counted; without share and
        posterior where it is not above weak.
    """
    comparison = by_key()[row["comparison"]]
    unit = f"comparison.{comparison.key}.unit"
    return {
        **without_chances(row),
        "campaign": isolated(campaign_name(row["campaign_id"], row["party"]), language),
        "points_to": points_to(row, language),
        "by": say(f"comparison.{comparison.key}.by", language),
        "unit": say(unit, language) if knows(unit) else "",
    }


def caveat_paragraph(caveats: Iterable[Caveat], language: str) -> str:
    """
    Say caveats.

    Parameters
    ----------
    caveats : iterable of Caveat
        Of a finding, or of several.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A paragraph, each sentence once.
    """
    return " ".join(dict.fromkeys(caveat_text(caveat, language) for caveat in caveats))


def campaign_sections(campaign_id: str, result: TraceResult, language: str) -> dict:
    """
    Gather what a tested campaign's section shows.

    Parameters
    ----------
    campaign_id : str
        The campaign.
    result : TraceResult
        Findings, aliases applied.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        ``compared``: with whom; ``aside``: senders that are no controls; ``is_told``: whether the leading comparison found anything above weak;
        of the leading comparison ``above``: findings above none, told in full; ``cleared``: the sentences on the others, and where nothing is
        above none one more on what could have been detected; ``caveats`` of all findings above none, each once and without those told already.
        ``others``: a section for each other comparison that found something; ``quiet``: the same for those that did not. A section has ``title``,
        ``told``, ``table`` (``head`` and ``rows`` of text, or None), ``caveats`` and ``heading``, the title with one line on what was compared.
    """
    aliases = names_shown(result)
    mine = result.findings[result.findings["campaign_id"] == campaign_id]
    leading = mine[mine["comparison"].isin([comparison.key for comparison in COMPARISONS if comparison.leads])]
    above = leading[leading["evidence"] != "none"]
    # What keeps a finding weak stands in its own paragraph; what is said of one finding is not said again of the next.
    said = {caveat_text(caveat) for _, row in mine.iterrows() for caveat in weak_because(row)}
    caveats = _unsaid((above if len(above) else leading.head(1))["caveats"], said)
    sections = [
        section
        for comparison in COMPARISONS
        if not comparison.leads
        and (section := _section(comparison, campaign_id, mine, result, aliases, said, language))
    ]
    return {
        "compared": _beside_whom(leading, language),
        "aside": aside_of(campaign_id, result, language),
        "is_told": bool(leading["evidence"].isin(ABOVE_WEAK).any()),
        "above": [_told(row, aliases, language) for _, row in above.iterrows()],
        "cleared": _cleared(leading, language, aliases),
        "caveats": caveat_paragraph(caveats, language),
        "others": [section for section in sections if section["found"]],
        "quiet": [section for section in sections if not section["found"]],
    }


def sections_between_campaigns(result: TraceResult, language: str) -> list[dict]:
    """
    Gather what comparisons of two campaigns with each other show.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`, aliases applied.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    list of dict
        One a comparison: ``key``, ``title``, ``pairs`` (those found: both campaigns' ids and names, ``told``) and ``line`` on the others, empty
        where there are none.
    """
    found = []
    for comparison in COMPARISONS:
        side = comparison.side
        if side is None or side.tell is None or not side.of_two:
            continue
        table = result.table(side.name)
        signs = verdicts_found(side, table)
        rest = table.drop(index=signs.index)
        shown = len(rest) > 0 or signs.empty
        line = _line(comparison, rest, language, others=len(signs) > 0) if shown else ""
        pairs = [_pair(comparison, row, language) for _, row in signs.iterrows()]
        title = say(f"comparison.{comparison.key}.title", language)
        found.append({"key": comparison.key, "title": title, "pairs": pairs, "line": line})
    return found


def verdicts_found(side: SideTable, table: pd.DataFrame) -> pd.DataFrame:
    """
    Choose the verdicts that say that there is something.

    Parameters
    ----------
    side : SideTable
        One that holds verdicts; others have none.
    table : pandas.DataFrame
        All of it, or some rows.

    Returns
    -------
    pandas.DataFrame
        Rows of `table`.
    """
    if side.tell is None:
        return pd.DataFrame()
    return table[[bool(side.is_found(row)) for row in table.to_dict("records")]]


def least_detectable(findings: pd.DataFrame) -> pd.DataFrame:
    """
    Choose the findings whose share could have been seen.

    Parameters
    ----------
    findings : pandas.DataFrame
        Of one campaign and comparison.

    Returns
    -------
    pandas.DataFrame
        Those with a share below the whole list, the smallest first.
    """
    known = findings[findings["detectable_share"] < 1]
    return known.sort_values("detectable_share", kind="stable")


def _pair(comparison: Comparison, row: pd.Series, language: str) -> dict:
    names = {f"name_{x}": isolated(campaign_name(row[f"campaign_{x}"], row[f"party_{x}"]), language) for x in "ab"}
    return {**row.to_dict(), **names, "told": narrate_verdict(comparison, row, language)}


def _beside_whom(leading: pd.DataFrame, language: str) -> str:
    if leading.empty:
        return ""
    first = leading.iloc[0]
    if first["baseline"] == "market":
        return say("campaigns.compared_market", language)
    key = "campaigns.compared" if first["compared_within"] else "campaigns.compared_no_strata"
    return say(key, language, whom=whom_words(first, language))


def _unsaid(caveats: Iterable[Iterable[Caveat]], said: set[str]) -> list[Caveat]:
    """Caveats that were not said yet, each once, the one on other roads last; they count as said from now on."""
    found = {caveat_text(caveat): caveat for each in caveats for caveat in each}
    new = [caveat for text, caveat in found.items() if text not in said]
    said |= set(found)
    return sorted(new, key=lambda caveat: caveat == ALTERNATIVES)


def _told(row: pd.Series, aliases: Mapping[str, str], language: str) -> dict:
    return {**finding_row(row, language), "told": narrate(row, language, alias=aliases)}


def _cleared(findings: pd.DataFrame, language: str, aliases: Mapping[str, str]) -> list[str]:
    """Sentences on what is not above none; what could have been detected is said once for all of them."""
    none = findings[findings["evidence"] == "none"]
    quiet = none.assign(detectable_share=math.nan)
    said = [narrate(row, language, alias=aliases, brief=True) for _, row in quiet.iterrows()]
    if len(none) and len(none) == len(findings):
        said.append(_detectable(none, language))
    return said


def _detectable(none: pd.DataFrame, language: str) -> str:
    least = least_detectable(none)
    if least.empty:
        return detectable_words(math.nan if none["detectable_share"].isna().all() else 1.0, language) + "."
    shares = [
        f"{percent_words(row['detectable_share'], language)} ({isolated(label(row), language)})"
        for row in least.to_dict("records")
    ]
    comma = COMMA[language]
    return phrase("detectable.known", language, share=comma.join(shares)) + "."


def _section(
    comparison: Comparison,
    campaign_id: str,
    mine: pd.DataFrame,
    result: TraceResult,
    aliases: Mapping[str, str],
    said: set[str],
    language: str,
) -> dict[str, Any] | None:
    kept = _of_campaign(comparison, campaign_id, result)
    if comparison.side is not None and comparison.side.tell is not None:
        return None if kept.empty else _verdict_section(comparison, comparison.side, kept, language)
    rows = mine[mine["comparison"] == comparison.key]
    if rows.empty:
        return None
    above = rows[rows["evidence"] != "none"]
    return {
        "title": say(f"comparison.{comparison.key}.title", language),
        "found": len(above) > 0,
        "told": [_told(row, aliases, language) for _, row in above.iterrows()],
        "table": table_cells(comparison, comparison.listed(rows, kept), language),
        "caveats": caveat_paragraph(_unsaid(above["caveats"], said), language),
        "heading": _heading(comparison, rows, language),
    }


def _verdict_section(comparison: Comparison, side: SideTable, rows: pd.DataFrame, language: str) -> dict[str, Any]:
    found = verdicts_found(side, rows)
    told = [narrate_verdict(comparison, row, language) for _, row in found.iterrows()]
    return {
        "title": say(f"comparison.{comparison.key}.title", language),
        "found": len(found) > 0,
        "told": [{"evidence": "", "points_to": "", "told": each} for each in told],
        "table": table_cells(comparison, comparison.listed(found, rows), language) if len(found) else None,
        "caveats": "",
        "heading": _heading(comparison, rows, language),
    }


def _of_campaign(comparison: Comparison, campaign_id: str, result: TraceResult) -> pd.DataFrame:
    side = comparison.side
    table = pd.DataFrame() if side is None else result.table(side.name)
    return table[table["campaign_id"] == campaign_id] if "campaign_id" in table else pd.DataFrame()


def _heading(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    title, line = say(f"comparison.{comparison.key}.title", language), _line(comparison, rows, language)
    # A question has its own sign.
    key = "campaigns.asked" if title.endswith(("?", "؟")) else "campaigns.headed"
    return say(key, language, title=title, line=line)


def _line(comparison: Comparison, rows: pd.DataFrame, language: str, *, others: bool = False) -> str:
    """One line on what shows nothing; `others` of the same table show something."""
    line = Line({"n": len(rows)}) if comparison.line is None else comparison.line(rows)
    key = f"comparison.{comparison.key}.line"
    variant = line.variant or ("other" if others and knows(f"{key}_other") else "")
    values = {name: _in_line(name, value, language) for name, value in line.values.items()}
    p = probability_words(rows["p_adjusted"].min(), language) if len(rows) else "–"
    return say(f"{key}_{variant}" if variant else key, language, p=p, **values)


def _in_line(name: str, value: int | str, language: str) -> int | str:
    if not isinstance(value, str):
        return value
    return translated(value, language) if name == "reason" else isolated(value, language)

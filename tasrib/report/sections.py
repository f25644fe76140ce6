"""What a campaign's section says: each comparison in words, in three languages, beside its small table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from tasrib.report.alias import names_shown
from tasrib.report.aside import aside_of
from tasrib.report.beside import weak_because, whom_words, without_chances
from tasrib.report.cells import table_cells
from tasrib.report.narrative import detectable_words, narrate, narrate_verdict
from tasrib.report.words import campaign_name, percent_words, phrase, points_to, probability_words
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import ALTERNATIVES, LANGUAGES, Caveat, caveat_text, isolated
from tasrib.tracing.comparison import Comparison, SideTable, label
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.evidence import ABOVE_WEAK

Telling = dict[str, str]


def finding_row(row: pd.Series) -> dict:
    """
    A finding for the table of findings.

    Parameters
    ----------
    row : pandas.Series
        A row of ``TraceResult.findings``.

    Returns
    -------
    dict
        Its columns with ``campaign`` (its name), ``points_to``, ``by`` (the comparison) and ``unit`` of what was counted; without share and
        posterior where it is not above weak.
    """
    comparison = by_key()[row["comparison"]]
    return {
        **without_chances(row),
        "campaign": campaign_name(row["campaign_id"], row["party"]),
        "points_to": points_to(row),
        "by": comparison.by,
        "unit": comparison.unit,
    }


def caveat_paragraphs(caveats: Iterable[Caveat]) -> Telling:
    """
    Say caveats in each language.

    Parameters
    ----------
    caveats : iterable of Caveat
        Of a finding, or of several.

    Returns
    -------
    dict of str to str
        A paragraph a language, each sentence once.
    """
    said = list(caveats)
    return {
        language: " ".join(dict.fromkeys(caveat_text(caveat, language) for caveat in said)) for language in LANGUAGES
    }


def campaign_sections(campaign_id: str, result: TraceResult) -> dict:
    """
    Gather what a tested campaign's section shows.

    Parameters
    ----------
    campaign_id : str
        The campaign.
    result : TraceResult
        Findings, aliases applied.

    Returns
    -------
    dict
        ``compared``: with whom; ``aside``: senders that are no controls; ``is_told``: whether the leading comparison found anything above weak; of the leading comparison ``above``: findings above none, told in full in each language;
        ``cleared``: for each language the sentences on the others, and where nothing is above none one more on what could have been
        detected; ``caveats`` of all findings above none, each once and without those told already. ``others``: a section for each other comparison that found something; ``quiet``: the same for those that
        did not. A section has ``title``, ``told``, ``table`` (``head`` and ``rows`` of text, or None), ``caveats`` and ``line``.
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
        if not comparison.leads and (section := _section(comparison, campaign_id, mine, result, aliases, said))
    ]
    return {
        "compared": _beside_whom(leading),
        "aside": aside_of(campaign_id, result),
        "is_told": bool(leading["evidence"].isin(ABOVE_WEAK).any()),
        "above": [_told(row, aliases) for _, row in above.iterrows()],
        "cleared": {language: _cleared(leading, language, aliases) for language in LANGUAGES},
        "caveats": caveat_paragraphs(caveats),
        "others": [section for section in sections if section["found"]],
        "quiet": [section for section in sections if not section["found"]],
    }


def sections_between_campaigns(result: TraceResult) -> list[dict]:
    """
    Gather what comparisons of two campaigns with each other show.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`, aliases applied.

    Returns
    -------
    list of dict
        One a comparison: ``key``, ``title``, ``pairs`` (those found: both campaigns' ids and names, ``told`` in each language) and
        ``line`` on the others, empty where there are none.
    """
    found = []
    for comparison in COMPARISONS:
        side = comparison.side
        if side is None or side.tell is None or not side.of_two:
            continue
        table = result.table(side.name)
        signs = verdicts_found(side, table)
        rest = table.drop(index=signs.index)
        line = _line(comparison, rest, other="other " if len(signs) else "") if len(rest) or signs.empty else ""
        pairs = [_pair(comparison, row) for _, row in signs.iterrows()]
        found.append({"key": comparison.key, "title": comparison.title, "pairs": pairs, "line": line})
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


def _pair(comparison: Comparison, row: pd.Series) -> dict:
    names = {f"name_{x}": campaign_name(row[f"campaign_{x}"], row[f"party_{x}"]) for x in "ab"}
    return {**row.to_dict(), **names, "told": _verdict_told(comparison, row)}


def _verdict_told(comparison: Comparison, row: pd.Series) -> Telling:
    return {language: narrate_verdict(comparison, row, language) for language in LANGUAGES}


def _beside_whom(leading: pd.DataFrame) -> str:
    if leading.empty:
        return ""
    first = leading.iloc[0]
    if first["baseline"] == "market":
        return "There were too few controls: people were compared with market shares."
    return (
        f"People were compared with {whom_words(first, 'en')}{'' if first['compared_within'] else ', without strata'}."
    )


def _unsaid(caveats: Iterable[Iterable[Caveat]], said: set[str]) -> list[Caveat]:
    """Caveats that were not said yet, each once, the one on other roads last; they count as said from now on."""
    found = {caveat_text(caveat): caveat for each in caveats for caveat in each}
    new = [caveat for text, caveat in found.items() if text not in said]
    said |= set(found)
    return sorted(new, key=lambda caveat: caveat == ALTERNATIVES)


def _told(row: pd.Series, aliases: Mapping[str, str]) -> dict:
    told = {language: narrate(row, language, alias=aliases) for language in LANGUAGES}
    return {**finding_row(row), "told": told}


def _cleared(findings: pd.DataFrame, language: str, aliases: Mapping[str, str]) -> list[str]:
    """Sentences on what is not above none; what could have been detected is said once for all of them."""
    none = findings[findings["evidence"] == "none"]
    quiet = none.assign(detectable_share=math.nan)
    said = [narrate(row, language, alias=aliases, brief=True) for _, row in quiet.iterrows()]
    if len(none) and len(none) == len(findings):
        said.append(_detectable(none, language))
    return said


def _detectable(none: pd.DataFrame, language: str) -> str:
    known = none[none["detectable_share"].notna()]
    least = known[known["detectable_share"] < 1].sort_values("detectable_share", kind="stable")
    if least.empty:
        return detectable_words(math.nan if known.empty else 1.0, language) + "."
    shares = [
        f"{percent_words(row['detectable_share'], language)} ({isolated(label(row), language)})"
        for row in least.to_dict("records")
    ]
    comma = "، " if language == "ar" else ", "
    return phrase("detectable.known", language, share=comma.join(shares)) + "."


def _section(
    comparison: Comparison,
    campaign_id: str,
    mine: pd.DataFrame,
    result: TraceResult,
    aliases: Mapping[str, str],
    said: set[str],
) -> dict[str, Any] | None:
    kept = _of_campaign(comparison, campaign_id, result)
    if comparison.side is not None and comparison.side.tell is not None:
        return None if kept.empty else _verdict_section(comparison, comparison.side, kept)
    rows = mine[mine["comparison"] == comparison.key]
    if rows.empty:
        return None
    above = rows[rows["evidence"] != "none"]
    return {
        "title": comparison.title,
        "found": len(above) > 0,
        "told": [_told(row, aliases) for _, row in above.iterrows()],
        "table": table_cells(comparison, comparison.listed(rows, kept)),
        "caveats": caveat_paragraphs(_unsaid(above["caveats"], said)),
        "line": _line(comparison, rows),
    }


def _verdict_section(comparison: Comparison, side: SideTable, rows: pd.DataFrame) -> dict[str, Any]:
    found = verdicts_found(side, rows)
    told = [_verdict_told(comparison, row) for _, row in found.iterrows()]
    return {
        "title": comparison.title,
        "found": len(found) > 0,
        "told": [{"evidence": "", "points_to": "", "told": each} for each in told],
        "table": table_cells(comparison, comparison.listed(found, rows)) if len(found) else None,
        "caveats": caveat_paragraphs(()),
        "line": _line(comparison, rows),
    }


def _of_campaign(comparison: Comparison, campaign_id: str, result: TraceResult) -> pd.DataFrame:
    side = comparison.side
    table = pd.DataFrame() if side is None else result.table(side.name)
    return table[table["campaign_id"] == campaign_id] if "campaign_id" in table else pd.DataFrame()


def _line(comparison: Comparison, rows: pd.DataFrame, other: str = "") -> str:
    usual = f"{len(rows)} {comparison.counted} compared, smallest adjusted p {{p}}"
    line = usual if comparison.line is None else comparison.line(rows)
    return line.format(p=probability_words(rows["p_adjusted"].min()), other=other)

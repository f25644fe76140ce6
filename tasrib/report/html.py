"""The report as one HTML file a language that opens anywhere, offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tasrib.report.catalogue import say
from tasrib.report.dates import moment_words, span_words
from tasrib.report.decisions import decision_section
from tasrib.report.environment import language_environment, printable
from tasrib.report.figures import figures_of_campaign, figures_of_case
from tasrib.report.first import MOST_ROWS, first_rows, level_of, nothing_words, totals
from tasrib.report.highlights import Explanations, direction, highlighted, to_review, whole_weight
from tasrib.report.law import Law, law_section
from tasrib.report.origins import cleaning_line, shown_cleaning, shown_quarantine
from tasrib.report.personal import Hidden
from tasrib.report.sections import campaign_sections, finding_row, sections_between_campaigns
from tasrib.report.tables import quality_counts
from tasrib.report.translated import translated
from tasrib.report.words import campaign_name, number_words, percent_words
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import isolated
from tasrib.tracing.comparisons import COMPARISONS
from tasrib.tracing.evidence import MODERATE, STRONG, WEAK

# A campaign's own section costs a screen; beyond this many the tables carry the rest.
MOST_CAMPAIGNS = 40
_MOST_NOTES, _MOST_REJECTED = 60, 50
# In the order in which a reader meets them.
GLOSSARY = (
    "campaign", "evidence", "controls", "expected", "odds_ratio", "interval", "p_adjusted", "posterior", "list_share", "allocated",
    "portability", "canary", "indication", "review", "quarantine",
)  # fmt: skip
OF_LAW = "indication"
_KINDS: dict[str, Callable[[float, str], str]] = {
    "number": number_words,
    "percent": percent_words,
    "limit": lambda limit, language: isolated(number_words(limit, language, 2), language),
}


def render_html(
    scored: pd.DataFrame, result: TraceResult, rejected: pd.DataFrame | None, *, title: str, version: str,
    explanations: Explanations, cleaning: pd.DataFrame | None = None, language: str = "en",
    pages: Mapping[str, str] | None = None, made_at: datetime | None = None, law: Law | None = None,
    hidden: Hidden | None = None,
) -> str:  # fmt: skip
    """
    Compose the report in one language.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Findings.
    rejected : pandas.DataFrame or None
        Quarantine.
    title : str
        Heading of the report.
    version : str
        Version of tasrib that made it.
    explanations : mapping of str to Explained
        For each text that is explained, the pieces that weighed.
    cleaning : pandas.DataFrame, optional
        What was done to the files: `tasrib.complaints.cleaning.cleaning_table`.
    language : str
        ``ar``, ``fr`` or ``en``.
    pages : mapping of str to str, optional
        Language to file, of the same report in other languages.
    made_at : datetime.datetime, optional
        When it was made; now by default.
    law : Law, optional
        The triage; without it there is no section on the law.
    hidden : Hidden, optional
        What of the messages is hidden; found in `scored` by default.

    Returns
    -------
    str
        HTML without outside requests: styles and figures are in it.
    """
    environment = language_environment(language)
    # A finding is never shown without its campaign's section, where its caveats stand.
    found = result.campaigns["campaign_id"].isin(
        result.findings.loc[result.findings["evidence"] != "none", "campaign_id"]
    )
    shown = result.campaigns[found | (np.arange(len(found)) < MOST_CAMPAIGNS)]
    mended = frozenset(scored.loc[scored["text_received"] != "", "text"])
    hidden = Hidden(scored) if hidden is None else hidden
    message = partial(_message, explanations=explanations, mended=mended, language=language, hidden=hidden)
    rows = first_rows(result, shown, language)
    by_strength = shown.set_index("campaign_id", drop=False).loc[[row.campaign_id for row in rows]]
    page = environment.get_template("report.html.j2").render(
        title=title,
        version=version,
        made=moment_words(made_at or datetime.now(UTC), language),
        pages={other: file for other, file in (pages or {}).items() if other != language},
        totals=totals(scored, result, 0 if rejected is None else len(rejected), language),
        rows=rows[:MOST_ROWS],
        more_rows=rows[MOST_ROWS:],
        nothing=nothing_words(result, language),
        figures=figures_of_case(scored, result, language),
        campaigns=[_campaign(row, result, message, language) for _, row in by_strength.iterrows()],
        to_review=[{**row.to_dict(), **message(row["text"])} for _, row in to_review(scored).iterrows()],
        decisions=decision_section(scored, language, hidden),
        law=_law(law, by_strength, language),
        marked=bool(explanations),
        n_more=len(result.campaigns) - len(shown),
        findings=[finding_row(row, language) for _, row in result.findings.iterrows() if row["evidence"] != "none"],
        quality=quality_counts(scored, rejected),
        rejected=_rejected(rejected, hidden),
        cleaning=_cleaning(cleaning, hidden, language),
        between=sections_between_campaigns(result, language),
        settings=result.settings,
        methods=_methods(result.settings, language),
        levels=_levels(language),
        glossary=[term for term in GLOSSARY if law is not None or term != OF_LAW],
    )
    return printable(page)


def _law(law: Law | None, campaigns: pd.DataFrame, language: str) -> dict | None:
    if law is None:
        return None
    pairs = zip(campaigns["campaign_id"], campaigns["party"], strict=True)
    names = {name: isolated(campaign_name(name, party), language) for name, party in pairs}
    return law_section(law, names, language, MOST_ROWS)


def _rejected(rejected: pd.DataFrame | None, hidden: Hidden) -> list[dict]:
    if rejected is None:
        return []
    return shown_quarantine(rejected, hidden.countries).head(_MOST_REJECTED).to_dict("records")


def _cleaning(cleaning: pd.DataFrame | None, hidden: Hidden, language: str) -> dict | None:
    if cleaning is None:
        return None
    shown = shown_cleaning(cleaning, hidden.countries)
    return {
        "line": cleaning_line(shown, language),
        "notes": shown.head(_MOST_NOTES).to_dict("records"),
        "n_more": max(len(shown) - _MOST_NOTES, 0),
    }


def _methods(settings: dict, language: str) -> list[tuple[str, str, bool]]:
    """Title and text of each comparison, and whether it leads."""
    known = {"market_method": translated(settings["market_method"], language)}
    said = []
    for each in COMPARISONS:
        values = {name: _KINDS[kind](value, language) for name, (kind, value) in each.method_values.items()}
        key = f"comparison.{each.key}"
        said.append((say(f"{key}.title", language), say(f"{key}.method", language, **known, **values), each.leads))
    return said


def _levels(language: str) -> dict[str, dict[str, str]]:
    """Of each word for evidence what its wording is filled with."""
    limits = {"strong": STRONG, "moderate": MODERATE, "weak": (WEAK,), "none": ()}
    limit = _KINDS["limit"]
    return {
        level: {name: limit(each, language) for name, each in zip(("p", "posterior"), values, strict=False)}
        for level, values in limits.items()
    }


def _campaign(row: pd.Series, result: TraceResult, message: Callable[[str], dict], language: str) -> dict[str, Any]:
    span = span_words(row["first"], row["last"], language)
    return {
        **row.to_dict(),
        **message(row["text"]),
        "name": isolated(campaign_name(row["campaign_id"], row["party"]), language),
        "span": f" {span}" if span else "",
        "figures": figures_of_campaign(result, row["campaign_id"], language) if row["tested"] else {},
        "sections": campaign_sections(row["campaign_id"], result, language),
        "evidence": level_of(row, result),
    }


def _message(text: str, explanations: Explanations, mended: frozenset[str], language: str, hidden: Hidden) -> dict:
    reasons = explanations.get(text)
    return {
        "text": highlighted(text, () if reasons is None else reasons.pieces, language, hidden.parts(text)),
        "whole": whole_weight(reasons, language),
        "direction": direction(text),
        "mended": text in mended,
    }

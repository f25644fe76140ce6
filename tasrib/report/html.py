"""The report as one HTML file that opens anywhere, offline."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
from markupsafe import Markup

from tasrib.report.decisions import decision_section
from tasrib.report.environment import page_environment, printable
from tasrib.report.figures import NOT_SAID, PALETTE, QUIET, bars, by_day, operator_shares, to_svg
from tasrib.report.highlights import Explanations, direction, highlighted, to_review, whole_weight
from tasrib.report.origins import cleaning_line, shown_cleaning, shown_quarantine
from tasrib.report.sections import campaign_sections, finding_row, sections_between_campaigns
from tasrib.report.summary import summary_sentences
from tasrib.report.tables import count_tables, quality_table
from tasrib.report.words import CATEGORY_NAMES, campaign_name, posterior_words, probability_words, ratio_words
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import COMPARISONS

# A campaign's own section costs a screen; beyond this many the tables carry the rest.
MOST_CAMPAIGNS = 40
_MOST_NOTES = 60


def render_html(
    scored: pd.DataFrame, result: TraceResult, rejected: pd.DataFrame | None, *, title: str, version: str,
    explanations: Explanations, cleaning: pd.DataFrame | None = None,
) -> str:  # fmt: skip
    """
    Compose the report.

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

    Returns
    -------
    str
        HTML without outside requests: styles and figures are in it.
    """
    environment = page_environment()
    environment.filters |= {
        "p": probability_words,
        "posterior": posterior_words,
        "number": ratio_words,
        "percent": _percent,
        "percent_1": lambda share: _percent(share, 1),
    }
    counts = count_tables(scored)
    dated = scored["received_at"].notna().any()
    categories = counts["by_category"].set_index("category")["messages"]
    party = counts["by_party"].set_index("party")["messages"]
    figures = {
        "category": _drawn(bars(categories, "messages", PALETTE | {NOT_SAID: QUIET}), "messages by category"),
        "day": _drawn(by_day(scored), "messages by day and category") if dated else "",
        "party": _drawn(bars(party, "campaign messages"), "campaign messages by party") if len(party) else "",
    }
    # A finding is never shown without its campaign's section, where its caveats stand.
    found = result.campaigns["campaign_id"].isin(
        result.findings.loc[result.findings["evidence"] != "none", "campaign_id"]
    )
    shown = result.campaigns[found | (np.arange(len(found)) < MOST_CAMPAIGNS)]
    mended = frozenset(scored.loc[scored["text_received"] != "", "text"])
    page = environment.get_template("report.html.j2").render(
        title=title,
        version=version,
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        summary=summary_sentences(scored, result, 0 if rejected is None else len(rejected)),
        totals=_totals(scored, result, rejected),
        figures=figures,
        by_category=counts["by_category"].to_dict("records"),
        category_names=CATEGORY_NAMES,
        campaigns=[_campaign(row, result, explanations, mended) for _, row in shown.iterrows()],
        to_review=[_reviewed(row, explanations, mended) for _, row in to_review(scored).iterrows()],
        decisions=decision_section(scored),
        marked=bool(explanations),
        n_more=len(result.campaigns) - len(shown),
        findings=[finding_row(row) for _, row in result.findings.iterrows() if row["evidence"] != "none"],
        quality=quality_table(scored, rejected).to_dict("records"),
        rejected=[] if rejected is None else shown_quarantine(rejected).head(50).to_dict("records"),
        cleaning=_cleaning(cleaning),
        between=sections_between_campaigns(result),
        settings=result.settings,
        methods=_methods(result.settings),
    )
    return printable(page)


def _cleaning(cleaning: pd.DataFrame | None) -> dict | None:
    if cleaning is None:
        return None
    shown = shown_cleaning(cleaning)
    return {
        "line": cleaning_line(shown),
        "notes": shown.head(_MOST_NOTES).to_dict("records"),
        "n_more": max(len(shown) - _MOST_NOTES, 0),
    }


def _methods(settings: dict) -> list[tuple[str, str, bool]]:
    """Title and text of each comparison, and whether it leads."""
    known = {"market_method": settings["market_method"]}
    return [(each.title, each.method.format_map(known), each.leads) for each in COMPARISONS]


def _campaign(row: pd.Series, result: TraceResult, explanations: Explanations, mended: frozenset[str]) -> dict:
    mine = result.findings[result.findings["campaign_id"] == row["campaign_id"]]
    name = campaign_name(row["campaign_id"], row["party"])
    figure = ""
    if row["tested"]:
        shares = result.shares[result.shares["campaign_id"] == row["campaign_id"]]
        figure = _drawn(operator_shares(shares), f"operator shares of campaign {name} beside controls and market")
    return {
        **row.to_dict(),
        **_message(row["text"], explanations, mended),
        "name": name,
        "first": _day(row["first"]),
        "last": _day(row["last"]),
        "figure": figure,
        "sections": campaign_sections(row["campaign_id"], result),
        "evidence": mine["evidence"].iloc[0] if len(mine) else "not tested",
    }


def _reviewed(row: pd.Series, explanations: Explanations, mended: frozenset[str]) -> dict:
    return {**row.to_dict(), **_message(row["text"], explanations, mended)}


def _message(text: str, explanations: Explanations, mended: frozenset[str]) -> dict:
    reasons = explanations.get(text)
    return {
        "text": highlighted(text, () if reasons is None else reasons.pieces),
        "whole": whole_weight(reasons),
        "direction": direction(text),
        "mended": text in mended,
    }


def _totals(scored: pd.DataFrame, result: TraceResult, rejected: pd.DataFrame | None) -> list[tuple[str, int]]:
    decisions = scored["decision"].value_counts()
    return [
        ("complaints", len(scored) + (0 if rejected is None else len(rejected))),
        ("people", int(scored["recipient"].nunique())),
        ("campaign messages", int(decisions.get("campaign", 0))),
        ("to review by hand", int(decisions.get("review", 0))),
        ("campaigns", len(result.campaigns)),
        ("in quarantine", 0 if rejected is None else len(rejected)),
    ]


def _drawn(spec: dict, label: str) -> Markup:
    # vl-convert escapes text itself, so the drawing is safe to put in as it is.
    return Markup(to_svg(spec, label))


def _day(when: pd.Timestamp) -> str:
    return "" if pd.isna(when) else when.strftime("%Y-%m-%d")


def _percent(value: float, decimals: int = 0) -> str:
    return "–" if pd.isna(value) else f"{value:.{decimals}%}"

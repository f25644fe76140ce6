"""What a campaign's section says: each comparison in words, in three languages, beside its small table."""

from __future__ import annotations

import math

import pandas as pd

from tasrib.report.narrative import narrate_generated, narrate_overlap
from tasrib.report.words import (
    METHOD_NAMES,
    campaign_name,
    finding_sentence,
    method_of,
    percent_words,
    phrase,
    points_to,
    posterior_words,
    probability_words,
    ratio_words,
)
from tasrib.tracing import TraceResult
from tasrib.tracing.evidence import LANGUAGES, Caveat, caveat_text, isolated

TITLES = {
    "pairs": "Two SIMs, one person",
    "holders": "Other holders",
    "tree": "Where in the numbering tree",
    "canaries": "Canary numbers",
    "generated": "A list, or numbers made up?",
}
_UNITS = {"pairs": "operators", "holders": "organisations", "tree": "place", "canaries": "holders"}
_MOST_NODES = 6


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
        Its columns with ``name`` of the campaign, ``points_to``, ``by`` (the comparison) and ``unit`` of what was counted.
    """
    by = method_of(row)
    unit = {"canaries": "canaries", "pairs": "with two SIMs", "holders": "who answered"}.get(by, "")
    return {
        **row.to_dict(),
        "name": campaign_name(row["campaign_id"], row["party"]),
        "points_to": points_to(row["hypothesis"]),
        "by": METHOD_NAMES[by],
        "unit": unit,
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
        ``compared``: with whom; ``operators``: findings above none, told in full in each language; ``cleared``: for each language the sentences on
        the other operators, and where no operator is above none one more on what could have been detected; ``caveats``;
        ``others``: a section for each other comparison that found something; ``quiet``: the same for those that did not.
        A section has ``title``, ``told``, ``table`` (``head`` and ``rows`` of text, or None), ``caveats`` and ``line``.
    """
    aliases = result.settings.get("aliased", ())
    mine = result.findings[result.findings["campaign_id"] == campaign_id]
    by = mine.apply(method_of, axis=1) if len(mine) else pd.Series(dtype="str")
    operators = mine[by == "operators"]
    above = operators[operators["evidence"] != "none"]
    sections = [_section(key, mine[by == key], result, aliases) for key in ("pairs", "holders", "tree", "canaries")]
    sections.append(_generated(campaign_id, result))
    market = len(operators) > 0 and (operators["baseline"] == "market").all()
    strata = str(result.campaigns.set_index("campaign_id")["strata"].get(campaign_id, ""))
    return {
        "compared": _compared(strata.split(", ") if strata else [], market),
        "operators": [_told(row, aliases) for _, row in above.iterrows()],
        "cleared": {language: _cleared(operators, language, aliases) for language in LANGUAGES},
        "caveats": operators["caveats"].iloc[0] if len(operators) else "",
        "others": [section for section in sections if section and section["found"]],
        "quiet": [section for section in sections if section and not section["found"]],
    }


def overlap_sections(shared: pd.DataFrame) -> list[dict]:
    """
    Tell pairs of campaigns that share people.

    Parameters
    ----------
    shared : pandas.DataFrame
        Rows of ``TraceResult.overlaps``.

    Returns
    -------
    list of dict
        ``campaign_a``, ``campaign_b``, their names, and ``told`` in each language.
    """
    return [
        {
            **row.to_dict(),
            "name_a": campaign_name(row["campaign_a"], row["party_a"]),
            "name_b": campaign_name(row["campaign_b"], row["party_b"]),
            "told": {language: narrate_overlap(row, language) for language in LANGUAGES},
        }
        for _, row in shared.iterrows()
    ]


def split_ranges(ranges: str) -> list[list[str]]:
    """
    Read the ranges of ``TraceResult.generated``.

    Parameters
    ----------
    ranges : str
        Such as ``0657 16xxxx 27 0 26; 0650 34xxxx 19 0 18``.

    Returns
    -------
    list of list of str
        Block, people reached, controls, neighbours at most 100 apart.
    """
    return [part.rsplit(" ", 3) for part in ranges.split("; ") if part]


def _compared(strata: list[str], market: bool) -> str:
    if market:
        return "There were too few controls: people were compared with market shares."
    if not strata:
        return "People were compared with controls all together, without strata."
    return f"People were compared with controls of the same {' and '.join(filter(None, [', '.join(strata[:-1]), strata[-1]]))}."


def _told(row: pd.Series, aliases: tuple[str, ...]) -> dict:
    told = {language: finding_sentence(row, language, brief=False, aliases=aliases) for language in LANGUAGES}
    return {**finding_row(row), "told": told}


def _cleared(operators: pd.DataFrame, language: str, aliases: tuple[str, ...]) -> list[str]:
    """Sentences on the operators without a finding; what could have been detected is said once for all of them."""
    none = operators[operators["evidence"] == "none"]
    quiet = none.assign(detectable_share=math.nan)
    said = [finding_sentence(row, language, aliases=aliases) for _, row in quiet.iterrows()]
    if len(none) and len(none) == len(operators):
        said.append(_detectable(none, language))
    return said


def _detectable(none: pd.DataFrame, language: str) -> str:
    known = none[none["detectable_share"].notna()]
    if known.empty:
        return phrase("detectable.unknown", language) + "."
    least = known[known["detectable_share"] < 1].sort_values("detectable_share", kind="stable")
    if least.empty:
        return phrase("detectable.nothing", language) + "."
    shares = [
        f"{percent_words(row.detectable_share, language)} ({isolated(points_to(row.hypothesis).partition(' ')[2], language)})"
        for row in least.itertuples()
    ]
    comma = "، " if language == "ar" else ", "
    return phrase("detectable.known", language, share=comma.join(shares)) + "."


def _section(key: str, rows: pd.DataFrame, result: TraceResult, aliases: tuple[str, ...]) -> dict | None:
    if rows.empty:
        return None
    above = rows[rows["evidence"] != "none"]
    # Said once a campaign, beside the operators.
    always = caveat_text(Caveat("alternatives"))
    line = f"{len(rows)} {_UNITS[key]} compared, " if key != "tree" else "all prefixes and blocks searched, "
    return {
        "title": TITLES[key],
        "found": len(above) > 0,
        "told": [_told(row, aliases) for _, row in above.iterrows()],
        "table": _TABLES[key](rows, result),
        "caveats": " ".join(dict.fromkeys(text.removesuffix(always).strip() for text in above["caveats"])),
        "line": f"{line}smallest adjusted p {probability_words(rows['p_adjusted'].min())}",
    }


def _generated(campaign_id: str, result: TraceResult) -> dict | None:
    if len(result.generated) == 0:
        return None
    rows = result.generated[result.generated["campaign_id"] == campaign_id]
    if rows.empty:
        return None
    row = rows.iloc[0]
    found = row["pattern"] != "none"
    table = None
    if found and row["ranges"]:
        head = ["block", "people reached", "controls", "neighbours at most 100 apart"]
        table = {"head": head, "rows": split_ranges(row["ranges"])}
    # What was judged is the p-value after adjustment for the other campaigns.
    told = {language: narrate_generated({**row, "p_value": row["p_adjusted"]}, language) for language in LANGUAGES}
    p = probability_words(row["p_adjusted"])
    return {
        "title": TITLES["generated"],
        "found": found,
        "told": [{"evidence": "", "points_to": "", "told": told}] if found else [],
        "table": table,
        "caveats": "",
        "line": row["reason"] or f"{row['n']} numbers looked at, adjusted p {p}: no sign of dialling",
    }


def _pairs(rows: pd.DataFrame, result: TraceResult) -> dict:
    head = [
        "number of",
        "reached on it / people with two SIMs",
        "expected",
        "odds ratio (95%)",
        "p adjusted",
        "posterior",
        "evidence",
    ]
    cells = [
        [points_to(row.hypothesis), f"{row.observed} / {row.n_reached}", ratio_words(row.expected), _ratio(row),
         probability_words(row.p_adjusted), posterior_words(row.posterior), row.evidence]
        for row in rows.itertuples()
    ]  # fmt: skip
    return {"head": head, "rows": cells}


def _holders(rows: pd.DataFrame, result: TraceResult) -> dict:
    head = [
        "organisation",
        "people reached",
        "controls",
        "odds ratio (95%)",
        "adjusted odds ratio",
        "p adjusted",
        "posterior",
        "evidence",
    ]
    cells = [
        [points_to(row.hypothesis), f"{row.observed} / {row.n_reached}", f"{row.controls_observed} / {row.n_controls}",
         _ratio(row), ratio_words(row.adjusted_odds_ratio), probability_words(row.p_adjusted),
         posterior_words(row.posterior), row.evidence]
        for row in rows.itertuples()
    ]  # fmt: skip
    return {"head": head, "rows": cells}


def _tree(rows: pd.DataFrame, result: TraceResult) -> dict | None:
    nodes = result.nodes
    if len(nodes) == 0:
        return None
    nodes = nodes[(nodes["campaign_id"] == rows["campaign_id"].iloc[0]) & (nodes["llr"] > 0)].head(_MOST_NODES)
    head = ["part of the numbering plan", "level", "people reached / all compared", "expected", "relative risk", "p"]
    cells = [
        [" / ".join(row.places[1:] or row.places), row.level, f"{row.cases} / {row.people}", ratio_words(row.expected),
         ratio_words(row.relative_risk), probability_words(row.p_value)]
        for row in nodes.itertuples()
    ]  # fmt: skip
    return {"head": head, "rows": cells}


def _canaries(rows: pd.DataFrame, result: TraceResult) -> dict:
    head = [
        "given to",
        "reached / given",
        "others reached / given",
        "log10 likelihood ratio",
        "p adjusted",
        "posterior",
        "note",
    ]
    cells = [
        [row.hypothesis.partition(":")[2], f"{row.observed} / {row.n_reached}", f"{row.controls_observed} / {row.n_controls}",
         ratio_words(row.log10_lr), probability_words(row.p_adjusted), posterior_words(row.posterior), row.note]
        for row in rows.itertuples()
    ]  # fmt: skip
    return {"head": head, "rows": cells}


def _ratio(row) -> str:
    if pd.isna(row.odds_ratio):
        return "–"
    return f"{ratio_words(row.odds_ratio)} ({ratio_words(row.ci_low)} to {ratio_words(row.ci_high)})"


_TABLES = {"pairs": _pairs, "holders": _holders, "tree": _tree, "canaries": _canaries}

"""The counts behind a report, as tables."""

from __future__ import annotations

from functools import partial

import pandas as pd

from tasrib.numbering import received_in
from tasrib.report.aside import written_aside
from tasrib.report.beside import CHANCES, without_chances
from tasrib.report.catalogue import say
from tasrib.report.categories import NOT_SAID
from tasrib.report.cells import word_for
from tasrib.report.decisions import told_decisions
from tasrib.report.law import Law
from tasrib.report.origins import shown_quarantine
from tasrib.report.personal import Hidden
from tasrib.scored import COLUMNS
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import caveat_text
from tasrib.tracing.comparison import SideTable
from tasrib.tracing.comparisons import SIDES, by_key
from tasrib.tracing.description import FIGURES
from tasrib.tracing.evidence import ABOVE_WEAK

# A cell of a workbook takes 32,767 characters, of which an emoji counts as two.
_LONGEST = 16_000


def count_tables(scored: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """
    Count messages by what was found in them.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``by_category`` (with decisions), ``by_language``, ``by_party`` (campaign messages), ``by_day``, and one for each other
        column of the contract that is counted.
    """
    mine = scored[scored["decision"] == "campaign"]
    party = mine["party"].replace("", "(not clear)")
    days = scored["received_at"].dt.strftime("%Y-%m-%d").fillna("(no date)")
    order = ["campaign", "review", "not_campaign"]
    category = scored["category"].replace("", NOT_SAID)
    by_category = pd.crosstab(category, scored["decision"]).reindex(columns=order, fill_value=0)
    by_category["messages"] = by_category.sum(axis=1)
    return {
        "by_category": by_category.sort_values("messages", ascending=False).reset_index(),
        "by_language": _counted(scored["language"].replace("", "(no words)"), "language"),
        "by_party": _counted(party, "party"),
        "by_day": pd.crosstab(days.rename("day"), category).reset_index(),
        **{
            f"by_{column.name}": _counted(scored[column.name].replace("", "(none)"), column.name)
            for column in COLUMNS
            if column.counted
        },
    }


def quality_counts(scored: pd.DataFrame, rejected: pd.DataFrame | None) -> list[tuple[str, str, int]]:
    """
    Count what could not be used.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    rejected : pandas.DataFrame or None
        The quarantine of `tasrib.read_complaints`.

    Returns
    -------
    list of (str, str, int)
        Wording (``[quality.…]`` of ``data/reference/report_words.toml``), the status of numbers that it is about, and rows.
    """
    rows = [("quarantine", "", 0 if rejected is None else len(rejected))]
    rows += [("number_status", str(s), int(count)) for s, count in scored["number_status"].value_counts().items()]
    unknown = (scored["number_status"] == "valid") & (scored["operator_allocated"] == "")
    rows.append(("unknown_prefix", "", int(unknown.sum())))
    if mended := int((scored["text_received"] != "").sum()):
        rows.append(("mended", "", mended))
    rows.append(("undated", "", int(scored["received_at"].isna().sum())))
    rows.append(("declared", "", int((scored["operator_serving"] != "").sum())))
    both = (scored["operator_serving"] != "") & (scored["operator_allocated"] != "")
    differ = both & (scored["operator_serving"] != scored["operator_allocated"])
    return [*rows, ("ported", "", int(differ.sum()))]


def quality_table(scored: pd.DataFrame, rejected: pd.DataFrame | None, language: str = "en") -> pd.DataFrame:
    """
    Say what could not be used, and how much: for the workbook and ``findings.json``.

    Parameters
    ----------
    scored, rejected
        As for `quality_counts`.
    language : str
        ``ar``, ``fr`` or ``en``, which ``findings.json`` is in: there a status of numbers is named by its code.

    Returns
    -------
    pandas.DataFrame
        Columns ``what`` and ``rows``.
    """
    counts = quality_counts(scored, rejected)
    status_words = str if language == "en" else partial(word_for, language=language)
    rows = [(say(f"quality.{key}", language, status=status_words(status)), count) for key, status, count in counts]
    return pd.DataFrame(rows, columns=["what", "rows"])


def all_tables(
    scored: pd.DataFrame,
    result: TraceResult,
    rejected: pd.DataFrame | None,
    law: Law | None = None,
    hidden: Hidden | None = None,
    language: str = "en",
) -> dict[str, pd.DataFrame]:
    """
    Gather the sheets of ``tables.xlsx``.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Findings.
    rejected : pandas.DataFrame or None
        Quarantine.
    law : Law, optional
        The triage.
    hidden : Hidden, optional
        What of the messages is hidden; found in `scored` by default. The messages in `result` are written as they stand there.
    language : str
        ``ar``, ``fr`` or ``en``: of sentences. `tasrib.report.workbook` says headings and values.

    Returns
    -------
    dict of str to pandas.DataFrame
        Sheet name to table.
    """
    sheets = {
        "findings": _bounded(_as_told(written_findings(result, language).drop(columns="caveat_codes"))),
        "campaigns": _campaigns_as_told(result),
        "operator_shares": result.shares,
        "set_aside": written_aside(result),
    }
    for side in SIDES:
        # An empty table still says what it would hold.
        table = written_side(side, result) if len(result.table(side.name)) else pd.DataFrame(columns=list(side.columns))
        sheets[side.sheet] = _bounded(table[list(side.columns)])
    sheets |= count_tables(scored)
    if len(decisions := told_decisions(scored, hidden)):
        sheets["decisions"] = decisions
    if law is not None:
        sheets |= law.tables
    sheets["data_quality"] = quality_table(scored, rejected, language)
    if rejected is not None and len(rejected):
        sheets["quarantine"] = shown_quarantine(rejected, received_in(scored) if hidden is None else hidden.countries)
    return {name: _in_cells(table) for name, table in sheets.items()}


def written_side(side: SideTable, result: TraceResult) -> pd.DataFrame:
    """
    Write the lists of a side table as text, for the workbook and ``findings.json``.

    Parameters
    ----------
    side : SideTable
        Of a comparison.
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    pandas.DataFrame
        As the comparison writes it; without rows there is nothing to write.
    """
    table = result.table(side.name)
    return side.write(table) if len(table) else table


def written_campaigns(result: TraceResult) -> pd.DataFrame:
    """
    Write the campaigns' lists as text, for the workbook and ``findings.json``.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    pandas.DataFrame
        ``strata`` joined by commas.
    """
    return result.campaigns.assign(strata=[", ".join(strata) for strata in result.campaigns["strata"]])


def written_findings(result: TraceResult, language: str = "en") -> pd.DataFrame:
    """
    Write the findings' lists as text, for the workbook and ``findings.json``.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.
    language : str
        ``ar``, ``fr`` or ``en``: of caveats.

    Returns
    -------
    pandas.DataFrame
        ``name`` of a place joined by " / ", ``caveats`` as sentences, ``confounded_with`` and ``compared_within`` joined by commas;
        ``caveat_codes`` holds the codes with their values.
    """
    findings = result.findings
    return findings.assign(
        name=[name if isinstance(name, str) else " / ".join(name) for name in findings["name"]],
        caveats=[" ".join(caveat_text(caveat, language) for caveat in caveats) for caveats in findings["caveats"]],
        caveat_codes=[
            [{"code": caveat.code, **caveat.values} for caveat in caveats] for caveats in findings["caveats"]
        ],
        confounded_with=[", ".join(names) for names in findings["confounded_with"]],
        compared_within=[", ".join(names) if isinstance(names, tuple) else "" for names in findings["compared_within"]],
    )


def _as_told(findings: pd.DataFrame) -> pd.DataFrame:
    """Without share and posterior of what is not above weak."""
    rows = [without_chances(row) for row in findings.to_dict("records")]
    return findings.assign(**{name: [row[name] for row in rows] for name in findings if name in CHANCES})


def _campaigns_as_told(result: TraceResult) -> pd.DataFrame:
    """The same of the campaign as a whole, which the leading comparison tells."""
    findings, known = result.findings, by_key()
    leading = [known[key].leads for key in findings["comparison"]]
    told = findings.loc[
        findings["evidence"].isin(ABOVE_WEAK) & pd.Series(leading, findings.index, dtype=bool), "campaign_id"
    ]
    table = written_campaigns(result)
    hidden = ~table["campaign_id"].isin(told)
    return table.assign(**{name: table[name].mask(hidden) for name in FIGURES if name in table})


def _bounded(table: pd.DataFrame) -> pd.DataFrame:
    """A spreadsheet has no infinity, which a ratio and its interval reach where a cell is empty."""
    unbounded = [name for name, values in table.items() if (values == float("inf")).any()]
    return table.assign(
        **{str(name): table[name].astype(object).replace(float("inf"), "unbounded") for name in unbounded}
    )


def _in_cells(table: pd.DataFrame) -> pd.DataFrame:
    """With texts that are too long for a cell cut short: one long message must not cost the whole workbook."""
    long = [
        name for name, values in table.items() if any(isinstance(each, str) and len(each) > _LONGEST for each in values)
    ]
    return table.assign(**{str(name): table[name].map(_cut) for name in long}) if long else table


def _cut(value: object) -> object:
    return f"{value[:_LONGEST]} […]" if isinstance(value, str) and len(value) > _LONGEST else value


def _counted(values: pd.Series, name: str) -> pd.DataFrame:
    return values.value_counts().rename_axis(name).rename("messages").reset_index()

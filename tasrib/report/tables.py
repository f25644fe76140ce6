"""The counts behind a report, as tables."""

from __future__ import annotations

import pandas as pd

from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons.overlap import OVERLAP_COLUMNS
from tasrib.tracing.engine import GENERATED_COLUMNS

NODE_COLUMNS = (
    "campaign_id", "level", "node", "path", "cases", "people", "expected", "llr", "relative_risk", "p_value",
)  # fmt: skip
_RATIOS = ("odds_ratio", "ci_low", "ci_high", "adjusted_odds_ratio", "ratio", "relative_risk")


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
        ``by_category`` (with decisions), ``by_language``, ``by_party`` (campaign messages), ``by_day``.
    """
    mine = scored[scored["decision"] == "campaign"]
    party = mine["party"].fillna("").replace("", "(not clear)")
    days = pd.to_datetime(scored["received_at"], utc=True, format="ISO8601").dt.strftime("%Y-%m-%d").fillna("(no date)")
    order = ["campaign", "review", "not_campaign"]
    by_category = pd.crosstab(scored["category"], scored["decision"]).reindex(columns=order, fill_value=0)
    by_category["messages"] = by_category.sum(axis=1)
    return {
        "by_category": by_category.sort_values("messages", ascending=False).reset_index(),
        "by_language": _counted(scored["language"].replace("", "(no words)"), "language"),
        "by_party": _counted(party, "party"),
        "by_day": pd.crosstab(days.rename("day"), scored["category"]).reset_index(),
    }


def quality_table(scored: pd.DataFrame, rejected: pd.DataFrame | None) -> pd.DataFrame:
    """
    Say what could not be used, and how much.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    rejected : pandas.DataFrame or None
        The quarantine of `tasrib.read_complaints`.

    Returns
    -------
    pandas.DataFrame
        Columns ``what`` and ``rows``.
    """
    rows: list[tuple[str, int]] = [("rows in quarantine", 0 if rejected is None else len(rejected))]
    for status, count in scored["number_status"].value_counts().items():
        rows.append((f"recipient's number: {status}", int(count)))
    unknown = (scored["number_status"] == "valid") & (scored["operator_allocated"].fillna("") == "")
    rows.append(("mobile numbers whose prefix is of no known operator", int(unknown.sum())))
    rows.append(
        (
            "complaints without a date",
            int(pd.to_datetime(scored["received_at"], utc=True, format="ISO8601").isna().sum()),
        )
    )
    rows.append(("complaints with a declared operator that is known", int((scored["operator_serving"] != "").sum())))
    both = (scored["operator_serving"] != "") & (scored["operator_allocated"] != "")
    differ = both & (scored["operator_serving"] != scored["operator_allocated"])
    rows.append(("of these, served by another operator than the prefix says (ported)", int(differ.sum())))
    return pd.DataFrame(rows, columns=["what", "rows"])


def with_paths(nodes: pd.DataFrame) -> pd.DataFrame:
    """
    Write the places of nodes as text.

    Parameters
    ----------
    nodes : pandas.DataFrame
        As in `TraceResult.nodes`.

    Returns
    -------
    pandas.DataFrame
        ``path`` (labels from the root down, joined by " / ") instead of ``places``.
    """
    if len(nodes) == 0:
        return nodes
    return nodes.assign(places=nodes["places"].map(" / ".join)).rename(columns={"places": "path"})


def all_tables(scored: pd.DataFrame, result: TraceResult, rejected: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
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

    Returns
    -------
    dict of str to pandas.DataFrame
        Sheet name to table.
    """
    sheets = {
        "findings": _bounded(result.findings),
        "campaigns": result.campaigns,
        "operator_shares": result.shares,
        "overlaps": _bounded(_headed(result.overlaps, OVERLAP_COLUMNS)),
        "generated_numbers": _headed(result.generated, GENERATED_COLUMNS),
        "numbering_tree": _bounded(_headed(with_paths(result.nodes), NODE_COLUMNS)[list(NODE_COLUMNS)]),
    }
    sheets |= count_tables(scored)
    sheets["data_quality"] = quality_table(scored, rejected)
    if rejected is not None and len(rejected):
        # Without the raw row: it holds the complainant's number, and a report travels further than its case file.
        sheets["quarantine"] = rejected[["file", "row", "column", "reason"]]
    return sheets


def _headed(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """An empty table still says what it would hold."""
    return table if len(table.columns) else pd.DataFrame(columns=list(columns))


def _bounded(table: pd.DataFrame) -> pd.DataFrame:
    """A spreadsheet has no infinity, which a ratio and its interval reach where a cell is empty."""
    ratios = [name for name in _RATIOS if name in table]
    table = table.astype(dict.fromkeys(ratios, object))
    table[ratios] = table[ratios].replace(float("inf"), "unbounded")
    return table


def _counted(values: pd.Series, name: str) -> pd.DataFrame:
    return values.value_counts().rename_axis(name).rename("messages").reset_index()

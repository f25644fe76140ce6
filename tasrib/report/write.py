"""One folder a case: the report to read, the tables to check, the findings for machines."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.report.alias import apply_alias
from tasrib.report.highlights import HIDDEN, Explanations
from tasrib.report.html import render_html
from tasrib.report.tables import all_tables, quality_table, with_paths
from tasrib.tables import write_workbook
from tasrib.text.private import without_private
from tasrib.tracing import TraceResult
from tasrib.tracing.people import one_spelling


def write_report(
    scored: pd.DataFrame,
    result: TraceResult,
    folder: str | Path,
    *,
    rejected: pd.DataFrame | None = None,
    alias: Mapping[str, str] | None = None,
    title: str | None = None,
    explanations: Explanations | None = None,
) -> Path:
    """
    Write ``report.html``, ``tables.xlsx`` and ``findings.json``.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        From `tasrib.trace` on them.
    folder : path
        Made where missing; the three files in it are replaced.
    rejected : pandas.DataFrame, optional
        The quarantine of `tasrib.read_complaints`.
    alias : mapping of str to str, optional
        Other names for operators: see `tasrib.report.alias.apply_alias`.
    title : str, optional
        Heading; the folder's name by default.
    explanations : mapping of str to Reasons, optional
        For each text the pieces that weighed, from `tasrib.explain`; the page marks them.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    scored = scored.assign(recipient=one_spelling(scored["recipient"], result.settings["country"]))
    if alias:
        scored, result = apply_alias(scored, result, alias)
    title = title or f"Case {folder.resolve().name}"
    page = render_html(
        scored, result, rejected, title=title, version=version("tasrib"), explanations=explanations or {}
    )
    (folder / "report.html").write_text(page, encoding="utf-8")
    # A report travels further than its case file, and messages quote their recipients' numbers.
    shown = [without_private(text, HIDDEN) for text in result.campaigns["text"]]
    result = dataclasses.replace(result, campaigns=result.campaigns.assign(text=shown))
    write_workbook(all_tables(scored, result, rejected), folder / "tables.xlsx")
    findings = {
        "made_by": f"tasrib {version('tasrib')}",
        "settings": result.settings,
        "campaigns": _records(result.campaigns),
        "findings": _records(result.findings),
        "overlaps": _records(result.overlaps),
        "generated": _records(result.generated),
        "nodes": _records(with_paths(result.nodes)),
        "data_quality": _records(quality_table(scored, rejected)),
    }
    text = json.dumps(findings, ensure_ascii=False, indent=2, default=_as_json, allow_nan=False)
    (folder / "findings.json").write_text(text + "\n", encoding="utf-8")
    return folder


def _records(frame: pd.DataFrame) -> list[dict]:
    # JSON has neither Infinity nor NaN: both are null. pandas' own writer would round a small p-value to 0.
    finite = frame.astype(object).where(frame.notna() & ~frame.isin([np.inf, -np.inf]), None)
    return finite.to_dict("records")


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)

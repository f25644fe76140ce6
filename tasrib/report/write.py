"""One folder a case: the report to read, the tables to check, the findings for machines."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasrib.classify import Explained, Model, choose_model, explain
from tasrib.report.alias import apply_alias
from tasrib.report.highlights import HIDDEN, shown_texts
from tasrib.report.html import render_html
from tasrib.report.tables import all_tables, quality_table, written_campaigns, written_findings, written_side
from tasrib.scored import check
from tasrib.tables import write_workbook
from tasrib.tables.files import make_folder, replace_file
from tasrib.text.private import without_private
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import SIDES
from tasrib.tracing.people import persons


def write_report(
    scored: pd.DataFrame,
    result: TraceResult,
    folder: str | Path,
    *,
    rejected: pd.DataFrame | None = None,
    alias: Mapping[str, str] | None = None,
    title: str | None = None,
    model: Model | None = None,
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
    model : Model, optional
        Marks the words that weighed in the messages shown; the default one where none is given. Messages that another model scored
        (column ``model``) are shown without marks.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    TasribError
        When `scored` lacks columns that scoring makes, or the folder or a file in it cannot be made.
    ModelRefused
        When no model is given and the default one cannot be used.
    """
    folder = Path(folder)
    scored = check(scored)
    make_folder(folder)
    scored = scored.assign(recipient=persons(scored, result.settings["country"]))
    explanations = reasons_for(scored, result, choose_model().model if model is None else model)
    if alias:
        scored, result = apply_alias(scored, result, alias)
    title = title or f"Case {folder.resolve().name}"
    page = render_html(scored, result, rejected, title=title, version=version("tasrib"), explanations=explanations)
    # A report travels further than its case file, and messages quote their recipients' numbers.
    shown = [without_private(text, HIDDEN) for text in result.campaigns["text"]]
    result = dataclasses.replace(result, campaigns=result.campaigns.assign(text=shown))
    findings = json.dumps(
        case_record(scored, result, rejected), ensure_ascii=False, indent=2, default=_as_json, allow_nan=False
    )
    replace_file(folder / "report.html", page)
    write_workbook(all_tables(scored, result, rejected), folder / "tables.xlsx")
    replace_file(folder / "findings.json", findings + "\n")
    return folder


def reasons_for(scored: pd.DataFrame, result: TraceResult, model: Model) -> dict[str, Explained]:
    """
    Explain the messages that a report shows.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        From `tasrib.trace` on them.
    model : Model
        The model that may have scored them.

    Returns
    -------
    dict of str to Explained
        Each text that this model scored.
    """
    mine = set(scored.loc[scored["model"] == model.version, "text"])
    return {found.text: found for found in explain([t for t in shown_texts(scored, result) if t in mine], model)}


def case_record(scored: pd.DataFrame, result: TraceResult, rejected: pd.DataFrame | None) -> dict:
    """
    Say what was found, for machines.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        From `tasrib.trace` on them.
    rejected : pandas.DataFrame or None
        The quarantine.

    Returns
    -------
    dict
        What ``findings.json`` holds: ``made_by``, ``settings``, ``campaigns``, ``findings``, a list for each side table of a comparison,
        and ``data_quality``. What is missing or infinite is None.
    """
    return {
        "made_by": f"tasrib {version('tasrib')}",
        "settings": result.settings,
        "campaigns": _records(written_campaigns(result)),
        "findings": finding_records(result),
        **{side.name: _records(written_side(side, result)) for side in SIDES},
        "data_quality": _records(quality_table(scored, rejected)),
    }


def finding_records(result: TraceResult) -> list[dict]:
    """
    Write findings for machines.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    list of dict
        One a finding. ``name`` is a list of labels for a part of the numbering plan; ``caveats`` are English sentences and ``caveat_codes``
        their codes with values.
    """
    records = _records(written_findings(result))
    for record, name in zip(records, result.findings["name"], strict=True):
        record["name"] = name if isinstance(name, str) else list(name)
    return records


def _records(frame: pd.DataFrame) -> list[dict]:
    # JSON has neither Infinity nor NaN: both are null. pandas' own writer would round a small p-value to 0.
    return [{name: _or_none(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")]


def _or_none(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        return value
    return None if pd.isna(value) or value in (np.inf, -np.inf) else value


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)

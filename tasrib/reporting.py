"""The report with the model's reasons in it: asks the model about the messages shown, and hands its answers to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tasrib.classify import Model, choose_model, explain
from tasrib.report import write_report as write_files
from tasrib.report.highlights import Explanations, shown_texts
from tasrib.tracing import TraceResult

# Of a probability: what rounding in a file may change, and another model hardly ever keeps to.
_SAME = 0.002


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
        The model that scored; the default one where none is given. It marks the words that weighed in the messages shown; where it
        gives another probability than the one recorded, another model scored, and nothing is marked.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ModelRefused
        When no model is given and the default one cannot be used.
    """
    explanations = reasons_for(scored, result, choose_model().model if model is None else model)
    return write_files(scored, result, folder, rejected=rejected, alias=alias, title=title, explanations=explanations)


def reasons_for(scored: pd.DataFrame, result: TraceResult, model: Model) -> Explanations:
    """
    Explain the messages that a report shows.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        From `tasrib.trace` on them.
    model : Model
        The model that scored.

    Returns
    -------
    mapping of str to Explained
        Each text whose recorded probability `model` gives as well.
    """
    recorded = scored.drop_duplicates("text").set_index("text")["probability"]
    texts = [text for text in shown_texts(scored, result) if text in recorded.index]
    return {
        found.text: found
        for found in explain(texts, model)
        if abs(found.probability - float(recorded[found.text])) < _SAME
    }

"""One folder a case: the report to read, the tables to check, the findings for machines."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasrib._arguments import as_frame, as_kind, as_path, as_words
from tasrib.classify import FAST, Explained, Model, choose_model, explain
from tasrib.complaints.cleaning import CLEANING
from tasrib.compliance import RuleSet
from tasrib.compliance.loading import rules_of_case
from tasrib.errors import TasribError
from tasrib.numbering import received_in
from tasrib.report.alias import apply_alias, operator_names, words_for
from tasrib.report.aside import written_aside
from tasrib.report.decisions import decision_counts, told_decisions
from tasrib.report.highlights import shown_texts
from tasrib.report.html import render_html
from tasrib.report.law import Law, law_of, law_record
from tasrib.report.letters.drafts import check_drafts, letter_languages, untouched
from tasrib.report.letters.writing import letters_of
from tasrib.report.origins import shown_cleaning
from tasrib.report.pages import PAGES, PAPERS, chosen_languages, page_names, paper_name, title_words, written_pages
from tasrib.report.pdf import render_pdf
from tasrib.report.personal import Hidden
from tasrib.report.tables import all_tables, quality_table, written_campaigns, written_findings, written_side
from tasrib.report.workbook import encode_tables, language_of_tables
from tasrib.scored import check
from tasrib.tables.files import Outputs
from tasrib.tables.places import check_new_folder, make_folder, remove_empty
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import SIDES
from tasrib.tracing.persons import persons

TABLES, FINDINGS = "tables.xlsx", "findings.json"
# All that a report may hold, but for letters, whose names depend on the parties; which pages there are depends on the languages.
REPORT_FILES = (*PAGES, *PAPERS, TABLES, FINDINGS)
# What a report was made from, with the hashes of its files: written by `tasrib.case`.
RECORD_FILE = "run.json"
_MADE_BY = "tasrib "


def check_report_folder(folder: str | Path, *, letters: bool = False) -> None:
    """
    Refuse a folder that a report could not be written to, before anything costly is done for it.

    Parameters
    ----------
    folder : path
        As for `write_report`; where it is missing it is missing afterwards too.
    letters : bool
        Whether letters are to be written too.

    Raises
    ------
    TasribError
        When the folder cannot be made or written to, or holds a file by the name of one of a report's that no report is, or a letter that
        somebody has worked on where letters are to be written.
    """
    folder = Path(folder)
    there = [name for name in (*REPORT_FILES, RECORD_FILE) if os.path.lexists(folder / name)]
    check_new_folder(folder, there)
    _refuse_others(folder)
    if RECORD_FILE in there and not _is_report(folder / RECORD_FILE):
        raise TasribError(
            f"{folder} holds a {RECORD_FILE} that is not of a tasrib report, and would be lost; name another folder, or move it away"
        )
    if letters:
        check_drafts(folder, folder / RECORD_FILE)


def _refuse_others(folder: Path) -> None:
    there = [name for name in REPORT_FILES if (folder / name).is_file()]
    if there and not _is_report(folder / FINDINGS):
        raise TasribError(
            f"{folder} holds a {there[0]} that is not of a tasrib report, and would be lost; name another folder, or move it away"
        )


def _is_report(findings: Path) -> bool:
    try:
        return str(json.loads(findings.read_bytes())["made_by"]).startswith(_MADE_BY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_report(
    scored: pd.DataFrame,
    result: TraceResult,
    folder: str | Path,
    *,
    rejected: pd.DataFrame | None = None,
    cleaning: pd.DataFrame | None = None,
    alias: Mapping[str, str] | None = None,
    title: str | Mapping[str, str] | None = None,
    model: Model | None = None,
    languages: str | Sequence[str] = "en",
    made_at: datetime | None = None,
    rules: str | Path | RuleSet | None = None,
    facts: pd.DataFrame | None = None,
    without_law: bool = False,
    letters: bool = False,
    made_of: Mapping[str, str] | None = None,
    pdf: bool = False,
    seal: Callable[[Mapping[str, bytes], Outputs], None] | None = None,
) -> Path:
    """
    Write ``report.html``, ``tables.xlsx`` and ``findings.json``, and where wanted ``report.pdf``.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        From `tasrib.trace` on them.
    folder : path
        Made where missing. The files of an earlier report in it are replaced or taken away, all or none.
    rejected : pandas.DataFrame, optional
        The quarantine of `tasrib.read_complaints`.
    cleaning : pandas.DataFrame, optional
        What was mended in the files, left out of them or lost: ``cleaning`` of `tasrib.complaints.read_files`.
    alias : mapping of str to str, optional
        Other names for operators: see `tasrib.report.alias.apply_alias`.
    title : str or mapping of str to str, optional
        Heading, the same in all languages or one for each; the folder's name by default.
    model : Model, optional
        Marks the words that weighed in the messages shown; the default one where none is given. Messages that another model scored
        (column ``model``) are shown without marks.
    languages : str or sequence of str
        ``ar``, ``fr`` or ``en``: ``report.html`` is in that language. Of several, or of ``all``, each has a page of its own, such as
        ``report-fr.html``, and ``report.html`` leads to them. The workbook is in the first language named, and in English where all are
        wanted; ``findings.json`` is for machines, and in English.
    made_at : datetime.datetime, optional
        The moment that pages are dated with; now by default.
    rules : str, Path or RuleSet, optional
        What the section on the law holds the messages against: the code of a country whose rules come with tasrib (``ma``, ``fr``) or a file of
        one's own. Those of the country of `result` by default; where there are none, there is no such section.
    facts : pandas.DataFrame, optional
        What people found out and no message shows, from `tasrib.read_facts`.
    without_law : bool
        Leave that section out.
    letters : bool
        Also write a draft complaint to the data-protection authority for each party, ``letter-PARTY-fr.docx`` and the like, in ``languages`` where
        that is one in which the authority is written to, else in all of these. A letter of an earlier report that somebody has worked on,
        or that no record says to be as it was written, is never replaced or taken away.
    made_of : mapping of str to str, optional
        SHA-256 to name of each file behind `scored`, for the letters to name.
    pdf : bool
        Also each page on A4, with ``findings.json`` in it: ``report.pdf``, of several languages ``report-fr.pdf`` and the like.
    seal : callable, optional
        Called with the content of the report's files by their names and with what writes them, so that more can be written that appears
        together with them. A record of an earlier report in the folder goes where nothing writes a new one.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    TasribError
        When `scored` lacks columns that scoring makes, there are no such rules or an answer is none, the folder or a file in it cannot be
        made, or such a file is there that no report is; with `letters`, when no authority is known for the country, or somebody has worked on a letter in the folder.
    ModelRefused
        When no model is given and the default one cannot be used.
    """
    folder = as_path(folder, "the folder of a report")
    scored, result = check(scored), as_kind(result, TraceResult, "what tasrib.trace found")
    if rejected is not None:
        as_frame(rejected, "rows in quarantine, as from tasrib.read_complaints", ("file", "row", "column", "reason"))
    if cleaning is not None:
        cleaning = shown_cleaning(as_frame(cleaning, "what was done to the files", CLEANING), received_in(scored))
    if alias is not None:
        alias = as_words(alias, "other names by operator")
    if title is not None and not isinstance(title, str):
        title = as_words(title, "titles by language")
    if model is not None:
        as_kind(model, Model, "a model, as from tasrib.load_model")
    languages = chosen_languages(languages)
    made_at = as_kind(datetime.now(UTC) if made_at is None else made_at, datetime, "a moment for made_at")
    if facts is not None:
        as_frame(facts, "answers, as from tasrib.read_facts", ("field", "value", "source"))
    chosen = rules_of_case(result.settings["country"], rules, has_facts=facts is not None, without=bool(without_law))
    sources = {} if made_of is None else as_words(made_of, "names of files by their SHA-256")
    _refuse_others(folder)
    if letters:
        letter_languages(languages, str(result.settings["country"]))
        check_drafts(folder, folder / RECORD_FILE)
    remove_empty(make_folder(folder))
    law = _law(scored, result, chosen, facts, alias, language_of_tables(languages))
    scored = scored.assign(recipient=persons(scored, result.settings["country"]))
    explanations = reasons_for(scored, result, choose_model().model if model is None else model)
    if alias:
        scored, result = apply_alias(scored, result, alias)
    # Found with the names as they are, and once for all pages.
    hidden = Hidden(scored)
    titles = {language: title_words(title, folder.resolve().name, language) for language in languages}
    if alias:
        # People name files, sheets and folders after what is in them.
        words = words_for(alias, str(result.settings["country"]))
        rejected, cleaning = words.table(rejected), words.table(cleaning)
        sources = {sha256: words.name(name) for sha256, name in sources.items()}
        titles = {language: words.words(said) for language, said in titles.items()}

    def render(language: str, names: dict[str, str]) -> str:
        return render_html(
            scored, result, rejected, title=titles[language], version=version("tasrib"), explanations=explanations,
            cleaning=cleaning, language=language, pages=names, made_at=made_at, law=law, hidden=hidden,
        )  # fmt: skip

    pages = written_pages(languages, render, titles)
    # A report travels further than its case file, and messages quote their recipients' numbers and names.
    shown = [hidden.plain(text) for text in result.campaigns["text"]]
    result = dataclasses.replace(result, campaigns=result.campaigns.assign(text=shown))
    findings = json.dumps(
        case_record(scored, result, rejected, cleaning, law, hidden),
        ensure_ascii=False,
        indent=2,
        default=_as_json,
        allow_nan=False,
    )
    found = (findings + "\n").encode("utf-8", "replace")
    papers = {
        paper_name(name): render_pdf(
            pages[name],
            title=titles[language],
            language=language,
            made_at=made_at,
            attached=found,
            attached_name=FINDINGS,
        )
        for language, name in page_names(languages).items()
        if pdf
    }
    language = language_of_tables(languages)
    sheets = all_tables(scored, result, rejected, law, hidden, language) | _cleaning_sheet(cleaning)
    files = {name: page.encode("utf-8", "replace") for name, page in pages.items()} | papers | {
        TABLES: encode_tables(sheets, str(folder / TABLES), language),
        FINDINGS: found,
    }  # fmt: skip
    if letters:
        files |= letters_of(
            scored, result, languages, made_at, sources, None if law is None else law.rules, facts, hidden
        )
    with Outputs() as outputs:
        outputs.folder(folder)
        # Now, not when the work began: somebody may have opened one meanwhile.
        if letters:
            check_drafts(folder, folder / RECORD_FILE)
        stale = [name for name in untouched(folder, folder / RECORD_FILE) if name not in files]
        for name, content in files.items():
            outputs.put(folder / name, content)
        for name in stale:
            outputs.remove(folder / name)
        # A page of an earlier report in another language would be taken for one of this.
        for name in (*PAGES, *PAPERS):
            if name not in files and (folder / name).is_file():
                outputs.remove(folder / name)
        if seal is not None:
            seal(files, outputs)
        elif _is_report(folder / RECORD_FILE):
            outputs.remove(folder / RECORD_FILE)
    return folder


def _law(
    scored: pd.DataFrame,
    result: TraceResult,
    rules: RuleSet | None,
    facts: pd.DataFrame | None,
    alias: Mapping[str, str] | None,
    language: str,
) -> Law | None:
    if rules is None:
        return None
    return law_of(scored, rules, facts, operator_names(alias, scored, result).words if alias else None, language)


def _cleaning_sheet(cleaning: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    return {} if cleaning is None or cleaning.empty else {"cleaning": cleaning}


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
    shown, found = shown_texts(scored, result), dict[str, Explained]()
    said_by = set(scored["model"])
    for each in (model, model.fast()) if f"{model.version}{FAST}" in said_by else (model,):
        mine = set(scored.loc[scored["model"] == each.version, "text"])
        found |= {explained.text: explained for explained in explain([text for text in shown if text in mine], each)}
    return found


def case_record(
    scored: pd.DataFrame,
    result: TraceResult,
    rejected: pd.DataFrame | None,
    cleaning: pd.DataFrame | None = None,
    law: Law | None = None,
    hidden: Hidden | None = None,
) -> dict:
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
    cleaning : pandas.DataFrame, optional
        As for `write_report`.
    law : Law, optional
        The triage.
    hidden : Hidden, optional
        What of the messages is hidden; found in `scored` by default. The messages in `result` are written as they stand there.

    Returns
    -------
    dict
        What ``findings.json`` holds: ``made_by``, ``settings``, ``campaigns``, ``findings``, ``set_aside``, a list for each side table of a
        comparison, ``decisions`` (what people decided, counted and one by one), ``compliance`` (`tasrib.report.law.law_record`), ``data_quality`` and ``cleaning``. What is missing or infinite is None.
    """
    hidden = Hidden(scored) if hidden is None else hidden
    return {
        "made_by": _MADE_BY + version("tasrib"),
        "settings": result.settings,
        "campaigns": _records(written_campaigns(result)),
        "findings": finding_records(result),
        "set_aside": _records(written_aside(result)),
        **{side.name: _records(written_side(side, result)) for side in SIDES},
        "decisions": {**decision_counts(scored, hidden), "messages": _records(told_decisions(scored, hidden))},
        "compliance": law_record(law),
        "data_quality": _records(quality_table(scored, rejected)),
        "cleaning": [] if cleaning is None else _records(cleaning),
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

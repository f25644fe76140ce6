"""The triage to work with: a workbook of what is indicated and what is missing, and the rules as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tasrib._arguments import as_path
from tasrib.compliance.loading import load_rules
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import RuleSet
from tasrib.compliance.tabling import ComplianceTable, tables_of
from tasrib.compliance.triaging import triage
from tasrib.compliance.wording import check_language
from tasrib.tables.files import replace_file
from tasrib.tables.write import encode_table, encode_workbook

SUFFIX = ".xlsx"
HEAD, FILL_HEAD, FILL = (PatternFill("solid", fgColor=colour) for colour in ("DDE8F0", "F6D9B0", "FDF6EA"))
# Reading order 0: each cell runs the way of its own first letter, so that Arabic and French both stand right.
_WRAPPED = Alignment(wrap_text=True, vertical="top", readingOrder=0)
_WIDTH, _NOTE_WIDTH = 24, 110


def law_triage(
    scored: pd.DataFrame,
    path: str | Path,
    *,
    rules: str | Path | RuleSet = "ma",
    facts: pd.DataFrame | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """
    Hold campaign complaints against the rules of a country, and write what is indicated and what is missing.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    path : path
        Where to write; replaced where it exists, readable by its owner only. An ``.xlsx`` file holds the rules, counts by campaign and by party,
        how far each file has got, and each complaint with an indication; in another format there are only the latter.
    rules : str, Path or RuleSet
        Code of a country whose rules come with tasrib, or a file of one's own.
    facts : pandas.DataFrame, optional
        What people found out, from `tasrib.read_facts`.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        All verdicts, as from `tasrib.compliance.triage`: an indication is for a person, who decides.

    Raises
    ------
    TasribError
        When these are no scored complaints, there is no such rule set, an answer is none, or the file cannot be written.
    """
    path = as_path(path, "a file to write")
    check_language(language)
    rule_set = load_rules(rules)
    triaged = triage(scored, rule_set, facts)
    replace_file(path, _encoded(tables_of(triaged, rule_set, language), path, language), private=True)
    return triaged


def law_rules(rules: str | Path | RuleSet = "ma", language: str = "en") -> pd.DataFrame:
    """
    List the rules of a country.

    Parameters
    ----------
    rules : str, Path or RuleSet
        Code of a country whose rules come with tasrib, or a file of one's own.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        One row a rule: ``rule``, ``about`` (``sender`` or ``evidence``), ``confidence`` (``H``, ``M``; ``L`` is to be confirmed); in the language ``title``,
        ``text`` and ``law``; ``sources``, as they were read when the rule was written, and ``date``, when that was.

    Raises
    ------
    TasribError
        When there is no such rule set.
    """
    check_language(language)
    return pd.DataFrame(
        [
            {
                "rule": each.id,
                "about": each.about,
                "confidence": each.confidence,
                "title": each.title[language],
                "text": each.text[language],
                "law": each.law[language],
                "sources": each.sources,
                "date": each.date,
            }
            for each in load_rules(rules).rules
        ]
    )


def look(cell: Any, fill: PatternFill | None, *, head: bool) -> None:
    """
    Dress a cell.

    Parameters
    ----------
    cell : openpyxl cell
        Of a workbook that is written.
    fill : PatternFill or None
        Its colour.
    head : bool
        Whether it is a heading.
    """
    cell.alignment = _WRAPPED
    if head:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill


def _encoded(tables: dict[str, ComplianceTable], path: Path, language: str) -> bytes:
    if path.suffix.lower() != SUFFIX:
        return encode_table(tables["indications"].frame, path)
    first = word("sheet", "about", language)
    notes = {word("sheet", "table", language): [table.title for table in tables.values()]}
    notes[word("sheet", "note", language)] = [table.note for table in tables.values()]
    sheets = {first: pd.DataFrame(notes)} | {table.title: table.frame for table in tables.values()}
    n_columns = {title: len(frame.columns) for title, frame in sheets.items()}

    def prepare(sheet: Any) -> None:
        sheet.sheet_view.rightToLeft = language == "ar"
        for number in range(1, n_columns[sheet.title] + 1):
            wide = sheet.title == first and number > 1
            sheet.column_dimensions[get_column_letter(number)].width = _NOTE_WIDTH if wide else _WIDTH

    def dress(cell: Any, title: str, column: str, row: int) -> None:
        look(cell, HEAD if row == 1 else None, head=row == 1)

    return encode_workbook(sheets, str(path), prepare, dress)

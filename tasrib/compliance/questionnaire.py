"""The questions that are still open as a workbook, to fill in and to give back as answers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tasrib._arguments import as_path, as_whole
from tasrib.compliance.asking import open_questions
from tasrib.compliance.facts import COLUMNS as OF_FACTS
from tasrib.compliance.loading import common, load_rules
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import VERDICTS, Field, Rule, RuleSet
from tasrib.compliance.triaging import triage
from tasrib.compliance.wording import check_language
from tasrib.compliance.workbooks import FILL, FILL_HEAD, HEAD, SUFFIX, look
from tasrib.errors import InputNote, TasribError, WrongArgument
from tasrib.tables.files import replace_file
from tasrib.tables.places import check_file
from tasrib.tables.write import encode_workbook

# What one person can go through; another round brings the rest.
MOST_QUESTIONS = 500
_COLUMNS = (
    "whom", "ask", "party", "campaign_id", "complaint_id", "value", "source", "allowed", "settles", "settles_rules", "where", "field",
)  # fmt: skip
_WIDTH, _GUIDE_WIDTH = 30, 120


def law_questions(
    scored: pd.DataFrame,
    path: str | Path,
    *,
    rules: str | Path | RuleSet = "ma",
    facts: pd.DataFrame | None = None,
    language: str = "en",
    campaigns: Sequence[str] = (),
    most: int = MOST_QUESTIONS,
) -> pd.DataFrame:
    """
    Write a workbook of the questions that are still open, to fill in and to give back to `tasrib.read_facts`.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    path : path
        An ``.xlsx`` file that is not there yet: an earlier one may hold answers. It is readable by its owner only.
    rules : str, Path or RuleSet
        Code of a country whose rules come with tasrib, or a file of one's own.
    facts : pandas.DataFrame, optional
        What people found out so far, from `tasrib.read_facts`; what is answered is not asked again.
    language : str
        ``ar``, ``fr`` or ``en``: of headings, questions and choices.
    campaigns : sequence of str
        Only about these; about all by default.
    most : int
        How many questions at most, those that settle most first.

    Returns
    -------
    pandas.DataFrame
        All open questions, written or not: see `tasrib.compliance.asking.open_questions`.

    Raises
    ------
    TasribError
        When these are no scored complaints, there is no such rule set or campaign, an answer is none, nothing is open, or the file exists or
        cannot be written.
    """
    path, most = as_path(path, "a file to write"), as_whole(most, "most")
    check_language(language)
    if not isinstance(campaigns, list | tuple) or not all(isinstance(name, str) for name in campaigns):
        raise WrongArgument("expected a list of names of campaigns, as in the column campaign_id")
    check_questions(path)
    rule_set = load_rules(rules)
    with warnings.catch_warnings():
        # Answers for another month of the case are no news here.
        warnings.simplefilter("ignore", InputNote)
        triaged = triage(scored, rule_set, facts)
    absent = sorted(set(campaigns) - set(triaged["campaign_id"]))
    if absent:
        raise TasribError(f"no complaint is of the campaign '{absent[0][:40]}'; write its name as the report does")
    questions = open_questions(triaged, rule_set, campaigns)
    if questions.empty:
        raise TasribError("no question is open: there is no campaign message, or all that the rules ask is answered")
    replace_file(path, _Book(questions.head(most), rule_set, language).encoded(path), private=True)
    return questions


def check_questions(path: str | Path) -> None:
    """
    Refuse a file that questions could not be written to, before anything costly is done for it.

    Parameters
    ----------
    path : path
        As for `law_questions`.

    Raises
    ------
    TasribError
        When its suffix is another, it is there, or it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != SUFFIX:
        raise TasribError(
            f"{path}: questions are answered in a workbook, which holds lists to choose from; name an {SUFFIX} file"
        )
    if path.exists() or path.is_symlink():
        raise TasribError(f"{path} exists and may hold answers; name another file, or move that one away")
    check_file(path)


@dataclass(frozen=True)
class _Asked:
    """A question in words, and what it may be answered with."""

    ask: str
    allowed: str
    choices: tuple[str, ...]

    @classmethod
    def of_field(cls, field: Field, language: str) -> _Asked:
        choices = tuple(word("value", code, language) for code in field.values)
        allowed = " / ".join(choices) or word("allowed", "day" if field.is_day else "text", language)
        return cls(field.ask[language], allowed, choices)

    @classmethod
    def of_rule(cls, rule: Rule, language: str) -> _Asked:
        choices = tuple(word("heading", verdict, language) for verdict in VERDICTS)
        ask = word("allowed", "conclude", language).format(text=rule.text[language])
        return cls(ask, " / ".join(choices), choices)


@dataclass(frozen=True)
class _Book:
    """The workbook: questions, the choices behind its lists, and how to fill it in."""

    questions: pd.DataFrame
    rules: RuleSet
    language: str

    def encoded(self, path: Path) -> bytes:
        longest = max(map(len, self._lists), default=0)
        # A column for each list, headed by its number: the sheet is for the lists, not for readers.
        choices = {str(number): [*words, *[None] * (longest - len(words))] for words, number in self._lists.items()}
        sheets = {
            self._sheet("questions"): self._frame(),
            self._sheet("choices"): pd.DataFrame(choices),
            self._sheet("guide"): pd.DataFrame({self._sheet("guide"): common()["guide"][self.language]}),
        }
        return encode_workbook(sheets, str(path), self._prepare, self._dress)

    @cached_property
    def _asked(self) -> list[_Asked]:
        known = {name: _Asked.of_field(field, self.language) for name, field in self.rules.fields.items()}
        known |= {rule.id: _Asked.of_rule(rule, self.language) for rule in self.rules.rules}
        return [known[name] for name in self.questions["field"]]

    @cached_property
    def _lists(self) -> dict[tuple[str, ...], int]:
        """Each list of choices once, and its column."""
        distinct = dict.fromkeys(each.choices for each in self._asked if each.choices)
        return {choices: number for number, choices in enumerate(distinct, start=1)}

    def _sheet(self, name: str) -> str:
        return word("sheet", name, self.language)

    def _heading(self, name: str) -> str:
        return word("answers", name, self.language)

    def _frame(self) -> pd.DataFrame:
        places = zip(self.questions["source_file"], self.questions["source_row"], strict=True)
        told = self.questions.assign(
            whom=[word("whom", whom, self.language) for whom in self.questions["whom"]],
            ask=[each.ask for each in self._asked],
            allowed=[each.allowed for each in self._asked],
            where=[f"{file}, {row}" if file else "" for file, row in places],
            value=None,
            source=None,
        )
        return told[list(_COLUMNS)].set_axis([self._heading(name) for name in _COLUMNS], axis=1)

    def _prepare(self, sheet: Any) -> None:
        sheet.sheet_view.rightToLeft = self.language == "ar"
        if sheet.title != self._sheet("questions"):
            width = _GUIDE_WIDTH if sheet.title == self._sheet("guide") else _WIDTH
            for number in range(1, len(self._lists) + 1):
                sheet.column_dimensions[get_column_letter(number)].width = width
            return
        for number, name in enumerate(_COLUMNS, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = common()["answers"][name]["width"]
        answer = get_column_letter(_COLUMNS.index("value") + 1)
        for choices, number in self._lists.items():
            cells = f"${get_column_letter(number)}$2:${get_column_letter(number)}${len(choices) + 1}"
            rule = DataValidation(type="list", formula1=f"'{self._sheet('choices')}'!{cells}", allow_blank=True)
            # Other spellings are read too, so a word that is not on the list is asked about, not refused.
            rule.errorStyle, rule.showErrorMessage = "warning", True
            for row, each in enumerate(self._asked, start=2):
                if each.choices == choices:
                    rule.add(f"{answer}{row}")
            sheet.data_validations.append(rule)
        # Sorting by the filter's arrows moves whole rows.
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(self._asked) + 1}"

    def _dress(self, cell: Any, title: str, column: str, row: int) -> None:
        head, of_questions = row == 1, title == self._sheet("questions")
        filled = [name for name in _COLUMNS if common()["answers"][name].get("fill")]
        if of_questions and column in map(self._heading, filled):
            look(cell, FILL_HEAD if head else FILL, head=head)
        else:
            look(cell, HEAD if head else None, head=head)
        if of_questions and not head and column in map(self._heading, OF_FACTS):
            # What is typed stays as it is typed: no date, no number, no formula.
            cell.number_format = "@"

"""The workbook in which people decide: messages the model is unsure of first, choices in lists, in the language of who fills it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tasrib._arguments import as_kind, as_path, as_whole
from tasrib.attribute import load_contest
from tasrib.case.filled import read_filled
from tasrib.case.layer import Settled, Standing, read_decisions, standing
from tasrib.case.messages import CampaignNames, message_keys, most_frequent, shown
from tasrib.case.overlay import DECISIONS, decided
from tasrib.case.words import (
    CATEGORY,
    DECISION,
    LANGUAGES,
    NO_PARTY,
    PARTY,
    SHEETS,
    Sheet,
    category_hints,
    choice,
    choices,
    columns,
    filled_by_people,
    guide_lines,
    sheet_title,
)
from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering import received_in
from tasrib.numbering.plan import check_country
from tasrib.scored import MODEL_SAID
from tasrib.tables.files import replace_file
from tasrib.tables.places import check_file
from tasrib.tables.write import encode_workbook
from tasrib.tracing.messages import of_campaigns

SUFFIX = ".xlsx"
_HEAD, _FILL_HEAD, _FILL = (PatternFill("solid", fgColor=colour) for colour in ("DDE8F0", "F6D9B0", "FDF6EA"))
# Reading order 0: each cell runs the way of its own first letter, so that Arabic and French both stand right.
_WRAPPED = Alignment(wrap_text=True, vertical="top", readingOrder=0)
_GUIDE_WIDTHS = (120,)
_CHOICE_WIDTH = 30
# What stands in a row of campaigns under a name that a row of messages has too.
_SAME_LIST = {"same_as": "campaign"}


def case_export(
    scored: pd.DataFrame,
    path: str | Path,
    *,
    decisions: pd.DataFrame | None = None,
    language: str = "en",
    most: int | None = None,
    country: str = "MA",
) -> pd.DataFrame:
    """
    Write what people have to decide about a case.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    path : path
        An ``.xlsx`` file; replaced where it exists, unless somebody has filled anything in that was not applied.
    decisions : pandas.DataFrame, optional
        What was decided so far, as from `tasrib.read_decisions`.
    language : str
        ``ar``, ``fr`` or ``en``: of headings, choices and guide. In Arabic the sheets run from right to left.
    most : int, optional
        How many messages at most; all by default.
    country : str
        ISO 3166 code of the country whose parties are offered.

    Returns
    -------
    pandas.DataFrame
        The rows of messages: first those in review that nobody has decided, wordings that belong together one after the other, those
        that settle most complaints first and of equals those near a campaign; then the messages of campaigns; then what people
        have decided already. Numbers and addresses typed in messages are replaced by others of the same shape.

    Raises
    ------
    TasribError
        When the complaints are not scored, no message is in review or campaign, the file cannot be written, or it holds what somebody
        filled in.
    """
    path = as_path(path, "a file to write")
    check_export(path, decisions)
    if as_kind(language, str, f"one of {', '.join(LANGUAGES)} for language") not in LANGUAGES:
        raise TasribError(f"language is one of {', '.join(LANGUAGES)}, not {language!r}")
    most = None if most is None else as_whole(most, "most")
    parties = [party.id for party in load_contest(check_country(country)).parties]
    decisions = read_decisions([]) if decisions is None else decisions
    table = decided(scored, decisions)
    table = table.assign(key=message_keys(table["text"]))
    now = standing(decisions, CampaignNames(table["model_campaign_id"], table["key"]))
    case = _Case(table, now, len(decisions), language, received_in(table))
    messages, campaigns = case.messages().head(most), case.campaigns()
    if messages.empty:
        raise TasribError("no message is in review and none is campaign, so there is nothing to decide")
    lists = {
        DECISION: choices(DECISION, language),
        CATEGORY: choices(CATEGORY, language),
        PARTY: [choice(PARTY, NO_PARTY, language), *parties],
        "campaign": campaigns["campaign_id"].tolist(),
    }
    replace_file(path, _encoded(path, {"message": messages, "campaign": campaigns}, lists, language))
    return messages


def check_export(path: str | Path, decisions: pd.DataFrame | None = None) -> None:
    """
    Refuse a file that could not be written, before anything costly is done for it.

    Parameters
    ----------
    path : path
        As for `case_export`.
    decisions : pandas.DataFrame, optional
        What was decided so far: a workbook whose every decision is among them may be replaced.

    Raises
    ------
    TasribError
        When its suffix is another, it cannot be written, or it holds what somebody filled in and nobody applied.
    """
    if Path(path).suffix.lower() != SUFFIX:
        raise TasribError(
            f"{path}: people decide in a workbook, which holds lists to choose from; name an {SUFFIX} file"
        )
    check_file(path)
    if Path(path).is_file() and _holds_more(path, decisions):
        raise TasribError(
            f"{path} holds decisions that somebody wrote and that were not applied; apply it (tasrib label apply), name another file, or move it away"
        )


def _holds_more(path: str | Path, decisions: pd.DataFrame | None) -> bool:
    """Whether a workbook has filled rows that are not in the log as they stand."""
    try:
        filled = [row for row in read_filled(path).rows if row.decides]
    except UnreadableInput:
        return False
    places = [] if decisions is None else decisions[["sha256", "sheet", "row"]].itertuples(index=False, name=None)
    applied = {(sha256, str(sheet or ""), int(row)) for sha256, sheet, row in places if row is not None}
    return not applied.issuperset((row.sha256, row.sheet, row.number) for row in filled)


@dataclass(frozen=True)
class _Case:
    """A scored table with decisions in it, and the key of each message."""

    table: pd.DataFrame
    now: Standing
    n_lines: int
    language: str
    countries: tuple[str, ...]

    def messages(self) -> pd.DataFrame:
        table = self.table
        spoken = table["key"].isin(self.now.messages.keys())
        mine = table[table["decision"].isin(["campaign", "review"]) | spoken]
        model = [f"model_{name}" for name in MODEL_SAID]
        rows = most_frequent(mine, "key", ["text", "decision", "campaign_id", *model])
        rows["complaints"] = mine.groupby("key").size()
        rows = rows.iloc[self._order(rows)]
        said = [self.now.messages.get(key) for key in rows.index]
        return self._with_blanks("message", {
            "id": rows.index, "text": rows["text"].map(self._shown), "complaints": rows["complaints"],
            "model_decision": rows["model_decision"].map(self._decision), "model_category": rows["model_category"].map(self._category),
            "model_party": rows["model_party"], "model_campaign": rows["model_campaign_id"],
            "so_far": [self._so_far(each) for each in said],
        })  # fmt: skip

    def _order(self, rows: pd.DataFrame) -> np.ndarray:
        """Open ones, campaign, decided ones; in each wordings that belong together, the most complaints first."""
        settled = {key for key, each in self.now.messages.items() if each.decision}
        turn = np.where(rows.index.isin(settled), 2, (rows["decision"] == "campaign").astype(int))
        together = rows["campaign_id"].where(rows["campaign_id"] != "", rows.index.to_series())
        of_all = rows["complaints"].groupby([turn, together]).transform("sum")
        campaigns = set(rows.loc[rows["decision"] == "campaign", "campaign_id"])
        far = ~together.isin(campaigns)
        return np.lexsort((rows.index, -rows["complaints"], together, far, -of_all, turn))

    def campaigns(self) -> pd.DataFrame:
        mine = of_campaigns(self.table)
        by = mine.groupby("campaign_id")
        people = by["recipient"].nunique().sort_index().sort_values(ascending=False, kind="stable")
        first = mine.sort_values("received_at", kind="stable").drop_duplicates("campaign_id").set_index("campaign_id")
        party = most_frequent(mine, "campaign_id", ["party"])["party"]
        parts: dict[str, list[str]] = {}
        for name in self.now.merges:
            parts.setdefault(self.now.root(name), []).append(name)
        return self._with_blanks("campaign", {
            "campaign_id": people.index, "campaign_party": party.reindex(people.index),
            "first_text": first["text"].reindex(people.index).map(self._shown), "people": people,
            "so_far": [" + ".join(["", *sorted(parts.get(name, ()))]).strip() for name in people.index],
        })  # fmt: skip

    def _with_blanks(self, sheet: Sheet, known: dict[str, Any]) -> pd.DataFrame:
        # The state: how many lines the log had, by which a row that is applied again is told from one that is decided anew.
        filled: dict[str, Any] = {name: list(values) for name, values in known.items()} | {"file_state": self.n_lines}
        return pd.DataFrame({name: filled.get(name) for name in columns(sheet)}, index=range(len(filled["so_far"])))

    def _shown(self, text: str) -> str:
        return shown(text, self.countries)

    def _so_far(self, settled: Settled | None) -> str:
        if settled is None:
            return ""
        words = [
            choice(DECISION, settled.decision, self.language) if settled.decision else "",
            choice(CATEGORY, settled.category, self.language) if settled.category else "",
            choice(PARTY, settled.party or NO_PARTY, self.language) if settled.party is not None else "",
            settled.campaign or "",
        ]
        said = " · ".join(filter(None, words))
        signed = f"{said} ({settled.who}, {settled.at[:10]})" if said else ""
        return "\n".join(filter(None, [signed, settled.remark]))

    def _decision(self, decision: str) -> str:
        code = next((code for code, said in DECISIONS.items() if said == decision), "")
        return choice(DECISION, code, self.language) if code else ""

    def _category(self, category: str) -> str:
        return choice(CATEGORY, category, self.language) if category else ""


def _encoded(path: Path, sheets: dict[Sheet, pd.DataFrame], lists: dict[str, list[str]], language: str) -> bytes:
    titles = {sheet: sheet_title(f"{sheet}s", language) for sheet in SHEETS}
    of_choices, of_guide = sheet_title("choices", language), sheet_title("guide", language)
    headed = {
        titles[sheet]: frame.rename(columns={name: column[language] for name, column in columns(sheet).items()})
        for sheet, frame in sheets.items()
    }
    longest = max(map(len, lists.values()))
    offered = pd.DataFrame({columns("message")[name][language]: [*words, *[None] * (longest - len(words))]
                            for name, words in lists.items()})  # fmt: skip
    hints = [f"{name}: {hint}" for name, hint in category_hints(language).items()]
    guide = pd.DataFrame({of_guide: [*guide_lines(language), *hints]})
    looks = _Looks(language, {titles[sheet]: (sheet, len(sheets[sheet])) for sheet in SHEETS}, of_choices, lists)
    book = headed | {of_choices: offered, of_guide: guide}
    return encode_workbook(book, str(path), looks.prepare, looks.dress)


@dataclass(frozen=True)
class _Looks:
    """Widths, colours and lists of the sheets."""

    language: str
    sheets: dict[str, tuple[Sheet, int]]
    of_choices: str
    lists: dict[str, list[str]]

    def prepare(self, sheet: Any) -> None:
        sheet.sheet_view.rightToLeft = self.language == "ar"
        if sheet.title not in self.sheets:
            widths = [_CHOICE_WIDTH] * len(self.lists) if sheet.title == self.of_choices else _GUIDE_WIDTHS
            for number, width in enumerate(widths, start=1):
                sheet.column_dimensions[get_column_letter(number)].width = width
            return
        kind, n_rows = self.sheets[sheet.title]
        last = max(n_rows + 1, 2)
        for number, (name, column) in enumerate(columns(kind).items(), start=1):
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = column["width"]
            if rule := self._list(_SAME_LIST.get(name, name) if column.get("fill") else ""):
                rule.add(f"{letter}2:{letter}{last}")
                sheet.data_validations.append(rule)
        # Sorting by the filter's arrows moves whole rows.
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns(kind)))}{last}"

    def _list(self, name: str) -> DataValidation | None:
        words = self.lists.get(name)
        if not words:
            return None
        letter = get_column_letter(list(self.lists).index(name) + 1)
        # From cells: a list within the rule itself holds 255 characters, and campaigns are many.
        cells = f"'{self.of_choices.replace(chr(39), chr(39) * 2)}'!${letter}$2:${letter}${len(words) + 1}"
        rule = DataValidation(type="list", formula1=cells, allow_blank=True)
        # Other spellings are read too, so a word that is not on the list is asked about; parties and names of campaigns may be any.
        rule.errorStyle, rule.showErrorMessage = "warning", name in (DECISION, CATEGORY)
        return rule

    def dress(self, cell: Any, title: str, column: str, row: int) -> None:
        cell.alignment = _WRAPPED
        head = row == 1
        if head:
            cell.font = Font(bold=True)
        if title in self.sheets:
            kind = self.sheets[title][0]
            fill = column in {columns(kind)[name][self.language] for name in filled_by_people(kind)}
            if fill or head:
                cell.fill = (_FILL_HEAD if fill else _HEAD) if head else _FILL
            if fill and not head:
                # What is typed stays as it is typed: no date, no number, no formula.
                cell.number_format = "@"
        elif head:
            cell.fill = _HEAD

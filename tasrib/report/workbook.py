"""tables.xlsx for those who read it: in the language of the report, from right to left in Arabic, percentages as percentages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tasrib._resources import resource
from tasrib.report.catalogue import COMMA, DIRECTION, knows, say
from tasrib.report.categories import category_words
from tasrib.report.cells import word_for
from tasrib.report.origins import row_names
from tasrib.report.personal import in_language
from tasrib.report.translated import translated
from tasrib.tables.write import encode_workbook
from tasrib.tracing.caveats import LANGUAGES, isolated

ENGLISH = "en"
# The sheet that says which sheet and heading is which key: in English they are the keys.
GUIDE = "guide"
_LIST = re.compile(r"\b(?:region|month|channel)\b")
_NARROWEST, _WIDEST, _LOOKED_AT = 9, 28, 200
_HEAD_FILL = PatternFill("solid", fgColor="DDE8F0")
_HEAD_FONT = Font(bold=True)
# Reading order 0: a cell runs the way of its own first letter, so that French, Arabic and prefixes each stand right; 2: from right to left.
_OWN_WAY, _RIGHT_TO_LEFT = 0, 2
_FORMATS = {"percent": "0.0%", "probability": "[<0.0001]0.0E+00;0.0000"}
_DECIMALS = "[>=1000000]0.0E+00;0.00"


def language_of_tables(languages: tuple[str, ...]) -> str:
    """
    Choose the language of the workbook.

    Parameters
    ----------
    languages : tuple of str
        Of the report, as from `tasrib.report.pages.chosen_languages`.

    Returns
    -------
    str
        The first of them; English where they are all.
    """
    return ENGLISH if set(languages) == set(LANGUAGES) else languages[0]


def encode_tables(sheets: Mapping[str, pd.DataFrame], name: str, language: str = ENGLISH) -> bytes:
    """
    Make the content of ``tables.xlsx``.

    Parameters
    ----------
    sheets : mapping of str to pandas.DataFrame
        By the names that sheets have in every language; columns are keys.
    name : str
        The file, for errors.
    language : str
        ``ar``, ``fr`` or ``en``: of headings and values. In another language than English a first sheet ``guide`` says what each sheet holds,
        and of each heading the key. In Arabic sheets run from right to left.

    Returns
    -------
    bytes
        An ``.xlsx`` file.

    Raises
    ------
    TasribError
        When a text or a table is too large for Excel.
    """
    told = {title: tables_in_words(title, table, language) for title, table in sheets.items()}
    if language != ENGLISH:
        told = {GUIDE: _guide(sheets, language), **told}
    keys = {title: _headings(table, language) for title, table in {GUIDE: _guide_keys(), **sheets}.items()}
    looks = _Looks(language, told, {title: {heading: key for key, heading in of.items()} for title, of in keys.items()})
    return encode_workbook(told, name, looks.prepare, looks.dress)


def tables_in_words(title: str, table: pd.DataFrame, language: str) -> pd.DataFrame:
    """
    Write a table of the workbook in the words of a language.

    Parameters
    ----------
    title : str
        Name of the sheet.
    table : pandas.DataFrame
        Its columns are keys.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        Headings and values in the language; figures, names and ids as they are. In English the table itself.
    """
    if language == ENGLISH:
        return table
    said = {key: _said(key, title, language) for key in map(str, table.columns)}
    columns = {
        key: [_told(value, say_it) for value in table[key]] for key, say_it in said.items() if say_it is not None
    }
    return table.assign(**columns).rename(columns=_headings(table, language))


def heading(key: str, language: str) -> str:
    """
    Head a column.

    Parameters
    ----------
    key : str
        The column's key.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Its heading; of a category its name; the key itself in English, and where nothing is known of it.
    """
    if language == ENGLISH:
        return key
    return _words()["column"].get(key, {}).get(language) or category_words(language).get(key, key)


@cache
def _words() -> dict[str, Any]:
    with resource("reference", "workbook.toml").open("rb") as file:
        return tomllib.load(file)


def _headings(table: pd.DataFrame, language: str) -> dict[str, str]:
    return {str(key): heading(str(key), language) for key in table.columns}


def _guide_keys() -> pd.DataFrame:
    return pd.DataFrame(columns=["sheet", "title", "heading", "key"])


def _guide(sheets: Mapping[str, pd.DataFrame], language: str) -> pd.DataFrame:
    titles = _words()["sheet"]
    rows = [
        (title, titles.get(title, {}).get(language, ""), heading(str(key), language), str(key))
        for title, table in sheets.items()
        for key in table.columns
    ]
    guide = pd.DataFrame(rows, columns=list(_guide_keys().columns))
    return guide.rename(columns=_headings(guide, language))


def _told(value: Any, say_it: Callable[[str], str]) -> Any:
    return say_it(value) if isinstance(value, str) and value else value


def _said(key: str, title: str, language: str) -> Callable[[str], str] | None:
    """How the values of a column are said; None where they are names, ids or figures."""
    values = {word: words[language] for word, words in _words()["value"].items()}
    comma = COMMA[language]

    def one(value: str) -> str:
        known = values.get(value) or category_words(language).get(value)
        said = known or word_for(value, language)
        # What has no wording is a name, which stands by itself here.
        return value if said == isolated(value, language) else said

    def listed(value: str) -> str:
        return comma.join(one(part) for part in value.split(", "))

    def method(value: str) -> str:
        return _LIST.sub(lambda word: values[word.group()], translated(value, language)).replace(", ", comma)

    special: dict[str, Callable[[str], str]] = {
        "comparison": lambda value: (
            say(f"comparison.{value}.title", language) if knows(f"comparison.{value}.title") else value
        ),
        "compared_within": listed,
        "strata": listed,
        "method": method,
        "note": lambda value: translated(value, language) if " " in value else value,
        "reason": lambda value: translated(value, language),
        "said": lambda value: translated(value, language),
        "rows": lambda value: row_names(value, language),
        "text": lambda value: in_language(value, language),
        "wording": lambda value: in_language(value, language),
    }
    if key in special:
        return special[key]
    return one if key in _words()["looks"]["worded"] or title.startswith("by_") else None


class _Looks:
    """Direction, widths and formats of the sheets, by the keys of their columns."""

    def __init__(
        self, language: str, tables: Mapping[str, pd.DataFrame], keys: Mapping[str, Mapping[str, str]]
    ) -> None:
        looks = _words()["looks"]
        self._right_to_left = DIRECTION[language] == "rtl"
        self._tables, self._keys, self._wide = tables, keys, looks["wide"]
        self._formats = {key: form for kind, form in _FORMATS.items() for key in looks[kind]}
        self._head = Alignment(
            wrap_text=True, vertical="top", readingOrder=_RIGHT_TO_LEFT if self._right_to_left else _OWN_WAY
        )
        self._text = Alignment(vertical="top", readingOrder=_OWN_WAY)
        self._wrapped = Alignment(wrap_text=True, vertical="top", readingOrder=_OWN_WAY)

    def prepare(self, sheet: Any) -> None:
        """Set what belongs to a sheet, before its rows are written."""
        sheet.sheet_view.rightToLeft = self._right_to_left
        table = self._tables[sheet.title]
        looked_at = table.head(_LOOKED_AT).astype(object).to_numpy()
        for number, name in enumerate(table.columns, start=1):
            key = self._keys[sheet.title].get(str(name), str(name))
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = self._wide.get(key) or _width(str(name), looked_at[:, number - 1])
        # Sorting by the filter's arrows moves whole rows.
        sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(table.columns), 1))}{len(table) + 1}"

    def dress(self, cell: Any, title: str, column: str, row: int) -> None:
        """Set the looks of a cell."""
        if row == 1:
            cell.alignment, cell.font, cell.fill = self._head, _HEAD_FONT, _HEAD_FILL
            return
        key = self._keys[title].get(column, column)
        if isinstance(cell.value, str):
            cell.alignment = self._wrapped if key in self._wide else self._text
        elif isinstance(cell.value, float):
            cell.number_format = self._formats.get(key, "General" if cell.value.is_integer() else _DECIMALS)


def _width(name: str, values: Iterable[Any]) -> float:
    """Wide enough for the values, and for a heading in two or three lines."""
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    return min(max(_NARROWEST, longest + 2, len(name) // 2 + 3), _WIDEST)

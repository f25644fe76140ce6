"""Lists of test numbers as people keep them: who was given which number, and when."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd

from tasrib._arguments import as_path
from tasrib.complaints.moments import read_moments
from tasrib.complaints.values import home_zone, zone_of
from tasrib.complaints.words import fold, is_no_answer, reference
from tasrib.errors import InputNote, TasribError, UnreadableInput
from tasrib.numbering import canonical_operator, lookup_many
from tasrib.numbering.rounding import rounded
from tasrib.tables.named import MissingColumns, read_named
from tasrib.tables.notes import row_words
from tasrib.tables.raw import NoRows

# What stands for a holder where a number was given to no one.
NOBODY = "nobody"
# Of a planting register, as `plan_canaries` makes it.
REGISTER_COLUMNS = ("number", "holder", "given_at", "operator", "how_given", "given_by", "remark")
_HINT = "head one so (number, holder, and given_at if known)"
_TODAY = "write 2026-05-31"


def read_canaries(path: str | Path, *, country: str = "MA") -> pd.DataFrame:
    """
    Read a list of canary numbers, or a planting register.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows. Its columns: ``number``, in any spelling, and ``holder``, the only
        one who was given it, or ``nobody`` (``personne``, ``لا أحد``) for a number that was kept silent; optionally ``given_at``, the
        day, and ``operator``, which serves the number.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        ``number`` (E.164), ``holder`` (``nobody`` for silent ones), ``given_at`` (UTC, missing where unknown), ``operator`` (the one that
        the number was allocated to, unless the list says another; empty where unknown); one row a number.

    Raises
    ------
    TasribError
        When the file cannot be read or lacks a column, a number cannot be read or was given to two holders, a holder is
        missing or a day is none; names file, row and column.

    Warns
    -----
    InputNote
        When numbers of a planting register are left out, since it does not say when they were given: nobody may have been given them yet.
        When no day shows whether the day or the month stands first.
    """
    path = as_path(path, "a list of canaries")
    given, lines = read_list(path, ("number", "holder"), _HINT)
    table = pd.DataFrame(
        {
            "number": numbers_of(path.name, given["number"], lines, country)["e164"],
            "holder": one_name_each(given["holder"]),
            "given_at": _days(path.name, lines, column_of(given, "given_at"), country),
            "operator": operators_stated(given, country),
        }
    )
    for line, holder in zip(lines, table["holder"], strict=True):
        if not holder:
            what = f"is empty; name who was given the number, or write {NOBODY}"
            raise TasribError(f"{path.name}, row {line}, column holder: {what}")
    refuse_two_holders(path.name, table, lines)
    if {"how_given", "given_by"} <= set(given.columns):
        table = _planted(path.name, table, lines)
    return table.drop_duplicates("number").reset_index(drop=True)


def read_list(path: Path, required: Sequence[str], hint: str) -> tuple[pd.DataFrame, list[int]]:
    """
    Read a list that people type.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    required : sequence of str
        Columns that must be there, once each.
    hint : str
        What to do about a missing one.

    Returns
    -------
    tuple of DataFrame and list of int
        As from `tasrib.tables.named.read_named`.

    Raises
    ------
    UnreadableInput
        When it cannot be read, or a column is missing or there twice.
    TasribError
        When there is no row.
    """
    if path.is_dir() or not path.exists():
        raise UnreadableInput(f"{path} cannot be read: {'it is a folder' if path.is_dir() else 'no such file'}")
    try:
        given, lines = read_named(path, required, hint, by_hand=True)
    except MissingColumns as error:
        raise _headed_wrong(path, error.names[0], 0, hint) from None
    except NoRows:
        raise TasribError(f"{path.name} holds no canary; write one number a row under the headings") from None
    except UnreadableInput as error:
        raise UnreadableInput(f"{path.name} is damaged or no table: {error}") from None
    for column in required:
        count = sum(re.fullmatch(rf"{column}( \(\d+\))?", name) is not None for name in given.columns)
        if count > 1:
            raise _headed_wrong(path, column, count, hint)
    return given, lines


def _headed_wrong(path: Path, column: str, count: int, hint: str) -> UnreadableInput:
    return UnreadableInput(f"{path.name}, row 1: {count} columns are headed '{column}'; {hint}")


def column_of(given: pd.DataFrame, name: str) -> pd.Series:
    """A column of text without blanks around it; empty where there is none."""
    if name not in given:
        return pd.Series("", index=given.index, dtype="str")
    return given[name].fillna("").astype("str").str.strip()


def numbers_of(name: str, written: pd.Series, lines: Sequence[int], country: str) -> pd.DataFrame:
    """
    Read the numbers of a list.

    Parameters
    ----------
    name : str
        The file, for errors.
    written : pandas.Series of str
        As they stand there.
    lines : sequence of int
        Their rows.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        As from `tasrib.numbering.lookup_many`.

    Raises
    ------
    TasribError
        When one cannot be read, or a spreadsheet rounded some.
    """
    found = lookup_many(written, country=country)
    # Only bare digits were a number to a spreadsheet; text with 0 or + before it was not rounded.
    bare = written.str.strip().str.partition(".")[0].str.fullmatch("[1-9][0-9]*")
    spoiled = pd.Series(False, index=written.index)
    spoiled[bare] = rounded(written[bare], found.loc[bare, "e164"])
    for line, text, e164, note, is_spoiled in zip(lines, written, found["e164"], found["note"], spoiled, strict=True):
        if not e164:
            raise TasribError(f"{name}, row {line}, column number: '{text.strip()}' is not read as a number ({note})")
        if is_spoiled:
            what = "ends in zeros, as others of the column: a spreadsheet rounded them; write them again, as text"
            raise TasribError(f"{name}, row {line}, column number: {what}")
    return found


def one_name_each(holders: pd.Series) -> pd.Series:
    """
    Give each holder one spelling.

    Parameters
    ----------
    holders : pandas.Series of str
        As people wrote them.

    Returns
    -------
    pandas.Series of str
        Names that differ in case, accents, blanks or punctuation alone in the spelling that comes first; ``nobody`` for every word for it.
    """
    first: dict[str, str] = {}
    names = []
    for written in holders.fillna("").astype("str"):
        plain = " ".join(written.split())
        names.append(NOBODY if is_nobody(plain) else first.setdefault(fold(plain), plain))
    return pd.Series(names, index=holders.index, dtype="str")


def is_nobody(name: str) -> bool:
    """Whether a name is a word for nobody, in any language of ``data/reference/known_to.toml``."""
    return fold(name) in _words_for_nobody()


@cache
def _words_for_nobody() -> frozenset[str]:
    return frozenset(map(fold, [NOBODY, *reference("known_to.toml")["nobody"]["words"]]))


def operators_stated(given: pd.DataFrame, country: str) -> pd.Series:
    """
    Tell which operator each number is with.

    Parameters
    ----------
    given : pandas.DataFrame
        ``number``, and ``operator`` if the list has it.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.Series of str
        The one that is stated, by its canonical name; else the one that the number was allocated to; "" where that is unknown.
    """
    allocated = lookup_many(given["number"], country=country)["operator_allocated"].astype("str")
    stated = column_of(given, "operator").map(lambda name: canonical_operator(name, country))
    return stated.where(stated != "", allocated).astype("str")


def refuse_two_holders(name: str, table: pd.DataFrame, lines: Sequence[int]) -> None:
    """
    Make sure that a number has one holder.

    Parameters
    ----------
    name : str
        The file, for errors.
    table : pandas.DataFrame
        ``number`` and ``holder``; an empty holder is none yet.
    lines : sequence of int
        Rows.

    Raises
    ------
    TasribError
        When a number has two; names both rows.
    """
    first: dict[str, tuple[int, str]] = {}
    for line, number, holder in zip(lines, table["number"], table["holder"], strict=True):
        earlier, its = first.setdefault(number, (line, holder))
        if its != holder:
            raise TasribError(
                f"{name}, row {line}, column holder: {number} was given to '{its}' in row {earlier} and to '{holder}' here; a canary has one "
                "holder: remove both rows"
            )


def _planted(name: str, table: pd.DataFrame, lines: Sequence[int]) -> pd.DataFrame:
    """The numbers of a register that are known to have been given, or kept silent: a plan is no planting."""
    unsaid = (table["holder"] != NOBODY) & table["given_at"].isna()
    if unsaid.any():
        rows = [line for line, is_unsaid in zip(lines, unsaid, strict=True) if is_unsaid]
        warnings.warn(
            InputNote(
                f"{name}, {row_words(rows)}: the register does not say when these {len(rows)} numbers were given, so they count neither for nor "
                f"against anyone; fill in given_at, or write {NOBODY} for a number that was not given"
            ),
            stacklevel=3,
        )
    return table[~unsaid]


def _days(name: str, lines: Sequence[int], cells: pd.Series, country: str) -> pd.Series:
    """Days and moments in UTC; missing where nothing is said."""
    days: list[pd.Timestamp | None] = []
    by_hand: list[int] = []
    for i, cell in enumerate(cells):
        try:
            days.append(None if is_no_answer(cell) else utc(cell))
        except ValueError:
            days.append(None)
            by_hand.append(i)
    if by_hand:
        # Excel writes a day in the way of its country.
        rows = [lines[i] for i in by_hand]
        read = read_moments([cells.iloc[i] for i in by_hand], rows, zone_of(home_zone(country)), column="given_at")
        for i, moment in zip(by_hand, read.values, strict=True):
            if not moment:
                what = f"'{cells.iloc[i]}' is not a date that can be known for sure; {_TODAY}"
                raise TasribError(f"{name}, row {lines[i]}, column given_at: {what}")
            days[i] = utc(moment)
        for note in read.notes:
            warnings.warn(InputNote(f"{name}, {note}"), stacklevel=3)
    return pd.to_datetime(pd.Series(days, index=cells.index, dtype=object), utc=True)


def utc(at: object) -> pd.Timestamp:
    """
    Read a moment.

    Parameters
    ----------
    at : date, datetime or str
        Text only in ISO form, where day and month cannot be exchanged.

    Returns
    -------
    pandas.Timestamp
        In UTC, which a moment without a zone is taken for.

    Raises
    ------
    ValueError
        When the text is no moment.
    """
    stamp = pd.Timestamp(at if isinstance(at, date) else datetime.fromisoformat(str(at).strip()))
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")

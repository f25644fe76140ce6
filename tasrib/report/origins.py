"""What a report says of the files: rows in quarantine and what was done to the others, without anything that stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from tasrib.numbering import without_numbers
from tasrib.report.catalogue import say

# Between apostrophes that are not those of a word: "l'an" is one value.
_QUOTED = re.compile(r"(?<!\w)'.*?'(?!\w)", re.DOTALL)
# Reasons are shorter; one that is not was made by something else.
_LONGEST_REASON = 1_000
_SUMMED = ("lost", "left_out", "mended")
# As tasrib.tables.notes names rows.
_RUN, _MORE = re.compile(r"(\d{1,9}) to (\d{1,9})"), re.compile(r"and (\d{1,9}) more")


def shown_quarantine(rejected: pd.DataFrame, countries: Sequence[str] = ()) -> pd.DataFrame:
    """
    Say why rows are in quarantine, and nothing of what stands in them: a report travels further than its case file.

    Parameters
    ----------
    rejected : pandas.DataFrame
        The quarantine. Those of an older tasrib quote values in their reasons, between apostrophes.
    countries : sequence of str
        Where the messages were received, as from `tasrib.numbering.received_in`.

    Returns
    -------
    pandas.DataFrame
        ``file``, ``sheet`` where one is named, ``row``, ``column`` and ``reason``.
    """
    names = [name for name in ("file", "sheet", "row", "column", "reason") if name in rejected]
    values = rejected["value"] if "value" in rejected else [""] * len(rejected)
    reasons = [_without_values(*each, countries) for each in zip(rejected["reason"], values, strict=True)]
    shown = _named(rejected[names].assign(reason=pd.Series(reasons, index=rejected.index, dtype="str")), countries)
    named = "sheet" in shown and shown["sheet"].fillna("").ne("").any()
    return shown if named else shown.drop(columns="sheet", errors="ignore")


def shown_cleaning(cleaning: pd.DataFrame, countries: Sequence[str] = ()) -> pd.DataFrame:
    """
    Say what was done to the files.

    Parameters
    ----------
    cleaning : pandas.DataFrame
        From `tasrib.complaints.cleaning.cleaning_table`, or read back from a file.
    countries : sequence of str
        As for `shown_quarantine`.

    Returns
    -------
    pandas.DataFrame
        The same rows, with numbers hidden that stand where a heading should, and without the name of the run.
    """
    return _named(cleaning.drop(columns="run", errors="ignore"), countries)


def cleaning_line(cleaning: pd.DataFrame, language: str = "en") -> str:
    """
    Sum up what was done to the files.

    Parameters
    ----------
    cleaning : pandas.DataFrame
        From `shown_cleaning`.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A sentence.
    """
    parts = []
    for kind in _SUMMED:
        mine = cleaning[cleaning["kind"] == kind]
        rows, whole = int(mine["count"].sum()), int((mine["count"] == 0).sum())
        more = say("cleaning.whole", language, n=whole) if whole else ""
        if len(mine):
            parts.append(say(f"cleaning.{kind}", language, n=rows) + more)
    if not parts:
        return say("cleaning.nothing", language)
    said = {"ar": "؛ ", "fr": "\u00a0; ", "en": "; "}[language].join(parts)
    return say("cleaning.sum", language, parts=f"{said[0].upper()}{said[1:]}")


def row_names(words: str, language: str) -> str:
    """
    Name rows under a heading that says that they are rows.

    Parameters
    ----------
    words : str
        From `tasrib.tables.notes.row_words`: ``rows 2, 5 to 9 and 11 more``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``2, 5 à 9 et 11 de plus``.
    """
    bare = words.removeprefix("rows ").removeprefix("row ")
    bare = _RUN.sub(lambda run: say("cleaning.rows", language, first=run[1], last=run[2]), bare)
    bare = _MORE.sub(lambda more: say("cleaning.more_rows", language, n=int(more[1])), bare)
    return bare.replace(", ", "، ") if language == "ar" else bare


def _named(table: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """With numbers hidden in the names of columns: what looks like a heading may be a row."""
    return table.assign(column=[_masked(name, countries) for name in table["column"]])


def _masked(words: object, countries: Sequence[str]) -> str:
    return without_numbers(words, countries) if isinstance(words, str) else ""


def _without_values(reason: object, value: object, countries: Sequence[str]) -> str:
    said = reason[:_LONGEST_REASON] if isinstance(reason, str) else ""
    if isinstance(value, str) and value.strip():
        said = said.replace(value, "…")
    return _masked(_QUOTED.sub("…", said), countries)

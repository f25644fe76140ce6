"""What people found out and no message shows: small tables of answers, each with its source."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib._arguments import as_frame, as_paths
from tasrib.complaints.values import iso_time
from tasrib.complaints.words import fold, is_no_answer, synonyms
from tasrib.compliance.loading import common
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import VERDICTS, Field, RuleSet
from tasrib.errors import InputNote, TasribError, WrongArgument
from tasrib.tables.named import read_named
from tasrib.tables.raw import NoRows
from tasrib.tracing.caveats import LANGUAGES

# What an answer holds for, from the widest to the narrowest; the narrowest counts. An answer without any holds for the whole case.
KEYS = ("party", "campaign_id", "complaint_id")
REQUIRED = ("field", "value", "source")
COLUMNS = (*KEYS, *REQUIRED)
_HINT = f"head one so ({', '.join(COLUMNS)}; the first three may be left out or empty), or fill in what tasrib law questions writes"
_YES_NO = ("yes", "no")
_NEVER = "none"
_MOST_NAMED, _MOST_FAULTS = 5, 20


def read_facts(paths: str | Path | Sequence[str | Path]) -> pd.DataFrame:
    """
    Read tables of answers.

    Parameters
    ----------
    paths : path or sequence of path
        Files in any format that `tasrib.write_table` knows, such as the workbook that ``tasrib law questions`` writes. Their columns, headed
        so or in the words of that workbook: ``field`` (a field of the rules, or a rule's id to settle it by a person's own verdict), ``value``,
        ``source``, and for whom it holds: ``party``, ``campaign_id``, ``complaint_id``, or none.

    Returns
    -------
    pandas.DataFrame
        The columns as strings, ``file``, ``row``, the number of each in its file, and ``language``, that of its headings. Questions that nobody has answered are no rows.

    Raises
    ------
    TasribError
        When a file cannot be read or lacks a column. Values are checked by `tasrib.compliance.triage`, which knows the rules.
    """
    read = [_read(path) for path in as_paths(paths, "a table of answers")]
    if not read:
        raise WrongArgument("expected the path of a table of answers, or several; got none")
    return pd.concat(read, ignore_index=True)


def _read(path: str | Path) -> pd.DataFrame:
    languages: list[str] = []

    def column(heading: str) -> str:
        name, language = _headings().get(fold(heading), (heading.lower(), ""))
        languages.extend([language] if language else [])
        return name

    try:
        frame, rows = read_named(path, REQUIRED, _HINT, by_hand=True, name_of=column)
    except NoRows:
        frame, rows = pd.DataFrame(columns=list(COLUMNS), dtype="str"), []
    frame = frame.reindex(columns=list(COLUMNS), fill_value="").assign(
        file=Path(path).name, row=rows, language=next(iter(languages), "en")
    )
    # What is open still is no answer, unless somebody has begun one.
    return frame[(frame["value"].str.strip() != "") | (frame["source"].str.strip() != "")]


@cache
def _headings() -> dict[str, tuple[str, str]]:
    """Folded heading in any language to the column and the language."""
    said = common()["answers"]
    return {fold(said[name][language]): (name, language) for name in COLUMNS for language in LANGUAGES}


def checked(facts: pd.DataFrame | None, rules: RuleSet) -> pd.DataFrame:
    """
    Check answers against the rules.

    Parameters
    ----------
    facts : pandas.DataFrame or None
        From `read_facts`, or a frame with the same columns; ``file`` and ``row`` may lack.
    rules : RuleSet
        Whose fields they answer.

    Returns
    -------
    pandas.DataFrame
        ``party``, ``campaign_id``, ``complaint_id``, ``field``, ``value``, and ``place``, the file and row. That somebody does not know is no
        answer and no row.

    Raises
    ------
    TasribError
        When answers are to no field, have a value that the field cannot have or no source: names all their rows and columns, as the file's
        headings do. Else when two contradict each other: names the first of these.
    """
    if facts is None:
        return pd.DataFrame(columns=[*KEYS, "field", "value", "place"], dtype="str")
    facts = as_frame(facts, "answers, as from tasrib.read_facts", REQUIRED)
    table = facts.reindex(columns=list(COLUMNS)).astype("object")
    table = table.where(table.notna(), "").astype(str).apply(lambda column: column.str.strip()).reset_index(drop=True)
    rows = facts["row"].tolist() if "row" in facts else list(facts.index)
    files = facts["file"].tolist() if "file" in facts else ["answers"] * len(facts)
    table["place"] = [f"{file}, row {row}" for file, row in zip(files, rows, strict=True)]
    told = facts["language"].tolist() if "language" in facts else [""] * len(facts)
    languages = [language if language in LANGUAGES else "en" for language in told]
    read, faults = [], []
    for row, language in zip(table.itertuples(), languages, strict=True):
        try:
            read.append(_value(row.field, row.value, row.source, rules, row.place, language))
        except TasribError as error:
            read.append("")
            faults.append(str(error))
    # All at once: who mends one after the other runs the command as often.
    if faults:
        more = [f"… and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
        raise TasribError("\n".join([*faults[:_MOST_FAULTS], *more]))
    table["value"] = read
    table = table[table["value"] != ""]
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    for place, *key, value in zip(*(table[name] for name in ("place", *KEYS, "field", "value")), strict=True):
        before, where = said.setdefault(tuple(key), (value, place))
        if before != value:
            raise TasribError(
                f"{place}, column value: '{value}' contradicts '{before}' ({where}), for the same {key[-1]}; remove one"
            )
    return table[[*KEYS, "field", "value", "place"]].reset_index(drop=True)


def _value(name: str, value: str, source: str, rules: RuleSet, place: str, language: str) -> str:
    of_value, of_source = (_heading(column, language) for column in ("value", "source"))
    is_rule = name in {rule.id for rule in rules.rules}
    if not is_rule and name == "recipient":
        raise TasribError(f"{place}: numbers do not belong here; correct the complaint and score it again")
    if not is_rule and name not in rules.fields:
        raise TasribError(
            f"{place}, column field: '{name[:60]}' is no field of these rules; known are {', '.join(sorted(rules.fields))} and the rules' ids"
        )
    if not value:
        if source:
            raise TasribError(
                f"{place}, column {of_value}: is empty, though a source is given; write it, or empty both"
            )
        return ""
    field = None if is_rule else rules.fields[name]
    if fold(value) != fold(_NEVER) and is_no_answer(value):
        return ""
    read, allowed = _verdict(value) if field is None else _in_one_way(value, field, rules, language)
    if not read:
        raise TasribError(f"{place}, column {of_value}: '{value[:60]}' is no answer to {name}; write {allowed}")
    if not source:
        raise TasribError(f"{place}, column {of_source}: is empty; say who said so, or where it stands")
    return read


def _verdict(value: str) -> tuple[str, str]:
    said = {fold(common()["heading"][code][language]): code for code in VERDICTS for language in LANGUAGES}
    return (value if value in VERDICTS else said.get(fold(value), "")), ", ".join(VERDICTS)


def _in_one_way(value: str, field: Field, rules: RuleSet, language: str) -> tuple[str, str]:
    """The value as the rules write it, empty where it is none; and what may be written."""
    if field.is_day:
        if fold(value) in _said(_NEVER):
            return _NEVER, ""
        return iso_time(value, rules.zone) or "", f"a day such as 2026-12-31, or {word('value', _NEVER, language)}"
    if not field.values:
        return value, "any text"
    if set(field.values) == set(_YES_NO):
        value = synonyms("yes_no").get(fold(value), value)
    read = next((code for code in field.values if value == code or fold(value) in _said(code)), "")
    return read, " / ".join(word("value", code, language) for code in field.values)


def _heading(column: str, language: str) -> str:
    """What the workbook of questions calls a column; a table in English may have the plain names."""
    return column if language == "en" else f"'{word('answers', column, language)}'"


@cache
def _said(code: str) -> frozenset[str]:
    """A value as it may be written: its code and its words in any language, folded."""
    words = common()["value"].get(code, {})
    return frozenset(map(fold, [code, *(words[language] for language in LANGUAGES if language in words)]))


def note_unmatched(facts: pd.DataFrame, frame: pd.DataFrame) -> None:
    """
    Tell of answers that hold for no complaint, such as one for a campaign that bears another name since it was scored again.

    Parameters
    ----------
    facts : pandas.DataFrame
        From `checked`.
    frame : pandas.DataFrame
        The complaints, with the parties that people answered.

    Warns
    -----
    InputNote
        One note for all of them.
    """
    known = {key: set(frame[key]) | {""} for key in KEYS}
    lost = [
        f"{row['place']} ({key} '{row[key][:40]}')"
        for row in facts.to_dict("records")
        for key in KEYS
        if row[key] not in known[key]
    ]
    if lost:
        more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
        note = f"these answers are for no campaign message here and count for nothing: {'; '.join(lost[:_MOST_NAMED])}{more}"
        warnings.warn(InputNote(note), stacklevel=3)


def overlay(values: np.ndarray, facts: pd.DataFrame, name: str, frame: pd.DataFrame) -> np.ndarray:
    """
    Put people's answers over what is known already.

    Parameters
    ----------
    values : numpy.ndarray of str, shape (n,)
        What is known of a field.
    facts : pandas.DataFrame
        From `checked`.
    name : str
        The field.
    frame : pandas.DataFrame, shape (n, m)
        The complaints.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        With the answers; of several that hold for a complaint the one that holds for the fewest.
    """
    # Asked for every field and rule, most of which nobody answered: arrays, for a frame of no rows costs as much as a full one.
    of_field = facts["field"].to_numpy(dtype=object) == name
    if not of_field.any():
        return values
    mine = facts[of_field]
    out = values.copy()
    named = (mine[list(KEYS)] != "").to_numpy(bool)
    # A key further to the right holds for fewer complaints.
    narrowness = named @ np.array([1, 2, 4])
    for rank in np.unique(narrowness):
        part = mine[narrowness == rank]
        keys = [key for key, is_named in zip(KEYS, named[narrowness == rank][0], strict=True) if is_named]
        if not keys:
            out[:] = part["value"].iloc[0]
            continue
        table = dict(zip(part[keys].itertuples(index=False, name=None), part["value"], strict=True))
        for at, key in enumerate(frame[keys].itertuples(index=False, name=None)):
            if key in table:
                out[at] = table[key]
    return out

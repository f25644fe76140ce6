"""What people found out and no message shows: a small table of answers, each with its source."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tasrib._arguments import as_frame, as_path
from tasrib.complaints.values import iso_time
from tasrib.complaints.words import fold, synonyms
from tasrib.compliance.rules import VERDICTS, Field, RuleSet
from tasrib.errors import TasribError
from tasrib.tables.named import read_named

# What an answer holds for, from the widest to the narrowest; the narrowest counts. An answer without any holds for the whole case.
KEYS = ("party", "campaign_id", "complaint_id")
REQUIRED = ("field", "value", "source")
COLUMNS = (*KEYS, *REQUIRED)
_HINT = f"head one so ({', '.join(COLUMNS)}; the first three may be left out or empty)"
_YES_NO = ("yes", "no")


def read_facts(path: str | Path) -> pd.DataFrame:
    """
    Read a table of answers.

    Parameters
    ----------
    path : str or Path
        A file in any format that `tasrib.write_table` knows. Its columns: ``field`` (a field of the rules, or a rule's id to settle it by a
        person's own verdict), ``value``, ``source``, and for whom it holds: ``party``, ``campaign_id``, ``complaint_id``, or none.

    Returns
    -------
    pandas.DataFrame
        The columns as strings, and ``row``, the number of each in the file.

    Raises
    ------
    TasribError
        When the file cannot be read or lacks a column. Values are checked by `triage`, which knows the rules.
    """
    frame, rows = read_named(as_path(path, "a table of answers"), REQUIRED, _HINT, by_hand=True)
    frame = frame.reindex(columns=list(COLUMNS), fill_value="")
    return frame.assign(row=rows)


def checked(facts: pd.DataFrame | None, rules: RuleSet) -> pd.DataFrame:
    """
    Make sure that answers are such, and write them in one way.

    Parameters
    ----------
    facts : pandas.DataFrame or None
        As from `read_facts`, or made by other means.
    rules : RuleSet
        Whose fields they answer.

    Returns
    -------
    pandas.DataFrame
        ``party``, ``campaign_id``, ``complaint_id``, ``field``, ``value``.

    Raises
    ------
    TasribError
        When an answer is to no field, has a value that the field cannot have or no source, or two answers contradict each other; names row
        and column.
    """
    if facts is None:
        return pd.DataFrame(columns=[*KEYS, "field", "value"], dtype="str")
    facts = as_frame(facts, "answers, as from tasrib.compliance.read_facts", REQUIRED)
    rows = facts["row"].tolist() if "row" in facts else list(facts.index)
    table = facts.reindex(columns=list(COLUMNS)).astype("object")
    table = table.where(table.notna(), "").astype(str).apply(lambda column: column.str.strip()).reset_index(drop=True)
    table["value"] = [
        _value(name, value, source, rules, row)
        for name, value, source, row in zip(table["field"], table["value"], table["source"], rows, strict=True)
    ]
    said: dict[tuple[str, ...], tuple[str, object]] = {}
    for row, *key, value in zip(rows, *(table[name] for name in (*KEYS, "field", "value")), strict=True):
        before, where = said.setdefault(tuple(key), (value, row))
        if before != value:
            raise TasribError(
                f"answers, row {row}, column value: '{value}' contradicts '{before}' in row {where}, for the same {key[-1]}; remove one"
            )
    return table[[*KEYS, "field", "value"]]


def _value(name: str, value: str, source: str, rules: RuleSet, row: object) -> str:
    if name in {rule.id for rule in rules.rules}:
        read, allowed = value, ", ".join(VERDICTS)
        right = value in VERDICTS
    elif name == "recipient":
        raise TasribError(f"answers, row {row}: numbers do not belong here; correct the complaint and score it again")
    elif name in rules.fields:
        read, allowed = _in_one_way(value, rules.fields[name], rules)
        right = bool(read)
    else:
        raise TasribError(
            f"answers, row {row}, column field: '{name[:60]}' is no field of these rules; known are {', '.join(sorted(rules.fields))} and the rules' ids"
        )
    if not right:
        raise TasribError(f"answers, row {row}, column value: '{value[:60]}' is no answer to {name}; write {allowed}")
    if not source:
        raise TasribError(f"answers, row {row}, column source: is empty; say who said so, or where it stands")
    return read


def _in_one_way(value: str, field: Field, rules: RuleSet) -> tuple[str, str]:
    """The value as the rules write it, empty where it is none; and what may be written."""
    if field.is_day:
        if value.casefold() == "none":
            return "none", ""
        return iso_time(value, rules.zone) or "", "a day such as 2026-12-31, or none"
    if not field.values:
        return value, "any text"
    if set(field.values) == set(_YES_NO):
        value = synonyms("yes_no").get(fold(value), value)
    return (value if value in field.values else ""), ", ".join(field.values)


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
    mine = facts[facts["field"] == name]
    if mine.empty:
        return values
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

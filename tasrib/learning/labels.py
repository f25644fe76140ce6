"""Labelled messages of a user: read and checked, each fault named with its file, row and value."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from tasrib._arguments import as_frame, as_paths
from tasrib.case.teaching import Taught, taught_in
from tasrib.classify import CATEGORIES
from tasrib.errors import InputNote, UnreadableInput
from tasrib.tables.named import read_named
from tasrib.text import normalise
from tasrib.text.varieties import VARIETIES

COLUMNS = ("text", "category", "language", "party", "sender", "file", "row")
# Columns that only scoring makes (`run` is none: a file of labels bears one too), and those by which an exported file is known: it holds the
# model's probability too.
_SCORED = {
    "decision", "decided_by", "number_status", "operator_allocated", "operator_serving", "other_operators", "party_evidence",
    "campaign_id", "template_id", "reasons", "text_received",
}  # fmt: skip
_EXPORTED = {"proposed_category", "proposed_language", "messages"}
_NOBODY = {"", "model", "nan", "none", "<na>"}
_HINT = "labelled messages need the columns text and category"

Labelled: TypeAlias = pd.DataFrame | str | Path | Sequence[str | Path]


def read_labelled(paths: Iterable[str | Path]) -> pd.DataFrame:
    """
    Read labelled messages.

    Parameters
    ----------
    paths : iterable of path
        Tables with the columns ``text``, ``category`` and, where known, ``language``, ``party``, ``sender``; workbooks in which people
        decided about a case (`tasrib.case_export`), or the log of their decisions. Of these, messages without a category are left out.

    Returns
    -------
    pandas.DataFrame
        All rows, with the columns of ``COLUMNS``: "" where something is not known, ``file`` and ``row`` where it came from.

    Raises
    ------
    UnreadableInput
        When a file cannot be read, lacks a column or is scored (`refuse_guesses`); a row has no text, or a category or
        language that is unknown; or one text has two categories. The error names the file, the row, the value and what to write.
    """
    parts = []
    for path in as_paths(paths, "a file of labelled messages"):
        taught = taught_in(path)
        if taught is not None:
            parts.append(_decided(taught, path))
            continue
        frame, numbers = read_named(path, ("text", "category"), _HINT)
        refuse_guesses(frame.columns, frame.get("decided_by", ()), str(path))
        parts.append(frame.assign(file=str(path), row=numbers))
    if not parts:
        raise UnreadableInput("no file of labelled messages was named; name at least one")
    return _check(pd.concat(parts, ignore_index=True))


def _decided(taught: Sequence[Taught], path: str | Path) -> pd.DataFrame:
    for each in taught:
        if each.fault is not None:
            column, value, reason = each.fault
            raise UnreadableInput(f"{path}, row {each.row}, column '{column}': {value!r} {reason}")
    known = [each for each in taught if each.category]
    if not known:
        raise UnreadableInput(f"{path}: nobody told the category of a message there, so there is nothing to learn")
    if left := len(taught) - len(known):
        said = f"{path}: {left} messages tell no category (not decided, or no campaign without saying what else) and are left out"
        warnings.warn(InputNote(said), stacklevel=3)
    rows = [(each.text, each.category, each.party, str(path), each.row) for each in known]
    return pd.DataFrame(rows, columns=["text", "category", "party", "file", "row"])


def as_labelled(labelled: Labelled) -> pd.DataFrame:
    """
    Take labelled messages from files or from a frame.

    Parameters
    ----------
    labelled : pandas.DataFrame, path or sequence of path
        A frame with the columns ``text`` and ``category``, or files for `read_labelled`.

    Returns
    -------
    pandas.DataFrame
        As from `read_labelled`.

    Raises
    ------
    UnreadableInput
        As `read_labelled`; rows of a frame are named by their index.
    """
    if not isinstance(labelled, pd.DataFrame):
        return read_labelled(as_paths(labelled, "a file of labelled messages, or a pandas.DataFrame of them"))
    as_frame(labelled, "labelled messages")
    refuse_guesses(labelled.columns, labelled.get("decided_by", ()), "the table of labelled messages")
    for name in ("text", "category"):
        if name not in labelled.columns:
            raise UnreadableInput(f"the labelled messages have no column {name!r}; {_HINT}")
    for row, text in labelled["text"].items():
        if not isinstance(text, str) and pd.notna(text) is not False:
            raise UnreadableInput(
                f"labelled messages, row {row}, column 'text': {type(text).__name__}, not text; convert it"
            )
    known = {name: labelled[name] for name in COLUMNS if name in labelled.columns}
    frame = pd.DataFrame(known | {"row": labelled.get("row", pd.Series(labelled.index, index=labelled.index))})
    return _check(frame.assign(file=labelled.get("file", "labelled messages")).reset_index(drop=True))


def refuse_guesses(columns: Iterable[str], decided_by: Iterable[str], name: str) -> None:
    """
    Refuse a table whose categories are a model's.

    A model that is fitted on its own guesses learns nothing, and one that is measured on them is always right.

    Parameters
    ----------
    columns : iterable of str
        Columns of the table.
    decided_by : iterable of str
        Who decided each row, where a column says so.
    name : str
        The table, for the message.

    Raises
    ------
    UnreadableInput
        When the columns are those of scored complaints, and not every row was decided by a person.
    """
    there = {str(column).strip().casefold() for column in columns}
    is_scored = bool(there & _SCORED) or ("probability" in there and not there & _EXPORTED)
    by_model = [str(who).strip().casefold() in _NOBODY for who in decided_by]
    if is_scored and (not by_model or any(by_model)):
        some = f" in {sum(by_model)} of {len(by_model)} rows" if by_model and not all(by_model) else ""
        raise UnreadableInput(
            f"{name} is scored, so its categories are the model's guesses{some}, not people's labels; write the messages for people to "
            "label with tasrib label export and take the labels back with tasrib label import, or keep only the columns text and "
            "category of the rows that a person has labelled"
        )


def nearest(value: str, known: Sequence[str]) -> str:
    """
    Say what to write instead of an unknown name.

    Parameters
    ----------
    value : str
        What was written.
    known : sequence of str
        Valid names.

    Returns
    -------
    str
        Such as ``did you mean 'news'? Known: …``.
    """
    close = difflib.get_close_matches(_plain(value), [_plain(name) for name in known], n=2, cutoff=0.5)
    names = [next(name for name in known if _plain(name) == found) for found in close]
    ask = f"did you mean {' or '.join(repr(name) for name in names)}? " if names else ""
    return f"{ask}Known: {', '.join(known)}"


def canonical(value: str, known: Sequence[str]) -> str:
    """
    Read a name as its writer meant it.

    Parameters
    ----------
    value : str
        Such as ``Political Campaign``.
    known : sequence of str
        Valid names.

    Returns
    -------
    str
        The valid name that differs only by case, blanks or dashes; `value` itself, stripped, where there is none.
    """
    return {_plain(name): name for name in known}.get(_plain(value), value.strip())


def _plain(value: str) -> str:
    return value.strip().casefold().replace(" ", "_").replace("-", "_")


def _check(frame: pd.DataFrame) -> pd.DataFrame:
    for name in COLUMNS[:5]:
        frame[name] = frame[name].fillna("").astype("str") if name in frame else ""
    frame["category"] = [canonical(value, CATEGORIES) for value in frame["category"]]
    frame["language"] = [canonical(value, VARIETIES) for value in frame["language"]]
    frame["party"] = frame["party"].str.strip()
    faults: list[tuple[int, str]] = []
    for at, (text, category, language) in enumerate(
        zip(frame["text"], frame["category"], frame["language"], strict=True)
    ):
        if not text.strip():
            faults.append((at, "column 'text': empty; fill it or delete the row"))
        elif not category:
            faults.append((at, f"column 'category': empty; write one of {', '.join(CATEGORIES)} or delete the row"))
        elif category not in CATEGORIES:
            faults.append((at, f"column 'category': {category!r} is unknown; {nearest(category, CATEGORIES)}"))
        elif language and language not in VARIETIES:
            said = f"column 'language': {language!r} is unknown; {nearest(language, VARIETIES)}; or leave it empty"
            faults.append((at, said))
    if faults:
        at, said = faults[0]
        more = f" ({len(faults) - 1} more rows have faults)" if len(faults) > 1 else ""
        raise UnreadableInput(f"{_place(frame, at)}, {said}{more}")
    _refuse_contradictions(frame)
    return frame[list(COLUMNS)]


def _refuse_contradictions(frame: pd.DataFrame) -> None:
    first: dict[str, int] = {}
    for at, (text, category) in enumerate(zip(frame["text"], frame["category"], strict=True)):
        earlier = first.setdefault(normalise(text), at)
        if frame["category"].iloc[earlier] != category:
            raise UnreadableInput(
                f"{_place(frame, at)}, column 'category': {category!r}, but the same text is "
                f"{frame['category'].iloc[earlier]!r} in {_place(frame, earlier)}; decide which, and delete the other"
            )


def _place(frame: pd.DataFrame, at: int) -> str:
    return f"{frame['file'].iloc[at]}, row {frame['row'].iloc[at]}"

"""
The contract of a scored complaint: its columns, their types, and the door through which every table of them passes.

A column is added here and computed in `tasrib.pipeline`; nothing else has to know of it. What `check` and `read_scored` give holds every
column in its type, so that nobody after them converts a date or fills a blank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from tasrib._arguments import as_frame, as_path
from tasrib.complaints import schema
from tasrib.complaints.values import iso_time, utc_midnight, zone_of
from tasrib.errors import TasribError, UnreadableInput
from tasrib.tables.named import read_typed
from tasrib.tables.raw import cell_text, mend

Kind = Literal["text", "time", "share", "whole"]
_Converters: TypeAlias = dict[Kind, Callable[[pd.Series], pd.Series]]
_DTYPES: dict[Kind, str] = {"text": "str", "time": "datetime64[us, UTC]", "share": "float64", "whole": "Int64"}


@dataclass(frozen=True)
class Column:
    """
    A column of scored complaints.

    Parameters
    ----------
    name : str
        Its heading.
    kind : {"text", "time", "share", "whole"}
        Text, never missing; a moment in UTC or NaT; a number from 0 to 1, missing where no model judged; a whole number or missing.
    required : bool
        Whether a table without it is refused.
    default : str
        What stands in a text column that a table lacks. A moment or number is then missing.
    counted : bool
        Whether the workbook counts messages by it, on a sheet ``by_NAME``.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    default: str = ""
    counted: bool = False

    @property
    def dtype(self) -> str:
        """Its type in pandas."""
        return _DTYPES[self.kind]


_COMPLAINT = tuple(
    Column(name, "time" if name == "received_at" else "text", required=name in schema.REQUIRED)
    for name in schema.FIELDS
)
_SCORING = (
    Column("category", required=True),
    Column("probability", "share", required=True),
    Column("decision", required=True),
    Column("decided_by", default="model"),
    Column("language", required=True),
    Column("party", required=True),
    Column("party_evidence"),
    Column("campaign_id", required=True),
    # The same for campaigns of different contestants that are near-duplicates but for the contestant; mostly empty.
    Column("template_id"),
    Column("reasons"),
    Column("number_status", required=True),
    Column("country"),
    Column("prefix"),
    Column("operator_allocated", required=True),
    Column("operator_serving", required=True),
    Column("other_operators"),
    # Version of the model that scored; older files do not say.
    Column("model"),
)
_SOURCE = (
    # The text before garbled letters were put right; empty where it stands as it was received.
    Column("text_received"),
    Column("source_file"),
    Column("source_sheet"),
    Column("source_row", "whole"),
    # One call of `tasrib score`: its output and its quarantine bear the same.
    Column("run"),
)
COLUMNS = (*_COMPLAINT, *_SCORING, *_SOURCE)
# What `tasrib.case.decided` puts over with people's decisions, and keeps of the model's in a column of its own. A table that bears none has none
# of these columns.
MODEL_SAID = ("decision", "category", "party", "campaign_id")
_DECIDED = (Column("decided_at", "time"), *(Column(f"model_{name}") for name in MODEL_SAID))
SCORED_COLUMNS = tuple(column.name for column in _SCORING)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
# A file with these was scored, whatever has been taken out of it since.
_MARKS = ("category", "probability", "decision")


def check(scored: pd.DataFrame, needed: Sequence[str] = REQUIRED) -> pd.DataFrame:
    """
    Make sure that a table is one of scored complaints, and bring it into the types of the contract.

    Parameters
    ----------
    scored : DataFrame
        As from `tasrib.score` or `read_scored`, or made by other means: moments may be strings.
    needed : sequence of str
        Columns without which there is nothing to do; all required ones of the contract by default.

    Returns
    -------
    DataFrame
        All columns of the contract in their order and types, what lacks filled with its default, then any others as they are, with the
        index of `scored`. Where people's decisions are in it, the columns that tell of them too. The same frame where nothing has to be
        changed.

    Raises
    ------
    TasribError
        When a column is missing, or a probability or moment is none.
    """
    scored = as_frame(scored, "scored complaints, as from tasrib.score or tasrib.read_scored")
    missing = [name for name in needed if name not in scored.columns]
    if missing:
        raise TasribError(
            f"these are no scored complaints: columns {', '.join(missing)} are missing; run tasrib score first"
        )

    def refuse(name: str, position: int, what: str) -> TasribError:
        return TasribError(f"row {scored.index[position]}: {name} {what}; score the complaints again")

    return _conformed(scored, _columns_of(scored), refuse, _OF_FRAMES, fill_required=True)


def check_unscored(complaints: pd.DataFrame) -> pd.DataFrame:
    """
    Bring complaints that are to be scored into the types of the contract.

    Parameters
    ----------
    complaints : DataFrame
        As from `tasrib.read_complaints`, or made by other means.

    Returns
    -------
    DataFrame
        All columns of a complaint, as `check` gives them.

    Raises
    ------
    TasribError
        When a required column is missing, the complaints are scored already, or ``received_at`` holds something else than dates.
    """
    complaints = as_frame(complaints, "complaints, as from tasrib.read_complaints")
    advice = "read the complaints with tasrib.read_complaints"
    if {"decision", "operator_allocated"} <= set(complaints.columns):
        raise TasribError("these complaints are scored already, so their numbers are gone; score those that were read")
    for column in _COMPLAINT:
        if column.required and column.name not in complaints.columns:
            raise TasribError(f"column {column.name!r} is missing; {advice}")

    def refuse(name: str, position: int, what: str) -> TasribError:
        row = complaints.index[position]
        return TasribError(f"column {name!r} holds what is no ISO 8601 date (row {row}: {what}); {advice}")

    return _conformed(complaints, (*_COMPLAINT, *_SOURCE), refuse, _OF_FRAMES)


def read_scored(path: str | Path) -> pd.DataFrame:
    """
    Read scored complaints as `write_table` wrote them.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows, or ``-`` for standard input.

    Returns
    -------
    DataFrame
        As from `check`: what a file of an older tasrib lacks is filled with its default. A required column that somebody took out stays
        out, so that `check` can say so to those who need it.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, lacks the columns that say it is scored, or a row of it is damaged.
    """
    path = as_path(path, "a file of scored complaints")
    frame, numbers = read_typed(path, _MARKS, "so it is not scored; run tasrib score on it first")

    def refuse(name: str, position: int, what: str) -> TasribError:
        return UnreadableInput(f"{path}, row {numbers[position]}: {name} {what}; score the file again")

    return _conformed(frame, _columns_of(frame), refuse, _OF_FILES)


read = read_scored


def _columns_of(frame: pd.DataFrame) -> tuple[Column, ...]:
    return (*COLUMNS, *_DECIDED) if any(column.name in frame.columns for column in _DECIDED) else COLUMNS


def _conformed(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    refuse: Callable[[str, int, str], TasribError],
    convert: _Converters,
    *,
    fill_required: bool = False,
) -> pd.DataFrame:
    changed: dict[str, pd.Series] = {}
    for column in columns:
        if column.name not in frame.columns:
            if fill_required or not column.required:
                changed[column.name] = _default(column, frame.index)
            continue
        given = frame[column.name]
        if not _conforms(given, column):
            try:
                converted = convert[column.kind](given)
            except _BadValue as bad:
                raise refuse(column.name, bad.position, str(bad)) from None
            if converted is not given:
                changed[column.name] = converted
    frame = frame.assign(**changed) if changed else frame
    order = [column.name for column in columns if column.name in frame.columns]
    if list(frame.columns[: len(order)]) == order:
        return frame
    return frame[order + [name for name in frame.columns if name not in order]]


def _conforms(values: pd.Series, column: Column) -> bool:
    if values.dtype != column.dtype:
        return False
    if column.kind == "share":
        return bool(values.between(0, 1).all())
    return column.kind != "text" or not values.hasnans


def _default(column: Column, index: pd.Index) -> pd.Series:
    return pd.Series(column.default if column.kind == "text" else None, index=index, dtype=column.dtype)


class _BadValue(Exception):
    """A value that is none of its kind, and where it stands."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.position = position


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        return values.astype("str").fillna("")
    return pd.Series(_texts(values), index=values.index, dtype="str")


def _as_times(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(values.dtype):
        return pd.to_datetime(values, utc=True).astype(_DTYPES["time"])
    zone = zone_of("UTC")
    texts = _texts(values)
    known: dict[str, str | None] = {"": None}
    for position, text in enumerate(texts):
        if text in known:
            continue
        iso = iso_time(text, zone) if text.strip() else ""
        if iso is None:
            raise _BadValue(position, f"'{text}' is not a date")
        known[text] = utc_midnight(iso, zone) or None
    moments = pd.Series([known[text] for text in texts], index=values.index, dtype="object")
    return pd.to_datetime(moments, utc=True, format="ISO8601").astype(_DTYPES["time"])


def _as_iso_times(values: pd.Series) -> pd.Series:
    """Moments in ISO 8601 only: nobody has read these values yet, and in another form day and month could be exchanged."""
    try:
        return pd.to_datetime(values, utc=True, format="ISO8601").astype(_DTYPES["time"])
    except (ValueError, TypeError):
        unread = np.flatnonzero(pd.to_datetime(values, utc=True, format="ISO8601", errors="coerce").isna())
        position = next((int(i) for i in unread if not _is_iso(values.iloc[i])), 0)
        raise _BadValue(position, f"'{values.iloc[position]}' is not a date") from None


def _is_iso(value: object) -> bool:
    try:
        pd.to_datetime(pd.Series([value]), utc=True, format="ISO8601")
    except (ValueError, TypeError):
        return False
    return True


def _as_shares(values: pd.Series, may_lack: bool = False) -> pd.Series:
    if may_lack and values.dtype == _DTYPES["share"] and (values.isna() | values.between(0, 1)).all():
        return values
    cells = zip(_texts(values), values.isna(), strict=True)
    shares = [float("nan") if missing and may_lack else _share(text, i) for i, (text, missing) in enumerate(cells)]
    return pd.Series(shares, index=values.index, dtype=_DTYPES["share"])


def _share(text: str, position: int) -> float:
    """A number in 0–1; French Excel writes it with a comma."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1:
        raise _BadValue(position, f"'{text}' is not between 0 and 1")
    return number


def _as_whole(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    return numbers.where(numbers % 1 == 0).astype(_DTYPES["whole"])


def _texts(values: pd.Series) -> list[str]:
    return [
        mend(value) if isinstance(value, str) else cell_text(None if missing else value)
        for value, missing in zip(values.tolist(), values.isna(), strict=True)
    ]


_OF_FILES: _Converters = {
    "text": _as_text,
    "time": _as_times,
    "share": _as_shares,
    "whole": _as_whole,
}
# In a frame made by other means a moment may come from anywhere, and a message that a person labelled has no probability.
_OF_FRAMES: _Converters = _OF_FILES | {"time": _as_iso_times, "share": partial(_as_shares, may_lack=True)}

"""What a complaint must be, and the reason why a row is not one."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

REQUIRED = ("text", "recipient")
YES_NO = ("member", "consent", "source_stated")
CHANNELS = ("sms", "whatsapp", "email", "call")
FIELDS = (
    *REQUIRED,
    "complaint_id",
    "received_at",
    "channel",
    "sender",
    "declared_operator",
    "region",
    *YES_NO,
    "objected_at",
    "known_to",
    "other_numbers",
)
# Kept to the letter: the text is evidence, and the number's form is numbering's business.
VERBATIM = ("text", "recipient")
MAX_TEXT = 20_000  # characters
FIRST_YEAR = "2000"

_ISO = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?Z)?"
_NOT_A_DATE = "is not a date; write 2026-12-31 or 31/12/2026 14:05"


def from_iso(text: str) -> dt.datetime | None:
    """The moment that ISO 8601 names, or None: there is no 2021-02-30."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


@cache
def _schema() -> pa.DataFrameSchema:
    """Checks on normalised strings, the most important first."""
    # Takes most of a second to import, and only reading needs it.
    import pandera.pandas as pa

    def not_blank(values: pd.Series) -> pd.Series:
        # \w and symbols; not spaces, direction marks or other things without ink.
        return values.str.contains(r"[^\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]", regex=True)

    def is_date(values: pd.Series) -> pd.Series:
        return values.eq("") | values.str.fullmatch(_ISO)

    def from_first_year(values: pd.Series) -> pd.Series:
        return ~values.str.fullmatch(_ISO) | values.ge(FIRST_YEAR)

    def not_future(values: pd.Series) -> pd.Series:
        # A day of grace: a local time read as UTC may be some hours ahead.
        tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return ~values.str.fullmatch(_ISO) | values.le(tomorrow)

    def is_real(values: pd.Series) -> pd.Series:
        return ~values.str.fullmatch(_ISO) | values.map(lambda value: from_iso(value) is not None)

    dates = [
        pa.Check(is_date, error=_NOT_A_DATE),
        pa.Check(from_first_year, error=f"is a date before {FIRST_YEAR}"),
        pa.Check(not_future, error="is a date in the future"),
    ]
    channel = pa.Check.isin(["", *CHANNELS], error=f"is not a known channel; write {', '.join(CHANNELS)}")
    answer = pa.Check.isin(["yes", "no", "unknown"], error="is not yes, no or unknown")
    text = [
        pa.Check(not_blank, error="is empty"),
        pa.Check(lambda values: values.str.len().le(MAX_TEXT), error=f"is longer than {MAX_TEXT:,} characters"),
    ]
    checks = {
        "text": text,
        "recipient": [pa.Check(not_blank, error="is empty")],
        # This alone becomes a moment; what the others say is kept as it was written.
        "received_at": [*dates, pa.Check(is_real, error=_NOT_A_DATE)],
        "channel": [channel],
        "objected_at": dates,
        **{name: [answer] for name in YES_NO},
    }
    # The other fields may hold any string.
    return pa.DataFrameSchema({name: pa.Column(str, column) for name, column in checks.items()})


def faults(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Check normalised complaints.

    Parameters
    ----------
    frame : DataFrame
        All fields, as strings, with a unique index.

    Returns
    -------
    DataFrame
        One row per fault with ``index``, ``column`` and ``check`` (what is wrong with the value), in the
        order of importance of the fields; empty when all is well.
    """
    from pandera.errors import SchemaErrors

    try:
        _schema().validate(frame, lazy=True)
    except SchemaErrors as error:
        order = {name: position for position, name in enumerate(FIELDS)}
        found = error.failure_cases
        found = found.assign(order=found["column"].map(order)).sort_values(["index", "order", "check_number"])
        return found[["index", "column", "check"]].reset_index(drop=True)
    return pd.DataFrame({"index": [], "column": [], "check": []})

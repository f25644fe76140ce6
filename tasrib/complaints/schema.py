"""What a complaint must be, and the reason why a row is not one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pandas as pd

from tasrib.complaints.garbled import letters_lost

REQUIRED = ("text", "recipient")
YES_NO = ("member", "consent", "source_stated")
DATES = ("received_at", "objected_at")
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
    "complainant",
)
# Kept to the letter: the text is evidence, and the number's form is numbering's business.
VERBATIM = ("text", "recipient")
MAX_TEXT = 20_000  # characters
FIRST_YEAR = "2000"

# \w and symbols; not spaces, direction marks or other things without ink.
_INK = re.compile(r"[^\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]")


def from_iso(text: str) -> dt.datetime | None:
    """The moment that ISO 8601 names, or None: there is no 2021-02-30."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _blank(value: str) -> bool:
    return _INK.search(value) is None


# A value of any other field that is not understood costs the value, never the complaint.
_CHECKS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("text", "is empty", _blank),
    ("text", f"is longer than {MAX_TEXT:,} characters", lambda value: len(value) > MAX_TEXT),
    ("text", "holds signs in place of its letters, which are lost; export it again as UTF-8", letters_lost),
    ("recipient", "is empty", _blank),
)


def faults(frame: pd.DataFrame) -> list[tuple[int, str, str]]:
    """
    Say why rows are no complaints.

    Parameters
    ----------
    frame : DataFrame
        All fields, as strings, with a unique index.

    Returns
    -------
    list of (int, str, str)
        Index, field and what is wrong with it, the most important fault of a row first; never the value itself.
    """
    found: list[tuple[int, str, str]] = []
    for name, said, is_wrong in _CHECKS:
        verdict = {value: is_wrong(value) for value in frame[name].unique()}
        wrong = frame.index[frame[name].map(verdict).astype(bool)]
        found += [(int(index), name, said) for index in wrong]
    return found

"""One date as a person, a form or a telephone wrote it, taken apart; whether day or month stands first may be left open."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from tasrib._resources import resource
from tasrib.complaints.headers import ascii_digits, fold
from tasrib.complaints.schema import from_iso

Order = Literal["day", "month"]

# Longer cells are prose; the bound keeps what follows quick on anything.
_LONGEST = 80
# Of 2021-09-03 and 2021-W35-5; in basic form a time makes it longer.
_DAY_LENGTH = 10
_ZERO_SERIAL = dt.datetime(1899, 12, 30)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Excel's days from 2000 to 2099, and seconds, milliseconds, micro- and nanoseconds since 1970 by their count of digits.
_SERIALS = (36_526, 73_050)
_PER_SECOND = {9: 1, 10: 1, 13: 10**3, 16: 10**6, 19: 10**9}

_SERIAL = re.compile(r"(\d{5})(?:\.(\d{1,12}))?")
_SINCE_EPOCH = re.compile(r"(\d{9,19})(?:\.\d{1,9})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2})?)?(z?)")
_NUMBERS = re.compile(r"(\d{1,2})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{1,2})")
# Two words as a last resort, lest the second be the "de" that stands before the year.
_NAME = r"([^\W\d_]{2,12}(?: [^\W\d_]{2,12})??)"
_BETWEEN = r"[\s.,/\-]{0,3}"
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:er|st|nd|rd|th)?{_BETWEEN}(?:de |of )?{_NAME}{_BETWEEN}(?:de |of )?(\d{{4}}|\d{{2}})"
)
_NAME_DAY = re.compile(rf"{_NAME}{_BETWEEN}(\d{{1,2}})(?:er|st|nd|rd|th)?{_BETWEEN}(\d{{4}})")
_YEAR_NAME = re.compile(rf"(\d{{4}}){_BETWEEN}{_NAME}{_BETWEEN}(\d{{1,2}})")
_CLOCK = (
    r"(?P<h>\d{1,2})(?:\s?[:h]\s?(?P<min>\d{2})(?:\s?(?:[:m]|min)\s?(?P<s>\d{2})(?:[.,]\d{1,9})?\s?s?)?"
    r"|\.(?P<dmin>\d{2})(?:\.(?P<ds>\d{2}))?|\s?h)"
)
_CLOCK_ALONE = re.compile(_CLOCK)
_CLOCK_LAST = re.compile(
    rf"(?P<rest>\D*\d.*?)(?:\s?[,t\-]\s?|\s)(?:at|a|le|um|om|kl|klo|alle|الساعه|علي الساعه)?\s?{_CLOCK}"
)
_CLOCK_FIRST = re.compile(rf"{_CLOCK}(?:\s?[,\-]\s?|\s)(?P<rest>.*)")
_OFFSET = re.compile(r"(.*(?:[:h]\d{2}(?:[.,]\d{1,9})?|[^\W\d_]))\s?([+\-])(\d{1,2})(?::?(\d{2}))?")
_YEAR_LAST = re.compile(r"([^:]*?)(\s\d{1,2}:.*)\s(\d{4})")


class Written(NamedTuple):
    """
    A date taken apart.

    Attributes
    ----------
    first, second, year : int
        Day and month, in the order in which they stand where that is open, else day first.
    open : bool
        Whether day and month may be exchanged.
    time : datetime.time or None
        None for a bare date.
    offset : datetime.timedelta or None
        What UTC is behind, where the value states a zone.
    """

    first: int
    second: int
    year: int
    open: bool
    time: dt.time | None = None
    offset: dt.timedelta | None = None

    def moment(self, order: Order) -> dt.datetime | dt.date | None:
        """The day or moment under an order of day and month; None where the calendar has no such day."""
        day, month = (self.first, self.second) if order == "day" or not self.open else (self.second, self.first)
        try:
            date = dt.date(self.year, month, day)
            if self.time is None:
                return date
            zone = None if self.offset is None else dt.timezone(self.offset)
            return dt.datetime.combine(date, self.time, zone)
        except (ValueError, OverflowError):
            return None


def exact(text: str) -> dt.date | None:
    """
    Read ISO 8601, which alone is sure of everything.

    Parameters
    ----------
    text : str
        One cell.

    Returns
    -------
    datetime.datetime or datetime.date or None
        A day where no time stands there; None for anything else.
    """
    text = text.strip()
    moment = from_iso(text)
    return moment.date() if moment is not None and len(text) <= _DAY_LENGTH and ":" not in text else moment


def take_apart(text: str) -> Written | None:
    """
    Take a date apart.

    ISO 8601, numbers in any order with ``/ . -``, months and weekdays by name in English, French, Spanish, Italian, Dutch,
    Portuguese, Standard Arabic and Darija, clock times with AM and PM in three languages, offsets and zones, WhatsApp's brackets, days as a spreadsheet counts them, and seconds to
    nanoseconds since 1970.

    Parameters
    ----------
    text : str
        One cell.

    Returns
    -------
    Written or None
        None for what is no date, or only part of one.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    if counted := _counted(plain):
        return counted
    plain = _without_first_word(_without_remark(plain.strip("[] ")).removesuffix("-").strip())
    if match := _YEAR_LAST.fullmatch(plain):
        plain = f"{match[1]} {match[3]}{match[2]}"
    plain, offset = _without_zone(plain)
    plain, half = _without_half(_half_behind(plain))
    date, time = _without_clock(plain, half)
    if time is None and (half or offset is not None):
        return None
    found = _date(date.strip(" ,-"))
    return None if found is None else found._replace(time=time, offset=offset)


def _plain(text: str) -> str:
    """Without accents, marks of direction, odd blanks and foreign digits."""
    letters = unicodedata.normalize("NFKD", text)
    kept = (char for char in letters if unicodedata.category(char) not in ("Mn", "Cf"))
    words = (
        ascii_digits("".join(kept)).casefold().replace("،", ",").replace("ـ", "").replace("ة", "ه").replace("ى", "ي")
    )
    return " ".join(words.split())


def _counted(text: str) -> Written | None:
    """Days of a spreadsheet, units since 1970, or digits without separators."""
    if match := _SERIAL.fullmatch(text):
        if not _SERIALS[0] <= int(match[1]) <= _SERIALS[1]:
            return None
        seconds = round(float(f"0.{match[2] or 0}") * 86_400)
        moment = _ZERO_SERIAL + dt.timedelta(days=int(match[1]), seconds=seconds)
        return Written(moment.day, moment.month, moment.year, False, moment.time() if match[2] else None)
    if (match := _SINCE_EPOCH.fullmatch(text)) and len(match[1]) in _PER_SECOND:
        seconds = int(match[1]) // _PER_SECOND[len(match[1])]
        moment = _EPOCH + dt.timedelta(seconds=seconds)
        return Written(moment.day, moment.month, moment.year, False, moment.time(), dt.timedelta())
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        time = None if match[4] is None else _time(hour, minute, second, "")
        if match[4] is not None and time is None:
            return None
        return Written(day, month, year, False, time, dt.timedelta() if match[7] else None)
    return None


def _without_remark(text: str) -> str:
    """Brackets around all of it, or a remark in brackets behind it."""
    return text[1:-1].strip() if text.startswith("(") and text.endswith(")") else re.sub(r"\s?\([^()]*\)$", "", text)


def _without_first_word(text: str) -> str:
    """A weekday, an article or a preposition in front."""
    head, _, rest = text.partition(" ")
    if rest and (fold(head) in _words("weekdays") or fold(head) in _words("before_a_date")):
        return _without_first_word(rest)
    return text


def _without_zone(text: str) -> tuple[str, dt.timedelta | None]:
    """A zone at the end: an offset, a name, or both."""
    bare, offset = text, None
    if match := _OFFSET.fullmatch(bare):
        size = dt.timedelta(hours=int(match[3]), minutes=int(match[4] or 0))
        offset = size if match[2] == "+" else -size
        bare = match[1]
    for name, hours in _zones().items():
        before = bare.removesuffix(name).rstrip()
        if (
            before != bare
            and before
            and (before[-1].isdigit() or not bare[len(before)].isalpha() or before[-1] in ").ms")
        ):
            return before, dt.timedelta(hours=hours) + (offset or dt.timedelta())
    # An offset that follows a word which is no zone is part of something else.
    if offset is not None and bare and bare[-1].isalpha() and _half(bare)[1] == "":
        return text, None
    return bare, offset


def _without_half(text: str) -> tuple[str, str]:
    return _half(re.sub(r"([ap])\.?\s?m\.?$", r"\1m", text))


def _half_behind(text: str) -> str:
    """AM or PM before the clock time moved behind it, where Arabic has it."""
    for word in _half_words("before_noon") + _half_words("after_noon"):
        before, found, clock = text.rpartition(f" {word} ")
        if found and _CLOCK_ALONE.fullmatch(clock):
            return f"{before} {clock} {word}"
    return text


def _half(text: str) -> tuple[str, str]:
    """AM or PM at the end."""
    for half in ("before_noon", "after_noon"):
        for word in _half_words(half):
            before = text.removesuffix(word)
            if before != text and before.rstrip() and before.rstrip()[-1].isdigit():
                return before.rstrip(), half
    return text, ""


def _without_clock(text: str, half: str) -> tuple[str, dt.time | None]:
    for pattern in (_CLOCK_LAST, _CLOCK_FIRST):
        if match := pattern.fullmatch(text):
            minute, second = match["min"] or match["dmin"] or 0, match["s"] or match["ds"] or 0
            if time := _time(int(match["h"]), int(minute), int(second), half):
                return match["rest"], time
    return text, None


def _time(hour: int, minute: int, second: int, half: str) -> dt.time | None:
    if half:
        if half == "before_noon" and hour > 12:
            return None
        hour = hour % 12 + 12 * (half == "after_noon") if hour <= 12 else hour
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None


def _date(text: str) -> Written | None:
    if match := _NUMBERS.fullmatch(text):
        return Written(int(match[1]), int(match[3]), _year(match[4]), True)
    if match := _YEAR_FIRST.fullmatch(text):
        return Written(int(match[4]), int(match[3]), int(match[1]), False)
    for pattern, day, name, year in ((_DAY_NAME, 1, 2, 3), (_NAME_DAY, 2, 1, 3), (_YEAR_NAME, 3, 2, 1)):
        if (match := pattern.fullmatch(text)) and (month := _months().get(fold(match[name]))):
            return Written(int(match[day]), month, _year(match[year]), False)
    return None


def _year(digits: str) -> int:
    """Two digits are of this century, since what is read has just happened."""
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


@cache
def _vocabulary() -> dict:
    with resource("reference", "dates.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _months() -> dict[str, int]:
    return {
        fold(name): number for number, names in enumerate(_vocabulary()["months"]["names"], start=1) for name in names
    }


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(map(fold, _vocabulary()[section]["names"]))


@cache
def _half_words(section: str) -> list[str]:
    """As `_plain` leaves them, the longest first."""
    return sorted(map(_plain, _vocabulary()[section]["names"]), key=len, reverse=True)


@cache
def _zones() -> dict[str, int]:
    found = {name: hours for name, hours in _vocabulary()["zones"].items() if name not in ("source", "date")}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))

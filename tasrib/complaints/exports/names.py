"""
Telephone numbers in the names of files and folders: the owner's, that tells whose phone it is, and anybody's, that nothing written may repeat.

Whoever is given pseudonyms and, beside them, a file's name with the number in it, has no pseudonyms. The hash of the file tells which it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from tasrib.complaints.countries import HOME_COUNTRIES
from tasrib.complaints.exports.keeping import bare, same_sender

_GROUPS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[ .,_*\-\u2010-\u2015\u2212]|[ ]?[()\[\]{}][ .\-]?|")
_MOST_GROUPS = 11
_DIGITS = range(8, 16)
_CENTURY, _YEAR = ("19", "20"), 4
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_LONGEST_AT_HOME = 11
_TOLD = 2  # figures of a number that are left


def number_in(name: str, country: str) -> str:
    """
    Find a mobile number in a name.

    Parameters
    ----------
    name : str
        Of a file or folder.
    country : str
        ISO 3166 code of the country whose numbers are written without a code.

    Returns
    -------
    str
        As it is written, without marks between its figures; empty where there is none, or several.
    """

    def is_mobile(number: str) -> bool:
        # Where numbers have eight figures a day may be one by chance, and nobody's phone is told by that.
        return _DAY.fullmatch(number) is None and _is_number(number, country, mobile=True)

    found = [number for number, _, _ in _numbers(bare(name), is_mobile)]
    return found[0] if len(set(map(same_sender, found))) == 1 else ""


class Names:
    """
    Names inputs without the telephone numbers in their names.

    Parameters
    ----------
    country : str
        ISO 3166 code of the country whose numbers are written without a code; mobile numbers of the other home countries are found too.
    stated : sequence of str
        Numbers that the user states: in a name these are numbers however they are written.
    """

    def __init__(self, country: str, stated: Sequence[str] = ()) -> None:
        self._country = country.strip().upper()
        self._stated = frozenset(same_sender(each) for each in stated if any(map(str.isdigit, each)))
        self._labels: dict[str, str] = {}
        self._given: dict[str, int] = {}

    def of(self, name: str) -> str:
        """
        Name something.

        Parameters
        ----------
        name : str
            Its name, or words with names in them.

        Returns
        -------
        str
            Of each number its last two figures are left, and behind them a count where another one ends alike: two names that were
            different stay so.
        """
        plain, at, kept = bare(name), 0, ""
        for number, start, stop in _numbers(plain, self._is_number):
            before = plain[at:start].removesuffix("+")
            kept += before + self._label(plain[at + len(before) : stop], number[-_TOLD:])
            at = stop
        return kept + plain[at:] if at else name

    def _is_number(self, number: str) -> bool:
        if same_sender(number) in self._stated or _is_number(number, self._country):
            return True
        if len(number) > _LONGEST_AT_HOME or _DAY.fullmatch(number):
            return False
        # A citizen abroad, and a run that was given another country than that of its files.
        return any(_is_number(number, country, mobile=True) for country in HOME_COUNTRIES if country != self._country)

    def _label(self, written: str, end: str) -> str:
        if written not in self._labels:
            self._given[end] = count = self._given.get(end, 0) + 1
            self._labels[written] = f"…{end}" if count == 1 else f"…{end} ({count})"
        return self._labels[written]


def _numbers(name: str, is_number: Callable[[str], bool]) -> Iterator[tuple[str, int, int]]:
    """Each number, and where its figures stand."""
    groups = list(_GROUPS.finditer(name))
    start = 0
    while start < len(groups):
        for stop in range(min(len(groups), start + _MOST_GROUPS), start, -1):
            if number := _number(name, groups[start:stop], is_number):
                yield number, groups[start].start(), groups[stop - 1].end()
                start = stop - 1
                break
        start += 1


def _number(name: str, groups: Sequence[re.Match[str]], is_number: Callable[[str], bool]) -> str:
    between = [name[left.end() : right.start()] for left, right in pairwise(groups)]
    parts = [group[0] for group in groups]
    digits = "".join(parts)
    if len(digits) not in _DIGITS or not all(map(_BETWEEN.fullmatch, between)) or _is_date(parts):
        return ""
    plus = name[: groups[0].start()].endswith("+")
    return next(filter(is_number, _spellings(digits, plus)), "")


def _spellings(digits: str, plus: bool) -> Iterator[str]:
    if plus:
        yield f"+{digits}"
    elif digits.startswith("00"):
        yield f"+{digits[2:]}"
    else:
        yield digits
        yield f"+{digits}"


def _is_date(parts: Sequence[str]) -> bool:
    """13-09-2021, 2021-09-13 and 20210913_1630, with whatever stands round them; no number is grouped so."""
    return len(parts) > 1 and any(
        (len(part) == _YEAR and part.startswith(_CENTURY)) or _DAY.fullmatch(part) is not None for part in parts
    )


def _is_number(number: str, country: str, *, mobile: bool = False) -> bool:
    # Only where a name has figures: the import takes a while.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(parsed) in kinds:
        return True
    # Of other countries' landlines any row of figures may be one by chance.
    home = parsed.country_code == phonenumbers.country_code_for_region(country)
    return home and not mobile and phonenumbers.is_valid_number(parsed)

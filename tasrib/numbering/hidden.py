"""Telephone numbers where none belong: in an id, a region, the name of an organisation."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import PurePath

import pandas as pd

from tasrib.classify.reasons import pieces_and_weights
from tasrib.complaints.pseudonyms import WITHIN
from tasrib.complaints.words import ascii_digits
from tasrib.numbering.addresses import address_of, numbers_in_links
from tasrib.numbering.in_texts import LEAST_DIGITS, dialled_numbers, person_number
from tasrib.numbering.numbers import lookup
from tasrib.numbering.plan import Eight, may_be_mobile, may_be_mobile_abroad
from tasrib.text.private import private_spans

# Letters of this alphabet and the Arabic one, and other signs of theirs, but for those that an address is written with.
_LETTERS, _NOT_DIGIT = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ\u0620-\u064a]+"), re.compile(r"\D+")
_PLAIN = re.compile("[\x00-$&-?A-~À-ÖØ-öø-ÿ\u0620-\u064a\u060c\u061b\u061f]*")
# The least that a number of another country has behind 00.
_ABROAD = re.compile(r"00\d{6}")
# As many digits a neighbour's number has with its country's code.
_LEAST_WITH_CODE = 11
_MAY_HOLD = re.compile(r"(?:\d[^\w]{0,3}){7}\d")
# A digit that is none of a weight's; and what may be a group of a number's digits.
_NO_WEIGHT = re.compile(r"\d{3}|(?<! [+-])(?<! [+-]\d)(?<! [+-]\d\.)(?<! [+-]\d\d)(?<! [+-]\d\d\.)\d")
_ROW = re.compile(r"\d{8,15}")
_GROUP, _LEAST_IN_GROUP = re.compile(r"\d(?:[\d\W]*\d)?"), 3


def hide_in_columns(
    complaints: pd.DataFrame, but: Collection[str], name_of: Callable[[str], str], *, country: str = "MA",
    met: HiddenIds | None = None,
) -> pd.DataFrame:  # fmt: skip
    """
    Replace numbers of persons in all columns of text but some.

    Parameters
    ----------
    complaints : pandas.DataFrame
        With ``complaint_id``, ``text``, ``source_file`` and ``source_row`` among its columns.
    but : collection of str
        Columns that stay as they are.
    name_of, country
        As for `hide_numbers`.
    met : HiddenIds, optional
        Ids of earlier complaints, where these are some of many.

    Returns
    -------
    pandas.DataFrame
        The same columns. Ids that were told apart stay so. An id made of the file's name and the row stays.
    """
    ids = complaints["complaint_id"]
    columns = [name for name in complaints if name not in but and isinstance(complaints[name].dtype, pd.StringDtype)]
    hidden = {
        # Whose address stands among organisations is an organisation's.
        name: hide_numbers(complaints[name], name_of, country=country, addresses=name != "known_to")
        for name in columns
        if name != "reasons"
    }
    if "reasons" in columns:
        hidden["reasons"] = hide_in_reasons(complaints["reasons"], complaints["text"], name_of, country=country)
    met = met or HiddenIds()
    hidden["complaint_id"] = met.told_apart(hidden["complaint_id"].mask(_made_up(complaints), ids), ids)
    return complaints.assign(**hidden)


def hide_numbers(
    cells: pd.Series, name_of: Callable[[str], str], *, country: str = "MA", addresses: bool = True
) -> pd.Series:
    """
    Replace telephone numbers in short cells of text.

    Parameters
    ----------
    cells : pandas.Series of str
        Cells of any column but the message and its sender.
    name_of : callable
        Makes what stands in a number's place, from its E.164 form; or from an address in lower case.
    country : str, optional
        The home country.
    addresses : bool
        Whether a cell that is an e-mail address is replaced too.

    Returns
    -------
    pandas.Series of str
        The same cells where nothing was found. Only what reads as a mobile number of the home country, as one of another home country with its
        code, or as a number of any other with a plus or 00 is taken for one: an order number of nine digits stays.
    """
    known: dict[str, str] = {}
    for cell in cells.dropna().unique():
        address = address_of(cell) if addresses and "@" in cell else ""
        # An id of WhatsApp holds the number itself.
        hidden = (
            name_of(lookup(cell, country=country).e164 or address)
            if address
            else _without_numbers(cell, name_of, country)
        )
        if hidden != cell:
            known[cell] = hidden
    return cells.replace(known) if known else cells


def hide_in_reasons(
    reasons: pd.Series, texts: pd.Series, name_of: Callable[[str], str], *, country: str = "MA"
) -> pd.Series:
    """
    Replace telephone numbers in the pieces that weighed most.

    Parameters
    ----------
    reasons : pandas.Series of str
        As `tasrib.classify.reasons.Explained.heaviest` says them.
    texts : pandas.Series of str
        The messages they are pieces of: a piece that is a group of a number's digits is known by them alone.
    name_of, country
        As for `hide_numbers`.

    Returns
    -------
    pandas.Series of str
        The same, with their weights.
    """
    found = reasons.to_numpy(dtype=object, copy=True)
    known: dict[tuple[str, str], str] = {}
    for at in [at for at, cell in enumerate(found) if isinstance(cell, str) and _NO_WEIGHT.search(cell)]:
        said = (found[at], texts.iat[at])
        if said not in known:
            known[said] = _without_numbers_in_pieces(*said, name_of, country)
        found[at] = known[said]
    return pd.Series(found, index=reasons.index, dtype="str") if known else reasons


def is_person(cell: str, country: str = "MA") -> bool:
    """
    Tell a number of a person from the name of something.

    Parameters
    ----------
    cell : str
        One name.
    country : str, optional
        The home country.

    Returns
    -------
    bool
        Whether `hide_numbers` would replace all of it.
    """
    return person_number(cell, country) != ""


def _without_numbers(cell: str, name_of: Callable[[str], str], country: str) -> str:
    if not _MAY_HOLD.search(cell) or not _may_be_person(cell, country):
        return cell
    if number := person_number(cell, country):
        return name_of(number)
    return _replaced(cell, _numbers_within(cell, country), name_of)


def _replaced(cell: str, numbers: list[tuple[int, int, str]], name_of: Callable[[str], str]) -> str:
    out, done = [], 0
    for start, end, number in numbers:
        out += [cell[done:start], name_of(number)]
        done = end
    return "".join(out) + cell[done:]


def _numbers_within(text: str, country: str, *, eight: Eight = "none") -> list[tuple[int, int, str]]:
    """Where numbers of persons begin and end, and what they read as, apart from each other and in order."""
    read = [(start, end, person_number(text[start:end], country)) for start, end in private_spans(text)]
    read += dialled_numbers(text, country, eight=eight)
    found: list[tuple[int, int, str]] = []
    for start, end, number in read:
        if number and not any(start < last and first < end for first, last, _ in found):
            found.append((start, end, number))
    return sorted(found)


def _without_numbers_in_pieces(reasons: str, text: str, name_of: Callable[[str], str], country: str) -> str:
    parts = pieces_and_weights(reasons)
    for at in range(0, len(parts), 2):
        piece = parts[at]
        parts[at] = _without_numbers(piece, name_of, country)
        if parts[at] == piece:
            parts[at] = _replaced(piece, _groups_of_numbers(piece, text, country), name_of)
    return "".join(parts)


def _groups_of_numbers(piece: str, text: str, country: str) -> list[tuple[int, int, str]]:
    """Where a piece has digits of a number that the message has in several pieces."""
    found = []
    for group in _GROUP.finditer(piece):
        # A digit or two beside letters is of a date or a price.
        if sum(map(str.isdigit, group[0])) >= _LEAST_IN_GROUP or not any(map(str.isalpha, piece)):
            typed = _numbers_typed(text, country)
            whole = [(*group.span(), number) for groups, number in typed if _holds(groups, group[0])][:1]
            found += whole or _rows_of_digits(group, dict(typed))
    return found


def _rows_of_digits(group: re.Match[str], typed: dict[str, str]) -> list[tuple[int, int, str]]:
    """Numbers that stand in one row of digits beside others, such as a date's."""
    start = group.start()
    rows = [(start + row.start(), start + row.end(), typed.get(row[0], "")) for row in _ROW.finditer(group[0])]
    return [row for row in rows if row[2]]


@lru_cache(maxsize=1 << 10)
def _numbers_typed(text: str, country: str) -> tuple[tuple[str, str], ...]:
    """The numbers of persons in a message, as typed and as read."""
    if not _MAY_HOLD.search(text):
        return ()
    numbers = _numbers_within(text, country, eight="all")
    return tuple((text[start:end], number) for start, end, number in numbers)


def _holds(number: str, group: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(group)}(?!\d)", number) is not None


def _may_be_person(cell: str, country: str) -> bool:
    """Whether `_number` may find anything in a part of a cell: ids and reasons are many, and to look closer takes long."""
    if not cell.isascii():
        cell = ascii_digits(cell)
    if not _PLAIN.fullmatch(cell) or numbers_in_links(cell):
        return True
    # What has letters in it is no number, so that all of one stands between letters.
    return any(_may_be_number(part, country) for part in _LETTERS.split(cell))


def _may_be_number(part: str, country: str) -> bool:
    digits = _NOT_DIGIT.sub("", part)
    if _ABROAD.search(digits) or may_be_mobile(digits, country) or may_be_mobile_abroad(digits):
        return True
    # A plus stands before a number or, from right to left, behind it; one elsewhere leaves all digits to a number of a neighbour.
    return "+" in part and (
        len(digits) >= _LEAST_WITH_CODE
        or len(_NOT_DIGIT.sub("", part[part.index("+") :])) >= LEAST_DIGITS
        or len(_NOT_DIGIT.sub("", part[: part.rindex("+")])) >= LEAST_DIGITS
    )


def _made_up(complaints: pd.DataFrame) -> pd.Series:
    codes, names = pd.factorize(complaints["source_file"])
    stems = pd.Series(pd.array([PurePath(name).stem for name in names], dtype="str")[codes], index=complaints.index)
    rows = complaints["source_row"].astype("str").fillna("")
    made = stems + ":" + rows
    return made.eq(complaints["complaint_id"]) & stems.ne("")


class HiddenIds:
    """
    Tells ids apart that became one when the numbers in them were hidden, however many complaints are met at a time.

    0661… and +212661… get one pseudonym: of different ids the second has ``-2`` behind it.
    """

    def __init__(self) -> None:
        # What an id became, and the ids that did. Only what bears a pseudonym can have been another id before.
        self._before: dict[str, list[str]] = {}

    def told_apart(self, hidden: pd.Series, before: pd.Series) -> pd.Series:
        """
        Take further ids.

        Parameters
        ----------
        hidden : pandas.Series of str
            Ids in which numbers were hidden.
        before : pandas.Series of str
            The same as they were.

        Returns
        -------
        pandas.Series of str
            Different where they were different before.
        """
        bears = hidden.str.contains(WITHIN).to_numpy(dtype=bool)
        if not bears.any():
            return hidden
        found = hidden.to_numpy(dtype=object, copy=True)
        for at, became, was in zip(bears.nonzero()[0], hidden[bears], before[bears], strict=True):
            ids = self._before.setdefault(became, [])
            if was not in ids:
                ids.append(was)
            if (number := ids.index(was) + 1) > 1:
                found[at] = f"{became}-{number}"
        return pd.Series(found, index=hidden.index, dtype="str")

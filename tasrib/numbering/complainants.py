"""One key a complainant: whoever filed, however their number, address or name is written."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.words import fold, is_no_answer, synonyms, tokens
from tasrib.numbering.numbers import lookup_many
from tasrib.numbering.rounding import Rounding

# What a name begins with among keys, lest somebody's id be the number of another.
NAMED = "name:"
_ADDRESS = re.compile(r"[^\s@,;<>()\"']{1,64}@[^\s@,;<>()\"']{1,255}")
# As a number of one person, mobile or not; a short code or a number that was spoiled is nobody's.
_READ = ("valid", "foreign", "landline")


def complainant_keys(
    written: pd.Series, columns: pd.Series, country: str = "MA", rounding: Rounding | None = None
) -> pd.Series:
    """
    Tell who filed each complaint, so that all spellings of one person are one.

    Parameters
    ----------
    written : pandas.Series of str, shape (n,)
        Names, e-mail addresses, telephone numbers or ids, as written; or pseudonyms, which stay as they are.
    columns : pandas.Series of str, shape (n,)
        A name for the column of the file that each stood in: a spreadsheet rounds whole columns of numbers.
    country : str, optional
        ISO 3166 code of the home country of the numbers.
    rounding : Rounding, optional
        As `complainant_rounding` filled it, where `written` is some of a column.

    Returns
    -------
    pandas.Series of str, shape (n,)
        A telephone number in E.164 form, the key that a recipient of that number has (`tasrib.numbering.person_keys`); an e-mail address
        in lower case; else ``name:`` and the words of the name or id without case, accents and Arabic diacritics, in the order of the
        alphabet, since a family name is written first and last. Empty for an empty cell, for one that names nobody ("-", "anonyme")
        or the recipient ("moi-même"), and for a number that a spreadsheet spoiled, which is no one person's.
    """
    found, may_be_read = _told(written)
    if len(may_be_read):
        if rounding is None:
            rounding = Rounding()
            complainant_rounding(rounding, written, columns, country)
        numbers = written.iloc[may_be_read]
        known = rounding.marked(lookup_many(numbers, country=country), numbers, columns.iloc[may_be_read])
        read = known["number_status"].isin((*_READ, "spoiled")).to_numpy()
        found[may_be_read[read]] = known["e164"].to_numpy()[read]
    return pd.Series(found, index=written.index, dtype="str")


def complainant_rounding(rounding: Rounding, written: pd.Series, columns: pd.Series, country: str = "MA") -> None:
    """
    Let numbers of complainants show whether their columns were rounded.

    Parameters
    ----------
    rounding : Rounding
        Takes them in.
    written, columns, country
        As for `complainant_keys`.
    """
    _, may_be_read = _told(written)
    if len(may_be_read):
        numbers = written.iloc[may_be_read]
        rounding.add(numbers, lookup_many(numbers, country=country)["e164"], columns.iloc[may_be_read])


def _told(written: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The key of each cell if it is no number, and the places of those that may be one."""
    # By place and not by index, which may hold a name twice.
    found = written.to_numpy(dtype=object, copy=True)
    as_written = np.flatnonzero(((written != "") & ~written.str.match(PSEUDONYM)).to_numpy())
    known = {cell: _of_words(cell) for cell in pd.unique(found[as_written])}
    for i in as_written:
        found[i] = known[found[i]]
    # What names nobody is no number either; an address is one where WhatsApp made it of one.
    may_be = (found[as_written] != "") & written.iloc[as_written].str.contains(r"\d|#").to_numpy(dtype=bool)
    return found, as_written[may_be]


def _of_words(cell: str) -> str:
    """The key of a cell that is no number."""
    text = cell.strip()
    if re.fullmatch(PSEUDONYM, text):
        return text
    if is_no_answer(text) or fold(text) in _nobody() or not any(map(str.isalnum, text)):
        return ""
    if address := _ADDRESS.search(text):
        return address[0].casefold()
    return NAMED + " ".join(sorted(tokens(text)))


@cache
def _nobody() -> frozenset[str]:
    """What names no person of its own; a bare yes or no is an answer to another question."""
    return frozenset((*synonyms("complainant"), *(fold(word) for word in ("yes", "no", "oui", "non", "نعم", "لا"))))

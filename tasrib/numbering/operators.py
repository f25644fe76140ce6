"""What people call their operator, brought to one name: the one that ``phonenumbers`` gives."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering.plan import HOME_COUNTRIES, check_country
from tasrib.numbering.reference import read_reference

_COLUMNS = ("country", "operator", "alias", "source", "date")
_LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "گ": "ك", "ٱ": "ا", "ـ": None})
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def canonical_operator(name: object, country: str = "MA") -> str:
    """
    The operator someone means.

    Parameters
    ----------
    name : str or missing
        As written: any alias of ``data/reference/operators.csv``, whatever its case, accents or hamzas, alone
        or among other words (``"IAM / Maroc Telecom"``, ``"chez inwi"``).
    country : str, optional
        One of `HOME_COUNTRIES`: whose operators to look among.

    Returns
    -------
    str
        The canonical name; empty when nothing or nothing known is written, or more than one operator.

    Raises
    ------
    TasribError
        When ``country`` is not a home country.
    """
    iso = check_country(country)
    if not isinstance(name, str):
        return ""
    key = _key(name)
    aliases = load_operators().get(iso, {})
    if key in aliases:
        return aliases[key]
    joined = {alias.replace(" ", ""): operator for alias, operator in aliases.items()}
    if (together := key.replace(" ", "")) in joined:
        return joined[together]
    padded = f" {key} "
    named = set()
    # Longest first, and used up: "tunisie telecom" must not also count as a shorter alias inside it.
    for alias in sorted(aliases, key=len, reverse=True):
        if f" {alias} " in padded:
            named.add(aliases[alias])
            padded = padded.replace(f" {alias} ", "  ")
    return named.pop() if len(named) == 1 else ""


def serving_operator(declared: pd.Series, country: str = "MA") -> pd.Series:
    """
    The operator that serves a number now, as far as its holder says.

    Parameters
    ----------
    declared : pandas.Series
        ``declared_operator`` of the complaints.
    country : str, optional
        One of `HOME_COUNTRIES`.

    Returns
    -------
    pandas.Series
        Canonical names with the index of ``declared``, named ``operator_serving``; empty where unknown. The
        allocated operator is never put in its place: numbers can be ported.

    Raises
    ------
    TasribError
        When ``country`` is not a home country.
    """
    iso = check_country(country)
    codes, distinct = pd.factorize(declared)
    # What is missing has the code -1, the last of the names.
    names = pd.array([*(canonical_operator(value, iso) for value in distinct), ""], dtype="str")
    return pd.Series(names[codes], index=declared.index, name="operator_serving")


@lru_cache(maxsize=8)
def load_operators(path: Path | None = None) -> dict[str, dict[str, str]]:
    """
    Aliases of ``operators.csv``, ready to compare.

    Parameters
    ----------
    path : Path, optional
        Another file to read instead.

    Returns
    -------
    dict
        Country to normalised alias to canonical operator.

    Raises
    ------
    BadReferenceData
        When a row is incomplete or one alias stands for two operators of a country.
    """
    operators: dict[str, dict[str, str]] = {}
    for row in read_reference("operators.csv", _COLUMNS, path):
        country, operator, alias = row.text("country"), row.text("operator"), _key(row.text("alias"))
        row.text("source")
        row.day()
        if not alias:
            raise row.wrong("alias", "holds no letter or digit")
        if operators.setdefault(country, {}).setdefault(alias, operator) != operator:
            raise row.wrong("alias", f"already stands for {operators[country][alias]}; remove one")
    return operators


def operators_of(country: str = "MA") -> list[str]:
    """
    Canonical operators of a country.

    Parameters
    ----------
    country : str, optional
        One of `HOME_COUNTRIES`.

    Returns
    -------
    list of str
        In the order of ``data/reference/operators.csv``.

    Raises
    ------
    TasribError
        When ``country`` is not a home country or has no operators in the file.
    """
    iso = check_country(country)
    names = list(dict.fromkeys(load_operators().get(iso, {}).values()))
    if not names:
        raise TasribError(f"no operators of {HOME_COUNTRIES[iso]} in data/reference/operators.csv; add rows")
    return names


def _key(name: str) -> str:
    """Lower case without accents, hamzas, tatweel or punctuation, single blanks between words."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Cf", "Cs"))
    return _BETWEEN_WORDS.sub(" ", kept.translate(_LETTERS)).strip()

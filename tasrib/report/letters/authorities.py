"""To whom a draft complaint is addressed, from ``data/reference/authorities.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tasrib._resources import resource
from tasrib.errors import TasribError

_WORDS = ("name", "short", "filing", "caution")


@dataclass(frozen=True)
class Authority:
    """
    A data-protection authority.

    Attributes
    ----------
    country : str
        ISO 3166 code; in small letters that of its rules (`tasrib.compliance.load_rules`).
    languages : tuple of str
        In which it is written to.
    site : str
        Where its address stands.
    words : mapping of str to mapping
        By language ``name``, ``short``, ``filing`` and ``caution``, as the file explains them.
    requests : mapping of str to tuple of str
        By language what it is asked to verify.
    """

    country: str
    languages: tuple[str, ...]
    site: str
    words: Mapping[str, Mapping[str, str]]
    requests: Mapping[str, tuple[str, ...]]


def authority_of(country: str) -> Authority:
    """
    Find the authority of a country.

    Parameters
    ----------
    country : str
        ISO 3166 code.

    Returns
    -------
    Authority
        Whom to write to.

    Raises
    ------
    TasribError
        When none is known.
    """
    known = _authorities()
    if country not in known:
        raise TasribError(
            f"letters can be written to the authorities of {', '.join(sorted(known))}, and none is known for {country}; report without --letter"
        )
    return known[country]


@cache
def _authorities() -> dict[str, Authority]:
    with resource("reference", "authorities.toml").open("rb") as file:
        tables = tomllib.load(file)["authority"]
    return {table["country"]: _read(table) for table in tables}


def _read(table: Mapping) -> Authority:
    languages = tuple(table["languages"])
    words = {language: {name: table[name][language] for name in _WORDS} for language in languages}
    requests = {language: tuple(table["requests"][language]) for language in languages}
    return Authority(table["country"], languages, table["site"], words, requests)

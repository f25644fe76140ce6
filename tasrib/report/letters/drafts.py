"""
The files of letters in the folder of a report: which names they have, and which of them a person has worked on.

A draft is there to be completed, and people complete it where it lies. So a letter is replaced or taken away only where it still is, byte for
byte, what the record of the report beside it says; all others are the work of a person.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

from tasrib.attribute import load_contest
from tasrib.errors import TasribError
from tasrib.report.letters.authorities import authority_of

UNKNOWN = "unknown"
_NAME = re.compile(r"letter-.+-(?:ar|fr)\.docx", re.IGNORECASE | re.DOTALL)
# What no file system takes, and what parts a name from its language.
_NOT_IN_NAMES = re.compile(r"[^\w]+")
_LONGEST = 40
_ADVICE = "rename it, move it out of the folder, or name another folder"


def is_letter(name: str) -> bool:
    """Whether a file of that name is, or was, a letter of a report."""
    return _NAME.fullmatch(name) is not None


def letter_languages(languages: Collection[str], country: str) -> tuple[str, ...]:
    """
    Choose the languages of letters.

    Parameters
    ----------
    languages : collection of str
        Of the report.
    country : str
        ISO 3166 code, whose authority is written to.

    Returns
    -------
    tuple of str
        A report in one language has letters in that one, if the authority is written to in it. All other reports have letters in all languages
        of the authority.

    Raises
    ------
    TasribError
        When no authority is known for the country.
    """
    known = authority_of(country).languages
    return tuple(languages) if len(languages) == 1 and set(languages) <= set(known) else known


def party_files(parties: Iterable[str]) -> dict[str, str]:
    """
    Name the files of parties.

    Parameters
    ----------
    parties : iterable of str
        Ids of parties as they stand in scored complaints; empty for messages that show none.

    Returns
    -------
    dict of str to str
        By party what stands between ``letter-`` and the language. Two that no file system may tell apart are numbered.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for party in sorted(set(parties)):
        plain = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", party)).strip("_")[:_LONGEST] if party else UNKNOWN
        name, number = plain or "party", 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain or 'party'}_{number}"
        taken.add(name.casefold())
        names[party] = name
    return names


def party_name(party: str, country: str, language: str) -> str:
    """
    Name a party in full.

    Parameters
    ----------
    party : str
        Its id.
    country : str
        ISO 3166 code.
    language : str
        ``ar`` or ``fr``.

    Returns
    -------
    str
        The name in ``data/reference/parties_<country>.toml`` with the id; of a party that is not there the id alone.
    """
    for each in load_contest(country).parties:
        if each.id == party:
            return f"{each.name_ar if language == 'ar' else each.name_fr} ({party})"
    return party


def check_drafts(folder: Path, record: Path) -> None:
    """
    Refuse to write letters into a folder in which a person has worked on one.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the report; it may not exist.
    record : pathlib.Path
        The record of the report in it, which may lack.

    Raises
    ------
    TasribError
        When a letter in it is not, byte for byte, what the record says.
    """
    as_written = untouched(folder, record)
    for name in letters_in(folder):
        if name not in as_written:
            raise TasribError(
                f"{folder / name} is not as tasrib wrote it: somebody has worked on it, and it would be lost; {_ADVICE}"
            )


def letters_in(folder: Path) -> list[str]:
    """
    List the letters in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        It may not exist.

    Returns
    -------
    list of str
        Their names, in order.
    """
    try:
        return sorted(name for name in os.listdir(folder) if is_letter(name))  # noqa: PTH208 - names, not paths
    except OSError:
        return []


def untouched(folder: Path, record: Path) -> list[str]:
    """
    List the letters that nobody has changed.

    Parameters
    ----------
    folder, record : pathlib.Path
        As for `check_drafts`.

    Returns
    -------
    list of str
        Names of those whose content has the hash that the record says.
    """
    try:
        outputs = json.loads(record.read_bytes())["outputs"]
        hashes = {str(name): each["sha256"] for name, each in outputs.items() if is_letter(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return [name for name in letters_in(folder) if name in hashes and _hash(folder / name) == hashes[name]]


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""

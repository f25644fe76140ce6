"""Which column is which field, by names in English, French and Arabic."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import IntEnum
from functools import cache

from tasrib._resources import resource
from tasrib.complaints.schema import FIELDS, REQUIRED
from tasrib.errors import UnreadableInput

_SAME_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ـ": ""})
_SHOWN = 15


class Rank(IntEnum):
    """How strongly a column claims a field."""

    MAPPED = 4
    FIELD_NAME = 3
    NAME = 2
    WEAK_NAME = 1


def ascii_digits(text: str) -> str:
    """Arabic-Indic, Persian and full-width digits as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


@cache
def fold(text: str) -> str:
    """A name without case, accents, diacritics, spaces and punctuation; a mere symbol stays itself."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_SAME_LETTER)
    folded = "".join(char for char in ascii_digits(letters) if char.isalnum())
    return folded or text.strip()


@cache
def vocabulary(section: str) -> dict[str, dict[str, list[str]]]:
    """One section of ``headers.toml``: ``field``, ``yes_no`` or ``channel``."""
    with resource("reference", "headers.toml").open("rb") as file:
        return tomllib.load(file)[section]


@cache
def synonyms(section: str) -> dict[str, str]:
    """Folded word → what it stands for, in one section of ``headers.toml``."""
    entries = vocabulary(section).items()
    return {fold(name): meaning for meaning, entry in entries for name in [meaning, *entry["names"]]}


def is_no_answer(text: str) -> bool:
    """Whether a cell is empty or says that nothing is known ("-", "n/a", "لا أعرف")."""
    return not text.strip() or synonyms("yes_no").get(fold(text.strip())) == "unknown"


@cache
def _claims() -> dict[str, tuple[str, Rank]]:
    """Folded column name → the field it claims, and how strongly."""
    claims: dict[str, tuple[str, Rank]] = {}
    for rank, key in ((Rank.WEAK_NAME, "weak"), (Rank.NAME, "names")):
        for name, entry in vocabulary("field").items():
            claims.update({fold(word): (name, rank) for word in entry.get(key, ())})
    claims.update({fold(name): (name, Rank.FIELD_NAME) for name in FIELDS})
    return claims


@dataclass(frozen=True)
class Recognition:
    """Field → column, the columns nobody needs, and the columns of ``mapping`` that the file lacks."""

    columns: dict[str, str]
    ignored: list[str]
    absent: list[str]


class Headers:
    """
    Recognises the columns of complaint files.

    Parameters
    ----------
    mapping : mapping of str to str, optional
        Column → field, as the user stated them; they go before what is recognised.

    Raises
    ------
    UnreadableInput
        When the mapping names an unknown field, or one field twice.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self.mapping = dict(mapping or {})
        self._mapped = {fold(column): name for column, name in self.mapping.items()}
        for column, name in self.mapping.items():
            check_field(name)
            others = [other for other, same in self.mapping.items() if same == name and other != column]
            if others:
                raise UnreadableInput(f"columns '{column}' and '{others[0]}' are both mapped to '{name}'; keep one")

    def claim(self, column: str) -> tuple[str, Rank] | None:
        """The field a column claims, and how strongly."""
        if fold(column) in self._mapped:
            return self._mapped[fold(column)], Rank.MAPPED
        bare = column.split("(")[0]
        return _claims().get(fold(column)) or (_claims().get(fold(bare)) if bare.strip() else None)

    def score(self, cells: Sequence[str]) -> int:
        """How many fields are claimed by these cells."""
        return len({claim[0] for cell in cells if cell.strip() and (claim := self.claim(cell))})

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a column for the text is among the cells."""
        return any(cell.strip() and (claim := self.claim(cell)) and claim[0] == "text" for cell in cells)

    def recognise(self, file: str, columns: Sequence[str]) -> Recognition:
        """
        Give each field its column.

        Raises
        ------
        UnreadableInput
            When a required field has no column, or a field has two.
        """
        claims = {column: claim for column in columns if (claim := self.claim(column))}
        present = {fold(column) for column in columns}
        absent = [column for column in self.mapping if fold(column) not in present]
        chosen: dict[str, str] = {}
        for name in FIELDS:
            ranks = {column: rank for column, (claimed, rank) in claims.items() if claimed == name}
            best = [column for column, rank in ranks.items() if rank == max(ranks.values())]
            if len(best) > 1:
                raise UnreadableInput(
                    f"{file}: columns '{best[0]}' and '{best[1]}' both look like '{name}'; "
                    f'say which with --map "{best[0]}={name}"'
                )
            if best:
                chosen[name] = best[0]
        for name in REQUIRED:
            if name not in chosen:
                raise UnreadableInput(_missing(file, name, columns, set(chosen.values()), absent))
        used = set(chosen.values())
        return Recognition(chosen, [column for column in columns if column not in used], absent)


def _missing(file: str, name: str, columns: Sequence[str], taken: set[str], absent: Sequence[str]) -> str:
    """The one line for a file without a required column."""
    shown = ", ".join(f"'{column[:60]}'" for column in columns[:_SHOWN]) + (", …" if len(columns) > _SHOWN else "")
    if absent:
        return f"{file} has no column '{absent[0]}' that --map names; its columns: {shown}"
    free = [column for column in columns if column not in taken] or list(columns)
    words = [fold(word) for word in vocabulary("field")[name]["names"]]
    nearest = max(free, key=lambda column: max(SequenceMatcher(None, fold(column), word).ratio() for word in words))
    hint = f'name it, as in --map "{nearest[:60]}={name}"'
    return f"{file} has no column for '{name}'; its columns: {shown}; {hint}"


def check_field(name: str) -> None:
    """
    Refuse a name that is no field of a complaint.

    Raises
    ------
    UnreadableInput
        With the nearest field, or all of them.
    """
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"fields: {', '.join(FIELDS)}"
        raise UnreadableInput(f"'{name}' is not a field of a complaint; {hint}")


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """
    Read ``COLUMN=FIELD`` pairs, as given to ``--map``.

    Parameters
    ----------
    pairs : sequence of str
        A column's name may itself hold ``=``; the last one counts.

    Returns
    -------
    dict
        Column → field.

    Raises
    ------
    UnreadableInput
        When a pair is malformed, a field unknown, or a column or field comes twice.

    Examples
    --------
    >>> parse_mapping(["Texte reçu=text"])
    {'Texte reçu': 'text'}
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, equals, name = (part.strip() for part in pair.rpartition("="))
        if not (column and equals and name):
            raise UnreadableInput(f'--map {pair}: write COLUMN=FIELD, as in --map "Texte reçu=text"')
        if column in mapping:
            raise UnreadableInput(f"--map names column '{column}' twice; keep one")
        mapping[column] = name
    Headers(mapping)
    return mapping


def parse_values(pairs: Sequence[str]) -> dict[str, str]:
    """Interim."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UnreadableInput(f"--set {pair!r} is not FIELD=VALUE, such as --set channel=sms")
        check_field(name.strip())
        found[name.strip()] = value.strip()
    return found

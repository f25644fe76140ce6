"""What goes into a pack, and what must not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasrib.case.gathering import ALIAS, CANARIES, SCORED, Gathered, Material
from tasrib.case.packing import encode_pack, names_in_pack
from tasrib.complaints.companions import QUARANTINE
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.errors import TasribError

# Columns whose numbers scoring replaces.
_OF_PEOPLE = ("recipient", "other_numbers", "complainant")


@dataclass(frozen=True)
class Pack:
    """
    Where a pack goes, and what goes into it.

    Attributes
    ----------
    path : pathlib.Path
        The zip.
    numbers : bool
        Also scored files with telephone numbers as they are, and canaries.
    quarantine : bool
        Also quarantines, which hold rows as they came.
    """

    path: Path
    numbers: bool = False
    quarantine: bool = False

    def takes(self, role: str) -> bool:
        """Whether a file of that kind goes into it."""
        return {ALIAS: False, CANARIES: self.numbers, QUARANTINE: self.quarantine}.get(role, True)


def check_packable(gathered: Gathered, pack: Pack) -> None:
    """
    Refuse a pack that would tell what it should not, or cannot be made.

    Parameters
    ----------
    gathered : Gathered
        What the report is made of.
    pack : Pack
        What is to go into it.

    Raises
    ------
    TasribError
        When it would name operators behind other names, hold numbers unasked, or lack a scored file.
    """
    if gathered.alias is not None:
        raise TasribError(
            "a pack holds the scored files, which name operators, so other names would hide nothing in it; make the pack without --alias"
        )
    if not pack.numbers and holds_numbers(gathered.scored):
        raise TasribError(
            "the scored files hold telephone numbers as they are; score without --keep-numbers, or pack them all the same with --with-numbers"
        )
    for each in gathered.materials:
        if each.role == SCORED and each.digest is None:
            raise TasribError(f"{each.name} can be read only once, so it cannot be packed; write it to a file first")


def holds_numbers(scored: pd.DataFrame) -> bool:
    """
    Tell whether people stand in a scored table under their numbers.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.

    Returns
    -------
    bool
        False where all are pseudonyms. What a message quotes does not count: no file of a case is without it.
    """
    cells = (cell for name in _OF_PEOPLE for cell in scored[name].unique())
    people = pd.Series([each.strip() for cell in cells for each in str(cell).split(";") if each.strip()], dtype="str")
    return not people.str.match(PSEUDONYM).all()


def packed(
    files: Mapping[str, bytes], materials: Sequence[Material], pack: Pack
) -> tuple[bytes, list[str]]:  # fmt: skip
    """
    Make the content of a pack.

    Parameters
    ----------
    files : mapping of str to bytes
        The report with its record.
    materials : sequence of Material
        What it was made of.
    pack : Pack
        What goes into it.

    Returns
    -------
    tuple of bytes and list of str
        The zip, and the names of files that are not in it.
    """
    mine = [each for each in materials if each.digest is not None and pack.takes(each.role)]
    places = names_in_pack(each.name for each in mine)
    inputs = {place: Path(each.path).read_bytes() for place, each in zip(places, mine, strict=True)}
    return encode_pack({**files, **inputs}), [each.name for each in materials if each not in mine]

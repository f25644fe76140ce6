"""What was put in order in the telephone numbers of a file, and what is gone of them, for its cleaning report."""

from __future__ import annotations

import pandas as pd

from tasrib.numbering.numbers import UNKNOWN_PREFIX
from tasrib.numbering.rounding import lookup_column
from tasrib.tables.notes import Note

_LOST = (
    "digits are gone, rounded by a spreadsheet or masked: each is an unknown person of no operator; export the file again from where it came "
    "from, with the column formatted as text before numbers are put into it"
)
_UNREAD = "no telephone number that can be read, or several in one cell: each is an unknown person of no operator"
_CODES = {_LOST: "number_lost", _UNREAD: "number_unread"}
# Said of a number that was read as it stands.
_NOT_MENDED = (UNKNOWN_PREFIX, "read as", "ends in zeros")


def number_notes(complaints: pd.DataFrame, *, country: str = "MA") -> list[Note]:
    """
    Say what was done to the recipients' numbers.

    Parameters
    ----------
    complaints : pandas.DataFrame
        Complaints as they were read, with ``recipient``, ``source_file``, ``source_sheet`` and ``source_row``.
    country : str
        The home country, as in `lookup_many`.

    Returns
    -------
    list of Note
        One for each kind of repair of each table, one for numbers that have lost digits, one for what is no number.

    Raises
    ------
    TasribError
        When ``country`` is not a home country.
    """
    places = complaints["source_file"] + "\x1f" + complaints["source_sheet"]
    found = lookup_column(complaints["recipient"], country=country, column=places)
    return notes_of_numbers(found, complaints)


def notes_of_numbers(found: pd.DataFrame, complaints: pd.DataFrame) -> list[Note]:
    """
    Say what was done to numbers that were looked up.

    Parameters
    ----------
    found : pandas.DataFrame
        ``number_status`` and ``note``, as from `lookup_column`.
    complaints : pandas.DataFrame
        The complaints of these numbers, row by row, with ``source_file``, ``source_sheet`` and ``source_row``.

    Returns
    -------
    list of Note
        As from `number_notes`.
    """
    # Most notes are blank: only the others are looked at one by one.
    told = ((found["note"] != "") | (found["number_status"] == "spoiled")).to_numpy()
    of_number, of_place = found[told], complaints[told]
    rows: dict[tuple[str, str, str], list[int]] = {}
    for status, note, file, sheet, row in zip(
        of_number["number_status"], of_number["note"], of_place["source_file"], of_place["source_sheet"],
        of_place["source_row"], strict=True,
    ):  # fmt: skip
        for said in _of_number(status, note):
            rows.setdefault((file, sheet, said), []).append(int(row))
    return [
        Note("lost", _CODES[said], said, file, sheet, tuple(at))
        if said in _CODES
        else Note("mended", "number_mended", f"telephone number: {said}", file, sheet, tuple(at))
        for (file, sheet, said), at in rows.items()
    ]


def _of_number(status: str, note: str) -> list[str]:
    if status in ("spoiled", "invalid"):
        return [_LOST if status == "spoiled" else _UNREAD]
    if status != "valid":
        return []
    return [said for said in note.split("; ") if said and not said.startswith(_NOT_MENDED)]

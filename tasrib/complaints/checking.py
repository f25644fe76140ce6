"""One table of a file: its cells to complaints, its faults to quarantine, what was done to it to notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

from tasrib.complaints.garbled import repair
from tasrib.complaints.headers import Recognition
from tasrib.complaints.moments import Decision
from tasrib.complaints.quarantine import REJECTED
from tasrib.complaints.schema import DATES, FIELDS, faults
from tasrib.complaints.seen import Seen, digests
from tasrib.complaints.values import normalise
from tasrib.complaints.words import is_example
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import RawTable, as_json

_UNDONE = {
    "mojibake": "letters of UTF-8 that a program had read as another encoding; they were put right",
    "code_page": "letters that a program had read in another code page; they were put right",
    "entities": "signs written as in a web page (&eacute;); they were put right",
    "tags": "marks of a web page (<br>); they were taken out",
    "backslash_u": "letters written as codes (backslash u); they were put right",
    "encoded_word": "letters written as in the head of an e-mail (=?UTF-8?…?=); they were put right",
    "quoted_printable": "letters written as in an e-mail (=D8=B5); they were put right",
    "percent": "letters written as in a link (%D8%B5); they were put right",
    "ucs2_hex": "letters written as the codes of an SMS gateway (0635…); they were put right",
    "base64": "letters written in base64; they were put right",
    "utf7": "letters written in UTF-7; they were put right",
    "surrogates": "letters written as halves of a code; they were put together",
}


@dataclass
class Checked:
    """
    A table after its checks.

    Parameters
    ----------
    file : str
        Name of the file.
    table : RawTable
        As it was read, or some rows of it.
    recognition : Recognition
        Which column is which field.
    complaints : DataFrame
        The good rows, indexed by their position in ``table.rows``.
    rejected : dict of int to tuple
        Row → its line in the quarantine: sheet, row, column, value, reason, raw.
    notes : list of Note
        What was done to the rows.
    """

    file: str
    table: RawTable
    recognition: Recognition
    complaints: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejected: dict[int, tuple[str, int, str, str, str, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    # Ids of complaints that were left out because another table has them: what comes below may not bear them either.
    passed: list[tuple[str, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The table, in words."""
        return f"sheet '{self.table.sheet}' of {self.file}" if self.table.sheet else self.file

    def reject(self, position: int, name: str, reason: str) -> None:
        """Quarantine a row under the user's own name of the column; the reason is shown where the value must not be."""
        cells, column = self.table.rows[position], self.recognition.columns.get(name, name)
        value = cells[self.table.columns.index(column)] if column in self.table.columns else ""
        row = self.table.row_numbers[position]
        self.rejected[row] = (self.table.sheet, row, column, value, reason, as_json(self.table.columns, cells))

    def quarantine(self) -> pd.DataFrame:
        """The rejected rows as a table, in their order."""
        rows = [(self.file, *self.rejected[row]) for row in sorted(self.rejected)]
        frame = pd.DataFrame(rows, columns=list(REJECTED))
        return frame.astype({name: "int64" if name == "row" else "str" for name in REJECTED})

    def leave_out(self, positions: list[int], code: str, said: str) -> None:
        """Count rows as no complaints of their own, and say so."""
        self.complaints = self.complaints.drop(index=positions)
        self.note(of_rows("left_out", code, said, (self.table.row_numbers[position] for position in positions)))

    def note(self, notes: list[Note]) -> None:
        """Add notes under the name of this table."""
        self.notes += [Note(n.kind, n.code, n.said, self.file, self.table.sheet, n.rows, n.column) for n in notes]


@dataclass(frozen=True)
class Setting:
    """
    What was settled over the whole of a table before its rows are checked.

    Attributes
    ----------
    values : mapping of str to str
        Field → what stands in it wherever the table has nothing.
    zone : ZoneInfo
        Zone of times that state none.
    orders : mapping of str to Decision
        What stands first in each column of dates.
    latest : datetime.datetime
        The moment after which nothing can be dated.
    """

    values: Mapping[str, str]
    zone: ZoneInfo
    orders: Mapping[str, Decision]
    latest: dt.datetime


def check_table(file: str, table: RawTable, recognition: Recognition, setting: Setting) -> Checked:
    """
    Normalise and check rows of a table.

    Parameters
    ----------
    file : str
        Name of the file.
    table : RawTable
        The table, or some rows of it.
    recognition : Recognition
        Which column is which field.
    setting : Setting
        What holds for the whole table.

    Returns
    -------
    Checked
        Each row of the table is in its complaints, its rejected rows or a note of kind ``left_out``.
    """
    found = Checked(file, table, recognition, notes=list(table.notes))
    given = _filled(table, recognition, setting.values, FIELDS)
    received = given["text"]
    given = _repaired(found, given)
    complaints, notes = normalise(
        given, table.row_numbers, setting.zone, recognition.columns, setting.orders, setting.latest
    )
    found.note(notes)
    examples = [position for position, text in complaints["text"].items() if is_example(text)]
    wrong: dict[int, list[tuple[str, str]]] = {}
    for position, name, said in faults(complaints):
        wrong.setdefault(position, []).append((name, said))
    for position in examples:
        wrong.pop(position, None)
    for position, faulty in wrong.items():
        reason = "; ".join(f"{recognition.columns.get(name, name)} {said}" for name, said in faulty)
        found.reject(position, faulty[0][0], reason)
    for bad in table.bad:
        found.rejected[bad.row] = (table.sheet, bad.row, bad.column, bad.value, bad.reason, bad.raw)
    complaints["text_received"] = received.where(received != given["text"], "").astype("str")
    complaints["source_file"] = pd.Series(file, index=complaints.index, dtype="str")
    complaints["source_sheet"] = pd.Series(table.sheet, index=complaints.index, dtype="str")
    complaints["source_row"] = pd.Series(table.row_numbers, index=complaints.index, dtype="int64")
    found.complaints = complaints.drop(index=[position for position in wrong if position not in examples])
    found.leave_out(examples, "example", "the example row of the template, no complaint")
    return found


def dates_of(
    table: RawTable, recognition: Recognition, values: Mapping[str, str]
) -> Iterator[tuple[str, Iterable[str]]]:
    """
    Give the cells of a table that hold dates, as its check will read them.

    Parameters
    ----------
    table, recognition
        As for `check_table`.
    values : mapping of str to str
        As of a `Setting`.

    Yields
    ------
    (str, iterable of str)
        The field, and a cell of each row.
    """
    named = [name for name in DATES if name in recognition.columns or name in values]
    for name, cells in _filled(table, recognition, values, named).items():
        known = {cell: repair(cell).text.strip() for cell in cells.unique()}
        yield str(name), cells.map(known)


def _repaired(found: Checked, given: pd.DataFrame) -> pd.DataFrame:
    """Garbled letters of all fields put in order where that is certain; each kind of it is counted."""
    out = given.copy()
    for name in FIELDS:
        undone: dict[str, list[int]] = {}
        known = {value: repair(value) for value in given[name].unique()}
        for row, value in zip(found.table.row_numbers, given[name], strict=True):
            for code in known[value].undone:
                undone.setdefault(code, []).append(row)
        column = found.recognition.columns.get(name, name)
        for code, rows in undone.items():
            found.note(of_rows("mended", code, _UNDONE[code], rows, column))
        if undone:
            out[name] = given[name].map({value: repaired.text for value, repaired in known.items()}).astype("str")
    return out


def _filled(table: RawTable, recognition: Recognition, values: Mapping[str, str], names: Sequence[str]) -> pd.DataFrame:
    place = {column: position for position, column in enumerate(table.columns)}
    given = {}
    nothing = pd.Series([""] * len(table.rows), dtype="str")
    for name in names:
        column = recognition.columns.get(name)
        given[name] = nothing if column is None else pd.Series([row[place[column]] for row in table.rows], dtype="str")
        if name in values:
            given[name] = given[name].where(given[name].str.strip() != "", values[name])
    return pd.DataFrame(given, index=range(len(table.rows)))


def quarantine_repeated_ids(found: Checked, earlier: Seen) -> None:
    """
    Reject complaints whose id another one of the same table has.

    Within a table an id is said to tell complaints apart; which of two rows is meant only its user can say.

    Parameters
    ----------
    found : Checked
        Some rows of the table.
    earlier : Seen
        Ids in the rows before these, each with its row; those of these rows are added.
    """
    ids = found.complaints["complaint_id"]
    ids = ids[ids != ""]
    rows = found.complaints.loc[ids.index, "source_row"].to_numpy(dtype="int64")
    hashed = digests(ids)
    first = earlier.first(hashed)
    here: dict[str, int] = {}
    for at, value in enumerate(ids):
        first[at] = here.setdefault(value, rows[at]) if first[at] < 0 else first[at]
    new = first == rows
    earlier.add(hashed[new], rows[new])
    for position, row in zip(ids.index[~new], first[~new], strict=True):
        found.reject(position, "complaint_id", f"complaint_id is already in row {row} of {found.name}")
    found.complaints = found.complaints.drop(index=ids.index[~new])


def with_types(complaints: pd.DataFrame) -> pd.DataFrame:
    """
    Give checked complaints the types of the contract.

    Parameters
    ----------
    complaints : pandas.DataFrame
        With ``received_at`` as ISO 8601, or empty.

    Returns
    -------
    pandas.DataFrame
        With moments in UTC.
    """
    moments = pd.to_datetime(complaints["received_at"].replace("", None), utc=True, format="ISO8601")
    return complaints.assign(received_at=moments.astype("datetime64[us, UTC]"))

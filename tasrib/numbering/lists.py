"""Lists of numbers in files: a column of any table, or one number a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tasrib.complaints.headers import Headers
from tasrib.errors import UnreadableInput
from tasrib.numbering.numbers import lookup_many
from tasrib.numbering.rounding import lookup_column
from tasrib.tables.decoding import decode
from tasrib.tables.raw import RawTable, Source
from tasrib.tables.readers import registry

_TEXT = (".csv", ".tsv", ".txt", "")
_DELIMITER = re.compile(r"[;\t|]")
# Of the cells of a column without a heading that is known, the share that must read as numbers.
_MOSTLY = 0.5
_SAMPLE = 200
_READ = ("valid", "foreign", "landline", "spoiled")


class _NumberHeaders(Headers):
    """Takes a row for a header when it names a column of numbers."""

    def __init__(self, column: str | None) -> None:
        super().__init__()
        self.column = column

    def is_number(self, cell: str) -> bool:
        if self.column is not None:
            return cell.strip() == self.column.strip()
        claim = self.claim(cell) if cell.strip() else None
        return claim is not None and claim[0] == "recipient" and sum(map(str.isdigit, cell)) < 6

    def score(self, cells: Sequence[str]) -> int:
        return sum(map(self.is_number, cells))

    def is_header(self, cells: Sequence[str]) -> bool:
        return self.score(cells) > 0


def lookup_file(path: str | Path, *, country: str = "MA", column: str | None = None) -> pd.DataFrame:
    """
    Look up all numbers of a file.

    Parameters
    ----------
    path : str or Path
        A table in any known format, or text with one number a line; ``-`` for standard input.
    country : str, optional
        The home country.
    column : str, optional
        Heading of the column of numbers; by default the one that is known for one, else the one whose cells read as numbers.

    Returns
    -------
    pandas.DataFrame
        ``file``, ``sheet`` and ``row`` (as the user sees it), ``raw``, then the columns of `lookup_many`. A damaged row has the status
        ``invalid`` and says what is wrong with it. Numbers that were rounded are marked as in `lookup_column`.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, or no column of it holds numbers.
    TasribError
        When ``country`` is not a home country.
    """
    source = Source.load(path)
    suffix = Path(path).suffix.lower() if str(path) != "-" else _suffix_of(source.data)
    reader, headers = registry().get(suffix), _NumberHeaders(column)
    tables = [] if reader is None else reader(source, headers)
    named = [table for table in tables if headers.is_header(table.columns)]
    if column is not None and not named:
        raise UnreadableInput(f"{source.name} has no column '{column}'")
    if named:
        rows = [row for table in named for row in _of_table(table, _column_of(table, headers))]
    elif suffix in _TEXT:
        rows = _of_lines("".join(decode(source).pieces()))
    else:
        rows = [row for table in tables for row in _without_heading(table, country)]
    found = pd.DataFrame(rows, columns=["sheet", "row", "raw", "fault"]).astype(
        {"raw": "str", "sheet": "str", "fault": "str"}
    )
    known = lookup_column(found["raw"], country=country, column=found["sheet"])
    if not named and not known["number_status"].isin(_READ).any():
        raise UnreadableInput(
            f"{source.name} holds no column of telephone numbers; name it in the first row ('number'), or with --column"
        )
    damaged = found["fault"] != ""
    known.loc[damaged, ["number_status", "note"]] = "invalid"
    known.loc[damaged, "note"] = found.loc[damaged, "fault"]
    found.insert(0, "file", source.file)
    return pd.concat([found.drop(columns="fault"), known], axis=1)


def _suffix_of(data: bytes) -> str:
    return ".jsonl" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else ".csv"


def _column_of(table: RawTable, headers: _NumberHeaders) -> int:
    return next(position for position, name in enumerate(table.columns) if headers.is_number(name))


def _of_table(table: RawTable, column: int) -> list[tuple[str, int, str, str]]:
    rows = [
        (table.sheet, number, cells[column], "") for number, cells in zip(table.row_numbers, table.rows, strict=True)
    ]
    rows += [(table.sheet, bad.row, "", bad.reason) for bad in table.bad]
    return sorted(rows, key=lambda row: row[1])


def _of_lines(text: str) -> list[tuple[str, int, str, str]]:
    """One number a line; of several cells in a line the first that holds a number's digits."""
    rows = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = [cell.strip() for cell in _DELIMITER.split(line) if cell.strip()]
        if cells:
            rows.append(("", number, next((cell for cell in cells if sum(map(str.isdigit, cell)) >= 8), cells[0]), ""))
    return rows


def _without_heading(table: RawTable, country: str) -> list[tuple[str, int, str, str]]:
    """The column of a table that reads as numbers, its first row among them; nothing where there is none."""
    grid = [table.columns, *table.rows]
    width = len(table.columns)
    shares = []
    for column in range(width):
        cells = [row[column] for row in grid[:_SAMPLE] if row[column].strip()]
        read = lookup_many(cells, country=country)["number_status"].isin(_READ) if cells else pd.Series([False])
        shares.append(float(read.mean()))
    if not shares or max(shares) < _MOSTLY:
        return []
    best = shares.index(max(shares))
    first = min(table.row_numbers, default=2) - 1
    rows = _of_table(table, best)
    heading = lookup_many([table.columns[best]], country=country)["number_status"].isin(_READ).all()
    return [(table.sheet, first, table.columns[best], ""), *rows] if heading else rows

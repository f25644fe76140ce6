"""Tables to files, so that they come back the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tasrib._arguments import as_frame, as_path
from tasrib.errors import TasribError
from tasrib.tables.files import Outputs, replace_file
from tasrib.tables.places import check_folder, is_stream
from tasrib.tables.raw import cell_text, mend
from tasrib.tables.readers.delimited import RISKY

# Characters XML forbids or changes, and an underscore that would read as their escape (see sheets/cells.py).
# In lower case, because openpyxl drops "x005F_" from shared strings.
_NEEDS_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# What RISKY begins with, asked of every cell.
_RISKY_BEGINNINGS = frozenset("'=+-@\t\r\n＝＋－＠")
_PLAIN_NUMBER = re.compile(r"\+\d[\d ]*")
# Excel's limits: characters of a cell, as UTF-16 counts them; rows; columns; characters of a sheet's title, and those it may not have.
_EXCEL_CELL, _EXCEL_ROWS, _EXCEL_COLUMNS, _EXCEL_TITLE = 32_767, 1_048_576, 16_384, 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")


def write_table(frame: pd.DataFrame, path: str | Path, *, private: bool = False) -> None:
    """
    Write a table in the format its suffix asks for.

    Times become ISO 8601 in UTC. CSV and TSV are UTF-8 with a byte order mark, which Excel needs for Arabic
    (without one on standard output). A CSV cell that a spreadsheet would run as a formula (it begins with
    ``=``, ``+``, ``-``, ``@``, a tab or a line end; a plain ``+212…`` number is safe) gets one apostrophe in
    front, as OWASP advises against CSV injection, and `read_complaints` takes exactly that apostrophe away
    again. In a workbook such cells are text by type and need no change.

    Parameters
    ----------
    frame : DataFrame
        Any table of scalars; tuples are written with ``;`` between their parts, and the index is not written.
    path : str or Path
        ``.csv``, ``.tsv``, ``.xlsx``, ``.jsonl`` or ``.parquet``; ``-`` writes CSV to standard output. A file
        that is already there is replaced only once the new one is complete.
    private : bool
        Nobody but the owner may read the file (mode 0600).

    Raises
    ------
    TasribError
        When the suffix is unknown, the folder is missing, a text is too long for an Excel cell or the table for a sheet.
    """
    frame, path = as_frame(frame, "anything"), as_path(path, "a file to write")
    with Outputs() as outputs:
        outputs.put(path, encode_table(frame, path), private=private)


def encode_table(frame: pd.DataFrame, path: str | Path) -> bytes:
    """
    Make the content of a file as `write_table` writes it.

    Parameters
    ----------
    frame, path
        As for `write_table`. A pipe or device without a known suffix gets CSV, as standard output does.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    TasribError
        When the suffix is unknown, the folder is missing, or a text is too long for an Excel cell.
    """
    return b"".join(encode_tables([frame], path))


def encode_tables(frames: Iterable[pd.DataFrame], path: str | Path) -> Iterator[bytes]:
    """
    Make the content of a file of one table that is given some rows at a time.

    Parameters
    ----------
    frames : iterable of DataFrame
        At least one, all with the same columns; a workbook takes them all into memory.
    path : str or Path
        As for `encode_table`.

    Yields
    ------
    bytes
        The content, part by part.

    Raises
    ------
    TasribError
        As `encode_table`.
    """
    check_suffix(path)
    writer = _WRITERS.get(Path(path).suffix.lower())
    if writer is None:
        yield from _delimited(frames, ",", "utf-8")
        return
    check_folder(path)
    yield from writer(frames, str(path))


def check_suffix(path: str | Path) -> None:
    """
    Refuse a file in no known format, before anything costly is done for it.

    Parameters
    ----------
    path : str or Path
        As for `encode_table`.

    Raises
    ------
    TasribError
        When its suffix is unknown.
    """
    suffix = Path(path).suffix
    if suffix.lower() not in _WRITERS and not is_stream(path):
        raise TasribError(f"{path}: cannot write '{suffix}'; known: {', '.join(_WRITERS)}")


def write_workbook(
    sheets: Mapping[str, pd.DataFrame], path: str | Path, *, prepare: Callable[[Any], None] | None = None
) -> None:
    """
    Write several tables as the sheets of one workbook.

    Parameters
    ----------
    sheets : mapping of str to DataFrame
        Sheet titles and tables; see `write_table` for how cells are written. A title that Excel refuses is written as near to it as can
        be.
    path : str or Path
        An ``.xlsx`` file.
    prepare : callable, optional
        Called with each openpyxl sheet before its rows are written: for column widths and lists to choose from.

    Raises
    ------
    TasribError
        When the folder is missing, a text is too long for an Excel cell or a table for a sheet.
    """
    check_folder(path)
    replace_file(path, encode_workbook(sheets, str(path), prepare))


def _plain(value: Any) -> Any:
    """A cell as str, int, float or None."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        return cell_text(value)
    return mend(value.item() if hasattr(value, "item") else str(value))


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """All cells as plain Python values."""
    # A column at a time costs a small table more than its cells do.
    return [[_plain(value) for value in row] for row in frame.astype(object).to_numpy().tolist()]


def _plain_cells(column: pd.Series) -> list[Any]:
    cells = column.astype(object).tolist()
    # Most columns are of words that stay as they are, which one look at all of them shows.
    if all(type(cell) is str for cell in cells):
        joined = "".join(cells)
        if mend(joined) == joined:
            return cells
    return [_plain(cell) for cell in cells]


def _guarded(cells: list[Any]) -> list[Any]:
    """One apostrophe before what a spreadsheet would run."""
    return [_guard(cell) if isinstance(cell, str) and cell[:1] in _RISKY_BEGINNINGS else cell for cell in cells]


def _guard(value: str) -> str:
    return "'" + value if RISKY.match(value) and not _PLAIN_NUMBER.fullmatch(value) else value


def _delimited(frames: Iterable[pd.DataFrame], delimiter: str, encoding: str) -> Iterator[bytes]:
    """CSV text, lines ended as RFC 4180 says."""
    for number, frame in enumerate(frames):
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
        if not number:
            writer.writerow(frame.columns)
        columns = [_guarded(_plain_cells(frame[name])) for name in frame.columns]
        writer.writerows(zip(*columns, strict=True))
        # A mark stands at the beginning of a file only.
        yield buffer.getvalue().encode(encoding if not number else "utf-8")


def _jsonl(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """One object a row; no value is null."""
    for frame in frames:
        names = list(frame.columns)
        lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in _rows(frame))
        yield "".join(line + "\n" for line in lines).encode("utf-8")


def encode_workbook(
    sheets: Mapping[str, pd.DataFrame],
    name: str,
    prepare: Callable[[Any], None] | None = None,
    dress: Callable[[Any, str, str, int], None] | None = None,
) -> bytes:
    """
    Make the content of a workbook whose strings are all text, whatever they begin with.

    Parameters
    ----------
    sheets, prepare
        As for `write_workbook`.
    name : str
        The file, for errors.
    dress : callable, optional
        Called with each openpyxl cell, the title of its sheet, its column and its row, before it is written: for its looks. A cell that is
        written bears its own looks, and none of its column's.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    TasribError
        When a text is too long for an Excel cell.
    """
    # Only a workbook waits for what writes workbooks.
    from openpyxl import Workbook
    from openpyxl.cell import Cell, WriteOnlyCell

    book = Workbook(write_only=True)
    taken: set[str] = set()
    for title, frame in sheets.items():
        # The heading takes a row.
        if len(frame) >= _EXCEL_ROWS or len(frame.columns) > _EXCEL_COLUMNS:
            raise TasribError(
                f"{name}: {len(frame):,} rows or {len(frame.columns):,} columns are too many for Excel; write .csv"
            )
        rows = _rows(frame)
        for number, row in enumerate(rows, start=2):
            for column, value in zip(frame.columns, row, strict=True):
                if isinstance(value, str) and _utf16_length(value) > _EXCEL_CELL:
                    raise TasribError(f"{name}: row {number}, column '{column}' is too long for Excel; write .csv")
        sheet = book.create_sheet(_sheet_title(title, taken))
        sheet.freeze_panes = "A2"
        if prepare is not None:
            prepare(sheet)
        names = [str(column) for column in frame.columns]
        for number, row in enumerate([names, *rows], start=1):
            cells = [_xlsx_cell(sheet, value) for value in row]
            if dress is not None:
                cells = [each if isinstance(each, Cell) else WriteOnlyCell(sheet, each) for each in cells]
                for cell, column in zip(cells, names, strict=True):
                    dress(cell, title, column, number)
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() or len(text) < _EXCEL_CELL // 2 else len(text.encode("utf-16-le")) // 2


def _sheet_title(title: str, taken: set[str]) -> str:
    """A title that Excel takes: short, without some characters, and no two alike but for case."""
    base = _NOT_IN_TITLE.sub("_", title.strip())[:_EXCEL_TITLE] or "sheet"
    unique, count = base, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{base[: _EXCEL_TITLE - len(str(count)) - 3]} ({count})"
    taken.add(unique.casefold())
    return unique


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    """A string as explicit text; other values as they are."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _NEEDS_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04x}_", value))
    cell.data_type = "s"
    if RISKY.match(value):
        # Format "text", lest editing the cell in Excel make it a formula after all.
        cell.number_format = "@"
    return cell


def _parquet(frames: Iterable[pd.DataFrame], name: str) -> Iterator[bytes]:
    """Parquet with the frames' own types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = _Sink()
    writer: pq.ParquetWriter | None = None
    try:
        for frame in frames:
            for column in filter(lambda name: pd.api.types.is_object_dtype(frame[name]), frame.columns):
                if any(isinstance(value, tuple) for value in frame[column]):
                    frame = frame.assign(**{column: frame[column].map(_plain)})
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if writer is None:
                writer = pq.ParquetWriter(pa.PythonFile(sink, mode="w"), table.schema)
            writer.write_table(table)
            yield sink.taken()
        if writer is not None:
            writer.close()
    except (ValueError, TypeError) as error:  # pyarrow's errors are of both kinds
        raise TasribError(f"{name}: a column mixes kinds of values and cannot be written as Parquet") from error
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file of which what was written is taken away, while its places go on being counted."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self._written += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        found = b"".join(self._parts)
        self._parts = []
        return found


def _workbook(frames: Iterable[pd.DataFrame], name: str) -> Iterator[bytes]:
    yield encode_workbook({"tasrib": pd.concat(list(frames), ignore_index=True)}, name)


_WRITERS: dict[str, Callable[[Iterable[pd.DataFrame], str], Iterator[bytes]]] = {
    ".csv": lambda frames, _: _delimited(frames, ",", "utf-8-sig"),
    ".tsv": lambda frames, _: _delimited(frames, "\t", "utf-8-sig"),
    ".xlsx": _workbook,
    ".jsonl": lambda frames, _: _jsonl(frames),
    ".parquet": _parquet,
}
SUFFIXES = tuple(_WRITERS)

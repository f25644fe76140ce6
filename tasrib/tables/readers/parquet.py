"""Parquet tables."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tasrib.errors import UnreadableInput
from tasrib.tables.arrow import size, texts
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import CHARACTERS, MAX_FILE, HeaderTest, RawTable, Source, Stream, unique_names

SUFFIXES = (".parquet",)

_MAX_VALUES = 100_000_000  # in all columns: a few bytes can stand for billions
_MAX_ROWS, _MAX_TEXTS = 5_000_000, 50_000_000  # as strings of Python, which take far more room
# As much larger than its file a table may be that is read in its own types: ours is some five times.
_GROWTH = 25
_ROUNDED = (
    "the column's type has no room for numbers as long as these, so that their last digits are lost; export the numbers as text from "
    "where they came"
)


def streams(source: Source, headers: HeaderTest) -> list[Stream]:
    """
    Read a Parquet table; rows are numbered from 1.

    Raises
    ------
    UnreadableInput
        When the file is broken, or some rows of it would unpack to more than the size limit.
    """
    with _reading(source):
        file = _opened(source)
        names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
    return [Stream(unique_names(names), lambda size: _slices(source, size))]


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read all rows that `streams` gives.

    Raises
    ------
    UnreadableInput
        As `streams`, or when all rows would unpack to more than the size limit.
    """
    with _reading(source):
        meta = _opened(source).metadata
        _check_size(source, meta)
    if meta.num_rows > _MAX_ROWS or meta.num_rows * meta.num_columns > _MAX_TEXTS:
        raise UnreadableInput(f"{source.name} has more than {_MAX_ROWS:,} rows or {_MAX_TEXTS:,} values; split it")
    return [stream.whole() for stream in streams(source, headers)]


def _slices(source: Source, size: int) -> Iterator[RawTable]:
    with _reading(source):
        file = _opened(source)
        meta = file.metadata
        for group in range(meta.num_row_groups):
            # Of lists the parts of a few rows may be billions.
            if _values(meta, [group]) > _MAX_VALUES + meta.row_group(group).num_rows * meta.num_columns:
                raise UnreadableInput(f"{source.name} holds more than {_MAX_VALUES:,} values; split it")
        start = 1
        for batches in _together(file.iter_batches(min(size, max(meta.num_rows, 1)), use_threads=False), size):
            table = _with_names(pa.Table.from_batches(batches))
            weight = _weight(table)
            if weight > 5 * MAX_FILE:
                raise _too_large(source)
            # Of long texts some rows are enough.
            step = max(1, min(size, table.num_rows * size * CHARACTERS // max(weight, 1)))
            for first in range(0, table.num_rows, step):
                yield _strings(table.slice(first, step), start + first)
            start += table.num_rows
        if start == 1:
            yield _strings(_with_names(file.schema_arrow.empty_table()), start)


def _together(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[list[pa.RecordBatch]]:
    """Batches that are about as many rows, and no more text than these are to have: a batch ends where its row group does, which may be small."""
    waiting: list[pa.RecordBatch] = []
    rows = weight = 0
    for batch in batches:
        waiting.append(batch)
        rows, weight = rows + batch.num_rows, weight + batch.nbytes
        if rows >= size or weight >= size * CHARACTERS:
            yield waiting
            waiting, rows, weight = [], 0, 0
    if waiting:
        yield waiting


def _strings(table: pa.Table, start: int) -> RawTable:
    columns: list[list[str]] = []
    notes: list[Note] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        values, rounded = texts(column)
        columns.append(values)
        notes.extend(of_rows("lost", "rounded_numbers", _ROUNDED, (start + at for at in rounded), name))
    rows = [list(row) for row in zip(*columns, strict=True)]
    return RawTable(table.column_names, rows, list(range(start, start + len(rows))), notes=notes)


def read_frame(source: Source) -> pd.DataFrame:
    """
    Read a Parquet table in its own types.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    DataFrame
        All columns, none of them as the index. Text, moments and numbers in their types; lists, dates, whole numbers of which some lack
        and what else pandas would turn into something coarser, as the text that `read` gives.

    Raises
    ------
    UnreadableInput
        As `read`, or when the file holds no table.
    """
    table = _unpacked(source)
    if not table.column_names:
        raise UnreadableInput(f"{source.name} holds no table; the first row must name the columns")
    try:
        table = _spelt_out(table)
        kept = [name for name, column in zip(table.column_names, table.columns, strict=True) if _keeps_its_type(column)]
        # Without the metadata in which pandas notes an index: a column is a column.
        frame = table.select(kept).replace_schema_metadata(None).to_pandas()
        others = {name: texts(table[name])[0] for name in table.column_names if name not in kept}
    except Exception as error:
        raise _unsound(source) from error
    if any(_beyond_calendar(frame[name]) for name in kept):
        raise _unsound(source)
    for name in kept:
        if _has_nul(table[name]):
            # As every reader does: no spreadsheet can hold it.
            frame[name] = frame[name].str.replace("\x00", "", regex=False)
    names = table.column_names
    if not kept:
        frame = pd.DataFrame(index=range(table.num_rows))
    del table
    # What the file took is as much again as the frame takes, and Arrow would keep it for what it reads next.
    pa.default_memory_pool().release_unused()
    return frame.assign(**{name: pd.Series(values, dtype="str") for name, values in others.items()})[names]


def _spelt_out(table: pa.Table) -> pa.Table:
    """Text that `_unpacked` left as a dictionary, as text."""
    for place, column in enumerate(table.columns):
        if pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type):
            table = table.set_column(place, table.column_names[place], column.cast(pa.large_string()))
    return table


def _keeps_its_type(column: pa.ChunkedArray) -> bool:
    """Whether a column comes into pandas as it is; whole numbers would become floats where some lack, and long ones of those merge."""
    kind = column.type
    if pa.types.is_integer(kind):
        return not column.null_count
    return any(
        known(kind)
        for known in (pa.types.is_string, pa.types.is_large_string, pa.types.is_timestamp, pa.types.is_floating)
    )


def _beyond_calendar(values: pd.Series) -> bool:
    """Whether moments lie outside the years that Python knows, as when milliseconds were stored as seconds."""
    return pd.api.types.is_datetime64_any_dtype(values.dtype) and not values.dt.year.dropna().between(1, 9999).all()


def _has_nul(column: pa.ChunkedArray) -> bool:
    """Whether U+0000 is in a column of text; looks at its bytes, since looking at its strings takes as long as reading the file."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    buffers = [chunk.buffers()[2] for chunk in column.chunks]
    return any(buffer is not None and b"\x00" in buffer.to_pybytes() for buffer in buffers)


def _unpacked(source: Source) -> pa.Table:
    """The table under unique names, if it is of a size that can be read; texts that repeat stay in dictionaries."""
    with _reading(source):
        most = max(5 * MAX_FILE, _GROWTH * source.state()[0])
        file = _opened(source)
        _check_size(source, file.metadata, most)
        found, weight = [], 0
        for group in range(file.num_row_groups):
            found.append(_with_names(file.read_row_group(group, use_threads=False)))
            weight += _weight(found[-1])
            if weight > most:
                raise _too_large(source, most)
        return pa.concat_tables(found) if found else _with_names(file.read())


def _opened(source: Source) -> pq.ParquetFile:
    """The file, to be read so that texts which repeat stay in dictionaries."""
    with source.open() as opened:
        if opened.read(4) == b"PARE":
            raise UnreadableInput(f"{source.name} is encrypted; export it again without encryption")
    meta = pq.ParquetFile(_where(source)).metadata
    unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
    # A text of a megabyte that stands in each row is stored once, and would be unpacked for each: so its size is asked first.
    leaves = [meta.schema.column(place) for place in range(meta.num_columns)]
    may_grow = meta.num_rows * unpacked > MAX_FILE // 20 or any(leaf.max_repetition_level for leaf in leaves)
    repeated = {leaf.path for leaf in leaves if may_grow and leaf.physical_type == "BYTE_ARRAY"}
    return pq.ParquetFile(_where(source), read_dictionary=sorted(repeated))


def _where(source: Source) -> pa.BufferReader | Path | BinaryIO:
    if source.path is None:
        return pa.BufferReader(source.data)
    try:
        str(source.path).encode()
    except UnicodeEncodeError:
        # pyarrow knows no names in other encodings.
        return source.path.open("rb")
    return source.path


def _check_size(source: Source, meta: pq.FileMetaData, most: int = 5 * MAX_FILE) -> None:
    if sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups)) > most:
        raise _too_large(source, most)
    if _values(meta, range(meta.num_row_groups)) > max(_MAX_VALUES, most // 40):
        raise UnreadableInput(f"{source.name} holds more than {_MAX_VALUES:,} values; split it")


def _with_names(table: pa.Table) -> pa.Table:
    table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
    return table.rename_columns(unique_names(table.column_names))


def _weight(table: pa.Table) -> int:
    return sum(size(chunk) for column in table.columns for chunk in column.chunks)


@contextlib.contextmanager
def _reading(source: Source) -> Iterator[None]:
    """Say that a file is unsound, whatever pyarrow raises: what its C++ code met."""
    try:
        yield
    except (UnreadableInput, GeneratorExit):
        raise
    except Exception as error:
        raise _unsound(source) from error


def _values(meta: pq.FileMetaData, groups: Iterable[int]) -> int:
    """How many values all columns hold in some groups of rows, of lists each of their parts."""
    found, groups = 0, list(groups)
    n_rows = sum(meta.row_group(group).num_rows for group in groups)
    for place in range(meta.num_columns):
        if meta.schema.column(place).max_repetition_level:
            # Not asked of other columns: what is unsound about a chunk's statistics would end the whole program.
            found += sum(meta.row_group(group).column(place).num_values for group in groups)
        else:
            found += n_rows
    return found


def _too_large(source: Source, most: int = 5 * MAX_FILE) -> UnreadableInput:
    return UnreadableInput(f"{source.name} unpacks to more than {most // 10**6} MB; split it")


def _unsound(source: Source) -> UnreadableInput:
    return UnreadableInput(f"{source.name} is not a sound Parquet file; export it again")

"""Parquet tables."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tasrib.errors import UnreadableInput
from tasrib.tables.arrow import size, texts
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import MAX_FILE, HeaderTest, RawTable, Source, unique_names

SUFFIXES = (".parquet",)

_MAX_VALUES = 100_000_000  # in all columns: a few bytes can stand for billions
_MAX_ROWS, _MAX_TEXTS = 5_000_000, 50_000_000  # as strings of Python, which take far more room
_ROUNDED = (
    "the column's type has no room for numbers as long as these, so that their last digits are lost; export the numbers as text from "
    "where they came"
)


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read a Parquet table; rows are numbered from 1.

    Raises
    ------
    UnreadableInput
        When the file is broken, or would unpack to more than the size limit.
    """
    table = _unpacked(source)
    if table.num_rows > _MAX_ROWS or table.num_rows * table.num_columns > _MAX_TEXTS:
        raise UnreadableInput(f"{source.name} has more than {_MAX_ROWS:,} rows or {_MAX_TEXTS:,} values; split it")
    columns: list[list[str]] = []
    notes: list[Note] = []
    try:
        for name, column in zip(table.column_names, table.columns, strict=True):
            values, rounded = texts(column)
            columns.append(values)
            notes.extend(of_rows("lost", "rounded_numbers", _ROUNDED, (at + 1 for at in rounded), name))
    except Exception as error:  # pyarrow raises whatever its C++ code met
        raise _unsound(source) from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [RawTable(table.column_names, rows, list(range(1, len(rows) + 1)), notes=notes)]


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
    if not kept:
        frame = pd.DataFrame(index=range(table.num_rows))
    return frame.assign(**{name: pd.Series(values, dtype="str") for name, values in others.items()})[table.column_names]


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
    if source.data.startswith(b"PARE"):
        raise UnreadableInput(f"{source.name} is encrypted; export it again without encryption")
    too_large = UnreadableInput(f"{source.name} unpacks to more than {5 * MAX_FILE // 10**6} MB; split it")
    try:
        meta = pq.ParquetFile(pa.BufferReader(source.data)).metadata
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if unpacked > 5 * MAX_FILE:
            raise too_large
        if _values(meta) > _MAX_VALUES:
            raise UnreadableInput(f"{source.name} holds more than {_MAX_VALUES:,} values; split it")
        # A text of a megabyte that stands in each row is stored once, and would be unpacked for each: so its size is asked first.
        leaves = [meta.schema.column(place) for place in range(meta.num_columns)]
        may_grow = meta.num_rows * unpacked > MAX_FILE // 20 or any(leaf.max_repetition_level for leaf in leaves)
        repeated = {leaf.path for leaf in leaves if may_grow and leaf.physical_type == "BYTE_ARRAY"}
        table = pq.ParquetFile(pa.BufferReader(source.data), read_dictionary=sorted(repeated)).read()
        if sum(size(chunk) for column in table.columns for chunk in column.chunks) > 5 * MAX_FILE:
            raise too_large
        table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
        return table.rename_columns(unique_names(table.column_names))
    except UnreadableInput:
        raise
    except Exception as error:
        raise _unsound(source) from error


def _values(meta: pq.FileMetaData) -> int:
    """How many values all columns hold, of lists each of their parts."""
    found = 0
    for place in range(meta.num_columns):
        if meta.schema.column(place).max_repetition_level:
            # Not asked of other columns: what is unsound about a chunk's statistics would end the whole program.
            found += sum(meta.row_group(group).column(place).num_values for group in range(meta.num_row_groups))
        else:
            found += meta.num_rows
    return found


def _unsound(source: Source) -> UnreadableInput:
    return UnreadableInput(f"{source.name} is not a sound Parquet file; export it again")

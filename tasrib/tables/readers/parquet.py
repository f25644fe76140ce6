"""Parquet tables."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import MAX_FILE, HeaderTest, RawTable, Source, cell_text, unique_names

SUFFIXES = (".parquet",)


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read a Parquet table; rows are numbered from 1.

    Raises
    ------
    UnreadableInput
        When the file is broken, or would unpack to more than the size limit.
    """
    table = _unpacked(source)
    try:
        columns = [_texts(column) for column in table.columns]
    except Exception as error:  # pyarrow raises whatever its C++ code met
        raise _unsound(source) from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [RawTable(table.column_names, rows, list(range(1, len(rows) + 1)))]


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
    kept = [name for name, column in zip(table.column_names, table.columns, strict=True) if _keeps_its_type(column)]
    try:
        # Without the metadata in which pandas notes an index: a column is a column.
        frame = table.select(kept).replace_schema_metadata(None).to_pandas()
        texts = {name: _texts(table[name]) for name in table.column_names if name not in kept}
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
    return frame.assign(**{name: pd.Series(values, dtype="str") for name, values in texts.items()})[table.column_names]


def _keeps_its_type(column: pa.ChunkedArray) -> bool:
    """Whether a column comes into pandas as it is; whole numbers would become floats where some lack, and long ones of those merge."""
    kind = column.type
    if pa.types.is_integer(kind):
        return not column.null_count
    return any(
        known(kind)
        for known in (pa.types.is_string, pa.types.is_large_string, pa.types.is_timestamp, pa.types.is_floating)
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [cell_text(value) for value in column.to_pylist()]


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
    """The table under unique names, if it is of a size that can be read."""
    try:
        file = pq.ParquetFile(pa.BufferReader(source.data))
        meta = file.metadata
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if unpacked > 5 * MAX_FILE:
            raise UnreadableInput(f"{source.name} unpacks to more than {5 * MAX_FILE // 10**6} MB; split it")
        table = file.read()
        table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
        return table.rename_columns(unique_names(table.column_names))
    except UnreadableInput:
        raise
    except Exception as error:
        raise _unsound(source) from error


def _unsound(source: Source) -> UnreadableInput:
    return UnreadableInput(f"{source.name} is not a sound Parquet file; export it again")

"""Parquet tables."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import MAX_FILE, HeaderTest, RawTable, Source, cell_text, unique_names

SUFFIXES = (".parquet",)


def read(source: Source, headers: HeaderTest) -> RawTable:
    """
    Read a Parquet table; rows are numbered from 1.

    Raises
    ------
    UnreadableInput
        When the file is broken, or would unpack to more than the size limit.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(source.data))
        meta = file.metadata
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        if unpacked > 5 * MAX_FILE:
            raise UnreadableInput(f"{source.name} unpacks to more than {5 * MAX_FILE // 10**6} MB; split it")
        table = file.read()
        table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
        columns = [[cell_text(value) for value in column.to_pylist()] for column in table.columns]
    except UnreadableInput:
        raise
    except Exception as error:  # pyarrow raises whatever its C++ code met
        raise UnreadableInput(f"{source.name} is not a sound Parquet file; export it again") from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    return RawTable(unique_names(table.column_names), rows, list(range(1, len(rows) + 1)))

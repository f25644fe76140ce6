"""Any small table in or out of a file: readers and writers by suffix, decoding, atomic replacement. Knows nothing of complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrib._later import later

if TYPE_CHECKING:
    from tasrib.tables.readers import read_tables
    from tasrib.tables.write import write_table, write_workbook

__all__ = ["read_tables", "write_table", "write_workbook"]

if not TYPE_CHECKING:
    # Not every command has to do with tables.
    __getattr__ = later(__name__, {"read_tables": "readers", "write_table": "write", "write_workbook": "write"})

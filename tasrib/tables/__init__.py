"""Any small table in or out of a file: readers and writers by suffix, decoding, atomic replacement. Knows nothing of complaints."""

from tasrib.tables.readers import read_tables
from tasrib.tables.write import write_table, write_workbook

__all__ = ["read_tables", "write_table", "write_workbook"]

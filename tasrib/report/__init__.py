"""The report: figures, page, workbook."""

from tasrib.report.alias import apply_alias, read_alias
from tasrib.report.figures import by_day, operator_shares
from tasrib.report.write import write_report

__all__ = ["apply_alias", "by_day", "operator_shares", "read_alias", "write_report"]

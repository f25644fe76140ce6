"""How the columns of a comparison's table print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from tasrib.report.beside import without_chances
from tasrib.report.words import points_to, posterior_words, probability_words, ratio_words
from tasrib.tracing.comparison import Column, Comparison, label


def table_cells(comparison: Comparison, rows: pd.DataFrame) -> dict | None:
    """
    Print the rows of a comparison's table.

    Parameters
    ----------
    comparison : Comparison
        Says the columns.
    rows : pandas.DataFrame
        From ``comparison.listed``.

    Returns
    -------
    dict or None
        ``head`` and ``rows`` of text; None where there is no row.
    """
    if rows.empty:
        return None
    shown = [without_chances(row) if "evidence" in row else row for row in rows.to_dict("records")]
    cells = [[_cell(comparison, column, row) for column in comparison.columns] for row in shown]
    return {"head": [column.heading for column in comparison.columns], "rows": cells}


def _cell(comparison: Comparison, column: Column, row: Mapping[str, Any]) -> str:
    if column.form == "label":
        return points_to(row) if comparison.names == "operator" else label(row)
    return _FORMS[column.form](*(row[name] for name in column.fields))


def _interval(ratio: float, low: float, high: float) -> str:
    return "–" if pd.isna(ratio) else f"{ratio_words(ratio)} ({ratio_words(low)} to {ratio_words(high)})"


_FORMS: dict[str, Callable[..., str]] = {
    "text": str,
    "of": lambda part, whole: f"{part} / {whole}",
    "ratio": ratio_words,
    "interval": _interval,
    "p_value": probability_words,
    "posterior": posterior_words,
}

"""Rows that are no complaints: the columns of their table, and the table back from its file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tasrib.tables.named import read_named

REJECTED = ("file", "sheet", "row", "column", "value", "reason", "raw")


def read_rejected(path: str | Path) -> pd.DataFrame:
    """
    Read a quarantine back as `write_table` wrote it.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    DataFrame
        As the second frame of `read_complaints`.

    Raises
    ------
    UnreadableInput
        When it is no quarantine.
    """
    # Those of an older tasrib name no sheet.
    needed = [name for name in REJECTED if name != "sheet"]
    frame, _ = read_named(path, needed, "name the quarantine file that tasrib score wrote")
    if "sheet" not in frame:
        frame.insert(1, "sheet", pd.Series("", index=frame.index, dtype="str"))
    frame["row"] = pd.to_numeric(frame["row"], errors="coerce").fillna(0).astype("int64")
    return frame

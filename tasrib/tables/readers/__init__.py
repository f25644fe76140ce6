"""
The file formats, one module each.

A new format is a new module here with ``SUFFIXES`` and ``read(source, headers) -> RawTable``; nothing
else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import HeaderTest, NoRows, RawTable, Source

Reader = Callable[[Source, HeaderTest], RawTable]


@cache
def registry() -> dict[str, Reader]:
    """
    Reader of each known suffix.

    Returns
    -------
    dict
        Suffix with its dot, lower-case → function.
    """
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return {suffix: module.read for module in modules for suffix in getattr(module, "SUFFIXES", ())}


def read_table(path: str | Path, headers: HeaderTest, otherwise: str | None = None) -> tuple[Source, RawTable]:
    """
    Read one input with the reader its suffix asks for.

    Parameters
    ----------
    path : str or Path
        A file, or ``-`` for standard input (CSV or JSONL, told apart by the first character).
    headers : HeaderTest
        Tells a header from a title.
    otherwise : str, optional
        Suffix whose reader reads a file with an unknown one or none.

    Returns
    -------
    tuple of Source and RawTable

    Raises
    ------
    UnreadableInput
        When nothing can be read from it.
    """
    known = registry()
    suffix = Path(path).suffix.lower()
    if otherwise is not None and suffix not in (*known, ".xls"):
        suffix = otherwise
    if str(path) != "-" and suffix not in known and not Path(path).is_dir() and Path(path).exists():
        if suffix == ".xls":
            raise UnreadableInput(f"{path} is in the old .xls format; open it in Excel and save it as .xlsx")
        raise UnreadableInput(
            f"{path}: no reader for '{suffix or 'a file without suffix'}'; known: {', '.join(sorted(known))}"
        )
    source = Source.load(path)
    if str(path) == "-":
        suffix = ".jsonl" if source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else ".csv"
    table = known[suffix](source, headers)
    if not table.columns:
        raise UnreadableInput(f"{path} holds no table; the first row must name the columns")
    # Without a header the caller has something better to say: which column is missing.
    if not table.rows and not table.bad and headers.is_header(table.columns):
        raise NoRows(f"{path} has no rows below its header")
    return source, table

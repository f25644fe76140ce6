"""
What phones and mailboxes write out, one module a format.

A new format is a new module here with

- ``NAME``, what its users call it;
- ``open_export(source) -> Export | None``: None for a file that is not of this format, which the first bytes must tell; the suffix is
  never asked. An error where it is of this format and cannot be read at all.

Nothing else has to know of it. What is read, by whom, and what is kept of it is the same for all: `rows`, `owner`, `keeping`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from tasrib.complaints.exports.message import Export
from tasrib.tables.raw import Source


@cache
def formats() -> tuple[ModuleType, ...]:
    """
    Find all formats.

    Returns
    -------
    tuple of module
        In the order of their names.
    """
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return tuple(module for module in modules if hasattr(module, "open_export"))


def find_export(source: Source) -> tuple[str, Export] | None:
    """
    Recognise what a phone or mailbox wrote, by what is in it.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    tuple of str and Export, or None
        What the format is called, and the file opened; None for a file of none of the formats.

    Raises
    ------
    UnreadableInput
        When it is one of them and cannot be read.
    """
    for module in formats():
        export = module.open_export(source)
        if export is not None:
            return module.NAME, export
    return None

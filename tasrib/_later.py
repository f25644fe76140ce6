"""Names of a package that are imported on their first use: what a command does not need, it does not wait for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def later(package: str, module_of: Mapping[str, str]) -> Callable[[str], Any]:
    """
    Make a package's ``__getattr__`` (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    module_of : mapping of str to str
        In which module of it each public name lives.

    Returns
    -------
    callable
        Imports a name and keeps it. Hide it from type checkers, which would take any name for a public one.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return __getattr__

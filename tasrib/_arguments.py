"""What a public function was given, checked at its door: a wrong argument is told what is wanted, in one line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasrib.errors import WrongArgument

if TYPE_CHECKING:
    import pandas as pd


def as_frame(value: Any, what: str) -> pd.DataFrame:
    """
    Take a table.

    Parameters
    ----------
    value : pandas.DataFrame
        What was given.
    what : str
        What is wanted, such as ``scored complaints, as from tasrib.score``.

    Returns
    -------
    pandas.DataFrame
        The same.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    # Of duck type, lest pandas be imported for the sake of a refusal.
    if hasattr(value, "columns") and hasattr(value, "loc") and hasattr(value, "reset_index"):
        return value
    raise WrongArgument(f"expected a pandas.DataFrame of {what}; got {_kind(value)}")


def as_path(value: Any, what: str) -> Path:
    """
    Take a file or folder.

    Parameters
    ----------
    value : path
        What was given.
    what : str
        What is wanted, such as ``a file of scored complaints``.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    if isinstance(value, str | os.PathLike) and isinstance(os.fspath(value), str):
        return Path(value)
    raise WrongArgument(f"expected the path of {what}; got {_kind(value)}")


def as_paths(value: Any, what: str) -> list[str | Path]:
    """
    Take one file or several.

    Parameters
    ----------
    value : path or iterable of path
        What was given.
    what : str
        What is wanted, such as ``files of complaints``.

    Returns
    -------
    list of path
        As given.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    if isinstance(value, str | os.PathLike):
        value = [value]
    if not isinstance(value, Iterable) or isinstance(value, bytes) or hasattr(value, "columns"):
        raise WrongArgument(f"expected the path of {what}, or several; got {_kind(value)}")
    paths = list(value)
    for each in paths:
        as_path(each, what)
    return paths


def _kind(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"

"""What a public function was given, checked at its door: a wrong argument is told what is wanted, in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tasrib.errors import WrongArgument

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def as_frame(value: Any, what: str, columns: Iterable[str] = ()) -> pd.DataFrame:
    """
    Take a table.

    Parameters
    ----------
    value : pandas.DataFrame
        What was given.
    what : str
        What is wanted, such as ``scored complaints, as from tasrib.score``.
    columns : iterable of str
        What must be in it; for what is told by no check of its own.

    Returns
    -------
    pandas.DataFrame
        The same.

    Raises
    ------
    WrongArgument
        When it is something else, or has two columns of one name.
    """
    # Who holds a frame has imported pandas; it is not imported for the sake of a refusal.
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, pandas.DataFrame):
        ways = [way for way in ("to_pandas", "compute") if callable(getattr(value, way, None))]
        hint = f"; give its {ways[0]}()" if ways and not isinstance(value, type) else ""
        raise WrongArgument(f"expected a pandas.DataFrame of {what}; got {_kind(value)}{hint}")
    if not value.columns.is_unique:
        twice = value.columns[value.columns.duplicated()][0]
        raise WrongArgument(f"expected a pandas.DataFrame of {what}; it has two columns {twice!r}, rename one")
    lacking = [name for name in columns if name not in value.columns]
    if lacking:
        raise WrongArgument(f"expected a pandas.DataFrame of {what}; its column {lacking[0]!r} is missing")
    return value


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


def as_path_or_none(value: Any, what: str) -> Path | None:
    """
    Take a file or folder that need not be given.

    Parameters
    ----------
    value, what
        As for `as_path`.

    Returns
    -------
    pathlib.Path or None
        The path; None where there is none.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    return None if value is None else as_path(value, what)


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


def as_kind(value: Any, kind: type[T], what: str) -> T:
    """
    Take a thing of a certain class.

    Parameters
    ----------
    value : object
        What was given.
    kind : type
        The class.
    what : str
        What is wanted, such as ``a model, as from tasrib.load_model``.

    Returns
    -------
    object
        The same.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    if isinstance(value, kind):
        return value
    raise WrongArgument(f"expected {what}; got {_kind(value)}")


def as_words(value: Any, what: str) -> dict[str, str]:
    """
    Take a mapping of words to words.

    Parameters
    ----------
    value : mapping of str to str
        What was given.
    what : str
        What is wanted, such as ``other names by operator``.

    Returns
    -------
    dict of str to str
        A copy.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    if isinstance(value, Mapping) and all(isinstance(word, str) for pair in value.items() for word in pair):
        return dict(value)
    raise WrongArgument(f"expected a mapping of {what}, words to words; got {_kind(value)}")


def as_choices(value: Any, choices: Iterable[str], what: str) -> tuple[str, ...]:
    """
    Take one word of some, or several.

    Parameters
    ----------
    value : str or iterable of str
        What was given.
    choices : iterable of str
        The words.
    what : str
        What is wanted, such as ``a language``.

    Returns
    -------
    tuple of str
        Each once.

    Raises
    ------
    WrongArgument
        When it is something else, or nothing.
    """
    known = list(choices)
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Iterable) and not isinstance(value, bytes) and not hasattr(value, "columns"):
        words = list(value)
        if words and all(isinstance(word, str) and word in known for word in words):
            return tuple(dict.fromkeys(words))
    raise WrongArgument(f"expected {what}, or several, of {', '.join(known)}; got {_kind(value)}")


def as_whole(value: Any, name: str, least: int = 1) -> int:
    """
    Take a whole number.

    Parameters
    ----------
    value : int
        What was given.
    name : str
        The argument.
    least : int
        The smallest that makes sense.

    Returns
    -------
    int
        The same.

    Raises
    ------
    WrongArgument
        When it is something else, or less.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise WrongArgument(f"{name} is a whole number of {least} or more; got {_kind(value)}")


def as_number(value: Any, name: str) -> float:
    """
    Take a number.

    Parameters
    ----------
    value : float
        What was given.
    name : str
        The argument.

    Returns
    -------
    float
        The same; its range is the caller's matter.

    Raises
    ------
    WrongArgument
        When it is something else.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    raise WrongArgument(f"{name} is a number; got {_kind(value)}")


def is_partitioned(table: object) -> bool:
    """
    Tell a Dask DataFrame from others.

    Parameters
    ----------
    table : object
        What was given.

    Returns
    -------
    bool
        True of a Dask DataFrame. Dask is not imported for it.
    """
    pandas = sys.modules.get("pandas")
    return (
        pandas is not None
        and hasattr(table, "to_delayed")
        and isinstance(getattr(table, "_meta", None), pandas.DataFrame)
    )


def _kind(value: Any) -> str:
    # Of a number itself; of anything else its type alone, since it may be long or hold what nobody should print.
    if value is None or isinstance(value, Real):
        return str(value)
    return f"a {type(value).__name__}"

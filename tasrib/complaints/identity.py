"""Ids that tell complaints apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Protocol, TypeAlias

import pandas as pd


def stem_of(name: str, taken: Sequence[str]) -> str:
    """
    Name a file in made-up complaint ids.

    Parameters
    ----------
    name : str
        The file's name.
    taken : sequence of str
        Stems of other files, from other folders it may be.

    Returns
    -------
    str
        The name without its suffix, numbered where it is taken.
    """
    return next(stem for stem in _numbered(Path(name).stem) if stem not in taken)


class Taken(Protocol):
    """Ids that other complaints have: a set, or `tasrib.complaints.seen.Seen`."""

    def isdisjoint(self, ids: Iterable[str], /) -> bool:
        """Whether none of these is taken."""


Chunks: TypeAlias = Callable[[], Iterable[pd.Series]]


def made_up_name(rows: Chunks, stem: str, taken: Taken) -> str:
    """
    Name a table in the ids of its complaints that have none.

    Parameters
    ----------
    rows : callable
        Gives the row of each such complaint, some at a time.
    stem : str
        What stands for the table.
    taken : Taken
        Ids that other complaints have.

    Returns
    -------
    str
        The stem, or with a number behind it, so that no id from `made_up` is taken.
    """
    return next(name for name in _numbered(stem) if all(taken.isdisjoint(made_up(each, name)) for each in rows()))


def made_up(rows: pd.Series, name: str) -> pd.Series:
    """
    Make ids of complaints that have none.

    Parameters
    ----------
    rows : pandas.Series
        Row of each complaint in its table.
    name : str
        From `made_up_name`.

    Returns
    -------
    pandas.Series
        Such as ``plaintes:2``.
    """
    return name + ":" + rows.astype("str")


def name_apart(ids: Chunks, place: str, taken: Taken) -> str:
    """
    Name a table in its ids where these are not told from those of the tables before it.

    Ids that begin with 1 in each file say nothing by themselves. Where one of a table is taken all of the table get the file before
    them, so that the ids of a file stay of one kind.

    Parameters
    ----------
    ids : callable
        Gives the ids of one table, each once, some at a time.
    place : str
        What to put before them.
    taken : Taken
        Ids that other complaints have.

    Returns
    -------
    str
        Empty where none was taken.
    """
    names = chain([""], _numbered(place))
    return next(name for name in names if all(taken.isdisjoint(apart(each, name)) for each in ids()))


def apart(ids: pd.Series, name: str) -> pd.Series:
    """
    Tell ids of one table from those of others.

    Parameters
    ----------
    ids : pandas.Series
        Ids of one table.
    name : str
        From `name_apart`.

    Returns
    -------
    pandas.Series
        With the name before them, if there is one.
    """
    return name + ":" + ids if name else ids


def _numbered(name: str) -> Iterator[str]:
    """The name, then the name with 2, 3 and so on behind it."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))

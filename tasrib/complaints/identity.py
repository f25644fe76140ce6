"""Ids that tell complaints apart, and the one complaint that stands in two files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

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


def made_up(rows: pd.Series, stem: str, taken: set[str]) -> pd.Series:
    """
    Make ids of complaints that have none.

    Parameters
    ----------
    rows : pandas.Series
        Row of each complaint in its table.
    stem : str
        What stands for the table.
    taken : set of str
        Ids that other complaints have.

    Returns
    -------
    pandas.Series
        Such as ``plaintes:2``, none of them taken.
    """
    numbers = rows.astype("str")
    return next(ids for name in _numbered(stem) if taken.isdisjoint(ids := name + ":" + numbers))


def repeated_ids(ids: pd.Series) -> pd.Series:
    """
    Find ids that stand twice in one table.

    Parameters
    ----------
    ids : pandas.Series
        Ids of one table.

    Returns
    -------
    pandas.Series
        For each that has been met before, the index of the first.
    """
    first: dict[str, int] = {}
    return pd.Series(
        {index: first[value] for index, value in ids.items() if first.setdefault(value, index) != index}, dtype="int64"
    )


def told_apart(ids: pd.Series, place: str, taken: set[str]) -> pd.Series:
    """
    Make ids of one table differ from those of the tables before it.

    Ids that begin with 1 in each file say nothing by themselves. Where one of a table is taken all of the table get the file before
    them, so that the ids of a file stay of one kind.

    Parameters
    ----------
    ids : pandas.Series
        Ids of one table, each once.
    place : str
        What to put before them.
    taken : set of str
        Ids that other complaints have.

    Returns
    -------
    pandas.Series
        Ids of which none is taken; the same ones where none was.
    """
    if taken.isdisjoint(ids):
        return ids
    return next(apart for name in _numbered(place) if taken.isdisjoint(apart := name + ":" + ids))


def _numbered(name: str) -> Iterator[str]:
    """The name, then the name with 2, 3 and so on behind it."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))

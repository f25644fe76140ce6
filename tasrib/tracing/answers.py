"""Who else holds the number: what people wrote, as organisations that they named, or none at all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from tasrib.complaints.words import fold, is_no_answer, reference

# An Arabic keyboard has a semicolon of its own.
_BETWEEN = re.compile("[;؛]")
# What fills a box that has to be filled.
_STROKES = set("-–—_./\\?؟*.…,،!+ ")


@dataclass(frozen=True)
class Answers:
    """
    What people said of who holds their number.

    Attributes
    ----------
    answered : numpy.ndarray of bool, shape (n_people,)
        Whether the person named an organisation, however rare, or said that there is none.
    named : pandas.DataFrame of bool, shape (n_people, n_organisations)
        Who named which organisation, of those that enough people named, each by its commonest spelling.
    """

    answered: np.ndarray
    named: pd.DataFrame


def read_answers(known_to: pd.Series, least: int) -> Answers:
    """
    Read what people wrote of who holds their number.

    Parameters
    ----------
    known_to : pandas.Series of str, shape (n_people,)
        Organisations, ``;`` between them; empty where unsaid.
    least : int
        Organisations that fewer people named get no column: who named only these has answered all the same.

    Returns
    -------
    Answers
        Case, accents, spaces and punctuation do not split an organisation in two. "Nobody" is an answer, "I do not know" is none
        (``data/reference/known_to.toml``).
    """
    codes, cells = pd.factorize(known_to)
    people = np.bincount(codes, minlength=len(cells))
    said = [_read(cell) for cell in cells]
    spellings: dict[str, Counter[str]] = {}
    holders: Counter[str] = Counter()
    for names, n in zip(said, people.tolist(), strict=True):
        holders.update(dict.fromkeys(names or (), n))
        for key, spelling in (names or {}).items():
            spellings.setdefault(key, Counter())[spelling] += n
    # Which spelling stands for the others must not depend on the order of the file.
    title = {
        key: min(spellings[key], key=lambda s: (-spellings[key][s], s)) for key, n in holders.items() if n >= least
    }
    kept = sorted(title, key=lambda key: (title[key], key))
    named = np.array([[key in (names or ()) for key in kept] for names in said], bool).reshape(len(cells), len(kept))
    answered = np.array([names is not None for names in said], bool)
    return Answers(answered[codes], pd.DataFrame(named[codes], columns=[title[key] for key in kept]))


def _read(cell: str) -> dict[str, str] | None:
    """Organisations of one cell, by folded name; None where it is no answer."""
    names: dict[str, str] = {}
    answered = False
    for name in map(str.strip, _BETWEEN.split(cell)):
        key = fold(name)
        if key in _words("nobody"):
            answered = True
        elif not is_no_answer(name) and key not in _words("unsaid") and not set(key) <= _STROKES:
            names.setdefault(key, name)
    return names if names or answered else None


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(map(fold, reference("known_to.toml")[section]["words"]))

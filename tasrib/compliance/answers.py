"""What is known of one field, complaint by complaint."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

UNKNOWN = ""
# Why a field is not known, where no reading says it better: nobody has answered.
UNANSWERED = "unanswered"


class Answer(NamedTuple):
    """
    What is known of a field.

    Attributes
    ----------
    values : numpy.ndarray of str, shape (n,)
        Its value for each complaint; empty where it is not known.
    missing : numpy.ndarray of str, shape (n,)
        Where it is not known, the field to ask for, which may be one that it rests on.
    reason : numpy.ndarray of str, shape (n,)
        Where it is not known, why: a table ``[reason.KEY]`` of ``data/reference/compliance.toml``.
    """

    values: np.ndarray
    missing: np.ndarray
    reason: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where it is known."""
        return self.values != UNKNOWN


def same(text: str, n: int) -> np.ndarray:
    """
    Say one thing of every complaint.

    Parameters
    ----------
    text : str
        What is said.
    n : int
        Number of complaints.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        The text, `n` times, in an array that takes longer ones too.
    """
    return np.full(n, text, dtype=object)


def yes_no(yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """
    Write two conditions as values of a field.

    Parameters
    ----------
    yes, no : numpy.ndarray of bool, shape (n,)
        Where the answer is yes, and where it is no.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        ``yes``, ``no``, or empty where it is neither.
    """
    return np.where(yes, "yes", np.where(no, "no", UNKNOWN)).astype(object)


class Coded(NamedTuple):
    """
    Texts of which few differ, as numbers: an array of them takes a byte or two a complaint, not a pointer.

    Attributes
    ----------
    codes : numpy.ndarray of int, shape (n,)
        Which text it is.
    texts : numpy.ndarray of str
        The texts that occur.
    """

    codes: np.ndarray
    texts: np.ndarray

    @classmethod
    def of(cls, texts: np.ndarray) -> Coded:
        """Number an array of texts."""
        codes, known = pd.factorize(texts)
        return cls(codes.astype(np.min_scalar_type(len(known))), known)

    def written(self) -> np.ndarray:
        """Write the array out."""
        return self.texts[self.codes]

"""Whose number a complaint names: one name for each person, in any spelling."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.numbering import lookup_many, person_keys


def persons(scored: pd.DataFrame, country: str) -> pd.Series:
    """
    Tell whose each complaint is.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.Series of str
        Pseudonyms, which stay as they are; numbers kept by ``keep_numbers`` in E.164 form; for each complaint whose number is spoiled, invalid
        or missing a person of its own.
    """
    out = scored["recipient"].astype("str")
    kept = ~out.str.match(PSEUDONYM)
    if kept.any():
        written, rows = out[kept], scored[kept]
        out[kept] = person_keys(written, rows["number_status"], lookup_many(written, country=country)["e164"], rows)
    return out


def one_spelling(recipients: pd.Series, country: str) -> pd.Series:
    """
    Write each number in one way, so that a person is one name.

    Parameters
    ----------
    recipients : pandas.Series of str
        Pseudonyms, which stay as they are, or numbers kept by ``keep_numbers``, in any spelling.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.Series of str
        Numbers in E.164 form where they can be read.
    """
    out = recipients.astype("str")
    numbers = ~out.str.match(PSEUDONYM)
    if numbers.any():
        read = lookup_many(out[numbers], country=country)["e164"].to_numpy(dtype=object)
        out[numbers] = np.where(read != "", read, out[numbers].to_numpy(dtype=object))
    return out

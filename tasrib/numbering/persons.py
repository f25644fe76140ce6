"""One key a person: where the number is not known, a complaint's person is nobody else's."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

import numpy as np
import pandas as pd

from tasrib.numbering.addresses import address_of

# Of these nothing tells one person from another: ten people's 6.61235E+08 are ten people, and so are ten "Fatima".
UNKNOWN_PERSON = ("spoiled", "invalid", "missing", "alphanumeric")
UNKNOWN = "unknown:"
# What a complaint is told from others by, also after it was written to a file and read.
_OF_ROW = ("complaint_id", "source_sheet", "source_row", "text")


def person_keys(written: pd.Series, status: pd.Series, e164: pd.Series, complaints: pd.DataFrame) -> pd.Series:
    """
    Tell whose each number is.

    Parameters
    ----------
    written : pandas.Series of str, shape (n,)
        Numbers as written.
    status : pandas.Series of str, shape (n,)
        Their ``number_status``.
    e164 : pandas.Series of str, shape (n,)
        What they read as; empty where nothing could be read.
    complaints : pandas.DataFrame, shape (n, m)
        The complaints that they stood in, row by row, with any of the columns ``complaint_id``, ``source_file``, ``source_sheet``,
        ``source_row`` and ``text``.

    Returns
    -------
    pandas.Series of str, shape (n,)
        The number in E.164 form; a short code as written; an e-mail address or id in lower case. Where none of these is known,
        ``unknown:`` and a hash of the complaint, another one each time: one person's two complaints with a spoiled number are two
        unknown persons, since nothing says that they are one. The same complaints in the same files get the same keys again.
    """
    keys = e164.to_numpy(dtype=object, copy=True)
    nobody = status.isin(UNKNOWN_PERSON).to_numpy()
    for i in np.flatnonzero(nobody | (keys == "")):
        keys[i] = written.iloc[i]
        if nobody[i]:
            keys[i] = address_of(keys[i]) if status.iloc[i] == "alphanumeric" else ""
    unknown = np.flatnonzero(nobody & (keys == ""))
    if len(unknown):
        keys[unknown] = _of_rows(complaints.iloc[unknown])
    return pd.Series(keys, index=e164.index, dtype="str")


def _of_rows(complaints: pd.DataFrame) -> list[str]:
    parts = [complaints[name].astype("object").fillna("").map(str) for name in _OF_ROW if name in complaints]
    if "source_file" in complaints:
        # The folder may have another name when the file is read again.
        parts.append(complaints["source_file"].astype("object").fillna("").map(lambda name: PurePath(str(name)).name))
    told = ["\x1f".join(row) for row in zip(*parts, strict=True)] if parts else [""] * len(complaints)
    again = pd.Series(told, dtype="str")
    count = again.groupby(again).cumcount()
    return [
        UNKNOWN + hashlib.sha256(f"{row}\x1f{number}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
        for row, number in zip(told, count, strict=True)
    ]

"""Was a person reached again by the same sender after the election for which the number was used?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, period: str) -> Answer:
    """``yes`` where an earlier complaint of the same person and sender falls before the end of such a period, and this one after it."""
    at, n = known.local, len(known)
    knows = known.knows_person & (known.writers != UNKNOWN) & ~np.isnat(at)
    first = (
        pd.Series(at).where(knows).groupby([known.persons, known.writers]).transform("min").to_numpy("datetime64[s]")
    )
    again = np.zeros(n, bool)
    for election in known.rules.elections:
        for _, last in election.periods.get(period, ()):
            end = np.datetime64(last, "s") + np.timedelta64(1, "D")
            again |= knows & (first < end) & (at >= end)
    missing = np.where(np.isnat(at), "received_at", np.where(known.knows_person, "party", "recipient")).astype(object)
    return Answer(yes_no(again, knows & ~again), missing, same(UNANSWERED, n))


AFTER_ELECTION = Reading(_read, asks=("received_at", "recipient"))

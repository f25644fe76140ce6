"""Did a message come after the same person had asked the same sender to stop?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, since: str, days: int) -> Answer:
    """
    Compare each message with the person's first such day, whichever of their complaints of this sender states it.

    Parameters
    ----------
    known : Known
        The complaints.
    since : str
        A field of days.
    days : int
        How many days afterwards a message may still have been on its way.

    Returns
    -------
    Answer
        ``yes`` where the message came later than that; ``no`` where it came before; unknown in between. ``never`` where the person is known
        never to have asked.
    """
    (stated, never), received = known.days(since), known.local.astype("datetime64[D]")
    asked = pd.Series(stated.astype("datetime64[s]"))
    # Without a known writer and person, what a complaint states holds for itself alone.
    alone = (known.writers == UNKNOWN) | ~known.knows_person
    own = np.array([f"complaint {at}" for at in range(len(known))], dtype=object)
    writer = np.where(alone, own, known.writers)
    first = asked.groupby([known.persons, writer]).transform("min").to_numpy("datetime64[D]")
    dated = ~np.isnat(received) & ~np.isnat(first)
    after, before = np.zeros(len(known), bool), np.zeros(len(known), bool)
    after[dated] = received[dated] > first[dated] + np.timedelta64(days, "D")
    before[dated] = received[dated] < first[dated]
    missing = np.where(np.isnat(first), since, np.where(np.isnat(received), "received_at", UNKNOWN)).astype(object)
    reason = np.where(dated, "soon_after", UNANSWERED).astype(object)
    values = yes_no(after, before)
    values[never & np.isnat(first)] = "never"
    return Answer(values, missing, reason)


LATER_MESSAGE = Reading(_read, values=("yes", "no", "never"), fields=("since",), asks=("received_at",))

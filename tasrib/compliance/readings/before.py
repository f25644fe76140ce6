"""Did one thing happen no later than another?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, first: str, then: str, days: int = 0) -> Answer:
    """
    Compare two days.

    Parameters
    ----------
    known : Known
        The complaints.
    first, then : str
        Fields that hold days.
    days : int
        How many days after ``then`` the ``first`` may still come.

    Returns
    -------
    Answer
        ``yes`` where ``first`` came in time, the same day included; ``no`` where it came later or never.
    """
    (early, never), (late, _) = known.days(first), known.days(then)
    comparable = ~np.isnat(early) & ~np.isnat(late)
    in_time = np.zeros(len(known), bool)
    in_time[comparable] = early[comparable] <= late[comparable] + np.timedelta64(days, "D")
    no = comparable & ~in_time | never & ~np.isnat(late)
    missing = np.where(np.isnat(early) & ~never, _asked(known, first), _asked(known, then))
    return Answer(yes_no(in_time, no), missing.astype(object), same(UNANSWERED, len(known)))


def _asked(known: Known, name: str) -> np.ndarray:
    """What the field itself asks for where it is not known, such as the party first."""
    missing = known.answer(name).missing
    return np.where(missing == UNKNOWN, name, missing)


BEFORE = Reading(_read, fields=("first", "then"))

"""Did one person get messages of several parties?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known) -> Answer:
    """``yes`` where the recipient complained of two parties or more, ``no`` where of one; unknown without party or recipient."""
    party, n = known.column("party"), len(known)
    named = pd.Series(party).where(party != UNKNOWN)
    counts = named.groupby(known.persons).nunique()
    several = pd.Series(known.persons).map(counts).to_numpy() > 1
    knows = known.knows_person & (party != UNKNOWN)
    missing = np.where(known.knows_person, "party", "recipient").astype(object)
    return Answer(yes_no(several & knows, ~several & knows), missing, same(UNANSWERED, n))


SEVERAL_PARTIES = Reading(_read, asks=("recipient",))

"""Did the same message reach many people?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasrib.compliance.answers import UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, least: int) -> Answer:
    """``yes`` where at least so many people complained of the campaign; that fewer did does not say that few were reached."""
    campaign, n = known.column("campaign_id"), len(known)
    counts = pd.Series(known.persons).groupby(campaign).nunique()
    many = (pd.Series(campaign).map(counts).to_numpy() >= least) & (campaign != UNKNOWN)
    return Answer(yes_no(many, np.zeros(n, bool)), same(UNKNOWN, n), same("few_complaints", n))


PEOPLE_REACHED = Reading(_read)

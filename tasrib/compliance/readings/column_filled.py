"""Does a column of the scored complaint say anything?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, column: str, blank: Sequence[str] = ()) -> Answer:
    """``yes`` where it holds something else than what counts as blank, else ``no``."""
    filled = ~np.isin(known.column(column).astype(str), [UNKNOWN, *blank])
    n = len(known)
    return Answer(yes_no(filled, ~filled), same(UNKNOWN, n), same(UNANSWERED, n))


COLUMN_FILLED = Reading(_read)

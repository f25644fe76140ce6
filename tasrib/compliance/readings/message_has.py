"""Is there a link in the message, or is the message all there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasrib.compliance.answers import UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, what: str) -> Answer:
    """``what`` is ``link``, or ``all_of_it``: then ``yes``, or unknown where the text seems cut off or told in the complainant's words."""
    n = len(known)
    if what == "link":
        has = known.message("has_link")
        return Answer(yes_no(has, ~has), same(UNKNOWN, n), same(UNKNOWN, n))
    cut, retold = known.message("cut"), ~known.message("quoted") & (known.said("retold") != "")
    reason = np.where(cut, "cut_off", np.where(retold, "retold", UNKNOWN)).astype(object)
    return Answer(yes_no(~cut & ~retold, np.zeros(n, bool)), same(UNKNOWN, n), reason)


MESSAGE_HAS = Reading(_read)

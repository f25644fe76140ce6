"""Is there a link in the message, or is the message all there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrib.compliance.answers import UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(known: Known, what: str) -> Answer:
    """``what`` is ``link`` or ``all_of_it``."""
    n = len(known)
    if what == "link":
        has = known.message("has_link")
    else:
        has = ~known.message("cut") & (known.message("quoted") | (known.said("retold") == ""))
    return Answer(yes_no(has, ~has), same(UNKNOWN, n), same(UNKNOWN, n))


MESSAGE_HAS = Reading(_read)

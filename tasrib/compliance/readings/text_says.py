"""Does the message say something, in any of the ways that a list of phrases gives?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tasrib.compliance.answers import UNKNOWN, Answer, same, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known


def _read(
    known: Known, phrases: str, complete: bool = False, elsewhere: Sequence[str] = (), absent: str = "no"
) -> Answer:
    """
    Look for a list of phrases.

    Parameters
    ----------
    known : Known
        The complaints.
    phrases : str
        The list.
    complete : bool
        Whether "no" needs the whole message: then it is not known where the text is cut off or told in the complainant's words, and where
        somebody else's copy of the same message has it, since people leave a last line out.
    elsewhere : sequence of {"link", "contact"}
        Where else it may stand, out of our sight: behind a link, or with whoever answers at the number or address given.
    absent : {"no", "unknown"}
        What it means that nothing is found; ``unknown`` where no list can be long enough.

    Returns
    -------
    Answer
        ``yes`` or ``no``.
    """
    said, n = known.said(phrases), len(known)
    yes = said == "sure"
    reason = same(UNKNOWN, n)
    missing = same(UNKNOWN, n)
    if absent == "unknown":
        reason[:] = "not_found"
    if complete:
        _because(reason, known.column("channel") == UNKNOWN, "unanswered")
        missing[reason == "unanswered"] = "channel"
        _because(reason, _in_other_copies(yes, known.column("campaign_id")), "in_other_copies")
        _because(reason, ~known.message("quoted") & (known.said("retold") != ""), "retold")
        _because(reason, known.message("cut"), "cut_off")
    for place in elsewhere:
        _because(reason, known.message("has_" + place), f"behind_{place}")
    _because(reason, said == "maybe", "doubtful_words")
    missing[reason != "unanswered"] = UNKNOWN
    return Answer(yes_no(yes, reason == UNKNOWN), missing, reason)


def _because(reason: np.ndarray, where: np.ndarray, key: str) -> None:
    """The last reason counts: they come in the order of how easily a look at the message settles them."""
    reason[where] = key


def _in_other_copies(yes: np.ndarray, campaign: np.ndarray) -> np.ndarray:
    anywhere = pd.Series(yes).groupby(campaign).transform("any").to_numpy(bool) if len(yes) else yes
    return anywhere & (campaign != UNKNOWN)


TEXT_SAYS = Reading(_read, asks=("channel",))

"""Which scripts a message is written in."""

from __future__ import annotations

import re

from tasrib.text.fold import FOLD


def script_shares(text: str) -> dict[str, float]:
    """
    Share of the letters in Arabic, Latin and Tifinagh script.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    dict of str to float
        Keys ``arabic``, ``latin``, ``tifinagh``; all 0 where the text has no such letter.
    """
    folded = text.translate(FOLD)
    counts = {
        "arabic": len(re.findall(r"[\u0600-\u06ff]", folded)),
        "latin": len(re.findall(r"[a-z]", folded)),
        "tifinagh": len(re.findall(r"[\u2d30-\u2d7f]", folded)),
    }
    total = sum(counts.values()) or 1
    return {script: count / total for script, count in counts.items()}

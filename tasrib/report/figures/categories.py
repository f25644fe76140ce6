"""Names of the categories."""

from __future__ import annotations

from tasrib.report.figures.style import PALETTE
from tasrib.report.figures.wording import say
from tasrib.report.tables import NOT_SAID


def category_words(language: str) -> dict[str, str]:
    """
    Name the categories.

    Parameters
    ----------
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict of str to str
        Words by category.
    """
    said = {category: say(f"category.{category}", language) for category in PALETTE}
    return said | dict.fromkeys(("", NOT_SAID), say("category.not_said", language))

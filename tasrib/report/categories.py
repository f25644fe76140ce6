"""Names of the categories of messages."""

from __future__ import annotations

from tasrib.report.catalogue import entries, say

# Of messages that a person called no campaign, without a category in place of the model's.
NOT_SAID = "(not said)"
_TABLE = "category."


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
        Words by category, and for where none is said.
    """
    said = {key.removeprefix(_TABLE): say(key, language) for key, _ in entries() if key.startswith(_TABLE)}
    return said | dict.fromkeys(("", NOT_SAID), say("word.no_category", language))

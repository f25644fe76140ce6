"""Which form of a noun a number takes."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale

_NAMED = {0: "zero", 1: "one", 2: "two"}


def plural_of(forms: Mapping[str, str], n: int, language: str) -> str:
    """
    Choose the form of a wording for a number.

    Parameters
    ----------
    forms : mapping of str to str
        Plural category of the Unicode Common Locale Data Repository to wording; ``other`` serves where one is not given. ``zero``, ``one`` and
        ``two`` also stand for these very numbers in languages that have no such category.
    n : int
        The number.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        One of `forms`: in Arabic 3 to 10 (and 103 to 110, …) take ``few``, 11 to 99 (111 to 199, …) ``many``, 100 to 102 ``other``.
    """
    named = _NAMED.get(n, "")
    category = named if named in forms else Locale.parse(language).plural_form(n)
    return forms.get(category, forms["other"])

"""The words of the report page that are no finding, by key: Arabic, French, English."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tasrib._resources import resource
from tasrib.report.plurals import plural_of
from tasrib.report.words import number_words
from tasrib.tracing.caveats import LANGUAGES

DIRECTION = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
# What stands between the parts of a list.
COMMA = {"ar": "، ", "fr": ", ", "en": ", "}


def say(key: str, language: str, **values: int | str) -> str:
    """
    Look up words of the page and fill them in.

    Parameters
    ----------
    key : str
        A table of ``data/reference/report_words.toml``, such as ``page.skip``.
    language : str
        ``ar``, ``fr`` or ``en``.
    **values
        For its placeholders: whole numbers, which are written as the language does, or words that are so already. ``n`` chooses the plural form.

    Returns
    -------
    str
        The words.

    Raises
    ------
    ValueError
        When there is no such key or language, or a value is missing.
    """
    entry = _entry(key)
    if entry is None or language not in entry:
        raise ValueError(f"data/reference/report_words.toml has no [{key}] in {language!r}; write it in all languages")
    words = entry[language]
    try:
        if not isinstance(words, str):
            words = plural_of(words, int(values["n"]), language)
        return words.format(
            **{
                name: number_words(value, language) if isinstance(value, int) else value
                for name, value in values.items()
            }
        )
    except KeyError as missing:
        raise ValueError(f"the words [{key}] need the value {missing}") from None


def knows(key: str) -> bool:
    """
    Tell whether there are words for a key.

    Parameters
    ----------
    key : str
        As for `say`.

    Returns
    -------
    bool
        Whether `say` knows it.
    """
    return _entry(key) is not None


def entries() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """
    Go through the catalogue.

    Yields
    ------
    (str, mapping)
        Key, and by language its words or plural forms.
    """
    yield from _below("", _catalogue())


def _below(key: str, part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if any(language in part for language in LANGUAGES):
        yield key, part
        return
    for name, each in part.items():
        if isinstance(each, dict):
            yield from _below(f"{key}.{name}" if key else name, each)


def _entry(key: str) -> Mapping[str, Any] | None:
    part: Any = _catalogue()
    for name in key.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    return part if isinstance(part, dict) and any(language in part for language in LANGUAGES) else None


@cache
def _catalogue() -> dict[str, Any]:
    with resource("reference", "report_words.toml").open("rb") as file:
        return tomllib.load(file)

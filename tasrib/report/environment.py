"""Where the pages of `templates/` are put together."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tasrib.report.catalogue import DIRECTION, say
from tasrib.report.categories import category_words
from tasrib.report.cells import frame_cells, interval_words, value_words, word_for
from tasrib.report.origins import row_names
from tasrib.report.translated import translated_markup
from tasrib.report.words import percent_words, posterior_words, probability_words, ratio_words
from tasrib.tracing.caveats import isolated

# Not allowed in HTML, or without a meaning in it.
_NOT_IN_PAGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Overrides and embeddings, with their end; isolates; the end of an isolate.
_TURNS = re.compile("[\u202a-\u202e]|[\u2066-\u2068]|\u2069")
_END = "\u2069"
_ID = re.compile(r"\bc-[0-9a-f]{8}\b")


# Kept for as long as the program runs: it holds nothing of a report, and to compile the templates takes a tenth of one.
@cache
def language_environment(language: str) -> Environment:
    """
    Make the environment of the pages of one language.

    Parameters
    ----------
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    jinja2.Environment
        Templates say words by ``t("key", **values)``, and print by filters what is no word: numbers, names. All text is escaped, its writing
        direction ends with it, and a name that the template does not get is an error.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_contained,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    categories = category_words(language)
    environment.globals |= {
        "t": lambda key, **values: say(key, language, **values),
        "in_language": say,
        "language": language,
        "direction": DIRECTION[language],
        "directions": DIRECTION,
        "interval": lambda x, low, high: interval_words(x, low, high, ratio_words, language),
        "share": lambda x, low, high: interval_words(x, low, high, percent_words, language),
    }
    filters: dict[str, Any] = {
        "name": lambda name: isolated(str(name), language),
        "p": lambda p: probability_words(p, language),
        "posterior": lambda p: posterior_words(p, language),
        "ratio": lambda ratio: ratio_words(ratio, language),
        "percent": lambda share: percent_words(share, language),
        "percent_1": lambda share: percent_words(share, language, decimals=1),
        "value": lambda value: value_words(value, language),
        "category": lambda category: categories.get(category, isolated(category, language)),
        "word": lambda word: word_for(word, language),
        "said": lambda said: translated_markup(said, language),
        "rows_named": lambda words: row_names(words, language),
        "cells": lambda table: frame_cells(table, language),
        "ids": _with_whole_ids,
    }
    environment.filters |= filters
    return environment


def printable(page: str) -> str:
    """
    Take characters out of a page that HTML does not allow.

    Parameters
    ----------
    page : str
        A page, with names and messages as people wrote them.

    Returns
    -------
    str
        The page with U+FFFD in their place.
    """
    return _NOT_IN_PAGE.sub("\ufffd", page)


def _with_whole_ids(text: str) -> Markup:
    """As HTML in which no campaign's name is parted at the end of a line: in Arabic its halves would stand at both ends."""
    return Markup(_ID.sub(r'<span class="id">\g<0></span>', str(escape(_contained(text)))))


def _contained(value: Any) -> Any:
    """A text whose overrides are gone and whose isolates are in pairs, lest it turn round what stands behind it."""
    if not isinstance(value, str) or isinstance(value, Markup) or not _TURNS.search(value):
        return value
    depth, parts, done = 0, [], 0
    for match in _TURNS.finditer(value):
        sign = match.group()
        opens, ends = "\u2066" <= sign <= "\u2068", sign == _END and depth > 0
        parts.append(value[done : match.start()] + (sign if opens or ends else ""))
        depth, done = depth + opens - ends, match.end()
    return "".join(parts) + value[done:] + _END * depth

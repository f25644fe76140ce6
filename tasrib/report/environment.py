"""Where the pages of `templates/` are put together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

# Not allowed in HTML, or without a meaning in it.
_NOT_IN_PAGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Overrides and embeddings, with their end; isolates; the end of an isolate.
_TURNS = re.compile("[\u202a-\u202e]|[\u2066-\u2068]|\u2069")
_END = "\u2069"


def page_environment() -> Environment:
    """
    Make the environment of the pages.

    Returns
    -------
    jinja2.Environment
        All text is escaped, its writing direction ends with it, and a name that the template does not get is an error.
    """
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_contained,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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

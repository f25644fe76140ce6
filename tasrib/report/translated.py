"""Sentences that other rooms say in English and that travel in files, in the reader's language."""

from __future__ import annotations

import html
import re
import tomllib
from functools import cache

from markupsafe import Markup

from tasrib._resources import resource
from tasrib.tracing.caveats import isolated, one_line

_VALUE = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"(?<=\.) (?=\S)")
_PARTS = "; "
_COMMA = {"ar": "؛ ", "fr": "\u00a0; ", "en": _PARTS}
# Longer ones were not made by tasrib.
_LONGEST = 600


def translated(said: str, language: str) -> str:
    """
    Say an English sentence of tasrib's in another language.

    Parameters
    ----------
    said : str
        One sentence or several, or parts with semicolons between them.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        What ``data/reference/said.toml`` has for it; what it lacks stays English.
    """
    return _joined([text for text, _ in _pieces(said, language)], said, language)


def translated_markup(said: str, language: str) -> Markup:
    """
    Write the same as HTML.

    Parameters
    ----------
    said, language : str
        As for `translated`.

    Returns
    -------
    markupsafe.Markup
        Escaped; what stays English is marked as such, for those who have the page read aloud.
    """
    parts = [
        html.escape(text) if known else f'<span lang="en" dir="ltr">{html.escape(one_line(text))}</span>'
        for text, known in _pieces(said, language)
    ]
    return Markup(_joined(parts, said, language))


def _joined(parts: list[str], said: str, language: str) -> str:
    return (" " if _SENTENCES.search(said) else _COMMA[language]).join(parts)


def _pieces(said: str, language: str) -> list[tuple[str, bool]]:
    """What is said piece by piece, and whether each is in the language."""
    if language == "en" or len(said) > _LONGEST:
        return [(said, language == "en")]
    return [piece for sentence in _SENTENCES.split(said) for piece in _of_sentence(sentence, language)]


def _of_sentence(sentence: str, language: str) -> list[tuple[str, bool]]:
    """Some sentences have a semicolon of their own, so the longest that is known is taken first."""
    parts, found, at = sentence.split(_PARTS), [], 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        known = ((end, _one(_PARTS.join(parts[at:end]), language)) for end in ends)
        end, text = next(((end, text) for end, text in known if text), (at + 1, ""))
        found.append((text or isolated(parts[at], language), bool(text)))
        at = end
    return found


def _one(said: str, language: str) -> str:
    for pattern, words in _sentences():
        if match := pattern.fullmatch(said):
            return words[language].format(
                **{name: isolated(value, language) for name, value in match.groupdict().items()}
            )
    return ""


@cache
def _sentences() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    with resource("reference", "said.toml").open("rb") as file:
        known = tomllib.load(file)["said"]
    # Those without values first: "read as {name}" would also fit "read as utf-8, as stated".
    known = sorted(known, key=lambda words: len(_VALUE.findall(words["en"])) - len(_VALUE.sub("", words["en"])) / 1e6)
    return [(re.compile(_pattern(words["en"])), words) for words in known]


def _pattern(words: str) -> str:
    parts = _VALUE.split(words)
    return "".join(f"(?P<{part}>(?:(?!{_PARTS}).)+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))

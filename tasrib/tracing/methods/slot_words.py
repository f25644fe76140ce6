"""A message as the words by which messages of one campaign are laid beside each other."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tasrib._resources import resource
from tasrib.text import align, normalise
from tasrib.text.fold import FOLD

BEGIN, END = "<", ">"
GREETING, TITLE, FAMILY = "GREETING", "TITLE", "FAMILY"
# What stands where somebody hid a word before they complained.
MASK = "zmaskz"
LINK, CODE, NUMBER = "link:", "code:", "number:"
FEWEST_WORDS = 3

_WORD = re.compile(r"\w+")
_HIDDEN = re.compile(
    r"(?<!\w)\w{0,30}\*{2,}\w{0,30}|[▮▯█■□▇▓▒░●]+|(?<!\w)[xX]{3,}(?!\w)|\[[^\[\]\n]{0,24}\]|<[^<>\n]{1,24}>|_{3,}"
)
# Where there is none of these, there is no link and no number whose own spelling matters.
_MAY_HAVE_VALUES = re.compile(r"\d|://|www\.|\w\.\w")
_VALUED = {"URL": LINK, "CODE": CODE, "NUM": NUMBER}
_EDGES = ".,;:!?'\"()[]«»-–،؛؟ \n"


def words_of(text: str) -> tuple[str, ...]:
    """
    Cut a message into words that can be compared.

    Parameters
    ----------
    text : str
        A message as received.

    Returns
    -------
    tuple of str
        Between `BEGIN` and `END` the normalised words, without signs and emoji. Greetings and titles that follow each other are one
        `GREETING` (or `TITLE`, where there is no greeting among them), so that it does not matter which greeting was sent, and "son" and
        "daughter" are one `FAMILY`; the El, Ben or Aït of a name is left out; a word that
        was hidden, or all but one letter of it, is `MASK`; links, codes and numbers keep their value behind `LINK`, `CODE` or `NUMBER`; dates, times,
        amounts, percentages, telephone numbers and addresses of e-mail are ``DATE``, ``TIME`` and so on, whichever they are: they belong to
        the campaign, or to where the message was sent.
    """
    plain = _HIDDEN.sub(f" {MASK} ", text)
    alike = _alike()
    out = [BEGIN]
    for word in _words(plain):
        kind = alike.get(word, word)
        if {kind, out[-1]} <= {GREETING, TITLE}:
            out[-1] = GREETING if GREETING in (kind, out[-1]) else TITLE
        elif (kind != FAMILY or out[-1] != FAMILY) and kind not in addressing()["particles"]:
            out.append(kind)
    return (*out, END)


@cache
def _alike() -> dict[str, str]:
    """Words that are taken for one word."""
    kinds = addressing()
    return {
        word: kind
        for name, kind in (("family", FAMILY), ("titles", TITLE), ("greetings", GREETING))
        for word in kinds[name]
    }


def _words(plain: str) -> list[str]:
    if not _MAY_HAVE_VALUES.search(plain):
        return _WORD.findall(normalise(plain))
    aligned = align(plain)
    out = []
    for match in _WORD.finditer(aligned.text):
        kept = _VALUED.get(match.group())
        if kept is None:
            out.append(match.group())
            continue
        start, end = aligned.span(*match.span())
        value = plain[start:end].translate(FOLD).strip(_EDGES)
        # A long number is a code to the model, and still only a number.
        out.append((NUMBER if kept == CODE and value.isdecimal() else kept) + value)
    return out


@cache
def addressing() -> dict[str, frozenset[str]]:
    """
    Words that tell whose name or which place stands beside them.

    Returns
    -------
    dict of str to frozenset of str
        ``greetings``, ``titles``, ``particles``, ``family``, ``places``, ``towns``, ``prepositions``, ``candidates`` and ``senders`` of
        ``data/reference/addressing.toml``, normalised.
    """
    with resource("reference", "addressing.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        name: frozenset(normalise(word) for words in table.values() for word in words)
        for name, table in tables.items()
        if isinstance(table, dict)
    }

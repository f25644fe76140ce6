"""Which common words a text holds: the test of whether a reading of spoiled letters makes sense."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache

from tasrib._resources import resource

_WORD = re.compile(r"[^\W\d_]+")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]+")
_ONE_LETTER = str.maketrans("أإآٱىةؤئ", "اااايهوي", "\u0640")
# Letters that stay one letter each, and what they are, whatever stands beside them.
_BARE = re.compile("[ء-غف-ي]{2,}")
# An Arabic word of this length that begins with the article is one, known or not.
LEAST_WITH_ARTICLE = 5


def known_words(text: str) -> tuple[int, int]:
    """
    Count the words that people who write such messages use often.

    Parameters
    ----------
    text : str
        A text, as received or folded.

    Returns
    -------
    (known, words) : (int, int)
        How many words are in ``data/reference/common_words.toml`` or bear the Arabic article, and how many there are of two letters or
        more.
    """
    words = [word for word in _WORD.findall(_plain(text)) if len(word) > 1]
    common = common_words()
    known = sum(word in common or (len(word) >= LEAST_WITH_ARTICLE and word.startswith("ال")) for word in words)
    return known, len(words)


def holds_common_word(text: str) -> bool:
    """
    Tell quickly that a text in Arabic letters makes sense.

    Parameters
    ----------
    text : str
        A text as received.

    Returns
    -------
    bool
        True where `known_words` would find one; False says nothing, for only words without diacritics between blanks are looked at.
    """
    for word in text.split():
        if _BARE.fullmatch(word):
            word = word.translate(_ONE_LETTER)
            if word in common_words() or (len(word) >= LEAST_WITH_ARTICLE and word.startswith("ال")):
                return True
    return False


def _plain(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().translate(_ONE_LETTER))
    return _ACCENTS.sub("", apart)


@cache
def common_words() -> frozenset[str]:
    """
    Words that people who write such messages use often.

    Returns
    -------
    frozenset of str
        All of ``data/reference/common_words.toml``, folded.
    """
    with resource("reference", "common_words.toml").open("rb") as file:
        return frozenset(word for words in tomllib.load(file).values() for word in words)

"""Normalisation word by word: most words were met before, and most messages ask for no pass over the whole of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasrib.text.disguise import LEAST_TURNED, LEET_SPOT, backwards, draw_together, is_odd, turn_round
from tasrib.text.fold import FOLD
from tasrib.text.passes import (
    AMONG_ARABIC,
    AMONG_LATIN,
    AMONG_LATIN_SIGNS,
    APART,
    JOINT,
    MAY_BE_APART,
    REPEATED_LETTER,
    REPEATED_SIGN,
    SPACES,
    STEPS,
)
from tasrib.text.remembered import Remembered
from tasrib.text.typed import addresses, numbers, type_numbers

# What words ask for is counted in the fields of one whole number, so that one sum over a message tells of all. In a message of this
# length no field runs over into the next.
_LONGEST, _FIELD = 1 << 20, 24
_MOST = (1 << _FIELD) - 1
_ODD, _BARRED, _BACKWARDS, _LEET, _DIGIT, _JOINT, _AMONG, _ALONE, _APART, _REPEATED = (
    1 << n * _FIELD for n in range(10)
)
_ANY_ODD, _ANY_BARRED, _ANY_DIGIT, _ANY_JOINT, _ANY_AMONG, _ANY_APART, _ANY_REPEATED = (
    field * _MOST for field in (_ODD, _BARRED, _DIGIT, _JOINT, _AMONG, _APART, _REPEATED)
)
# What is undone within a word.
_WITHIN = _ANY_JOINT | _ANY_AMONG | _ANY_REPEATED
# Of letters that stand apart there are several; of a text that is spread out as a whole, more.
_LEAST_APART, _LEAST_ALONE = 2, 8

_ALONE_LETTER = re.compile(r"(?<![^\W_])[^\W_](?![^\W_])")
_BEFORE_SIGN = re.compile(r"(?<![^\W_])[^\W_](?![^\W_]|')")
_HAS_DIGIT = re.compile(r"\d")


def by_word(text: str) -> str | None:
    """
    Normalise a message by its words.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    str or None
        As `tasrib.text.normal_form.rewrite`, in a tenth of the time; None where the message is disguised as a whole, or so long that
        nobody typed it.

    Notes
    -----
    Each condition here is necessary for its pass to find anything, so that leaving the pass out changes nothing: a test holds the two
    ways against each other.
    """
    folded, letters, asks = zip(*map(_WORDS.__getitem__, text.split(" ")), strict=True)
    asked = sum(asks)
    if not asked:
        return " ".join(" ".join(letters).split())
    if asked & _ANY_ODD or len(text) > _LONGEST:
        return None
    if _may_be_turned(asked) and turn_round(" ".join(folded)):
        return None
    plain: Sequence[str] = letters
    if asked & _ANY_DIGIT:
        plain = _with_numbers(letters, [n for n, asks_for in enumerate(asks) if asks_for & _ANY_DIGIT])
    text = " ".join(plain)
    first, then = _patterns(asked)
    for pattern, replacement in first:
        text = pattern.sub(replacement, text)
    if _count(asked, _ALONE) >= _LEAST_ALONE and draw_together(text):
        return None
    if then and then[0] is APART and not MAY_BE_APART.search(text):
        then = _patterns(asked & ~_ANY_APART)[1]
    for pattern, replacement in then:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def passes_for(text: str) -> tuple:
    """
    Name the passes that a message asks for.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    tuple
        Of `tasrib.text.passes.STEPS` those that may change it, in their order.
    """
    words = list(map(_WORDS.__getitem__, text.split(" ")))
    asked = sum([word[2] for word in words])
    # What is undone of the whole text may make room for any other pass.
    if asked & _ANY_ODD or len(text) > _LONGEST or _may_be_turned(asked) or _count(asked, _ALONE) >= _LEAST_ALONE:
        return STEPS
    first, then = _patterns(asked)
    return (
        *[AMONG_LATIN] * any(sign in text for sign in AMONG_LATIN_SIGNS),
        FOLD,
        *[addresses] * any(folded != plain for folded, plain, _ in words),
        *[numbers] * bool(asked & _ANY_DIGIT),
        *first,
        *then,
        SPACES,
    )


def parts_by_word(text: str) -> tuple[list[str], list[str]]:
    """
    Part a message into words, those that may be one number together.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    (list of str, list of str)
        Each part as received, single blanks between them, and normalised by itself. Put together the latter are the normalised message, unless it is
        disguised over several words.
    """
    words = text.split(" ")
    read = list(map(_WORDS.__getitem__, words))
    asked = sum([word[2] for word in read])
    plain = [word[1] for word in read]
    if asked & _WITHIN:
        plain = [(by_word(word) or "") if of[2] & _WITHIN else of[1] for word, of in zip(words, read, strict=True)]
    if not asked & _ANY_DIGIT:
        return words, plain
    parts, found, done = [], [], 0
    for start, stop in _windows([n for n, word in enumerate(read) if word[2] & _ANY_DIGIT]):
        part, of = " ".join(words[start:stop]), read[start:stop]
        parts += [*words[done:start], part]
        within = any(word[2] & _WITHIN for word in of)
        typed = (by_word(part) or "") if within else type_numbers(" ".join([word[1] for word in of]))
        found += [*plain[done:start], typed]
        done = stop
    return parts + words[done:], found + plain[done:]


def _patterns(asked: int) -> tuple[list[tuple], list[tuple]]:
    """The patterns that a message may need, before and after letters are drawn together."""
    among, apart = asked & _ANY_AMONG, _count(asked, _APART) >= _LEAST_APART
    # Letters that are put together may stand beside their likes.
    repeated = apart or among or asked & _ANY_REPEATED
    first = [JOINT] * bool(asked & _ANY_JOINT) + [AMONG_ARABIC] * bool(among)
    return first, [APART] * apart + [REPEATED_LETTER, REPEATED_SIGN] * bool(repeated)


def _may_be_turned(asked: int) -> bool:
    return bool(
        _count(asked, _BACKWARDS) >= LEAST_TURNED or _count(asked, _LEET) >= LEAST_TURNED or asked & _ANY_BARRED
    )


def _count(asked: int, field: int) -> int:
    return (asked // field) & _MOST


def _word(word: str) -> tuple[str, str, int]:
    """A word folded, the same with its addresses typed, and what it asks for."""
    letters = word.isalpha()
    folded = (word if letters else AMONG_LATIN[0].sub(AMONG_LATIN[1], word)).translate(FOLD)
    asks = _ODD * is_odd(word) + _BARRED * ("ø" in folded) + _BACKWARDS * backwards(folded)
    if letters and folded.isalpha():
        alone = len(folded) == 1
        return (
            folded,
            folded,
            asks + (_ALONE + _APART) * alone + _AMONG * _among(folded) + _REPEATED * _repeated(folded),
        )
    plain = folded
    for pattern, token in addresses(folded):
        plain = pattern.sub(token, plain)
    asks += (
        _LEET * len(LEET_SPOT.findall(folded))
        + _DIGIT * (_HAS_DIGIT.search(plain) is not None)
        + _JOINT * ("_" in plain)
        + _AMONG * _among(plain)
        + _ALONE * len(_ALONE_LETTER.findall(plain))
        + _APART * len(_BEFORE_SIGN.findall(plain))
        + _REPEATED * _repeated(plain)
    )
    return folded, plain, asks


_WORDS = Remembered(_word, 1 << 17)


def _among(word: str) -> bool:
    return AMONG_ARABIC[0].search(word) is not None


def _repeated(word: str) -> bool:
    return REPEATED_LETTER[0].search(word) is not None or REPEATED_SIGN[0].search(word) is not None


def _with_numbers(words: Sequence[str], having_digits: list[int]) -> list[str]:
    """Numbers, dates and amounts typed: each has digits in all its words but one before, between or after."""
    found: list[str] = []
    done = 0
    for start, stop in _windows(having_digits):
        found += words[done:start]
        found.append(type_numbers(" ".join(words[start:stop])))
        done = stop
    return [*found, *words[done:]]


def _windows(having_digits: list[int]) -> Iterator[tuple[int, int]]:
    """Where words that may be one number begin and end."""
    done = 0
    for n, place in enumerate(having_digits):
        if n == 0 or place > having_digits[n - 1] + 2:
            start = max(place - 1, done)
        if n + 1 == len(having_digits) or having_digits[n + 1] > place + 2:
            done = place + 2
            yield start, done

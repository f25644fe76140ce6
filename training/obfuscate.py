"""
Disguises: how senders hide words from filters, and how typing spoils them.

Each is one pure function of a message and a random generator. The encoder learns from disguised messages (`training.encoder.data`), and
`training.evaluate` measures how much recall each disguise costs. What undoes them is in `tasrib/text/`.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+\.(?:example|ma|com)\S*")
_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_LATIN_TWINS = str.maketrans("aceiopxyABCEHKMOPTX", "асеіорхуАВСЕНКМОРТХ")
_ARABIC_TWINS = str.maketrans("يكه", "یکہ")
_SOFT_SPELLING = str.maketrans("أإآىة", "ااايه")
_LEET = str.maketrans("aoi", "@01")
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_EMOJI = "✨🔥👉✅💥🌟"


def _words(text: str, change: Callable[[str], str], pattern: re.Pattern[str] = _WORD) -> str:
    """Change the words, leave links alone: a spoiled link leads nowhere, so no sender spoils it."""
    links = [match.span() for match in _LINK.finditer(text)]

    def one(match: re.Match[str]) -> str:
        inside = any(a <= match.start() < b for a, b in links)
        return match.group() if inside else change(match.group())

    return pattern.sub(one, text)


def with_diacritics(text: str, rng: random.Random) -> str:
    """Put a short vowel on about a third of the Arabic letters."""
    return re.sub(r"[\u0621-\u064a]", lambda m: m.group() + (rng.choice(_HARAKAT) if rng.random() < 0.35 else ""), text)


def with_tatweel(text: str, rng: random.Random) -> str:
    """Stretch half of the Arabic words: صـــوتوا."""

    def stretch(word: str) -> str:
        places = [
            i for i in range(1, len(word)) if "\u0628" <= word[i - 1] <= "\u064a" and word[i - 1] not in "ةدذرزوى"
        ]
        if not places or rng.random() < 0.5:
            return word
        at = rng.choice(places)
        return word[:at] + "\u0640" * rng.randint(1, 4) + word[at:]

    return _words(text, stretch, re.compile(r"[\u0621-\u064a]{3,}"))


def with_zero_width(text: str, rng: random.Random) -> str:
    """Put invisible characters inside words."""

    def split(word: str) -> str:
        at = rng.randint(1, len(word) - 1)
        return word[:at] + rng.choice("\u200b\u200c\u200d\u2060\u00ad") + word[at:]

    return _words(text, split, _LONG_WORD)


def with_direction_marks(text: str, rng: random.Random) -> str:
    """Put marks of writing direction between and inside words."""
    return _words(text, lambda word: rng.choice("\u200e\u200f\u202a\u202b") + word + rng.choice(["", "\u202c"]))


def with_look_alikes(text: str, rng: random.Random) -> str:
    """Write half of the words with letters of other alphabets that look the same."""
    return _words(
        text, lambda word: word.translate(_LATIN_TWINS | _ARABIC_TWINS) if rng.random() < 0.5 else word, _LONG_WORD
    )


def with_styled_letters(text: str, rng: random.Random) -> str:
    """Write half of the Latin words in full-width letters."""

    def widen(word: str) -> str:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word) if rng.random() < 0.5 else word

    return _words(text, widen, re.compile(r"[A-Za-z]{3,}"))


def with_digits_for_letters(text: str, rng: random.Random) -> str:
    """Write a, o and i as @, 0 and 1 inside a third of the Latin words."""

    def leet(word: str) -> str:
        return word[0] + word[1:-1].translate(_LEET) + word[-1] if rng.random() < 0.35 else word

    return _words(text, leet, re.compile(r"[A-Za-z]{4,}"))


def with_letters_spaced(text: str, rng: random.Random) -> str:
    """Put blanks between the letters of one long word in five."""
    return _words(text, lambda word: " ".join(word) if rng.random() < 0.2 else word, _LONG_WORD)


def with_letters_dotted(text: str, rng: random.Random) -> str:
    """Put dots between the letters of one long word in five."""
    return _words(text, lambda word: ".".join(word) if rng.random() < 0.2 else word, _LONG_WORD)


def with_letters_repeated(text: str, rng: random.Random) -> str:
    """Draw out the last letter of one word in five: votezzzz."""
    return _words(text, lambda word: word + word[-1] * rng.randint(2, 4) if rng.random() < 0.2 else word, _LONG_WORD)


def with_letters_swapped(text: str, rng: random.Random) -> str:
    """Swap two neighbouring letters in one long word in seven."""

    def swap(word: str) -> str:
        if rng.random() >= 0.15:
            return word
        at = rng.randint(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _words(text, swap, _LONG_WORD)


def with_letters_dropped(text: str, rng: random.Random) -> str:
    """Leave a letter out of one long word in seven."""

    def drop(word: str) -> str:
        at = rng.randint(1, len(word) - 1)
        return word[:at] + word[at + 1 :] if rng.random() < 0.15 else word

    return _words(text, drop, _LONG_WORD)


def with_blanks_dropped(text: str, rng: random.Random) -> str:
    """Run one pair of words in ten together."""
    return re.sub(r"(?<=\w) (?=\w)", lambda m: "" if rng.random() < 0.1 else " ", text)


def without_accents(text: str, rng: random.Random) -> str:
    """Drop accents, as old phones did."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(c for c in apart if not ("\u0300" <= c <= "\u036f"))


def with_loose_spelling(text: str, rng: random.Random) -> str:
    """Mix hamza, teh marbuta and alef maksura as everyday writing does."""
    return _words(text, lambda word: word.translate(_SOFT_SPELLING))


def in_capitals(text: str, rng: random.Random) -> str:
    """Shout."""
    return _words(text, str.upper)


def with_arabic_digits(text: str, rng: random.Random) -> str:
    """Write free-standing numbers in Arabic-Indic digits."""
    return re.sub(r"(?<!\w)\d+(?!\w)", lambda m: m.group().translate(_DIGITS), text)


def with_emoji(text: str, rng: random.Random) -> str:
    """Put an emoji after one word in five."""
    return re.sub(r"(?<=\w) ", lambda m: f" {rng.choice(_EMOJI)} " if rng.random() < 0.2 else " ", text)


def with_hashtags(text: str, rng: random.Random) -> str:
    """Make a hashtag of one long word in four."""
    return _words(text, lambda word: f"#{word}" if rng.random() < 0.25 else word, _LONG_WORD)


OBFUSCATIONS: dict[str, Callable[[str, random.Random], str]] = {
    function.__name__.replace("_", " "): function
    for function in (
        with_diacritics, with_tatweel, with_zero_width, with_direction_marks, with_look_alikes, with_styled_letters,
        with_digits_for_letters, with_letters_spaced, with_letters_dotted, with_letters_repeated, with_letters_swapped,
        with_letters_dropped, with_blanks_dropped, without_accents, with_loose_spelling, in_capitals,
        with_arabic_digits, with_emoji, with_hashtags,
    )
}  # fmt: skip
"""All of them by name."""


def obfuscate(text: str, name: str, seed: int = 0) -> str:
    """
    Disguise a message.

    Parameters
    ----------
    text : str
        A message.
    name : str
        A key of `OBFUSCATIONS`.
    seed : int
        Chooses which words are hit; the same text, name and seed always give the same result.

    Returns
    -------
    str
        The message as a reader would still understand it.

    Raises
    ------
    KeyError
        When there is no disguise of that name.
    """
    return OBFUSCATIONS[name](text, random.Random(f"{seed} {text}"))

"""One line of a chat that WhatsApp exported: whether a message begins in it, when it was written, by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tasrib.complaints.words import ascii_digits, reference, tokens

# Stand before what only the program writes.
BEFORE = ("\u200e", "\u200f")
_MARKS = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff"
_MARK = re.compile(f"[{_MARKS}]")
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\t", " "))
# Telephones may count years as Buddhists, Muslims or the Japanese do.
_ERA = r"(?: ?(?:BE|AH|AD|CE|هـ|ه|พ\.ศ\.))?"
_DATE = rf"\d{{1,4}} ?[./\-] ?\d{{1,2}} ?[./\-] ?[RHS]?\d{{1,4}}\.?{_ERA}"
_JOIN = r"(?:[,،]| (?:à|a|at|um|le|las|a las|klo|kl|om|في|الساعة|على الساعة))?,? "
_TIME = r"\d{1,2}(?:[:.h]| h )\d{2}(?:[:.]\d{2})?"
_HALVES = (
    r"[aApP]\.? ?[mM]\.?", "in the (?:morning|afternoon|evening)", "at night", "du matin", "du soir", "de l['’]après-midi", "de la (?:mañana|tarde|noche|madrugada)",
    "da (?:manhã|tarde|noite|madrugada)", "vorm\\.", "nachm\\.", "(?:قبل|بعد) الظهر", "(?:صباح|مساء|فجر|ظهر|عصر|ليل)[اًٌ]{0,3}", "ص", "م",
)  # fmt: skip
_HALF = rf"(?: ?(?:{'|'.join(_HALVES)}))?"
_STAMP = rf"{_DATE}{_JOIN}{_TIME}{_HALF}"
_BRACKET = re.compile(rf" ?\[({_STAMP})\] ?")
# As a browser copies messages.
_COPIED = re.compile(rf" ?\[({_TIME}{_HALF}), ({_DATE})\] ?")
_DASH = re.compile(rf"({_STAMP}) ?[-\u2013\u2014] ")
_COLON = re.compile(rf"({_STAMP}): ")
_HEADS = {"[": _BRACKET, "[,": _COPIED, "-": _DASH, ":": _COLON}
# Years of an era, the year before its first; of that of Muslims years are shorter, and no day of theirs is known for sure.
_BUDDHIST = re.compile(r"(\d{4}) ?(?:BE|พ\.ศ\.)")
_BEFORE_BUDDHA = 543
_JAPANESE = re.compile(r"([RHS])(\d{1,2})(?!\d)")
_BEFORE_EMPEROR = {"R": 2018, "H": 1988, "S": 1925}
_COMMON = re.compile(r"(\d{4}) ?(?:AD|CE)")
_SENDER = re.compile(r"([^:]{1,120}?) ?:(?: |$)")
# Longer lines cannot begin so late.
_LONGEST_HEAD = 240


@dataclass(frozen=True, slots=True)
class Begun:
    """
    A line in which something begins.

    Attributes
    ----------
    stamp : str
        The moment as written, in European figures.
    form : str
        How it is written: the same for all lines of one export.
    sender : str
        Empty for a line of the program.
    text : str
        What follows, to the letter.
    """

    stamp: str
    form: str
    sender: str
    text: str

    @property
    def is_of_program(self) -> bool:
        """Whether the program wrote the line: nobody is named, or a mark of direction stands before words that only it writes."""
        return not self.sender or (self.text.startswith(BEFORE) and is_said("system", self.text))


def begun(line: str) -> Begun | None:
    """
    Read the head of a line.

    Parameters
    ----------
    line : str
        One line of the file.

    Returns
    -------
    Begun or None
        None for a line that goes on with what stands above it.
    """
    head = line[:_LONGEST_HEAD]
    plain = ascii_digits(_MARK.sub("", head)).translate(_BLANKS)
    found = ((sign, pattern.match(plain)) for sign, pattern in _HEADS.items())
    sign, match = next(((sign, match) for sign, match in found if match), ("", None))
    if match is None:
        return None
    rest = plain[match.end() :]
    named = _SENDER.match(rest)
    sender, end = ("", match.end()) if named is None else (named[1], match.end() + named.end())
    stamp = _in_common_years(f"{match[2]}, {match[1]}" if sign == "[," else match[1])
    return Begun(stamp, sign + _form_of(stamp), sender.strip(), _from(line, end))


def _in_common_years(stamp: str) -> str:
    stamp = _BUDDHIST.sub(lambda match: str(int(match[1]) - _BEFORE_BUDDHA), stamp)
    stamp = _JAPANESE.sub(lambda match: str(_BEFORE_EMPEROR[match[1]] + int(match[2])), stamp)
    return _COMMON.sub(r"\1", stamp)


def _form_of(stamp: str) -> str:
    """The signs between the figures, and how many figures a year has."""
    date, _, rest = stamp.partition(re.search(r"[./\-]", stamp)[0])  # type: ignore[index]
    year_first = len(date.strip()) == 4
    last = re.match(r"\d* ?\D ?(\d+)", rest)
    years = "first" if year_first else str(len(last[1])) if last else ""
    halves = re.sub(r"[^\W\d_]+\.?|\.(?=\s|$)", "x", re.sub(r"\d+", "9", stamp))
    return f"{years}{re.sub(r' ?(?:x ?)+$', 'x', halves)}"


def _from(line: str, n_plain: int) -> str:
    """A line behind so many of its signs that are no marks."""
    for at, sign in enumerate(line):
        n_plain -= _MARK.match(sign) is None
        if not n_plain:
            return line[at + 1 :]
    return ""


def is_said(section: str, text: str) -> bool:
    """
    Tell what the program writes from what people do.

    Parameters
    ----------
    section : str
        Of ``data/reference/whatsapp.toml``.
    text : str
        A line.

    Returns
    -------
    bool
        True where it is wholly one of the section's wordings.
    """
    return bool(languages_of(section, text))


@lru_cache(maxsize=4_096)
def languages_of(section: str, text: str) -> frozenset[str]:
    """
    Tell in which languages the program may write a line.

    Parameters
    ----------
    section, text : str
        As for `is_said`.

    Returns
    -------
    frozenset of str
        Those in which it is wholly one of the section's wordings.
    """
    if len(text) > _LONGEST_HEAD * 2:
        return frozenset()
    words = tokens(_MARK.sub("", text))
    return frozenset(
        language
        for language, wordings in _wordings(section).items()
        if any(_fits(words, wording) for wording in wordings)
    )


@cache
def _wordings(section: str) -> dict[str, list[tuple[str, ...]]]:
    lists = {language: each for language, each in reference("whatsapp.toml")[section].items() if isinstance(each, list)}
    return {
        language: [
            tuple(word for part in wording.replace("*", " * ").split() for word in tokens(part) or ["*"])
            for wording in wordings
        ]
        for language, wordings in lists.items()
    }


def _fits(words: list[str], wording: tuple[str, ...]) -> bool:
    """As a pattern of a shell, word by word; `*` is any number of words, at the end none too."""
    if "*" not in wording:
        return tuple(words) == wording
    runs: list[list[str]] = [[]]
    for part in wording:
        if part == "*":
            runs.append([])
        else:
            runs[-1].append(part)
    if words[: len(runs[0])] != runs[0]:
        return False
    at = len(runs[0])
    for run in runs[1:-1]:
        found = next(
            (start for start in range(at, len(words) - len(run) + 1) if words[start : start + len(run)] == run), -1
        )
        if found < 0:
            return False
        at = found + len(run)
    last = runs[-1]
    return not last or (len(words) - len(last) >= at and words[len(words) - len(last) :] == last)

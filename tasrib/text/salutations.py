"""Where a message calls the one it is written to by name, as far as the message alone can tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tasrib._resources import resource
from tasrib.complaints.common_words import common_words
from tasrib.text.normal_form import align, normalise

_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[a-z]")
_DIGITS = re.compile(r"[0-9]")
# Digits by which Darija in Latin letters writes Arabic ones.
_LETTER_DIGITS = frozenset("2356789")
# "BonjourFatima", "MmeAlami".
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_MARK = r"'’‘`´\-‐\u0300-\u036f\u064b-\u065f\u0640\u200b-\u200f\u2060-\u2069\ufe0f"
# A picture or sign that is none of writing, a comma, an exclamation or a line end behind a name say that somebody was called.
_CALLED = re.compile(rf"[,،!\n]|[^\w\s.:;؛?؟…()\[\]«»\"“”|/–—{_MARK}]")
_ENDS = re.compile(rf"[^\w\s{_MARK}]|\n")
# Before a title that begins a sentence; a comma or a colon would as well be followed by whom the sentence is about.
_BEGINS = re.compile(rf"[.!?؟…\n*]|[^\w\s,،:;؛()\[\]«»\"“”|/–—{_MARK}]")
# Between a greeting and a name: then another sentence begins.
_STOPS = re.compile(r"[.?؟;؛…]|\n\s*\n")
_APART = re.compile(r"[,،!:\n]")
_JOINED = re.compile(rf"[ \t\u00a0{_MARK}]*")
_FIRST = re.compile(r"[ \u00a0]?[,،!]")
_MOST_WORDS, _MOST_UNKNOWN, _MOST_BEHIND = 6, 2, 3
# Words behind a name among which an office shows that it is spoken of.
_LOOK_AHEAD = 6
_ARTICLE, _LEAST_WITH_ARTICLE = "ال", 5
_PREPOSITIONS = ("بال", "لل", "وال", "وب", "فال")
# Written together with a name; a name is no shorter.
_ARABIC_CALLS, _LEAST_GLUED = ("يا", "سي", "لاله"), 3
# Titles that stand before hardly anything but a name.
_SPECIFIC = frozenset({"سي", "si", "ssi"})
_OF_PLACES = frozenset({"sidi", "moulay", "lalla", "سيدي", "مولاي", "لاله"})
_OPENING = ("hello", "dear", "familiar", "formal", "calling", "more")


@dataclass(frozen=True)
class _Word:
    """A word as it compares, where it stands, what stands before it, and how it was typed."""

    plain: str
    start: int
    end: int
    before: str
    typed: str


@dataclass(frozen=True)
class _Run:
    """Words that may be a name: up to but without which, and how many from the first on surely are one."""

    end: int
    sure: int


@dataclass(frozen=True)
class _Message:
    """The words of a message, what stands behind the last, and whether a capital in it says something."""

    words: Sequence[_Word]
    after: str
    capitals: bool

    def behind(self, end: int) -> str:
        """What stands right behind the words before one."""
        return self.words[end].before if end < len(self.words) else self.after

    def is_capital(self, at: int) -> bool:
        """Whether a word begins with a capital where that says something."""
        return self.capitals and self.words[at].typed[:1].isupper()


def called_spans(text: str) -> list[tuple[int, int]]:
    """
    Find the names by which a message calls its recipient.

    Parameters
    ----------
    text : str
        A message as received, in any script.

    Returns
    -------
    list of (int, int)
        Where names begin and end, in order and apart from each other: behind a greeting, behind a word such as "dear" or "brother" or a title
        with which a sentence begins, behind "O", at the very beginning before a comma, and behind thanks that end the message.

    Notes
    -----
    A word is taken for a name where it is a common first name (``[names]`` of ``data/reference/salutations.toml``), or where it is none of the
    words that people use often and a comma, an exclamation mark, a line end or a picture ends it. Behind a title without a greeting a name has
    to be called (by what ends it, or by a "you"): such a title stands before the name of a candidate as well. A name beside a word such
    as "candidate" is spoken of and stays. Names elsewhere in a message are not looked for.
    """
    if not _may_call().search(normalise(text)) and not _GLUED.search(text):
        return []
    message = _read(text)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(message.words):
        named = _first_word(message) if at == 0 else None
        named = named or _named_at(message, at)
        if named is None:
            at += 1
            continue
        first, at = named
        found.append((message.words[first].start, message.words[at - 1].end))
    return found


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    with resource("reference", "salutations.toml").open("rb") as file:
        return {name: table for name, table in tomllib.load(file).items() if isinstance(table, dict)}


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(normalise(word) for words in table.values() for word in words)
        for name, table in _tables().items()
        if name != "names"
    }


@cache
def _names() -> dict[str, frozenset[str]]:
    """First names by how they compare, with how they are written: that tells Ali from "on" in Arabic."""
    found: dict[str, set[str]] = {}
    for names in _tables()["names"].values():
        for name in names:
            found.setdefault(_bones(normalise(name)), set()).add(name)
    return {bones: frozenset(spellings) for bones, spellings in found.items()}


@cache
def _may_call() -> re.Pattern[str]:
    """Without one of these a message calls nobody, unless it wrote two words together."""
    kinds = _kinds()
    single = {word for name in (*_OPENING[:-1], "closings") for word in kinds[name]}
    said, glued = "|".join(map(re.escape, sorted(single))), "|".join(_ARABIC_CALLS)
    return re.compile(rf"(?<!\w)(?:(?:{said})(?!\w)|(?:{glued})\w)|\A\W{{0,9}}\w+(?:[ -]\w+)? ?[,،!]")


def _bones(word: str) -> str:
    """Spellings of one name alike: letters doubled, ou for u, y for i."""
    plain = re.sub(r"(.)\1", r"\1", word)
    return plain.replace("ou", "u").replace("y", "i") if _LATIN.search(plain) else plain


def _is_known(plain: str, typed: str) -> bool:
    spellings = _names().get(_bones(plain))
    if spellings is None:
        return False
    return plain not in common_words() or not spellings.isdisjoint({typed, typed.capitalize()})


def _read(text: str) -> _Message:
    aligned = align(text)
    words: list[_Word] = []
    done = 0
    for match in _WORD.finditer(aligned.text):
        start, end = aligned.span(*match.span())
        for plain, first, last in _parts(match.group(), text[start:end], start):
            # A text that was turned round has its words in another order than its letters.
            words.append(_Word(plain, first, last, text[done:first] if done <= first else " ", text[first:last]))
            done = last
    # "Bonjour Mme" says nothing of how the others are written.
    openings = frozenset().union(*(_kinds()[name] for name in _OPENING))
    latin = [word.typed[:1] for word in words if _LATIN.match(word.plain) and word.plain not in openings]
    return _Message(words, text[done:], 2 * sum(letter.islower() for letter in latin) > len(latin))


def _parts(plain: str, typed: str, start: int) -> Iterator[tuple[str, int, int]]:
    """A word, or the two that were written together."""
    cut = 0
    if len(plain) == len(typed):
        glued = _GLUED.search(typed)
        if glued and any(plain[: glued.start()] in _kinds()[name] for name in _OPENING[:4]):
            cut = glued.start()
        elif plain.startswith(_ARABIC_CALLS) and plain not in common_words() and not _is_known(plain, typed):
            lengths = [
                len(call) for call in _ARABIC_CALLS if plain.startswith(call) and len(plain) - len(call) >= _LEAST_GLUED
            ]
            cut = next((n for n in lengths if _is_known(plain[n:], typed[n:])), 0)
    if cut:
        yield plain[:cut], start, start + cut
    yield plain[cut:], start + cut, start + len(typed)


def _named_at(message: _Message, at: int) -> tuple[int, int] | None:
    """The name that is called by what begins at a word: from which word up to but without which."""
    kinds, word = _kinds(), message.words[at]
    if word.plain in kinds["closings"]:
        return _at_the_end(message, at)
    kind = next((name for name in _OPENING[:-1] if word.plain in kinds[name]), "")
    if not kind or (kind == "calling" and (word.typed == "à" or word.typed.isupper())) or not _opens(message, at, kind):
        return None
    last, said, apart = _greeting(message, at)
    # "à M. Alami" typed without its accent, and the "or" of Darija.
    specific = at + 1 < last and message.words[at + 1].plain in _SPECIFIC
    if kind == "calling" and len(word.plain) < 2 and not specific and not said & {"dear", "familiar"}:
        return None
    return _name(message, last, said, apart)


def _opens(message: _Message, at: int, kind: str) -> bool:
    """Whether a word that may open a call stands where one begins."""
    if at == 0 or kind == "calling":
        return True
    words = message.words
    if words[at - 1].plain in ("mon", "ma") and kind == "dear":
        at -= 1
    begins = _ENDS if kind in ("hello", "dear") else _BEGINS
    return at == 0 or bool(begins.search(words[at].before))


def _greeting(message: _Message, at: int) -> tuple[int, set[str], bool]:
    """Where a greeting ends, of what kinds its words are, and whether a comma stands within it."""
    kinds, words = _kinds(), message.words
    said: set[str] = set()
    apart = False
    k = at
    while k < len(words):
        word = words[k]
        if k > at and _STOPS.search(word.before) and words[k - 1].plain not in kinds["formal"]:
            break
        # "Cher(e)s", "عزيزي(ة)".
        if k > at and word.before in ("(", ")") and len(word.plain) <= 3:
            k += 1
            continue
        kind = next((name for name in _OPENING if word.plain in kinds[name]), "")
        if not kind or (kind == "more" and "hello" not in said):
            break
        # "M" is a title as a capital, "د" before its point.
        if (
            kind == "formal"
            and len(word.plain) == 1
            and (word.typed.islower() or (not word.typed.isupper() and not message.behind(k + 1).startswith(".")))
        ):
            break
        apart = apart or (k > at and bool(_APART.search(word.before)))
        said.add(kind)
        k += 1
    return k, said - {"more"}, apart


def _name(message: _Message, at: int, said: set[str], apart: bool) -> tuple[int, int] | None:
    """A name behind a greeting, a title or an "O" that ends before a word."""
    words, kinds = message.words, _kinds()
    title = words[at - 1].plain
    titled = title in kinds["formal"] or title in kinds["familiar"]
    if at >= len(words) or (_STOPS.search(words[at].before) and not (titled and words[at].before.strip() == ".")):
        return None
    if title in _OF_PLACES and words[at].plain in kinds["saints"] and not said & {"hello", "dear", "calling"}:
        return None
    run = _run(message, at, titled)
    if run.end == at or all(len(word.plain) == 1 for word in words[at : run.end]):
        return None
    greeted, loose = bool(said & {"hello", "dear"}), bool(_APART.search(words[at].before))
    apart = apart or loose
    end = _end_of_name(message, at, run, titled and not loose, said)
    if end is None:
        return None
    called = bool(_CALLED.search(message.behind(end)))
    if (apart or not (greeted or "calling" in said)) and not called:
        # "lalla Fatima wach sjelti?"
        follows = words[end].plain if end < len(words) else ""
        addressed = (follows in kinds["addressed"] and "familiar" in said) or follows in kinds["dear"]
        if loose or not run.sure or not addressed:
            return None
    return None if _is_spoken_of(message, end, greeted and not apart) else (at, end)


def _end_of_name(message: _Message, at: int, run: _Run, titled: bool, said: set[str]) -> int | None:
    """Where a name ends; what is no common first name needs a title, or a sign that ends it."""
    words = message.words
    apart = bool(_APART.search(words[at].before))
    whole = bool(_CALLED.search(message.behind(run.end)))
    particles = sum(words[k].plain in _kinds()["particles"] for k in range(at + run.sure, run.end))
    unknown = run.end - at - run.sure - particles
    if run.sure:
        most = max(1, sum(message.is_capital(k) for k in range(at + run.sure, run.end)))
        if said == {"formal"} and not message.capitals:
            most = 0
        if whole and unknown <= most <= _MOST_BEHIND:
            return run.end
        end = at + run.sure
        while end < run.end and end - at - run.sure < _MOST_BEHIND and message.is_capital(end):
            end += 1
        return end
    if apart or not said - {"calling"}:
        return None
    # A word such as "professor" tells also what somebody is.
    if not said & {"hello", "dear", "familiar", "calling"} and not message.is_capital(at):
        return None
    alone = run.end == len(words) and unknown == 1 and (titled or message.is_capital(at))
    if (whole or alone) and unknown <= _MOST_UNKNOWN + message.is_capital(at):
        return run.end
    if not titled or not (message.is_capital(at) or words[at - 1].plain in _SPECIFIC):
        return None
    end = at + 1
    while end < run.end and message.is_capital(end):
        end += 1
    return end


def _run(message: _Message, at: int, titled: bool) -> _Run:
    """The words from one on that may be parts of one name."""
    kinds, words = _kinds(), message.words
    k, sure = at, 0
    while k < len(words) and k - at < _MOST_WORDS:
        word, all_sure = words[k], sure == k - at
        # "F. Alami"
        initial = k > at and len(words[k - 1].plain) == 1 and word.before.strip() == "."
        if k > at and not _JOINED.fullmatch(word.before) and not initial:
            break
        step = 1
        if word.plain in kinds["particles"] and k + 1 < len(words) and _JOINED.fullmatch(words[k + 1].before):
            step, following = 2, words[k + 1]
            known = following.plain in kinds["suffixes"] or _is_known(following.plain, following.typed)
            if not known and following.plain in kinds["not_names"]:
                break
            # "Servant of" begins nothing else.
            known = known or word.plain.startswith(("abd", "عبد"))
        else:
            known = _is_known(word.plain, word.typed) or (k > at and all_sure and word.plain in kinds["suffixes"])
            if not known and not _may_be_name(message, k, titled):
                break
        k += step
        sure += step if known and all_sure else 0
    return _Run(k, sure)


def _may_be_name(message: _Message, at: int, titled: bool) -> bool:
    word = message.words[at]
    plain = word.plain
    if len(plain) == 1:
        return titled and word.typed.isupper()
    letters = "".join(letter for letter in plain if letter not in _LETTER_DIGITS)
    if plain in _kinds()["not_names"] or plain in common_words() or plain.isupper() or not letters.isalpha():
        return False
    if plain.startswith(_PREPOSITIONS) or (
        plain.startswith(_ARTICLE) and len(plain) >= _LEAST_WITH_ARTICLE and not titled
    ):
        return False
    return not (message.capitals and _LATIN.match(plain)) or message.is_capital(at)


def _is_spoken_of(message: _Message, end: int, called: bool) -> bool:
    """Whether an office stands behind a name; behind one that is called beside a greeting it may be another's."""
    kinds, words = _kinds(), message.words
    # "El Haj Larbi, 12 years in office".
    if not called and end < len(words) and _DIGITS.match(words[end].typed):
        return True
    for k in range(end, min(end + _LOOK_AHEAD, len(words))):
        before = words[k].before
        if _STOPS.search(before) or "!" in before or (called and _ENDS.search(before)):
            return False
        if words[k].plain in kinds["stands"] or (k == end and words[k].plain in kinds["described"]):
            return True
    return False


def _first_word(message: _Message) -> tuple[int, int] | None:
    """ "Fatima, ...": only first names, as anything else may be what the message is about."""
    words = message.words
    end = 0
    while (
        end < min(2, len(words))
        and _is_known(words[end].plain, words[end].typed)
        and (end == 0 or _JOINED.fullmatch(words[end].before))
    ):
        end += 1
    if not end or not _FIRST.match(message.behind(end)):
        return None
    return None if _is_spoken_of(message, end, False) else (0, end)


def _at_the_end(message: _Message, at: int) -> tuple[int, int] | None:
    """ "... merci Fatima": behind a comma it would be who signs."""
    words = message.words
    last, said, _ = _greeting(message, at + 1)
    if last >= len(words) or any(_ENDS.search(words[k].before) for k in range(at + 1, last + 1)):
        return None
    run = _run(message, last, bool(said & {"formal", "familiar"}))
    whole = run.end == len(words) and 0 < run.end - last <= 2 and not _DIGITS.search(message.after)
    return (last, run.end) if whole and (run.sure or said - {"calling"}) else None

"""Places of one campaign's messages that differ from recipient to recipient: what stands there is not shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tasrib.text import align
from tasrib.text.fold import FOLD
from tasrib.tracing.methods.slot_kinds import NAMED, NONE, Place, kind_of
from tasrib.tracing.methods.slot_values import is_varied, kept_values, wordings_p
from tasrib.tracing.methods.slot_words import (
    BEGIN,
    CODE,
    END,
    FAMILY,
    GREETING,
    LINK,
    MASK,
    NUMBER,
    TITLE,
    addressing,
    words_of,
)

# Kinds of what is hidden.
NAME, NUMBERED, LINKED = "name", "number", "link"
# Messages that are compared; with a few dozen a place that differs shows already.
_LOOKED_AT = 60
# People with a value at a place, from which it is hidden. Beside a greeting, and of links and codes, three who all have another are enough:
# hiding one place too many costs little. A name elsewhere may be a candidate's, each district's own, so it is asked for more.
_FEWEST, _FEWEST_ELSEWHERE = 3, 8
_ROTATED_P = 0.01
_FIXED, _FIXED_SHARE, _LONGEST, _LONGEST_FIRST = 4, 1 / 8, 4, 2
_WORD = re.compile(r"\w+")
_CALLED_FIRST = re.compile(r"\W{0,10}\w{1,30}(?:[ -]\w{1,30})?\s{0,2}[,،!]")
_VALUED = {"URL": LINK, "CODE": CODE, "NUM": NUMBER}
_EDGES = ".,;:!?'\"()[]«»-–،؛؟ \n"
# Of a link its host stays: whose it is, is what a case asks.
_HOST = re.compile(r"\W{0,3}(?:https?://)?(?:www\.)?([^\s/?#]+)[/?#]?", re.IGNORECASE)

# Where it begins and ends in the message, and its kind.
Differing = tuple[int, int, str]


class Alike:
    """
    Messages of one campaign, laid beside each other.

    Parameters
    ----------
    texts : iterable of str
        One message a recipient, in any order.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        chosen = sorted(texts)
        if len(chosen) > _LOOKED_AT:
            chosen = [chosen[i * len(chosen) // _LOOKED_AT] for i in range(_LOOKED_AT)]
        self._texts = chosen
        same = {text: words_of(text) for text in set(chosen)}
        self._words = [same[text] for text in chosen]
        often = Counter(word for words in self._words for word in set(words))
        n = len(chosen)
        least = max(min(_FIXED, n // 2 + 1), n * _FIXED_SHARE)
        self._fixed = {word for word, k in often.items() if k >= least and word != MASK}
        self._differs = len(same) >= _FEWEST
        self._kinds: dict[tuple[str, str], str] = {}

    def differing(self, text: str) -> list[Differing]:
        """
        Find what is a recipient's own in one of the messages.

        Parameters
        ----------
        text : str
            One of them.

        Returns
        -------
        list of (int, int, str)
            Where names, codes, numbers and the ends of links begin and end, and which of these it is: ``name``, ``number`` or ``link``. Nothing
            where fewer than three messages differ.
        """
        if not self._differs:
            return []
        words = located(text)
        found: list[Differing] = []
        last = 0
        for i, (word, _, _) in enumerate(words):
            if word not in self._fixed and word != END:
                continue
            if 1 < i - last <= _LONGEST + 1:
                found += self._own(text, words[last : i + 1])
            last = i
        return found

    def _own(self, text: str, words: Sequence[tuple[str, int, int]]) -> list[Differing]:
        """What is hidden between the first of some words and the last."""
        left, right = words[0][0], words[-1][0]
        inner = words[1:-1]
        if left == BEGIN and not (len(inner) <= _LONGEST_FIRST and _CALLED_FIRST.match(text)):
            return []
        kind = self._kinds.setdefault((left, right), self._kind(left, right))
        if kind == NONE:
            return []
        if kind == NAMED:
            return [(inner[0][1], inner[-1][2], NAME)]
        typed = [(self._link(text, start, end), end, LINKED) for word, start, end in inner if word.startswith(LINK)]
        return typed + [(start, end, NUMBERED) for word, start, end in inner if word.startswith((CODE, NUMBER))]

    def _kind(self, left: str, right: str) -> str:
        """What differs between two words that all have, if it is each one's own."""
        fills = {i: fill for i, words in enumerate(self._words) if (fill := _between(words, left, right))}
        values = kept_values(fills)
        counts = Counter(values.values())
        if len(values) < _FEWEST or not is_varied(counts.values()):
            return NONE
        beside = Counter(_beside(self._words[i], left, right) for i in fills)
        before, after = max(beside, key=lambda each: (beside[each], each))
        place = Place(
            fills=[fills[i] for i in values],
            texts=[self._texts[i] for i in values],
            values=list(values.values()),
            regions=[""] * len(values),
            before=before,
            after=after,
        )
        kind, wordings = kind_of(place)
        beside_greeting = before[-1] in (GREETING, FAMILY) or before in ((BEGIN,), (BEGIN, TITLE))
        if kind == NAMED and not beside_greeting:
            rotated = wordings_p(len(values), len(counts), wordings) >= _ROTATED_P
            return NONE if len(values) < _FEWEST_ELSEWHERE or rotated else NAMED
        return kind

    def _link(self, text: str, start: int, end: int) -> int:
        """From where on a link is its recipient's own: behind the host, where others have it too."""
        host = _HOST.match(text, start, end)
        if host is None:
            return start
        others = {found[1].casefold() for words in self._words for word in words
                  if word.startswith(LINK) and (found := _HOST.match(word.removeprefix(LINK)))}  # fmt: skip
        return host.end() if len(others) < _FEWEST else start


def located(text: str) -> list[tuple[str, int, int]]:
    """
    Cut a message into words as the tracer does, with their places.

    Parameters
    ----------
    text : str
        A message as received, in which nothing was hidden by hand.

    Returns
    -------
    list of (str, int, int)
        The words of `tasrib.tracing.methods.slot_words.words_of`, and where each begins and ends.
    """
    aligned, kinds = align(text), addressing()
    alike = {
        word: kind
        for name, kind in (("family", FAMILY), ("titles", TITLE), ("greetings", GREETING))
        for word in kinds[name]
    }
    out = [(BEGIN, 0, 0)]
    for match in _WORD.finditer(aligned.text):
        start, end = aligned.span(*match.span())
        word = alike.get(match.group(), match.group())
        if kept := _VALUED.get(word):
            value = text[start:end].translate(FOLD).strip(_EDGES)
            word = (NUMBER if kept == CODE and value.isdecimal() else kept) + value
            end -= len(text[start:end]) - len(text[start:end].rstrip(_EDGES))
        previous = out[-1][0]
        if {word, previous} <= {GREETING, TITLE}:
            out[-1] = (GREETING if GREETING in (word, previous) else TITLE, out[-1][1], end)
        elif (word != FAMILY or previous != FAMILY) and word not in kinds["particles"]:
            out.append((word, start, end))
    return [*out, (END, len(text), len(text))]


def _between(words: Sequence[str], left: str, right: str) -> tuple[str, ...]:
    """What stands between two words, where they are near each other; nothing where they are not."""
    for i, word in enumerate(words):
        if word == left:
            for j in range(i + 1, min(i + _LONGEST + 2, len(words))):
                if words[j] == right:
                    return tuple(words[i + 1 : j])
    return ()


def _beside(words: Sequence[str], left: str, right: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Up to four words before the place and two after it."""
    at = next(i for i, word in enumerate(words) if word == left and right in words[i + 1 : i + _LONGEST + 2])
    to = words.index(right, at + 1)
    return tuple(words[max(0, at - 3) : at + 1]), tuple(words[to : to + 2])

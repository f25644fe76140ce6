"""Whose campaign is it? Only what the message itself shows, with the words that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import pandas as pd

from tasrib.attribute.contest import Contest, Kind, Mark, is_article, tokens_of
from tasrib.attribute.loading import load_contest
from tasrib.text import normalise

# How much each kind of mention counts. A party needs the weight of one mention, and this many times the next party's.
_SENDER, _TAG, _MENTION = 4.0, 3.0, 2.0
_ENOUGH, _AHEAD = 2.0, 2.0

# Distances in words. How near a cue must stand before and after a mention:
_NEAR = (10, 7)  # of a symbol
_NEAR_SHORT = (1, 1)  # of a short name or initials, which are too short to bear a cue from afar
_NEAR_EVERYDAY = (2, 0)  # of a thing that any message may mention: right before it
_NEAR_OWN = (1, 0)  # "we are with" before a short name
# How far a word of voting governs a mention after it, a word against it does, and blame, and what a speaker does, reach back to it:
_VOTE_REACHES, _AGAINST_REACHES, _BLAME_REACHES, _SPEAKER_REACHES = 3, 5, 5, 3
# How many words may follow a mention that signs the message, and precede one that opens it:
_AFTER_SIGNATURE, _BEFORE_OPENING = 2, 2

# Kinds of mention that go together.
_SHORT = ("short name", "short initials")
_EVERYDAY = ("everyday", "everyday emoji", "proper name")
_EMOJI = ("emoji", "everyday emoji")
_ONLY_BESIDE_A_CUE = ("homely", "everyday emoji")
_THINGS = ("symbol", "everyday", "emoji")
# What is known from a word by its capitals, and what it is called then.
_WRITTEN: dict[Kind, str] = {"short initials": "initials", "proper name": "name with a capital"}
_SIGNING = ("cue", "own")
_UNMISTAKABLE = ("name", "proper name", "short initials")
_TAG_KINDS = ("name", "short name", "symbol")
_SENDER_KINDS = (*_TAG_KINDS, "short initials", "everyday")

_TAG_PLACES = re.compile(r"(?:https?://|www\.)\S+|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:/\S*)?|#\w+", re.IGNORECASE)
_MAY_SHOW = re.compile(r"[.#][\w-]|://|www\.", re.IGNORECASE)
# Words as initials stand: after no dot, which would make them the end of something longer.
_OWN_WORD = re.compile(r"(?<![\w.])\w+")
_DIGITS, _BETWEEN_WORDS = re.compile(r"[0-9]+"), re.compile(r"[\W_\d]+")
MASK = "§"
# By the kinds of mention that capitals make one, the words that have them.
Capitals = dict[Kind, frozenset[str]]
_SENTENCE_END = frozenset(".!?؟;:…|")
_FOR, _NEUTRAL, _AGAINST = 1, 0, -1


def attribute_party(text: str, sender: str = "", contest: Contest | None = None) -> tuple[str, str]:
    """
    Name the party behind a campaign message.

    Parameters
    ----------
    text : str
        A message that is known, or suspected, to be campaign.
    sender : str
        Who sent it, as the phone showed it.
    contest : Contest, optional
        The contestants; Morocco's by default.

    Returns
    -------
    (party, evidence) : (str, str)
        The party's id and what it rests on, such as ``"symbol or short name beside a cue: الحمامه; sender: RNI"``; two
        empty strings where no party, or more than one, is clear, and where the message is against the one it names.
    """
    judged = _judged(text, sender, normalise(text), contest or load_contest())
    return judged.party, judged.evidence


class _Judged(NamedTuple):
    """The party behind a message and what it rests on; the parties that it is against, and all that it may name."""

    party: str
    evidence: str
    against: frozenset[str]
    named: frozenset[str]


def _judged(text: str, sender: str, plain: str, contest: Contest) -> _Judged:
    tokens = tokens_of(plain)
    marks = contest.marks(tokens)
    # Once a message, and only where it is asked for: for each mention anew it would be quadratic in the message.
    kinds = {mark.kind for mark in marks}
    capitals = {kind: _capitals(text, kind) for kind in kinds.intersection(_WRITTEN)}
    # Beside a contestant of another country, words and symbols may be that one's.
    known = _UNMISTAKABLE if "foreign" in kinds else None
    mentions: list[Mark] = []
    stances: dict[str, set[int]] = {}
    weights: dict[str, dict[str, float]] = {}
    evidence: dict[str, list[str]] = {}

    def add(party: str, weight: float, kind: str, words: str) -> None:
        # The kinds add up, the repetitions of one kind do not: saying a name thrice is no better proof.
        weights.setdefault(party, {})[kind] = weight
        evidence.setdefault(party, []).append(f"{kind}: {words}")

    for at, mark in enumerate(marks):
        if mark.party and mark.kind != "daily":
            stance = _stance(at, marks, tokens)
            kind = _sense(at, marks, tokens, capitals, contest) if known is None or mark.kind in known else ""
            if kind or stance == _AGAINST:
                stances.setdefault(mark.party, set()).add(stance)
            if kind:
                mentions.append(mark)
                add(mark.party, _MENTION, kind, " ".join(tokens[mark.start : mark.end]))
    for party in _attacked(stances, marks, mentions):
        weights.pop(party, None)
    for place in _tag_places(text):
        for party in _shown(place, _TAG_KINDS, contest):
            add(party, _TAG, "link or hashtag", place)
    # The words of an e-mail address are seldom symbols alone: "lettre@" is any newsletter.
    for party in _shown(sender, _TAG_KINDS if "@" in sender else _SENDER_KINDS, contest):
        add(party, _SENDER, "sender", sender)
    against = frozenset(party for party, seen in stances.items() if _AGAINST in seen and _FOR not in seen)
    named = frozenset(mark.party for mark in marks if mark.party and mark.kind != "daily") | evidence.keys()
    for alliance in contest.members.keys() & weights:
        if contest.members[alliance] & weights.keys():
            del weights[alliance]
    total = {party: sum(kinds.values()) for party, kinds in weights.items()}
    ranked = sorted(total, key=lambda name: -total[name])
    if not ranked or total[ranked[0]] < _ENOUGH:
        return _Judged("", "", against, named)
    if len(ranked) > 1 and total[ranked[0]] < _AHEAD * total[ranked[1]]:
        ranked = _by_role(ranked, stances, mentions, tokens)
    if not ranked:
        return _Judged("", "", against, named)
    return _Judged(ranked[0], "; ".join(dict.fromkeys(evidence[ranked[0]])), against - {ranked[0]}, named)


def attribute_parties(
    texts: Sequence[str], senders: Sequence[str], contest: Contest | None = None, *, plain: Sequence[str] | None = None
) -> pd.DataFrame:
    """
    Name the party behind each of many campaign messages.

    Parameters
    ----------
    texts, senders : sequence of str, shape (n,)
        As for `attribute_party`.
    contest : Contest, optional
        The contestants; Morocco's by default.
    plain : sequence of str, shape (n,), optional
        The texts as `tasrib.text.normalise` gives them, where that was done already.

    Returns
    -------
    pandas.DataFrame, shape (n, 4)
        Columns ``party`` and ``party_evidence``; with ``;`` between them ``against``, the parties that the message is against, and
        ``named``, all whose name, symbol or emoji is in it, be it by chance.
    """
    contest = contest or load_contest()
    known: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    rows = []
    for at, key in enumerate(zip(texts, senders, strict=True)):
        if key not in known:
            judged = _judged(*key, normalise(key[0]) if plain is None else plain[at], contest)
            known[key] = (
                judged.party,
                judged.evidence,
                ";".join(sorted(judged.against)),
                ";".join(sorted(judged.named)),
            )
        rows.append(known[key])
    return pd.DataFrame(rows, columns=["party", "party_evidence", "against", "named"], dtype="str")


def without_contestants(text: str, contest: Contest | None = None, *, plain: str | None = None) -> str:
    """
    Mask whatever in a message parties are known by, so that what is left is the template.

    Parameters
    ----------
    text : str
        A campaign message.
    contest : Contest, optional
        The contestants; Morocco's by default.
    plain : str, optional
        The text as `tasrib.text.normalise` gives it, where that was done already.

    Returns
    -------
    str
        The normalised message with one sign in the place of each name, symbol or emoji of a party, link or hashtag that shows one.
    """
    contest = contest or load_contest()
    shown = [place for place in dict.fromkeys(_tag_places(text)) if _shown(place, _TAG_KINDS, contest)]
    for place in shown:
        text = text.replace(place, f" {MASK} ")
    tokens = tokens_of(normalise(text) if shown or plain is None else plain)
    marks = {mark.start: mark.end for mark in contest.marks(tokens) if mark.party}
    out, at = [], 0
    while at < len(tokens):
        masked = marks.get(at)
        out.append(tokens[at] if masked is None else MASK)
        at = masked or at + 1
    return " ".join(out)


def _capitals(text: str, kind: Kind) -> frozenset[str]:
    """
    Words of a text, normalised, that a capital sets apart: of initials one that no beginning of a sentence explains ("PAM", "DéFI"), of a name
    behind an article any ("les Verts"); none where everything is in capitals.
    """
    if text.upper() == text:
        return frozenset()
    skipped = 1 if kind == "short initials" else 0
    return frozenset(_plain_word(w) for w in _OWN_WORD.findall(text) if w[skipped:] != w[skipped:].lower())


def _sense(place: int, marks: list[Mark], tokens: list[str], capitals: Capitals, contest: Contest) -> str:
    """What makes the mention one of the party; empty where it may be a word like any other."""
    mark = marks[place]
    short = mark.kind in _SHORT
    if mark.kind == "name":
        return "name"
    near = _NEAR_EVERYDAY if mark.kind in (*_EVERYDAY, "homely") else _NEAR_SHORT if short else _NEAR
    if _cue(place, marks, near, ("cue", "vote")) or (short and _cue(place, marks, _NEAR_OWN, ("own",))):
        return "symbol or short name beside a cue"
    if mark.kind == "emoji":
        return "emoji of the symbol"
    if mark.kind in _ONLY_BESIDE_A_CUE:
        return ""
    if _heads(mark, tokens) and not (mark.end < len(tokens) and tokens[mark.end][-1].isalnum()):
        return "symbol or short name alone"
    if mark.kind in _WRITTEN:
        return _WRITTEN[mark.kind] if tokens[mark.end - 1] in capitals[mark.kind] else ""
    if short:
        # After a noun a short name may be an adjective ("the free fishermen"); two words of it are hardly chance.
        led = mark.start == 0 or not tokens[mark.start - 1][-1].isalnum() or tokens[mark.start - 1] in contest.leading
        return "short name" if led or mark.end - mark.start > 1 or mark.governed else ""
    return "the symbol" if mark.kind == "symbol" or mark.definite else ""


def _cue(place: int, marks: list[Mark], near: tuple[int, int], kinds: tuple[str, ...]) -> bool:
    before, after = near
    return any(other.kind in kinds for other in [*_before(place, marks, before), *_after(place, marks, after)])


def _before(place: int, marks: list[Mark], reach: int) -> list[Mark]:
    """Marks that end fewer than so many words before the one at a place begins, the nearest first."""
    at, start = place, marks[place].start
    found = []
    while at and start - marks[at - 1].end < reach:
        at -= 1
        found.append(marks[at])
    return found


def _after(place: int, marks: list[Mark], reach: int) -> list[Mark]:
    """Marks that begin fewer than so many words after the one at a place ends, the nearest first."""
    at, end = place + 1, marks[place].end
    found = []
    while at < len(marks) and marks[at].start - end < reach:
        found.append(marks[at])
        at += 1
    return found


def _stance(place: int, marks: list[Mark], tokens: list[str]) -> int:
    """Whether the sentence speaks for the party at this mention, against it, or neither."""
    mark = marks[place]
    reach = max(_VOTE_REACHES, _AGAINST_REACHES)
    before = [m for m in _before(place, marks, reach) if not _SENTENCE_END.intersection(tokens[m.end : mark.start])]
    after = [
        m for m in _after(place, marks, _BLAME_REACHES) if not _SENTENCE_END.intersection(tokens[mark.end : m.start])
    ]
    governing = next((m for m in before if m.kind in ("vote", "against", "repel")), None)
    if governing and governing.kind != "vote" and mark.start - governing.end < _AGAINST_REACHES:
        return _AGAINST
    # "no to the dove": the preposition is written together with the noun.
    if mark.start and tokens[mark.start - 1] == "لا" and mark.clitic.startswith("ل"):
        return _AGAINST
    if any(m.kind in ("vote", "own") and mark.start - m.end < _VOTE_REACHES for m in before):
        return _FOR
    if any(m.kind == "speaks" and m.start - mark.end < _SPEAKER_REACHES for m in after):
        return _FOR
    if any(m.kind in ("hostile", "repel") for m in after):
        return _AGAINST
    return _FOR if _signs(place, marks, tokens) else _NEUTRAL


def _attacked(stances: dict[str, set[int]], marks: list[Mark], mentions: list[Mark]) -> set[str]:
    """Parties that the message may well be against, so that it is not theirs."""
    if not stances:
        return set()
    attacked = {party for party, seen in stances.items() if _AGAINST in seen and _FOR not in seen}
    kinds = {mark.kind for mark in marks}
    doubtful = bool(kinds & {"hostile", "repel"})
    if "vote" not in kinds and all(mark.kind in _THINGS for mark in mentions):
        opens = any(mark.start < _BEFORE_OPENING for mark in mentions)
        doubtful |= "trade" in kinds or (opens and "doubt" in kinds and "when" not in kinds)
    # Where several are named, the blame may be on the others.
    if doubtful and len(stances) == 1:
        attacked |= {party for party, seen in stances.items() if _FOR not in seen}
    return attacked


def _by_role(ranked: list[str], stances: dict[str, set[int]], mentions: list[Mark], tokens: list[str]) -> list[str]:
    """Of several parties the one that the message speaks for, else the one that has the last word, if there is one."""
    spoken = [party for party in ranked if _FOR in stances.get(party, ())]
    if len(spoken) == 1:
        return spoken
    named = [mark for mark in mentions if mark.party in ranked]
    if not named:
        return []
    last = named[-1]
    others = [mark for mark in named if mark.party != last.party]
    # What parts the last of them from the last word parts all of them.
    apart = not others or bool(_SENTENCE_END.intersection(tokens[others[-1].end : last.start]))
    return [last.party] if apart and (not spoken or last.party in spoken) else []


def _heads(mark: Mark, tokens: list[str]) -> bool:
    """Whether nothing but an article stands between the mention and a sign, or the beginning, before it."""
    start = mark.start
    while start and is_article(tokens[start - 1]):
        start -= 1
    return not (start and tokens[start - 1][-1].isalnum())


def _signs(place: int, marks: list[Mark], tokens: list[str]) -> bool:
    """Whether the message ends with the mention like a signature, "list" or so before it, a town or so behind it."""
    mark = marks[place]
    before = marks[place - 1] if place else mark
    opening = before if before.end == mark.start and before.kind in _SIGNING else mark
    if opening.start == 0 or mark.kind in _EMOJI or not _heads(opening, tokens):
        return False
    words_after = (token for token in islice(tokens, mark.end, None) if token[-1].isalnum())
    return next(islice(words_after, _AFTER_SIGNATURE, None), None) is None


def _tag_places(text: str) -> list[str]:
    """Links, domains and hashtags in a message: no blank is in one, and a dot, # or :// is."""
    if not _MAY_SHOW.search(text):
        return []
    return [
        place
        for chunk in text.split()
        if "." in chunk or "#" in chunk or "://" in chunk
        for place in _TAG_PLACES.findall(chunk)
    ]


def _shown(place: str, kinds: tuple[str, ...], contest: Contest) -> set[str]:
    """Parties that a link, hashtag or sender shows; none where it rejects them ("#MachiRNI") or is a number."""
    if not place or place.lstrip("+").isdigit():
        return set()
    words, marks, alone = _in_place(_DIGITS.sub("0", place), contest)
    if words & contest.rejecting or any(mark.kind in ("against", "repel", "foreign") for mark in marks):
        return set()
    shown = {party.id for party in contest.parties if words & party.tags}
    # A sender who is nothing but the name of a party is that party, whatever else the word may be.
    return shown | {m.party for m in marks if m.kind in kinds or (alone and kinds is _SENDER_KINDS and m.party)}


@lru_cache(maxsize=100_000)
def _in_place(place: str, contest: Contest) -> tuple[frozenset[str], tuple[Mark, ...], bool]:
    """Words and marks of a link, hashtag or sender, and whether one mark is all of it; which digits are in it makes no difference."""
    tokens = tokens_of(normalise(" ".join(_BETWEEN_WORDS.split(place))))
    marks = contest.marks(tokens)
    return _tag_words(place), tuple(marks), len(marks) == 1 and marks[0].end - marks[0].start == len(tokens)


def _tag_words(place: str) -> frozenset[str]:
    """Words of a link, hashtag or sender name: split at signs, digits and capitals ("votezRNI2021")."""
    parts = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[\u0600-\u06ff]+", place.replace("_", " "))
    return frozenset(map(_plain_word, [*parts, *_BETWEEN_WORDS.split(place)])) - {""}


_plain_word = lru_cache(maxsize=100_000)(normalise)

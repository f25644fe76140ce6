"""Whose campaign is it? Only what the message itself shows, with the words that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from tasrib.attribute.parties import Contest, Mark, load_contest, tokens_of
from tasrib.text import normalise

# How much each kind of mention counts, and what it takes: one sure mention, and twice the next party's weight.
_SENDER, _TAG, _MENTION = 4.0, 3.0, 2.0
_ENOUGH = 2.0
# Distances in words: a cue somewhere near, one that governs the mention, words of blame around it.
_NEAR_BEFORE, _NEAR_AFTER, _RIGHT_BEFORE, _AGAINST_BEFORE, _HOSTILE = 10, 7, 3, 5, 9
_TAG_PLACES = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?|#\w+", re.IGNORECASE)
_TAG_KINDS = ("name", "short name", "symbol")
_SENDER_KINDS = (*_TAG_KINDS, "short initials", "everyday")
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
        The party's id and what it rests on, such as ``"symbol beside a vote cue: الحمامة; sender: RNI"``; two empty
        strings where no party, or more than one, is clear.
    """
    contest = contest or load_contest()
    tokens = tokens_of(normalise(text))
    marks = contest.marks(tokens)
    places = [place for place in _TAG_PLACES.findall(text)]
    weights: dict[str, dict[str, float]] = {}
    evidence: dict[str, list[str]] = {}
    stances: dict[str, set[int]] = {}
    last: dict[str, int] = {}

    def add(party: str, weight: float, kind: str, words: str) -> None:
        # The kinds add up, the repetitions of one kind do not: saying a name thrice is no better proof.
        weights.setdefault(party, {})[kind] = weight
        evidence.setdefault(party, []).append(f"{kind}: {words}")

    for mark in marks:
        if mark.party and mark.kind != "daily":
            kind = _counts(mark, marks, tokens, text)
            stance = _stance(mark, marks, tokens)
            if kind or stance == _AGAINST:
                stances.setdefault(mark.party, set()).add(stance)
            if kind:
                last[mark.party] = mark.start
                add(mark.party, _MENTION, kind, " ".join(tokens[mark.start : mark.end]))
    for party in [name for name, seen in stances.items() if _AGAINST in seen and _FOR not in seen]:
        weights.pop(party, None)
    for place in places:
        for party in _known(place, _TAG_KINDS, contest):
            add(party, _TAG, "link or hashtag", place)
    for party in _known(sender, _SENDER_KINDS, contest):
        add(party, _SENDER, "sender", sender)
    total = {party: sum(kinds.values()) for party, kinds in weights.items()}
    ranked = sorted(total, key=lambda name: -total[name])
    if not ranked or total[ranked[0]] < _ENOUGH:
        return "", ""
    if len(ranked) > 1 and total[ranked[0]] < 2 * total[ranked[1]]:
        spoken = [party for party in ranked if _FOR in stances.get(party, ())]
        if len(spoken) != 1:
            return "", ""
        ranked = spoken
    return ranked[0], "; ".join(dict.fromkeys(evidence[ranked[0]]))


def attribute_parties(texts: Sequence[str], senders: Sequence[str], contest: Contest | None = None) -> pd.DataFrame:
    """
    Name the party behind each of many campaign messages.

    Parameters
    ----------
    texts, senders : sequence of str, shape (n,)
        As for `attribute_party`.
    contest : Contest, optional
        The contestants; Morocco's by default.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        Columns ``party`` and ``party_evidence``.
    """
    known: dict[tuple[str, str], tuple[str, str]] = {}
    rows = []
    for key in zip(texts, senders, strict=True):
        if key not in known:
            known[key] = attribute_party(*key, contest=contest)
        rows.append(known[key])
    return pd.DataFrame(rows, columns=["party", "party_evidence"], dtype="str")


def _counts(mark: Mark, marks: list[Mark], tokens: list[str], text: str) -> str:
    """Name what makes the mention one of the party; empty where it may be a word like any other."""
    if mark.kind == "name":
        return "name"
    if _cue(
        mark,
        marks,
        _NEAR_BEFORE if mark.kind not in ("everyday",) else _RIGHT_BEFORE,
        _NEAR_AFTER if mark.kind not in ("everyday",) else 0,
    ):
        return "symbol or short name beside a cue"
    if mark.kind == "short initials":
        shown = tokens[mark.start].upper()
        return "initials" if re.search(rf"(?<![\w'.]){shown}(?!\w)", text) and text.upper() != text else ""
    if mark.kind in ("emoji",):
        return "emoji of the symbol"
    if _alone(mark, tokens):
        return "symbol standing alone"
    if mark.kind == "everyday emoji":
        return ""
    if mark.definite:
        return "the symbol"
    if mark.kind == "symbol":
        return "symbol, indefinite"
    return ""


def _cue(mark: Mark, marks: list[Mark], before: int, after: int) -> bool:
    return any(
        other.kind in ("cue", "own") and (0 <= mark.start - other.end < before or 0 <= other.start - mark.end < after)
        for other in marks
    )


def _alone(mark: Mark, tokens: list[str]) -> bool:
    start = mark.start
    while start and tokens[start - 1] in ("la", "le", "l", "el", "al", "d", "dial", "dyal"):
        start -= 1
    return not (start and tokens[start - 1][-1].isalnum()) and not (
        mark.end < len(tokens) and tokens[mark.end][-1].isalnum()
    )


def _stance(mark: Mark, marks: list[Mark], tokens: list[str]) -> int:
    """Whether the message speaks for the party at this mention, against it, or neither."""
    before = [m for m in marks if m.end <= mark.start and not _SENTENCE_END.intersection(tokens[m.end : mark.start])]
    after = [m for m in marks if m.start >= mark.end and not _SENTENCE_END.intersection(tokens[mark.end : m.start])]
    if any(m.kind == "against" and mark.start - m.end < _AGAINST_BEFORE for m in before):
        return _AGAINST
    if mark.start and tokens[mark.start - 1] == "لا" and mark.clitic.startswith("ل"):
        return _AGAINST
    if any(m.kind in ("cue", "own") and mark.start - m.end < _RIGHT_BEFORE for m in before):
        return _FOR
    around = [m for m in before if mark.start - m.end < _HOSTILE] + [m for m in after if m.start - mark.end < _HOSTILE]
    if any(m.kind == "hostile" for m in around):
        return _AGAINST
    return _NEUTRAL


def _known(place: str, kinds: tuple[str, ...], contest: Contest) -> set[str]:
    words = _tag_words(place)
    found = {party.id for party in contest.parties if words & party.tags}
    parts = tokens_of(normalise(" ".join(re.split(r"[\W_\d]+", place))))
    return found | {mark.party for mark in contest.marks(parts) if mark.kind in kinds}


def _tag_words(place: str) -> set[str]:
    """Words of a link, hashtag or sender name: split at signs, digits and capitals ("votezRNI2021")."""
    parts = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[\u0600-\u06ff]+", place.replace("_", " "))
    return {normalise(part) for part in [*parts, *re.split(r"[\W_\d]+", place)]} - {""}

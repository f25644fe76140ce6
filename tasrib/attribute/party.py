"""Whose campaign is it? Only what the message itself shows, with the words that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from tasrib.attribute.parties import Contest, Party, load_contest
from tasrib.text import normalise

# How much each kind of mention counts, and what it takes: one sure mention, and twice the next party's weight.
_SENDER, _TAG, _SURE, _IN_CONTEXT, _DEFINITE = 4.0, 3.0, 2.0, 2.0, 2.0
_ENOUGH = 2.0
_WINDOW_BEFORE, _WINDOW_AFTER, _AGAINST_BEFORE, _RIGHT_BEFORE = 60, 40, 25, 16
_TAG_PLACES = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?|#\w+", re.IGNORECASE)


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
    plain = normalise(text)
    links = [_tag_words(place) for place in _TAG_PLACES.findall(text)]
    from_sender = _tag_words(sender)
    weights: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for party in contest.parties:
        found = _mentions(party, plain, contest)
        if from_sender & party.tags or party.sure.search(normalise(sender)):
            found.append((_SENDER, f"sender: {sender}"))
        found += [
            (_TAG, f"link or hashtag: {' '.join(sorted(words & party.tags))}") for words in links if words & party.tags
        ]
        if found:
            # The kinds add up, the repetitions of one kind do not: saying a name thrice is no better proof.
            weights[party.id] = sum({note.split(":")[0]: weight for weight, note in found}.values())
            evidence[party.id] = list(dict.fromkeys(note for _, note in found))
    ranked = sorted(weights, key=lambda name: -weights[name])
    if not ranked or weights[ranked[0]] < _ENOUGH:
        return "", ""
    if len(ranked) > 1 and weights[ranked[0]] < 2 * weights[ranked[1]]:
        return "", ""
    return ranked[0], "; ".join(evidence[ranked[0]])


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


def _mentions(party: Party, plain: str, contest: Contest) -> list[tuple[float, str]]:
    found = []
    for match in party.sure.finditer(plain):
        if not _against(plain, match.start(), contest):
            found.append((_SURE, f"name: {match.group().strip()}"))
    for match in party.in_context.finditer(plain):
        window = plain[max(0, match.start() - _WINDOW_BEFORE) : match.start()]
        window += " " + plain[match.end() : match.end() + _WINDOW_AFTER]
        if contest.cue.search(window) and not _against(plain, match.start(), contest):
            found.append((_IN_CONTEXT, f"symbol or short name beside a cue: {match.group().strip()}"))
    for match in party.definite.finditer(plain):
        if not _against(plain, match.start(), contest):
            found.append((_DEFINITE, f"the symbol: {match.group().strip()}"))
    for match in party.everyday.finditer(plain):
        before = plain[max(0, match.start() - _RIGHT_BEFORE) : match.start()]
        if contest.cue.search(before) and not _against(plain, match.start(), contest):
            found.append((_IN_CONTEXT, f"symbol right after a cue: {match.group().strip()}"))
    return found


def _against(plain: str, at: int, contest: Contest) -> bool:
    return bool(contest.against.search(plain[max(0, at - _AGAINST_BEFORE) : at]))


def _tag_words(place: str) -> set[str]:
    """Words of a link, hashtag or sender name: split at signs, digits and capitals ("votezRNI2021")."""
    parts = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[\u0600-\u06ff]+", place.replace("_", " "))
    return {normalise(part) for part in [*parts, *re.split(r"[\W_\d]+", place)]} - {""}

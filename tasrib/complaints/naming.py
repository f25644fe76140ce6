"""What one heading claims: a listed name, a question, a path of groups, or one thing said in several languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from tasrib.complaints.garbled import repair
from tasrib.complaints.looks import is_value
from tasrib.complaints.questions import Rank, ask, plain, speak
from tasrib.complaints.schema import FIELDS, YES_NO
from tasrib.complaints.words import fold, reference, vocabulary

Claim = tuple[str, Rank]

# A heading that is longer is a text; the bound keeps the patterns below quick on anything.
_LONGEST = 1_000
# What a reader calls a column without a name.
_MADE_UP = re.compile(r"column \d+")
_HINT = re.compile(r"[(（][^()（）]*[)）]\s*$")
_SUBQUESTION = re.compile(r"(?P<context>.*\S)\s*\[(?P<name>[^\[\]]+)\]\s*$", re.DOTALL)
_LANGUAGES = re.compile(r"[·|\n]|(?<=\s)[/–—](?=\s)")
_PATH = re.compile(r"(?P<context>.*\S)(?:/|\s+-\s+)(?P<name>[^/]+)", re.DOTALL)
_IDENTIFIER_PATH = re.compile(r"(?P<context>\S+)[-.:](?P<name>[^\s\-.:]+)")

# Fields whose question may have several answers, each with a column.
_CHOSEN = ("channel", "declared_operator", "region", *YES_NO)


@cache
def _names() -> dict[str, Claim]:
    """Folded column name → the field it claims, and how strongly."""
    claims: dict[str, Claim] = {}
    for rank, key in ((Rank.WEAK_NAME, "weak"), (Rank.NAME, "names")):
        for name, entry in vocabulary("field").items():
            claims.update({fold(word): (name, rank) for word in entry.get(key, ())})
    claims.update({fold(name): (name, Rank.FIELD_NAME) for name in FIELDS})
    return claims


@cache
def _estranging() -> frozenset[str]:
    """What turns a name into that of something else, as "autre" does."""
    rules = [rule for rule in reference("headers.toml")["question"] if not rule["field"] and not rule.get("head")]
    return frozenset(name for rule in rules for name in rule.get("any", ())) | {"sender", "survey"}


def _own(text: str) -> Claim | None:
    """What a heading claims as a whole: by its name, or by what it asks; the surer of both where they agree."""
    named, asked = _names().get(fold(text)), ask(text)
    if named and asked and named[0] == asked[0]:
        return named[0], max(named[1], asked[1])
    return named or asked


def _in_context(name: str, context: str) -> Claim | None:
    """What a name claims below another: a group, a question of several parts."""
    claim, above = _own(name), _own(context)
    if above and (not claim or above[0] != claim[0]):
        # Of `message/numero` the number is asked, of `canal/sms` nothing that can be known.
        return ask(f"{name} {context}")
    if claim and not speak(context).concepts.isdisjoint(_estranging()):
        return ask(f"{name} {context}")
    return claim or ask(f"{name} {context}")


@lru_cache(maxsize=65_536)
def name_claim(heading: str) -> Claim | None:
    """
    Say which field a heading claims.

    Parameters
    ----------
    heading : str
        As it stands in the file.

    Returns
    -------
    tuple of str and Rank, or None
        The field and how strongly it is claimed; None where nothing is sure.

    Examples
    --------
    >>> name_claim("groupe_a/numero_telephone")
    ('recipient', <Rank.NAME: 3>)
    """
    if len(heading) > _LONGEST or not heading.strip() or _MADE_UP.fullmatch(heading) or is_value(heading):
        return None
    heading = repair(heading).text
    text = plain(heading)
    if claim := _own(text) or _names().get(fold(heading)):
        return claim
    bare = _HINT.sub("", text).strip()
    if bare and bare != text and (claim := _own(plain(bare))):
        strange = not speak(text[len(bare) :]).concepts.isdisjoint(_estranging())
        return None if strange else claim
    parts = [part for part in _LANGUAGES.split(heading) if part.strip()]
    if len(parts) > 1:
        claims = [claim for part in parts if (claim := _own(plain(part)))]
        if claims and len({name for name, _ in claims}) == 1:
            return claims[0][0], max(rank for _, rank in claims)
        if claims:
            return None
    if path := _path(bare or text):
        return _in_context(plain(path["name"]), path["context"])
    return None


def _path(text: str) -> re.Match[str] | None:
    return next(
        (match for pattern in (_SUBQUESTION, _PATH, _IDENTIFIER_PATH) if (match := pattern.fullmatch(text))), None
    )


def options(columns: Sequence[str]) -> set[str]:
    """
    Find the columns that stand for one answer each of a question with several, such as ``canal/sms`` and ``Canal ? [WhatsApp]``.

    Parameters
    ----------
    columns : sequence of str
        All headings of a table.

    Returns
    -------
    set of str
        Those that claim no more than the question above them, which is a column of its own or has other answers beside this one.
    """
    paths = {
        column: path for column in columns if any(mark in column for mark in "[/-.:") and (path := _path(plain(column)))
    }
    if not paths:
        return set()
    above = {column: plain(path["context"]) for column, path in paths.items()}
    beside = Counter(map(fold, above.values()))
    whole = {fold(plain(column)) for column in columns}
    found = set()
    for column, question in above.items():
        claim, asked = name_claim(column), name_claim(question)
        if claim is None or asked is None:
            continue
        known, chosen = fold(question) in whole, asked[0] in _CHOSEN
        if (known and (chosen or claim[0] == asked[0])) or (
            chosen and claim[0] == asked[0] and beside[fold(question)] > 1
        ):
            found.add(column)
    return found

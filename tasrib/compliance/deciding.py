"""One rule for all complaints: which of its conditions hold, may hold or cannot, and what follows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tasrib.compliance.answers import UNKNOWN, same
from tasrib.compliance.known import Known
from tasrib.compliance.rules import A_DAY, ANYTHING, BUT, VERDICTS, Alternative, Rule, Verdict

# A condition with what is known: it holds, cannot hold, or may.
_HOLDS, _CANNOT, _MAY = 1, 0, -1
# Why a verdict is open where all is known and no alternative holds, and where a person gave the verdict.
UNSETTLED, DECIDED = "unsettled", "decided"
_SEPARATOR = "&"


class Decided(NamedTuple):
    """
    What a rule says of each complaint.

    Attributes
    ----------
    verdict : numpy.ndarray of int, shape (n,)
        Position in `VERDICTS`.
    field : numpy.ndarray of str, shape (n,)
        Where the verdict is open, the field to ask for.
    because : numpy.ndarray of str, shape (n,)
        What decided it, as ``field=value`` joined by ``&``, ``decided`` by a person, or why it is open: a table ``[reason.KEY]``.
    """

    verdict: np.ndarray
    field: np.ndarray
    because: np.ndarray


_CODE = {verdict: position for position, verdict in enumerate(VERDICTS)}
_OPEN = _CODE["needs_information"]


def decide(rule: Rule, known: Known) -> Decided:
    """
    Apply a rule.

    Parameters
    ----------
    rule : Rule
        The rule.
    known : Known
        The complaints.

    Returns
    -------
    Decided
        One verdict a complaint. A breach is indicated only where all its conditions hold, and no alternative for the opposite could still
        hold if what is unknown became known.
    """
    n = len(known)
    verdict, field, because = np.full(n, _OPEN, np.int8), same(UNKNOWN, n), same(UNKNOWN, n)
    states = {
        name: [(each, *_state(each, known)) for each in rule.test.get(name, ())]
        for name in ("not_applicable", "no_breach_indicated", "breach_indicated")
    }
    open_ = np.ones(n, bool)
    for name in ("not_applicable", "no_breach_indicated"):
        _settle(states[name], open_, _CODE[name], verdict, because)
    might_clear = _any([may for name in ("not_applicable", "no_breach_indicated") for *_, may in states[name]], n)
    _settle(states["breach_indicated"], open_, _CODE["breach_indicated"], verdict, because, but=might_clear)
    for name in rule.fields:
        answer = known.answer(name)
        asked = [may for each in states.values() for alternative, _, may in each if name in dict(alternative)]
        # A rule without a test is a person's to settle, from its fields.
        concerns = _any(asked, n) if any(rule.test.values()) else np.ones(n, bool)
        ask = open_ & ~answer.known & concerns & (field == UNKNOWN)
        field[ask], because[ask] = answer.missing[ask], answer.reason[ask]
    unsettled = open_ & (field == UNKNOWN)
    because[unsettled] = UNSETTLED
    for name in rule.fields:
        # What was answered last is what a person has to look at.
        field[unsettled & known.answer(name).known] = name
    return _as_people_decided(rule, known, Decided(verdict, field, because))


def _settle(
    states: list[tuple[Alternative, np.ndarray, np.ndarray]],
    open_: np.ndarray,
    code: int,
    verdict: np.ndarray,
    because: np.ndarray,
    but: np.ndarray | None = None,
) -> None:
    for alternative, holds, _ in states:
        here = holds & open_ if but is None else holds & open_ & ~but
        verdict[here] = code
        because[here] = _SEPARATOR.join(f"{name}={value}" for name, value in alternative)
        open_ &= ~here


def _state(alternative: Alternative, known: Known) -> tuple[np.ndarray, np.ndarray]:
    """Where all its conditions hold, and where they may yet, once what is unknown is known."""
    n = len(known)
    holds, may = np.ones(n, bool), np.ones(n, bool)
    for name, value in alternative:
        state = _condition(known.answer(name).values, value)
        holds &= state == _HOLDS
        may &= state != _CANNOT
    return holds, may & ~holds


def _condition(values: np.ndarray, value: str) -> np.ndarray:
    unknown = values == UNKNOWN
    if value.startswith(BUT):
        # It need not be known to be another.
        return np.where(values == value.removeprefix(BUT), _CANNOT, _HOLDS)
    if value == ANYTHING:
        right = ~unknown
    elif value == A_DAY:
        right = ~unknown & (values != "none")
    else:
        right = values == value
    return np.where(unknown, _MAY, np.where(right, _HOLDS, _CANNOT))


def _any(masks: list[np.ndarray], n: int) -> np.ndarray:
    return np.logical_or.reduce(masks) if masks else np.zeros(n, bool)


def _as_people_decided(rule: Rule, known: Known, decided: Decided) -> Decided:
    """A person's own verdict, given as an answer to the rule's id, takes the place of what the test found."""
    given = known.verdicts(rule.id)
    settled = given != UNKNOWN
    if settled.any():
        codes = np.array([_CODE.get(name, _OPEN) for name in given])
        decided.verdict[settled] = codes[settled]
        decided.because[settled] = DECIDED
        still_open = settled & (decided.verdict == _OPEN)
        decided.field[settled] = UNKNOWN
        decided.field[still_open] = rule.fields[-1]
    return decided


def reaches(rule: Rule) -> tuple[Verdict, ...]:
    """
    Name the verdicts that a rule's own test can give.

    Parameters
    ----------
    rule : Rule
        The rule.

    Returns
    -------
    tuple of str
        In the order of `VERDICTS`.
    """
    return tuple(name for name in VERDICTS if name == "needs_information" or rule.test.get(name))

"""Every campaign complaint against every rule."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from tasrib.compliance.answers import Coded
from tasrib.compliance.deciding import decide
from tasrib.compliance.facts import checked, note_unmatched
from tasrib.compliance.known import Known
from tasrib.compliance.loading import load_rules
from tasrib.compliance.rules import VERDICTS, RuleSet
from tasrib.scored import check

# What a complaint is told from others by.
_OPEN = VERDICTS.index("needs_information")
_OF_COMPLAINT = ("complaint_id", "source_file", "source_sheet", "source_row", "campaign_id", "party")
_OF_RULE = ("rule", "about", "verdict", "confidence", "field", "because")
_NEEDED = ("text", "recipient", "decision", "party", "campaign_id", "number_status")


def triage(scored: pd.DataFrame, rules: str | Path | RuleSet = "ma", facts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Hold every campaign complaint against every rule of a country.

    Nothing here decides: a verdict is an indication for the person who does. Where something is not known the verdict is
    ``needs_information``, never a breach.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints. Only those with the decision ``campaign`` are looked at.
    rules : str, Path or RuleSet
        Code of a country whose rules come with tasrib, or a file of one's own (`load_rules`).
    facts : pandas.DataFrame, optional
        What people found out, from `read_facts`: the date of a declaration, who owns a link, or a verdict of their own.

    Returns
    -------
    pandas.DataFrame
        One row a complaint and rule, in the order of the complaints, with their index repeated:
        ``complaint_id``, ``source_file``, ``source_sheet``, ``source_row``, ``campaign_id``, ``party``; ``rule``, ``about`` (``sender`` or
        ``evidence``), ``verdict``, ``confidence`` (``H``, ``M``; ``L`` is to be confirmed), ``field`` (what to ask for where the verdict is
        open) and ``because`` (what decided, as ``field=value``, or why it is open; `because_words` says it in words).

    Raises
    ------
    TasribError
        When these are no scored complaints, there is no such rule set, or an answer is none.

    Warns
    -----
    InputNote
        When an answer is for a campaign, party or complaint that is not here.
    """
    rule_set = load_rules(rules)
    frame, known, decided = _decided(scored, rule_set, facts)
    n_rules = len(rule_set.rules)
    rows = np.repeat(np.arange(len(frame)), n_rules)
    out = frame[list(_OF_COMPLAINT)].take(rows)
    return out.assign(
        party=known.frame["party"].to_numpy()[rows],
        verdict=pd.Categorical.from_codes(_side_by_side([each.verdict for each in decided]), list(VERDICTS)),
        field=_named([each.field for each in decided]),
        because=_named([each.because for each in decided]),
        **_of_rules(rule_set, np.tile(np.arange(n_rules), len(frame))),
    )[[*_OF_COMPLAINT, *_OF_RULE]]


def triage_counts(scored: pd.DataFrame, rules: RuleSet, facts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Hold every campaign complaint against every rule, and count what is found alike.

    `triage` writes a line of some hundreds of bytes for each complaint and each of thirty rules: of hundreds of thousands of complaints more
    than a machine holds.

    Parameters
    ----------
    scored, rules, facts
        As for `triage`.

    Returns
    -------
    pandas.DataFrame
        One row a campaign, party, rule, verdict and reason: the columns of `triage` but for those that tell complaints apart, and ``n``, the
        complaints. `tasrib.compliance.counting` and `tasrib.compliance.tabling` take it in place of those.

    Raises
    ------
    TasribError
        As `triage`.
    """
    _, known, decided = _decided(scored, rules, facts)
    return _counts(known, decided, rules)


class OfParties(NamedTuple):
    """
    The triage as far as a party's letter tells it.

    Attributes
    ----------
    party : pandas.Series of str
        Whose each complaint of a campaign is, in their order: a person's answer holds.
    counts : pandas.DataFrame
        As from `triage_counts`.
    waiting : pandas.DataFrame
        ``party``, ``field``, ``complaints``: how many complaints of each party wait for an answer to it, whatever number of rules asks for it.
    """

    party: pd.Series
    counts: pd.DataFrame
    waiting: pd.DataFrame


def triage_of_parties(scored: pd.DataFrame, rules: RuleSet, facts: pd.DataFrame | None = None) -> OfParties:
    """
    Count the verdicts, and the complaints that wait for each answer.

    Parameters
    ----------
    scored, rules, facts
        As for `triage_counts`.

    Returns
    -------
    OfParties
        In memory are a few bytes a complaint and rule.

    Raises
    ------
    TasribError
        As `triage`.
    """
    frame, known, decided = _decided(scored, rules, facts)
    party = known.frame["party"]
    codes, parties = pd.factorize(party)
    waiting: dict[str, np.ndarray] = {}
    for each in decided:
        is_open = each.verdict == _OPEN
        for place, field in enumerate(each.field.texts):
            asked = is_open & (each.field.codes == place)
            waiting[field] = waiting[field] | asked if field in waiting else asked
    rows = [
        (parties[of], field, int(n))
        for field, asked in waiting.items()
        for of, n in enumerate(np.bincount(codes[asked], minlength=len(parties)))
        if n
    ]
    table = pd.DataFrame(rows, columns=["party", "field", "complaints"])
    return OfParties(party.set_axis(frame.index), _counts(known, decided, rules), table)


def _counts(known: Known, decided: list[_Verdicts], rules: RuleSet) -> pd.DataFrame:
    groups = known.frame[["campaign_id", "party"]]
    of = groups.groupby(["campaign_id", "party"], sort=False).ngroup().to_numpy("int64")
    names = groups.drop_duplicates()
    parts = [_kinds(of, place, each) for place, each in enumerate(decided)]
    group, place, verdict, n = (np.concatenate([getattr(part, name) for part in parts]) for name in _COUNTS)
    return pd.DataFrame(
        {
            **{name: names[name].to_numpy()[group] for name in names},
            **_of_rules(rules, place),
            "verdict": pd.Categorical.from_codes(verdict, list(VERDICTS)),
            "field": pd.Categorical(np.concatenate([part.field for part in parts])),
            "because": pd.Categorical(np.concatenate([part.because for part in parts])),
            "n": n,
        }
    ).astype({name: "str" for name in names})


class _Kinds(NamedTuple):
    """What a rule says, each kind once: whose complaints, the rule's place, verdict, how many; what to ask for and why."""

    group: np.ndarray
    place: np.ndarray
    verdict: np.ndarray
    n: np.ndarray
    field: np.ndarray
    because: np.ndarray


_COUNTS = ("group", "place", "verdict", "n")


def _kinds(of: np.ndarray, place: int, decided: _Verdicts) -> _Kinds:
    """Count what is found alike, in the order in which it is met."""
    field, because = decided.field, decided.because
    # One number for all four: a table of a few rows costs some milliseconds, and each rule would have one.
    shape = (int(of.max(initial=0)) + 1, len(VERDICTS), max(len(field.texts), 1), max(len(because.texts), 1))
    each = np.ravel_multi_index((of, decided.verdict, field.codes, because.codes), shape)
    at, met = pd.factorize(each)
    group, verdict, fields, reasons = np.unravel_index(met, shape)
    n = np.bincount(at, minlength=len(met)).astype("int64")
    return _Kinds(group, np.full(len(met), place), verdict, n, field.texts[fields], because.texts[reasons])


class _Verdicts(NamedTuple):
    """What a rule says of each complaint, as `Decided`, in a few bytes each."""

    verdict: np.ndarray
    field: Coded
    because: Coded


def _decided(
    scored: pd.DataFrame, rules: RuleSet, facts: pd.DataFrame | None
) -> tuple[pd.DataFrame, Known, list[_Verdicts]]:
    """The complaints of campaigns, what is known of them, and what each rule says."""
    answers = checked(facts, rules)
    frame = check(scored, _NEEDED)
    frame = frame[frame["decision"] == "campaign"]
    known = Known(frame, rules, answers)
    note_unmatched(answers, known.frame)
    decided = []
    for rule in rules.rules:
        verdict, field, because = decide(rule, known)
        decided.append(_Verdicts(verdict, Coded.of(field), Coded.of(because)))
    return frame, known, decided


def _of_rules(rules: RuleSet, places: np.ndarray) -> dict[str, pd.Categorical]:
    """What is the same for all complaints of a rule, given by its place."""
    columns = {name: np.array([getattr(rule, name) for rule in rules.rules]) for name in ("about", "confidence")}
    return {
        "rule": pd.Categorical.from_codes(places, [rule.id for rule in rules.rules]),
        **{name: pd.Categorical(values[places]) for name, values in columns.items()},
    }


def _named(parts: list[Coded]) -> pd.Categorical:
    """A text of all rules' verdicts, complaint by complaint."""
    names = sorted({text for part in parts for text in part.texts})
    place = {text: at for at, text in enumerate(names)}
    kind = np.min_scalar_type(-len(names) - 1)
    codes = [np.array([place[text] for text in part.texts], kind)[part.codes] for part in parts]
    return pd.Categorical.from_codes(_side_by_side(codes), names)


def _side_by_side(parts: list[np.ndarray]) -> np.ndarray:
    """What each rule says, complaint by complaint."""
    return np.stack(parts, axis=1).ravel()

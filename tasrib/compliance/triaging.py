"""Every campaign complaint against every rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.compliance.deciding import Decided, decide
from tasrib.compliance.facts import checked, note_unmatched
from tasrib.compliance.known import Known
from tasrib.compliance.loading import load_rules
from tasrib.compliance.rules import VERDICTS, RuleSet
from tasrib.scored import check

# What a complaint is told from others by.
_OF_COMPLAINT = ("complaint_id", "source_file", "source_sheet", "source_row", "campaign_id", "party")
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
    answers = checked(facts, rule_set)
    frame = check(scored, _NEEDED)
    frame = frame[frame["decision"] == "campaign"]
    known = Known(frame, rule_set, answers)
    note_unmatched(answers, known.frame)
    decided = [decide(rule, known) for rule in rule_set.rules]
    n_rules = len(rule_set.rules)
    rows = np.repeat(np.arange(len(frame)), n_rules)
    out = frame[list(_OF_COMPLAINT)].take(rows)
    return out.assign(
        party=known.frame["party"].to_numpy()[rows],
        rule=pd.Categorical.from_codes(np.tile(np.arange(n_rules), len(frame)), [rule.id for rule in rule_set.rules]),
        about=pd.Categorical(np.tile([rule.about for rule in rule_set.rules], len(frame))),
        verdict=pd.Categorical.from_codes(_side_by_side(decided, 0, np.int8), list(VERDICTS)),
        confidence=pd.Categorical(np.tile([rule.confidence for rule in rule_set.rules], len(frame))),
        field=pd.Categorical(_side_by_side(decided, 1, object)),
        because=pd.Categorical(_side_by_side(decided, 2, object)),
    )


def _side_by_side(decided: list[Decided], part: int, kind: type) -> np.ndarray:
    """A part of all rules' verdicts, complaint by complaint."""
    return np.stack([each[part] for each in decided], axis=1).astype(kind).ravel()

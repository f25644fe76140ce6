"""What a letter says of the law: which rules look broken, what is still open, what the file lacks and whom to ask."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.compliance import RuleSet, by_party, file_strength
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import WHOM, Rule
from tasrib.report.catalogue import say
from tasrib.report.words import number_words, percent_words
from tasrib.tracing.caveats import isolated

# Of each who is asked: the questions that most complaints wait for. All of them stand in the tables of the triage.
_MOST_QUESTIONS = 6


def law(triaged: pd.DataFrame, waiting: pd.DataFrame, rules: RuleSet, language: str) -> dict[str, Any]:
    """
    Say the triage of one party's complaints.

    Parameters
    ----------
    triaged : pandas.DataFrame
        Of `tasrib.compliance.triaging.triage_of_parties`, its ``counts``.
    waiting : pandas.DataFrame
        And its ``waiting``.
    rules : RuleSet
        The rules that it was made with.
    language : str
        ``ar`` or ``fr``.

    Returns
    -------
    dict
        ``rules_title``, ``rules``, ``open_rules``, ``evidence``, ``strength`` and ``missing``, as the template asks for them.
    """
    counts = by_party(triaged).set_index("rule")
    sender = [rule for rule in rules.rules if rule.about == "sender" and rule.id in counts.index]
    files = [rule for rule in rules.rules if rule.about == "evidence" and rule.id in counts.index]
    indicated = [rule for rule in sender if counts.at[rule.id, "breach_indicated"]]
    undecided = [rule for rule in sender if rule not in indicated and counts.at[rule.id, "needs_information"]]

    def of_all(rule: Rule, verdict: str) -> str:
        n, whole = (int(counts.at[rule.id, name]) for name in (verdict, "complaints"))
        return say("letter.of_complaints", language, n=n, all=whole)

    return {
        "rules_title": rules.title[language],
        "rules": [{**_rule(rule, language), "complaints": of_all(rule, "breach_indicated")} for rule in indicated],
        "open_rules": [
            {**_rule(rule, language), "complaints": of_all(rule, "needs_information")} for rule in undecided
        ],
        "evidence": [
            {
                **_rule(rule, language),
                "done": of_all(rule, "no_breach_indicated"),
                "open": number_words(int(counts.at[rule.id, "needs_information"]), language),
            }
            for rule in files
        ],
        "strength": _strength(triaged, rules, language),
        "missing": _missing(triaged, waiting, rules, language),
    }


def _rule(rule: Rule, language: str) -> dict[str, str]:
    return {
        "title": f"{isolated(rule.id, language)} – {rule.title[language]}",
        "text": rule.text[language],
        "law": rule.law[language],
        "confidence": word("confidence", rule.confidence, language),
    }


def _strength(triaged: pd.DataFrame, rules: RuleSet, language: str) -> str:
    row = file_strength(triaged, "party", rules).iloc[0]
    shares = {name: percent_words(float(row[name]), language) for name in ("answered", "in_order")}
    return say("letter.strength", language, **shares)


def _missing(triaged: pd.DataFrame, waiting: pd.DataFrame, rules: RuleSet, language: str) -> list[dict[str, Any]]:
    """The open questions by whom to ask, those that most complaints wait for first."""
    complaints = waiting.set_index("field")["complaints"]
    is_open = triaged[triaged["verdict"] == "needs_information"]
    asked: dict[str, list[tuple[int, int, dict[str, str]]]] = {whom: [] for whom in WHOM}
    for name, rows in is_open.groupby(is_open["field"].astype("object")):
        field = rules.fields.get(str(name))
        if field is None:
            continue
        n, codes = int(complaints[str(name)]), sorted(set(rows["rule"].cat.codes))
        ids = ", ".join(rows["rule"].cat.categories[codes])
        told = say("letter.settles", language, rules=isolated(ids, language), n=n)
        asked[field.whom].append((-n, codes[0], {"ask": field.ask[language], "rules": told}))
    return [
        {
            "whom": word("whom", whom, language),
            "questions": [each for _, _, each in sorted(found, key=lambda one: one[:2])[:_MOST_QUESTIONS]],
        }
        for whom, found in asked.items()
        if found
    ]

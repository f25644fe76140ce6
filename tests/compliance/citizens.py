"""Complaints of an invented campaign, for the rules to be held against."""

import dataclasses

import pandas as pd
from frames import scored_frame

from tasrib.compliance import load_rules, triage

ONE_PERSON = "p-aaaaaaaaaaaaaaaa"
PLAIN = {
    "text": "صوتوا على لائحة الأفق الجديد يوم الأربعاء من أجل مدرسة ومستشفى قريب", "decision": "campaign", "campaign_id": "c-1",
    "party": "RNI", "party_evidence": "sender: RNI", "sender": "RNI", "channel": "sms", "received_at": "2021-09-01T10:00:00Z",
    "recipient": ONE_PERSON,
}  # fmt: skip


def complaints(*changes, **of_all):
    """One scored complaint for each change, or a single one."""
    rows = [PLAIN | of_all | change for change in (changes or ({},))]
    columns = {name: [row.get(name, "") for row in rows] for row in rows for name in row}
    columns.setdefault("complaint_id", [f"k-{i}" for i in range(len(rows))])
    return scored_frame(len(rows), **columns)


def facts(**answers):
    """Answers that hold for the whole case."""
    return pd.DataFrame([{"field": name, "value": value, "source": "invented"} for name, value in answers.items()])


def verdict_of(rule, *changes, rules="ma", known=None, **of_all):
    """Verdict, field and reason of one rule for the last of the complaints."""
    answers = facts(**known) if known else None
    whole = load_rules(rules)
    alone = dataclasses.replace(whole, rules=tuple(each for each in whole.rules if each.id == rule))
    last = triage(complaints(*changes, **of_all), alone, answers).iloc[-1]
    return last["verdict"], last["field"], last["because"]


def rule(identity, rules="ma"):
    return next(each for each in load_rules(rules).rules if each.id == identity)

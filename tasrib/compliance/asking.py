"""Which questions are still open, and for whom each answer would hold: the least that has to be asked."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from tasrib.compliance.deciding import UNSETTLED
from tasrib.compliance.rules import RuleSet

# Whom an answer holds for: the column that names it; the whole case has none.
_KEY_OF = {"case": "", "party": "party", "campaign": "campaign_id", "complaint": "complaint_id"}
_ORDER = tuple(_KEY_OF)
QUESTIONS = (
    "whom", "field", "scope", "party", "campaign_id", "complaint_id", "source_file", "source_row", "settles", "settles_rules",
)  # fmt: skip


def open_questions(triaged: pd.DataFrame, rules: RuleSet, campaigns: Collection[str] = ()) -> pd.DataFrame:
    """
    List what has to be asked, each question once for each that its answer holds for.

    A case worker answers for a whole campaign at once what stands in its message. A complainant is asked for one complaint.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `triage`.
    rules : RuleSet
        The rules that it was made with.
    campaigns : collection of str
        Only these; all by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``QUESTIONS``. ``field`` is the field, or the id of a rule that a person has to settle. First what holds for the case, then for a party, a
        campaign, a complaint; of these what settles most verdicts first, all questions about one complaint one after the other.
    """
    open_ = triaged[triaged["verdict"] == "needs_information"]
    if campaigns:
        open_ = open_[open_["campaign_id"].isin(campaigns)]
    # Where people's answers settle nothing, one has to say what follows from them: that answers the rule itself.
    answers = {name for name, field in rules.fields.items() if field.source == "answer"}
    by_verdict = (open_["because"].astype("object") == UNSETTLED) & open_["field"].isin(answers)
    waiting = pd.DataFrame(
        {
            "field": open_["rule"].astype("object").where(by_verdict, open_["field"].astype("object")),
            "rule": open_["rule"].astype("object"),
            **{name: open_[name].astype("object") for name in ("party", "campaign_id", "complaint_id", "source_file", "source_row")},
        }
    ).reset_index(drop=True)  # fmt: skip
    # No numbers in a table of answers: that one is mended in the complaint.
    waiting = waiting[waiting["field"] != "recipient"].copy()
    asked = {name: (field.whom, field.scope) for name, field in rules.fields.items()}
    asked |= {rule.id: ("case_worker", "campaign") for rule in rules.rules}
    waiting["whom"] = [asked[name][0] for name in waiting["field"]]
    waiting["scope"] = [_scope(*asked[name]) for name in waiting["field"]]
    # What names nobody would hold for the whole case.
    for scope, key in list(_KEY_OF.items())[1:]:
        nameless = (waiting["scope"] == scope) & (waiting[key] == "")
        waiting.loc[nameless, "scope"] = "" if scope == "complaint" else "complaint"
    waiting = waiting[waiting["scope"] != ""]
    parts = [_of_scope(waiting[waiting["scope"] == scope], scope) for scope in _ORDER]
    return pd.concat(parts, ignore_index=True)


def _scope(whom: str, scope: str) -> str:
    return "campaign" if (whom, scope) == ("case_worker", "complaint") else scope


def _of_scope(waiting: pd.DataFrame, scope: str) -> pd.DataFrame:
    key = _KEY_OF[scope]
    by = [key, "field"] if key else ["field"]
    groups = waiting.groupby(by, sort=False)
    table = groups[["whom", "scope", "source_file", "source_row"]].first()
    table["settles"] = groups.size()
    table["settles_rules"] = waiting.drop_duplicates([*by, "rule"]).groupby(by, sort=False)["rule"].agg(", ".join)
    table = table.reset_index()
    if scope == "complaint":
        table["of_all"] = table.groupby(key)["settles"].transform("sum")
        table = table.sort_values(["of_all", key, "settles"], ascending=[False, True, False], kind="stable")
    else:
        table = table.sort_values("settles", ascending=False, kind="stable").assign(source_file="", source_row=0)
    others = {name: "" for name in filter(None, _KEY_OF.values()) if name != key}
    return table.assign(**others)[list(QUESTIONS)]

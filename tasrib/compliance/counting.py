"""Verdicts counted by campaign and by party, how far a file has got, and what to ask next."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tasrib._arguments import as_frame
from tasrib.compliance.loading import load_rules
from tasrib.compliance.rules import VERDICTS, RuleSet

_TRIAGED = ("campaign_id", "party", "rule", "about", "verdict", "confidence", "field")
_WHAT = "verdicts, as from tasrib.compliance.triage"


def by_campaign(triaged: pd.DataFrame) -> pd.DataFrame:
    """
    Count the verdicts of each rule in each campaign.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `triage`.

    Returns
    -------
    pandas.DataFrame
        One row a campaign, party and rule: ``campaign_id``, ``party``, ``rule``, ``confidence``, ``complaints``, and the number of each of the
        four verdicts.

    Raises
    ------
    WrongArgument
        When these are no verdicts.
    """
    return _counted(triaged, ["campaign_id", "party"])


def by_party(triaged: pd.DataFrame) -> pd.DataFrame:
    """
    Count the verdicts of each rule for each party.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `triage`.

    Returns
    -------
    pandas.DataFrame
        As `by_campaign`, one row a party and rule. Messages that show no party are together, under an empty name.

    Raises
    ------
    WrongArgument
        When these are no verdicts.
    """
    return _counted(triaged, ["party"])


def complaints_in(triaged: pd.DataFrame) -> pd.Series:
    """
    Say how many complaints each line stands for.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `tasrib.compliance.triage`, a line for each complaint and rule, or from `tasrib.compliance.triaging.triage_counts`.

    Returns
    -------
    pandas.Series of int
        One a line.
    """
    return triaged["n"] if "n" in triaged else pd.Series(1, triaged.index, dtype="int64")


def _counted(triaged: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    triaged = as_frame(triaged, _WHAT, _TRIAGED)
    groups = [*keys, "rule", "confidence"]
    each = triaged[[*groups, "verdict"]].assign(n=complaints_in(triaged))
    counts = each.groupby([*groups, "verdict"], observed=True)["n"].sum().unstack("verdict", fill_value=0)
    counts = counts.reindex(columns=list(VERDICTS), fill_value=0).astype("int64")
    counts.columns.name = None
    counts.insert(0, "complaints", counts.sum(axis=1))
    return counts.reset_index()


def file_strength(triaged: pd.DataFrame, by: str = "campaign_id", rules: str | Path | RuleSet = "ma") -> pd.DataFrame:
    """
    Say how far each file has got, and the one question whose answer would settle most.

    Two plain shares, not a probability. ``answered``: of the verdicts on the sender that are applicable, how many are not waiting for
    information. ``in_order``: of what a file needs to be handed in, how much is there.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `triage`.
    by : str
        ``campaign_id`` or ``party``.
    rules : str, Path or RuleSet
        The rules that `triaged` was made with; they say whom to ask.

    Returns
    -------
    pandas.DataFrame
        One row a campaign or party: its name, ``complaints``, ``answered`` and ``in_order`` (0 to 1, missing where nothing is applicable),
        ``ask`` (the field that most open verdicts wait for; of several the one whose rule comes first), ``whom`` to ask, ``settles`` (how many
        verdicts wait for it) and ``settles_rules``.

    Raises
    ------
    WrongArgument
        When these are no verdicts.
    """
    triaged = as_frame(triaged, _WHAT, (*_TRIAGED, by))
    fields = load_rules(rules).fields
    applicable = triaged["verdict"] != "not_applicable"
    is_open = triaged["verdict"] == "needs_information"
    n_rules = max(triaged["rule"].nunique(), 1)
    n = complaints_in(triaged)
    out = pd.DataFrame({"complaints": n.groupby(triaged[by]).sum() // n_rules})
    for name, about in (("answered", "sender"), ("in_order", "evidence")):
        mine = applicable & (triaged["about"] == about)
        of, whole = triaged.loc[mine, by], n[mine]
        out[name] = (whole.where(~is_open[mine], 0).groupby(of).sum() / whole.groupby(of).sum()).reindex(out.index)
    asked = _questions(triaged[is_open], by)
    out = out.join(asked.set_index(by)).reset_index()
    out["settles"] = out["settles"].fillna(0).astype("int64")
    out[["ask", "settles_rules"]] = out[["ask", "settles_rules"]].astype("object").fillna("")
    out["whom"] = [fields[name].whom if name in fields else "" for name in out["ask"]]
    return out[[by, "complaints", "answered", "in_order", "ask", "whom", "settles", "settles_rules"]]


def _questions(open_: pd.DataFrame, by: str) -> pd.DataFrame:
    """For each group the field that most of its open verdicts wait for."""
    waiting = pd.DataFrame({by: open_[by], "ask": open_["field"].astype("object"), "rule": open_["rule"].cat.codes})
    groups = waiting.assign(n=complaints_in(open_)).groupby([by, "ask"])
    counts = groups.agg(settles=("n", "sum"), first=("rule", "min")).reset_index()
    counts = counts.sort_values(["settles", "first"], ascending=[False, True], kind="stable")
    top = counts.drop_duplicates(by)[[by, "ask", "settles"]]
    rules_of = waiting.drop_duplicates().merge(top, on=[by, "ask"]).sort_values("rule")
    names = open_["rule"].cat.categories
    said = rules_of.groupby(by)["rule"].agg(lambda codes: ", ".join(names[codes]))
    return top.assign(settles_rules=top[by].map(said))

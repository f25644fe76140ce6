"""What people decided, laid over what the model said: a scored table as it stands after both, with both in it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tasrib.attribute.campaigns import SIMILARITY, campaign_ids
from tasrib.case.layer import Settled, standing
from tasrib.case.messages import CampaignNames, message_keys, most_frequent
from tasrib.classify import CAMPAIGN
from tasrib.scored import MODEL_SAID, check
from tasrib.text import near_duplicate_groups
from tasrib.tracing.messages import of_campaigns

# What the scored table says where a person says it.
DECISIONS = {"campaign": "campaign", "not_campaign": "not_campaign", "undecided": "review"}
_MODEL = "model"


@dataclass(frozen=True)
class Overlay:
    """
    A scored table with people's decisions in it.

    Attributes
    ----------
    scored : pandas.DataFrame
        The table: see `decided`.
    n_messages, n_complaints : int
        Distinct messages that a person decided, and the complaints that quote them.
    n_campaigns : int
        Campaigns that people made part of another one.
    n_absent : int
        Messages that were decided and are not in the table.
    """

    scored: pd.DataFrame
    n_messages: int
    n_complaints: int
    n_campaigns: int
    n_absent: int


def decided(scored: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """
    Lay people's decisions over scored complaints.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, as from `tasrib.score` or `tasrib.read_scored`. One that bears decisions already is taken back to the model's
        words first.
    decisions : pandas.DataFrame
        As from `tasrib.read_decisions`. They are found by what a message says, so that scored files of other runs take them as well.

    Returns
    -------
    pandas.DataFrame
        A copy with ``decision``, ``category``, ``party`` and ``campaign_id`` as people decided where they did; ``decided_by`` (their
        initials, else ``model``) and ``decided_at``; and the model's words in ``model_decision``, ``model_category``, ``model_party`` and
        ``model_campaign_id``.

    Raises
    ------
    TasribError
        When the complaints are not scored.

    Notes
    -----
    A message that a person could not decide is in ``review``. What a person says is no campaign has neither party nor campaign, and no
    category where the person told none and the model took it for campaign. What a person says is campaign, and the model put into no
    campaign, joins the one whose messages are its near-duplicates, else it is a campaign by itself.
    """
    return lay_over(scored, decisions).scored


def lay_over(scored: pd.DataFrame, decisions: pd.DataFrame) -> Overlay:
    """
    Lay people's decisions over scored complaints, and count them.

    Parameters
    ----------
    scored, decisions
        As for `decided`.

    Returns
    -------
    Overlay
        The table and what was applied.
    """
    table = _as_the_model_said(check(scored))
    index, table = table.index, table.reset_index(drop=True)
    keys = message_keys(table["text"])
    now = standing(decisions, CampaignNames(table["campaign_id"], keys))
    settled = {key: each for key, each in now.messages.items() if each.decision}
    here = keys.isin(settled.keys())
    if here.any():
        _put_messages(table, keys, here, settled)
    merged = {name: now.root(name) for name in table["campaign_id"].unique() if now.root(name) != name}
    if merged:
        table["campaign_id"] = table["campaign_id"].replace(merged).astype("str")
    table = check(table).set_axis(index)
    there = set(keys[here])
    return Overlay(table, len(there), int(here.sum()), len(merged), len(settled.keys() - there))


def _as_the_model_said(scored: pd.DataFrame) -> pd.DataFrame:
    """With the model's words in columns of their own; empty where a person decided and no model's word stands beside it."""
    by_model = scored["decided_by"] == _MODEL
    own = {f"model_{name}": scored[name].where(by_model, "") for name in MODEL_SAID}
    laid = scored.get("model_decision", own["model_decision"]) != ""
    words = {name: scored.get(name, given).where(laid, given).astype("str") for name, given in own.items()}
    known = words["model_decision"] != ""
    never = pd.Series(pd.NaT, index=scored.index, dtype="datetime64[us, UTC]")
    return scored.assign(
        **words,
        **{name: scored[name].where(~known, words[f"model_{name}"]) for name in MODEL_SAID},
        decided_by=scored["decided_by"].where(~known, _MODEL),
        decided_at=scored.get("decided_at", never).where(~known, never),
    )


def _put_messages(table: pd.DataFrame, keys: pd.Series, here: pd.Series, settled: dict[str, Settled]) -> None:
    mine = keys[here].map(settled)
    decision = mine.map(lambda each: DECISIONS[each.decision])
    campaign = decision == "campaign"
    before = table.loc[here]
    # What is no campaign and bears no other category has none: the model's was refused with the decision.
    unsaid = before["category"].where((decision != "not_campaign") | (before["category"] != CAMPAIGN), "")
    category = _said(mine, "category", unsaid.where(~campaign, CAMPAIGN))
    party = _said(mine, "party", before["party"]).where(decision != "not_campaign", "")
    name = _said(mine, "campaign", before["campaign_id"]).where(decision != "not_campaign", "")
    table.loc[here, "decision"] = decision
    table.loc[here, "category"] = category
    # The words that named the model's party say nothing of another one.
    table.loc[here, "party_evidence"] = before["party_evidence"].where(party == before["party"], "")
    table.loc[here, "party"] = party
    table.loc[here, "campaign_id"] = name
    table.loc[here, "template_id"] = before["template_id"].where(name != "", "")
    table.loc[here, "decided_by"] = mine.map(lambda each: each.who)
    table.loc[here, "decided_at"] = pd.to_datetime(mine.map(lambda each: each.at), utc=True).astype(
        "datetime64[us, UTC]"
    )
    nameless = (table["decision"] == "campaign") & (table["campaign_id"] == "") & here
    if nameless.any():
        table.loc[nameless, "campaign_id"] = _found_anew(table, nameless)


def _said(mine: pd.Series, name: str, otherwise: pd.Series) -> pd.Series:
    said = mine.map(lambda each: getattr(each, name))
    return said.where(said.notna(), otherwise).astype("str")


def _found_anew(table: pd.DataFrame, nameless: pd.Series) -> pd.Series:
    """Campaigns of messages that the model put into none: those of their near-duplicates, else new ones."""
    known = of_campaigns(table)
    new = table[nameless]
    texts = list(dict.fromkeys([*known["text"], *new["text"]]))
    group = dict(zip(texts, near_duplicate_groups(texts, SIMILARITY).tolist(), strict=True))
    ids = campaign_ids(new["text"], new["received_at"])
    if len(known):
        there = most_frequent(known.assign(group=known["text"].map(group)), "group", ["campaign_id"])["campaign_id"]
        ids = new["text"].map(group).map(there).fillna(ids)
    return ids.astype("str")

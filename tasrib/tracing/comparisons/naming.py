"""Does the message call its recipient by name? Then whoever sent it had more than numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tasrib.tracing.comparison import Batch, Column, Comparison, Found, Line, Setting, SideTable, Told, is_below
from tasrib.tracing.methods.slot_kinds import LINKED, NAMED, NONE, PLACED
from tasrib.tracing.methods.slots import FEWEST, LOOKED_AT, find_slots
from tasrib.tracing.stats.adjust import holm

NAMING_COLUMNS = (
    "campaign_id", "party", "n", "n_with_slot", "n_values", "kind", "context", "p_value", "p_adjusted", "pattern", "reason",
)  # fmt: skip
# Of each pattern its wording in narratives.toml. A link of each one's own is none: it is made for any list of numbers, dialled ones too.
_WORDINGS = {NAMED: "named", PLACED: "placed"}
# Adjusted p-value below which it is said.
_SAID = 0.01


_COLUMNS = (
    Column("differs", ("kind",), "word"),
    Column("where", ("context",)),
    Column("with_slot", ("n_with_slot", "n"), "of"),
    Column("different", ("n_values",)),
)


def compare_naming(batch: Batch, setting: Setting) -> Callable[[], Found]:
    """
    Look in the messages of each campaign for what differs from person to person.

    Parameters
    ----------
    batch : Batch
        All campaigns, with their messages.
    setting : Setting
        Fewest people of a campaign.

    Returns
    -------
    callable
        Gives as table one row a campaign that is tested, columns ``NAMING_COLUMNS`` without party and adjusted p-value.
    """
    names = batch.campaigns.loc[batch.campaigns["tested"], "campaign_id"]
    if batch.messages is None or len(names) == 0:
        return Found
    mine = batch.messages[batch.messages["campaign_id"].isin(names)]
    regions = batch.people.frame.loc[batch.people.frame["region"] != "", ["person", "region"]]
    # Of several messages of one person the longest, from which least was cut.
    mine = mine.assign(length=mine["text"].str.len()).sort_values(["campaign_id", "person", "length", "text"])
    mine = mine.drop_duplicates(["campaign_id", "person"], keep="last")
    # Sorted, so that which of several regions is a person's does not depend on the order of the file.
    of_person = regions.sort_values(["person", "region"]).drop_duplicates("person").set_index("person")["region"]
    region = mine["person"].map(of_person).astype("str").fillna("")
    return partial(_naming, mine[["campaign_id", "text"]].assign(region=region))


def _naming(messages: pd.DataFrame) -> Found:
    rows = [_row(str(name), part) for name, part in messages.groupby("campaign_id", sort=True)]
    return Found(table=pd.DataFrame(rows))


def _row(name: str, messages: pd.DataFrame) -> dict[str, Any]:
    found = find_slots(messages["text"].tolist(), messages["region"].tolist())
    few = (
        f"{found.n} messages of three words or more can be read, at least {FEWEST} are needed"
        if found.n < FEWEST
        else ""
    )
    return {
        "campaign_id": name, "n": found.n, "n_with_slot": found.n_with_slot, "n_values": found.n_values, "kind": found.kind,
        "context": found.context, "p_value": np.nan if few else found.p_value, "reason": few,
    }  # fmt: skip


def _finish(table: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    """Adjust over campaigns; what differs is named where the adjusted p-value is small."""
    if table.empty:
        return pd.DataFrame(columns=list(NAMING_COLUMNS))
    p_adjusted = np.full(len(table), np.nan)
    known = table["p_value"].notna().to_numpy()
    p_adjusted[known] = holm(table["p_value"].to_numpy(float)[known])
    named = p_adjusted < _SAID
    return table.assign(
        party=table["campaign_id"].map(party),
        p_adjusted=p_adjusted,
        pattern=table["kind"].where(named, NONE),
        kind=table["kind"].where(named, NONE),
        context=table["context"].where(named, ""),
    )[list(NAMING_COLUMNS)]


def _is_named(verdict: Mapping[str, Any]) -> bool:
    return verdict["pattern"] in _WORDINGS and is_below(verdict["p_adjusted"], _SAID)


def _tell(verdict: Mapping[str, Any]) -> Told:
    values = {
        "name": ("campaign", (verdict["campaign_id"], verdict.get("party") or "")),
        "looked_at": ("bare", verdict.get("n")),
        "bare": ("bare", verdict.get("n_with_slot")),
        "different": ("bare", verdict.get("n_values")),
        "sign": ("word", _WORDINGS.get(verdict.get("pattern") or NONE, "")),
    }
    # What was judged is the p-value after adjustment for the other campaigns.
    return Told(verdict.get("p_adjusted"), None, values)


def _line(verdicts: pd.DataFrame) -> Line:
    verdict = verdicts.iloc[0]
    if verdict["reason"]:
        return Line({"reason": str(verdict["reason"])}, "unread")
    values = {"n": int(verdict["n"]), "linked": int(verdict["n_with_slot"])}
    return Line(values, "linked" if verdict["pattern"] == LINKED else "")


COMPARISON = Comparison(
    key="naming",
    method_values={"looked_at": ("number", LOOKED_AT), "fewest": ("number", FEWEST), "limit": ("limit", _SAID)},
    compare_batch=compare_naming,
    group="naming",
    columns=_COLUMNS,
    line=_line,
    side=SideTable(
        name="naming",
        sheet="names_in_messages",
        columns=NAMING_COLUMNS,
        tell=_tell,
        is_found=_is_named,
        finish=_finish,
    ),
)

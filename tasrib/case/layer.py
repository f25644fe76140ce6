"""
The layer of decisions beside a scored file: where it lies, what a line of it says, and what holds now that all lines are read.

Nothing is ever taken out of the log. What holds is what was said last, field by field: who says later that a message is of another party
leaves the category that was said before. A decision that turns a message into something else takes the fields of the earlier one with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from tasrib._arguments import as_frame, as_path, as_paths
from tasrib.case import chain
from tasrib.errors import TasribError, UnreadableInput
from tasrib.tables.places import is_stream

KIND, MESSAGE, MERGE = "kind", "message", "merge"
SUFFIX = ".decisions.jsonl"
# What a line of the log says of a message; None for what its writer left as it was, "" for a party or campaign taken away.
SAID = ("decision", "category", "party", "campaign")
# `anchor`: the key of a message of a campaign, by which the campaign is found again should another run give it another id.
COLUMNS = (
    "number", "at", KIND, "who", MESSAGE, "text", *SAID, "anchor", "into", "into_anchor", "remark", "file", "sheet", "row", "sha256",
)  # fmt: skip
_LONGEST_NAME = 255  # bytes, on all common disks
Record: TypeAlias = Mapping[str, Any]


def decisions_file(scored: str | Path) -> Path:
    """
    Name the layer of decisions of a scored file.

    Parameters
    ----------
    scored : path
        The scored file.

    Returns
    -------
    pathlib.Path
        ``case.decisions.jsonl`` beside ``case.parquet``; it may not exist.

    Raises
    ------
    TasribError
        When `scored` is no file: nothing stands beside standard input.
    """
    path = as_path(scored, "a file of scored complaints")
    if is_stream(path):
        raise TasribError("decisions stand beside a scored file; name the file instead of standard input")
    stem = path.stem
    while len(os.fsencode(stem + SUFFIX)) > _LONGEST_NAME:
        stem = stem[:-1]
    return path.with_name(stem + SUFFIX)


def read_decisions(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """
    Read what people decided about scored files.

    Parameters
    ----------
    paths : path or iterable of path
        Scored files, whose layers stand beside them, or such layers themselves.

    Returns
    -------
    pandas.DataFrame
        One row a line of the logs, in the order of time: ``number``, ``at``, ``kind`` (``message`` or ``merge``), ``who``, the ``message``
        and its ``text``, what was said of it (None where nothing was, "" where a party or campaign was taken away), and where it came
        from. Empty where nobody decided yet.

    Raises
    ------
    UnreadableInput
        When there is no such file, or a layer cannot be read or was changed by other means: see `tasrib.case.chain`.
    """
    rows: list[dict[str, Any]] = []
    for path in as_paths(paths, "a scored file or its decisions"):
        is_layer = str(path).endswith(SUFFIX) or chain.is_chain(path)
        file = Path(path) if is_layer else decisions_file(path)
        if is_layer or os.path.lexists(file):
            rows += [_row(record, file) for record in chain.read(file)]
        elif not os.path.lexists(path):
            # A slip in the name must not pass for a case in which nobody decided.
            raise UnreadableInput(f"{path}: no such file")
    rows.sort(key=lambda row: (row["at"], row["number"]))
    return pd.DataFrame([[row[name] for name in COLUMNS] for row in rows], columns=list(COLUMNS), dtype=object)


def _row(record: Record, file: Path) -> dict[str, Any]:
    if record.get(KIND) not in (MESSAGE, MERGE) or not isinstance(record.get("who"), str):
        raise UnreadableInput(
            f"{file}, line {record[chain.NUMBER]}: is no decision of this version of tasrib; update tasrib"
        )
    source = record.get("source", {})
    return {name: record.get(name, source.get(name)) for name in COLUMNS}


@dataclass(frozen=True)
class Settled:
    """
    What holds of a message now.

    Attributes
    ----------
    decision : str
        ``campaign``, ``not_campaign``, ``undecided``; empty where somebody only left a remark.
    category, party, campaign : str or None
        None where nobody said anything of it, "" where it was taken away.
    anchor : str or None
        Key of a message of that campaign.
    who, at, number : str, str, int
        Of the line that spoke last.
    text, remark : str
        The message, masked, and the last remark.
    """

    decision: str
    category: str | None
    party: str | None
    campaign: str | None
    anchor: str | None
    who: str
    at: str
    number: int
    text: str
    remark: str

    def says(self, said: Record) -> bool:
        """Whether a line would add nothing: what it says holds already."""
        return all(said[name] in (None, getattr(self, name)) for name in SAID) and (
            not said["remark"] or said["remark"] == self.remark
        )


@dataclass
class Standing:
    """
    What holds now: of each message, and of campaigns that are one.

    Attributes
    ----------
    messages : dict of str to Settled
        By the message's key.
    merges : dict of str to dict
        Of each campaign that is part of another one, the line that said so last.
    """

    messages: dict[str, Settled] = field(default_factory=dict)
    merges: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, line: Record) -> None:
        """Let one more line speak."""
        if line[KIND] == MESSAGE:
            self.messages[line[MESSAGE]] = _settled(self.messages.get(line[MESSAGE]), line)
            return
        campaign, into = line["campaign"], line["into"]
        if campaign == into:
            # Alone again.
            self.merges.pop(campaign, None)
            return
        if self.root(into) == campaign:
            # The other way round than before: what led there becomes the name of all.
            self.merges.pop(into, None)
        self.merges[campaign] = dict(line)

    def root(self, campaign: str) -> str:
        """The campaign that a campaign is part of, itself where it is part of none."""
        seen = {campaign}
        while campaign in self.merges and self.merges[campaign]["into"] not in seen:
            campaign = self.merges[campaign]["into"]
            seen.add(campaign)
        return campaign

    def names(self) -> set[str]:
        """All names of campaigns that people gave or spoke of."""
        given = {each.campaign for each in self.messages.values() if each.campaign}
        return given | self.merges.keys() | {line["into"] for line in self.merges.values()}


def _settled(before: Settled | None, line: Record) -> Settled:
    said = {name: line[name] for name in SAID if line[name] is not None}
    remark = line["remark"] or (before.remark if before is not None else "")
    if before is not None and not said:
        return replace(before, remark=remark)
    if before is not None and said.get("decision") == before.decision:
        anchor = line["anchor"] if "campaign" in said else before.anchor
        return replace(
            before, **said, anchor=anchor, who=line["who"], at=line["at"], number=line["number"], remark=remark
        )
    return Settled(
        said.get("decision", ""), said.get("category"), said.get("party"), said.get("campaign"), line["anchor"], line["who"],
        line["at"], line["number"], line["text"] or "", remark,
    )  # fmt: skip


def standing(
    decisions: pd.DataFrame, named: Callable[[str, str | None], str] = lambda campaign, anchor: campaign
) -> Standing:
    """
    Say what holds after all decisions.

    Parameters
    ----------
    decisions : pandas.DataFrame
        As from `read_decisions`.
    named : callable, optional
        Gives the name that a campaign has now, from the one it had and the key of one of its messages then.

    Returns
    -------
    Standing
        What was said last.
    """
    as_frame(decisions, "decisions, as from tasrib.read_decisions", COLUMNS)
    now = Standing()
    for line in decisions.to_dict("records"):
        known: dict[str, Any] = {str(name): None if _missing(value) else value for name, value in line.items()}
        for name, anchor in (("campaign", "anchor"), ("into", "into_anchor")):
            if known[name]:
                known[name] = named(known[name], known[anchor])
        now.add(known)
    return now


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value != value

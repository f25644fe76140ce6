"""What happened in a case, one event a row, as Timesketch shows it in the order of time."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from tasrib._arguments import as_frame
from tasrib.case.contents import holds_numbers
from tasrib.case.layer import COLUMNS, MESSAGE
from tasrib.errors import TasribError
from tasrib.report.personal import Hidden
from tasrib.scored import check

# What Timesketch asks of each event; whatever else a row has can be searched there.
EVENT = ("message", "datetime", "timestamp_desc", "tag", "data_type")
_OF_COMPLAINT = (
    "complaint_id", "recipient", "channel", "sender", "language", "category", "probability", "decision", "decided_by", "party",
    "campaign_id", "operator_allocated", "operator_serving", "region", "model", "run",
)  # fmt: skip
_OF_DECISION = ("who", "decision", "category", "party", "campaign", "into", "remark")


def timesketch_events(scored: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    List what happened: complaints received, and decisions made.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, with pseudonyms for people.
    decisions : pandas.DataFrame, optional
        What people decided, as from `tasrib.read_decisions`.

    Returns
    -------
    pandas.DataFrame
        An event a row, the earliest first: ``message``, ``datetime`` (ISO 8601 in UTC), ``timestamp_desc`` (what happened then), ``tag`` (a JSON
        list), ``data_type`` (``tasrib:complaint`` or ``tasrib:decision``), and what is known of it. Numbers that a message quotes, and the
        names by which it calls its recipient, are hidden. A complaint without a date has no place in time and is left out.

    Raises
    ------
    TasribError
        When people stand in the table under their telephone numbers.
    """
    scored = check(scored)
    if holds_numbers(scored):
        raise TasribError(
            "these complaints hold telephone numbers as they are, and a timeline is made to be shared; score without --keep-numbers"
        )
    dated = scored[scored["received_at"].notna()]
    hidden = Hidden(scored)
    events = [_received(row, hidden) for row in dated.to_dict("records")]
    if decisions is not None:
        decisions = as_frame(decisions, "decisions, as from tasrib.read_decisions", COLUMNS)
        events += [_decided(row, hidden) for row in decisions.to_dict("records")]
    columns = dict.fromkeys([*EVENT, *_OF_COMPLAINT, *_OF_DECISION])
    frame = pd.DataFrame(events, columns=list(columns))
    return frame.sort_values("datetime", kind="stable", ignore_index=True)


def _received(row: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    tags = _tags("complaint", row["category"], row["decision"], row["party"], row["campaign_id"])
    return {
        "message": hidden.plain(row["text"]),
        "datetime": row["received_at"].isoformat(),
        "timestamp_desc": "Complaint received",
        "tag": tags,
        "data_type": "tasrib:complaint",
        **{name: row[name] for name in _OF_COMPLAINT},
    }


def _decided(row: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    said = {name: row[name] for name in _OF_DECISION if not pd.isna(row[name])}
    if row["kind"] == MESSAGE:
        words = f"{row['who']} decided {said.get('decision', 'a remark')}"
        words = f"{hidden.plain(words)}: {hidden.plain(row['text'])}"
    else:
        words = hidden.plain(f"{row['who']} made campaign {row['campaign']} part of {row['into']}")
    tags = _tags("decision", *(said.get(name, "") for name in ("decision", "party", "campaign")))
    return {
        "message": words,
        # As all other moments here are written.
        "datetime": pd.Timestamp(row["at"]).tz_convert("UTC").isoformat(),
        "timestamp_desc": "Decision made",
        "tag": tags,
        "data_type": "tasrib:decision",
        **said,
    }


def _tags(*words: Any) -> str:
    """Both ways of Timesketch to read a file, by lines of JSON and by cells, take a list written so."""
    return json.dumps([str(word) for word in dict.fromkeys(words) if word], ensure_ascii=False)


def undated(scored: pd.DataFrame) -> int:
    """
    Count complaints that have no place in time.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.

    Returns
    -------
    int
        How many have no date.
    """
    return int(scored["received_at"].isna().sum())

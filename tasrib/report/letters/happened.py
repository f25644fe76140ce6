"""What a letter says happened: complaints, people, days, senders, who counted the messages, and an example of each campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tasrib.compliance.looking_up import word
from tasrib.numbering import without_numbers
from tasrib.report.catalogue import COMMA, say
from tasrib.report.dates import span_words
from tasrib.report.decisions import told_decisions
from tasrib.report.highlights import direction
from tasrib.report.letters.documents import Quoted
from tasrib.report.personal import Hidden
from tasrib.report.words import number_words
from tasrib.tracing.caveats import isolated

MOST_CAMPAIGNS = 10
_MOST_SENDERS = 10
# Characters: a message of several SMS is read whole; what is longer is cut.
_LONGEST, _LONGEST_SENDER = 1_200, 60
_MODEL = ("", "model")
# What `without_numbers` writes for a number.
_HIDDEN = "[number]"


def happened(
    mine: pd.DataFrame, removed: int, sizes: Mapping[str, int], zone: ZoneInfo, hidden: Hidden, language: str
) -> dict[str, Any]:
    """
    Say the facts of one party's messages.

    Parameters
    ----------
    mine : pandas.DataFrame
        Its campaign complaints, one at least; ``recipient`` names persons.
    removed : int
        Complaints that the model counted as this party's campaign, and a person does not.
    sizes : mapping of str to int
        Complaints of each campaign, of whatever party.
    zone : zoneinfo.ZoneInfo
        Whose days are told: a letter speaks of days by the country's clocks.
    hidden : Hidden
        What of the messages is not shown.
    language : str
        ``ar`` or ``fr``.

    Returns
    -------
    dict
        ``facts``, ``decided``, ``senders``, ``campaigns`` and ``campaigns_more``, as the template asks for them.
    """
    mine = mine.assign(received_at=mine["received_at"].dt.tz_convert(zone))
    campaigns = _largest_first(mine[mine["campaign_id"] != ""])
    shown = [_campaign(rows, sizes, hidden, language) for _, rows in campaigns[:MOST_CAMPAIGNS]]
    alone = mine[mine["campaign_id"] == ""]
    if len(alone):
        shown.append(_example("letter.alone", alone, hidden, language))
    more = max(len(campaigns) - MOST_CAMPAIGNS, 0)
    return {
        "facts": _facts(mine, len(campaigns), language),
        "decided": _decided(mine, removed, language),
        "senders": _senders(mine["sender"], hidden.countries, language),
        "campaigns": shown,
        "campaigns_more": say("letter.campaigns_more", language, n=more) if more else "",
    }


def _complaints(n: int, language: str) -> str:
    return say("decisions.complaints", language, n=n)


def _facts(mine: pd.DataFrame, n_campaigns: int, language: str) -> list[dict[str, str]]:
    dated = mine["received_at"].dropna()
    period = span_words(dated.min(), dated.max(), language) if len(dated) else ""
    undated = say("letter.no_date", language, complaints=_complaints(len(mine) - len(dated), language))
    told = {
        "complaints": number_words(len(mine), language),
        "people": number_words(mine["recipient"].nunique(), language),
        "period": _listed([period, undated if len(dated) < len(mine) else ""], language),
        "channels": _listed(_channels(mine["channel"], language), language),
        "campaigns": say("letter.campaigns", language, n=n_campaigns),
    }
    return [{"label": say(f"letter.fact.{name}", language), "value": value} for name, value in told.items()]


def _channels(channels: pd.Series, language: str) -> list[str]:
    counts = channels.value_counts()
    named = {
        word("value", name, language) if name else say("letter.not_said", language): n for name, n in counts.items()
    }
    if len(named) == 1 and "" not in counts:
        return list(named)
    return [say("letter.counted", language, what=what, n=int(n)) for what, n in named.items()]


def _listed(parts: list[str], language: str) -> str:
    return COMMA[language].join(filter(None, parts))


def _decided(mine: pd.DataFrame, removed: int, language: str) -> str:
    by_people = ~mine["decided_by"].isin(_MODEL)
    told = told_decisions(mine)
    differ = int(told.loc[told["differs"].astype(bool), "complaints"].sum())
    rest = int((~by_people).sum())
    said = []
    if by_people.any():
        values = {"all": len(mine), "mine": int(by_people.sum()), "differ": differ}
        said.append(
            say("letter.decided.people", language, **{name: _complaints(n, language) for name, n in values.items()})
        )
    if rest:
        said.append(say("letter.decided.model", language, rest=_complaints(rest, language)))
    if removed:
        said.append(say("letter.decided.removed", language, removed=_complaints(removed, language)))
    return " ".join(said)


def _senders(senders: pd.Series, countries: Sequence[str], language: str) -> list[dict[str, str]]:
    """The senders that telephones showed, most complaints first; numbers are counted and not told."""
    frame = pd.DataFrame({"sender": senders.str.strip()})
    frame["shown"] = [without_numbers(sender, countries) for sender in frame["sender"]]
    grouped = frame.groupby("shown")["sender"].agg(["size", "nunique"]).reset_index()
    grouped = grouped.sort_values(["size", "shown"], ascending=[False, True], ignore_index=True)
    rows = [
        {
            "sender": _sender(row["shown"], int(row["nunique"]), language),
            "complaints": number_words(int(row["size"]), language),
        }
        for row in grouped.head(_MOST_SENDERS).to_dict("records")
    ]
    rest = grouped.iloc[_MOST_SENDERS:]
    if len(rest):
        more = say("letter.senders_more", language, n=int(rest["nunique"].sum()))
        rows.append({"sender": more, "complaints": number_words(int(rest["size"].sum()), language)})
    return rows


def _sender(shown: str, n: int, language: str) -> str:
    if not shown:
        return say("letter.not_said", language)
    if _HIDDEN not in shown:
        return isolated(_cut(shown, _LONGEST_SENDER), language)
    told = _cut(shown.replace(_HIDDEN, say("page.hidden", language)), _LONGEST_SENDER)
    return say("letter.sender_numbers", language, n=n, shown=isolated(told, language))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


def _largest_first(mine: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    grouped = [(str(name), rows) for name, rows in mine.groupby("campaign_id")]
    return sorted(grouped, key=lambda each: (-len(each[1]), each[0]))


def _campaign(rows: pd.DataFrame, sizes: Mapping[str, int], hidden: Hidden, language: str) -> dict[str, Any]:
    name = str(rows["campaign_id"].iloc[0])
    whole = sizes.get(name, len(rows))
    key = "letter.campaign" if whole == len(rows) else "letter.campaign_part"
    return _example(key, rows, hidden, language, id=isolated(name, language), all=_complaints(whole, language))


def _example(key: str, rows: pd.DataFrame, hidden: Hidden, language: str, **values: str) -> dict[str, Any]:
    """A line on some complaints, and the wording that most of them quote."""
    dated = rows["received_at"].dropna()
    span = span_words(dated.min(), dated.max(), language) if len(dated) else ""
    people = say("campaigns.people", language, n=int(rows["recipient"].nunique()))
    line = say(
        key,
        language,
        complaints=_complaints(len(rows), language),
        people=people,
        span=f" {span}" if span else "",
        **values,
    )
    counts = rows["text"].value_counts()
    text = hidden.plain(min(counts[counts == counts.max()].index), language)
    cut = f" {say('letter.cut', language)}" if len(text) > _LONGEST else ""
    return {"line": line, "text": Quoted(text[:_LONGEST] + cut), "rtl": direction(text) == "rtl"}

"""What people decided about messages, beside what the model said: counted, and listed where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tasrib.report.catalogue import COMMA, say
from tasrib.report.categories import category_words
from tasrib.report.cells import word_for
from tasrib.report.dates import moment_words
from tasrib.report.highlights import direction
from tasrib.report.personal import Hidden, in_language
from tasrib.scored import MODEL_SAID
from tasrib.text import normalise
from tasrib.tracing.caveats import isolated

TOLD = (
    "text", "complaints", *(f"model_{name}" for name in MODEL_SAID), *MODEL_SAID, "decided_by", "decided_at", "settled", "differs",
)  # fmt: skip
_MODEL = ("", "model")
_MOST_SHOWN = 50
_LONGEST = 300
_COMMAND = "tasrib label export --for case"


def told_decisions(scored: pd.DataFrame, hidden: Hidden | None = None) -> pd.DataFrame:
    """
    List the messages that people decided.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints with people's decisions in them, as from `tasrib.case.decided`; the model's words may lack.
    hidden : Hidden, optional
        What of the messages is hidden; found in `scored` by default.

    Returns
    -------
    pandas.DataFrame
        One row a distinct message, columns ``TOLD``: its text without numbers, addresses and its recipient's name, complaints, the model's words, the person's,
        who and when; ``settled`` where the model was unsure and the person was not, ``differs`` where the model was sure of something else.
        Those that differ first, then those that settle most complaints.
    """
    mine = _by_people(scored)
    if mine.empty:
        return pd.DataFrame(columns=list(TOLD))
    by = mine.groupby(_messages(mine["text"]), sort=False)
    table = by[[name for name in TOLD if name in mine]].first()
    table["complaints"] = by.size()
    for name, holds in (("settled", _settled(mine)), ("differs", _differs(mine))):
        table[name] = holds.groupby(by.ngroup()).any().to_numpy(dtype=bool)
    hidden = Hidden(scored) if hidden is None else hidden
    table["text"] = [hidden.plain(text) for text in table["text"]]
    table = table.sort_values(["differs", "complaints"], ascending=False, kind="stable")
    return table[list(TOLD)].reset_index(drop=True)


def decision_counts(scored: pd.DataFrame, hidden: Hidden | None = None) -> dict[str, Any]:
    """
    Count what people decided, and what is still open.

    Parameters
    ----------
    scored, hidden
        As for `told_decisions`.

    Returns
    -------
    dict
        ``decided``: messages that people decided, ``complaints``: complaints that quote them; of the messages ``settled``: those that the
        model was unsure of, ``differ``: those of which the model was sure of something else, ``undecided``: those that a person read and
        could not decide; ``by``: messages by who decided them; ``moved``: complaints whose campaign is not the model's because people
        joined or parted campaigns; ``open`` and ``open_complaints``: messages in review that nobody has decided.
    """
    told = told_decisions(scored, hidden)
    waiting = scored[(scored["decision"] == "review") & scored["decided_by"].isin(_MODEL)]
    return {
        "decided": len(told),
        "complaints": int(told["complaints"].sum()),
        "settled": int(told["settled"].sum()),
        "differ": int(told["differs"].sum()),
        "undecided": int((told["decision"] == "review").sum()),
        "by": {str(who): int(n) for who, n in told["decided_by"].value_counts().items()},
        "moved": int(_moved(scored).sum()),
        "open": int(_messages(waiting["text"]).nunique()),
        "open_complaints": len(waiting),
    }


def decision_section(scored: pd.DataFrame, language: str, hidden: Hidden | None = None) -> dict[str, Any] | None:
    """
    Say what people decided, for the page.

    Parameters
    ----------
    scored : pandas.DataFrame
        As for `told_decisions`.
    language : str
        ``ar``, ``fr`` or ``en``.
    hidden : Hidden, optional
        As for `told_decisions`.

    Returns
    -------
    dict or None
        ``sentences``, ``rows`` (of the table of messages where the model was unsure or sure of something else), ``n_more``; None where nobody decided and nothing waits.
    """
    hidden = Hidden(scored) if hidden is None else hidden
    counts = decision_counts(scored, hidden)
    if not counts["decided"] and not counts["moved"] and not counts["open"]:
        return None
    told = told_decisions(scored, hidden)
    shown = told[(told["differs"] | told["settled"]).astype(bool)]
    return {
        "sentences": _sentences(counts, language),
        "rows": [_row(row, language) for row in shown.head(_MOST_SHOWN).to_dict("records")],
        "n_more": max(len(shown) - _MOST_SHOWN, 0),
    }


def _sentences(counts: dict[str, Any], language: str) -> list[str]:
    said = []
    if counts["decided"]:
        by = [say("decisions.by", language, who=isolated(who, language), n=n) for who, n in counts["by"].items()]
        said.append(
            say(
                "decisions.decided", language, by=COMMA[language].join(by), settled=counts["settled"], differ=counts["differ"],
                undecided=counts["undecided"], **_counted(counts["decided"], counts["complaints"], language),
            )
        )  # fmt: skip
    else:
        said.append(say("decisions.none", language))
    if counts["moved"]:
        said.append(say("decisions.moved", language, n=counts["moved"]))
    if not counts["open"]:
        return [*said, say("decisions.settled", language)]
    waiting = _counted(counts["open"], counts["open_complaints"], language)
    return [*said, say("decisions.open", language, command=isolated(_COMMAND, language), **waiting)]


def _counted(messages: int, complaints: int, language: str) -> dict[str, str]:
    return {
        "messages": say("campaigns.messages", language, n=messages),
        "complaints": say("decisions.complaints", language, n=complaints),
    }


def _row(told: dict[str, Any], language: str) -> dict[str, Any]:
    text = in_language(told["text"], language)
    return {
        "text": text if len(text) <= _LONGEST else text[:_LONGEST] + " […]",
        "direction": direction(text),
        "complaints": told["complaints"],
        "model": _words([told[f"model_{name}"] for name in MODEL_SAID], language),
        "person": _words([told[name] for name in MODEL_SAID], language),
        "who": told["decided_by"],
        "when": "" if pd.isna(told["decided_at"]) else moment_words(told["decided_at"], language),
    }


def _words(told: Sequence[str], language: str) -> str:
    decision, category, party, campaign = told
    # What a person leaves open is not still to be reviewed.
    said = "undecided" if decision == "review" else decision
    words = word_for(said, language) if said else ""
    named = category_words(language).get(category, category) if category else ""
    shown = [words, named, *(isolated(name, language) for name in (party, campaign) if name)]
    return COMMA[language].join(dict.fromkeys(filter(None, shown))) or "–"


def _by_people(scored: pd.DataFrame) -> pd.DataFrame:
    mine = scored[~scored["decided_by"].isin(_MODEL)]
    lacking = [f"model_{name}" for name in MODEL_SAID if f"model_{name}" not in mine]
    mine = mine.assign(**dict.fromkeys(lacking, ""))
    return mine if "decided_at" in mine else mine.assign(decided_at=pd.NaT)


def _settled(mine: pd.DataFrame) -> pd.Series:
    return (mine["model_decision"] == "review") & (mine["decision"] != "review")


def _differs(mine: pd.DataFrame) -> pd.Series:
    """Whether the model was sure of something else; where it said nothing that cannot be told."""
    sure = ~mine["model_decision"].isin(["", "review"])
    apart = [mine[name] != mine[f"model_{name}"] for name in MODEL_SAID]
    return sure & pd.Series(np.logical_or.reduce(apart), index=mine.index)


def _moved(scored: pd.DataFrame) -> pd.Series:
    if "model_campaign_id" not in scored:
        return pd.Series(False, index=scored.index)
    known = (scored["model_campaign_id"] != "") & (scored["campaign_id"] != "")
    return known & (scored["campaign_id"] != scored["model_campaign_id"])


def _messages(texts: pd.Series) -> pd.Series:
    """The same for all texts that are one message."""
    codes, distinct = pd.factorize(texts)
    plain = np.array([normalise(text) for text in distinct], dtype=object)
    return pd.Series(plain[codes], index=texts.index, dtype="str")

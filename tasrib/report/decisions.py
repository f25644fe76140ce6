"""What people decided about messages, beside what the model said: counted, and listed where the two differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tasrib.report.highlights import HIDDEN, direction
from tasrib.report.words import CATEGORY_NAMES
from tasrib.scored import MODEL_SAID
from tasrib.text import normalise
from tasrib.text.private import without_private

TOLD = (
    "text", "complaints", *(f"model_{name}" for name in MODEL_SAID), *MODEL_SAID, "decided_by", "decided_at", "settled", "differs",
)  # fmt: skip
_MODEL = ("", "model")
_MOST_SHOWN = 50
_LONGEST = 300
_DECISION_WORDS = {"campaign": "campaign", "not_campaign": "not campaign", "review": "unsure"}


def told_decisions(scored: pd.DataFrame) -> pd.DataFrame:
    """
    List the messages that people decided.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints with people's decisions in them, as from `tasrib.case.decided`; the model's words may lack.

    Returns
    -------
    pandas.DataFrame
        One row a distinct message, columns ``TOLD``: its text without numbers and addresses, complaints, the model's words, the person's,
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
    table["text"] = [without_private(text, HIDDEN) for text in table["text"]]
    table = table.sort_values(["differs", "complaints"], ascending=False, kind="stable")
    return table[list(TOLD)].reset_index(drop=True)


def decision_counts(scored: pd.DataFrame) -> dict[str, Any]:
    """
    Count what people decided, and what is still open.

    Parameters
    ----------
    scored : pandas.DataFrame
        As for `told_decisions`.

    Returns
    -------
    dict
        ``decided``: messages that people decided, ``complaints``: complaints that quote them; of the messages ``settled``: those that the
        model was unsure of, ``differ``: those of which the model was sure of something else, ``undecided``: those that a person read and
        could not decide; ``by``: messages by who decided them; ``moved``: complaints whose campaign is not the model's because people
        joined or parted campaigns; ``open`` and ``open_complaints``: messages in review that nobody has decided.
    """
    told = told_decisions(scored)
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


def decision_section(scored: pd.DataFrame) -> dict[str, Any] | None:
    """
    Say what people decided, for the page.

    Parameters
    ----------
    scored : pandas.DataFrame
        As for `told_decisions`.

    Returns
    -------
    dict or None
        ``sentences``, ``rows`` (of the table of messages where the model was unsure or sure of something else), ``n_more``; None where nobody decided and nothing waits.
    """
    counts = decision_counts(scored)
    if not counts["decided"] and not counts["moved"] and not counts["open"]:
        return None
    told = told_decisions(scored)
    shown = told[(told["differs"] | told["settled"]).astype(bool)]
    return {
        "sentences": _sentences(counts),
        "rows": [_row(row) for row in shown.head(_MOST_SHOWN).to_dict("records")],
        "n_more": max(len(shown) - _MOST_SHOWN, 0),
    }


def _sentences(counts: dict[str, Any]) -> list[str]:
    said = []
    if counts["decided"]:
        by = ", ".join(f"{who} {n}" for who, n in counts["by"].items())
        said.append(
            f"People decided {_counted(counts['decided'], 'message')}, which {_counted(counts['complaints'], 'complaint')} quote ({by}). "
            f"Of {counts['settled']} of these the model was unsure; in {counts['differ']} people differ from what the model was sure of; "
            f"{counts['undecided']} they read and could not decide. Their word holds in all figures of this report, and the model's is kept "
            "beside it."
        )
    else:
        said.append("Nobody has decided about a message yet; all that is said here of messages is the model's word.")
    if counts["moved"]:
        said.append(
            f"{_counted(counts['moved'], 'complaint')} stand in another campaign than the model's, since people joined or parted campaigns."
        )
    if counts["open"]:
        said.append(
            f"Still open: {_counted(counts['open'], 'message')} that the model is unsure of ({_counted(counts['open_complaints'], 'complaint')}), "
            "counted in no test until a person has decided (tasrib label export --for case)."
        )
    else:
        said.append("Nothing is still open: no message waits for a person's decision.")
    return said


def _row(told: dict[str, Any]) -> dict[str, Any]:
    text = told["text"]
    return {
        "text": text if len(text) <= _LONGEST else text[:_LONGEST] + " […]",
        "direction": direction(text),
        "complaints": told["complaints"],
        "model": _words(*(told[f"model_{name}"] for name in MODEL_SAID)),
        "person": _words(*(told[name] for name in MODEL_SAID)),
        "who": told["decided_by"],
        "when": "" if pd.isna(told["decided_at"]) else told["decided_at"].strftime("%Y-%m-%d %H:%M UTC"),
    }


def _words(decision: str, category: str, party: str, campaign: str) -> str:
    shown = [_DECISION_WORDS.get(decision, decision), CATEGORY_NAMES.get(category, category), party, campaign]
    return ", ".join(dict.fromkeys(filter(None, shown))) or "–"


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


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"

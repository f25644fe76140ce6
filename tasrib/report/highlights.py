"""Messages as the report shows them: personal data taken out, the words that weighed marked."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup
from scipy.special import logit

from tasrib.classify import Explained, Piece
from tasrib.report.catalogue import say
from tasrib.report.personal import Part, hidden_parts
from tasrib.report.words import number_words
from tasrib.text import script_shares
from tasrib.text.spans import merged_spans
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import isolated

MOST_TO_REVIEW = 25
# Log-odds from which a piece is marked, and marked more strongly.
_STEPS = (0.1, 0.4, 1.0)


Explanations = Mapping[str, Explained]


def highlighted(
    text: str, pieces: Sequence[Piece] = (), language: str = "en", parts: Sequence[Part] | None = None
) -> Markup:
    """
    Write a message as HTML with its pieces marked.

    Parameters
    ----------
    text : str
        A message as received.
    pieces : sequence of Piece
        From `tasrib.explain` on this text; without them nothing is marked.
    language : str
        Of what is said of a mark, and of what stands for a number or a name: ``ar``, ``fr`` or ``en``.
    parts : sequence of Part, optional
        What is hidden, in order and apart from each other; by default what the message alone tells.

    Returns
    -------
    markupsafe.Markup
        Escaped. A piece that weighs is a ``<mark>`` whose class says sign and strength and whose title says the weight; the style
        adds a sign and an underline, so that colour is not needed. Numbers, addresses and the names of recipients are
        replaced; a piece that holds one keeps its weight. Pieces that share characters are one, with the sum of their weights.
    """
    hidden = hidden_parts(text) if parts is None else parts
    spans = [(part.start, part.end, 0.0) for part in hidden] + [(p.start, p.end, p.weight) for p in pieces]
    starts = [part.start for part in hidden]
    out, done = [], 0
    for start, end, weight in merged_spans(spans):
        # Each hidden part lies within one of the joined ones.
        within = hidden[bisect_left(starts, start) : bisect_left(starts, end)]
        shown = _hiding(text, start, end, within, language)
        out += [html.escape(text[done:start]), _marked(shown, weight, language)]
        done = end
    return Markup("".join(out) + html.escape(text[done:]))


def whole_weight(reasons: Explained | None, language: str = "en") -> str:
    """
    Write what the message as a whole adds.

    Parameters
    ----------
    reasons : Explained or None
        Of one message, None where nothing is known.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Signed log-odds, such as ``+2.31``; empty where there is none.
    """
    return _signed(reasons.whole, language) if reasons is not None and reasons.whole else ""


def direction(text: str) -> str:
    """
    Writing direction of a message.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    str
        ``rtl`` where most letters are Arabic, also when a link or an emoji comes first; ``auto`` otherwise.
    """
    return "rtl" if script_shares(text)["arabic"] > 0.5 else "auto"


def to_review(scored: pd.DataFrame, most: int = MOST_TO_REVIEW) -> pd.DataFrame:
    """
    Choose messages of the review band to show.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    most : int
        How many at most.

    Returns
    -------
    pandas.DataFrame
        ``text``, ``category``, ``probability``, ``messages``: one row a campaign of messages to review, those that settle most complaints
        first, then those nearest to even odds.
    """
    band = scored[scored["decision"] == "review"]
    if band.empty:
        return pd.DataFrame(columns=["text", "category", "probability", "messages"])
    one = np.where(band["campaign_id"] != "", band["campaign_id"], band["text"])
    grouped = band.groupby(one, sort=False)
    table = grouped[["text", "category", "probability"]].first().assign(messages=grouped.size())
    even = np.abs(logit(np.clip(table["probability"], 1e-6, 1 - 1e-6)))
    order = np.lexsort((even, -table["messages"]))
    return table.iloc[order].head(most).reset_index(drop=True)


def shown_texts(scored: pd.DataFrame, result: TraceResult) -> list[str]:
    """
    Name the messages that a report shows.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Its findings.

    Returns
    -------
    list of str
        Each once: the example of every campaign, and the sample of the review band.
    """
    return list(dict.fromkeys([*result.campaigns["text"], *to_review(scored)["text"]]))


def _hiding(text: str, start: int, end: int, hidden: Sequence[Part], language: str) -> str:
    out, done = [], start
    for part in hidden:
        out += [text[done : part.start], part.mark(language)]
        done = part.end
    return "".join(out) + text[done:end]


def _signed(weight: float, language: str) -> str:
    return isolated(f"{'+' if weight > 0 else '-'}{number_words(abs(weight), language, 2)}", language)


def _marked(shown: str, weight: float, language: str) -> str:
    strength = sum(abs(weight) >= step for step in _STEPS)
    if not strength or not shown.strip():
        return html.escape(shown)
    side = "for" if weight > 0 else "against"
    words = say(f"campaigns.speaks_{side}", language)
    left, right = len(shown) - len(shown.lstrip()), len(shown.rstrip())
    title = f"{_signed(weight, language)}: {words}"
    mark = f'<mark class="{side} s{strength}" title="{title}">{html.escape(shown[left:right])}</mark>'
    return html.escape(shown[:left]) + mark + html.escape(shown[right:])

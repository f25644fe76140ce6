"""A case with a campaign of each word for evidence, and what a reader sees of a page."""

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
from frames import scored_frame

from tasrib.complaints.cleaning import cleaning_table
from tasrib.report.html import render_html
from tasrib.tables.notes import Note
from tasrib.tracing import Caveat, trace

LANGUAGES = ("ar", "fr", "en")
OPERATORS = ("Inwi", "Maroc Telecom", "Orange")
FOUND, WEAK, NONE, SMALL = "c-0000000a", "c-0000000b", "c-0000000c", "c-0000000d"
PREFIX = dict(zip(OPERATORS, ("0640", "0661", "0622"), strict=True))
_OPENS, _ENDS = "\u2066\u2067\u2068", "\u2069"
_VOID = {"meta", "br", "img", "hr", "circle", "path", "rect", "line"}
_INLINE = {"a", "b", "code", "em", "mark", "span", "strong"}


def case():
    """Scored complaints, what was found of them, quarantine and cleaning."""
    rng = np.random.default_rng(11)
    parts = [
        (FOUND, np.where(rng.random(90) < 0.8, "Inwi", rng.choice(OPERATORS, 90))),
        (WEAK, rng.choice(OPERATORS, 60)),
        (NONE, rng.choice(OPERATORS, 60)),
        (SMALL, rng.choice(OPERATORS, 4)),
        ("", rng.choice(OPERATORS, 400)),
    ]
    table = pd.DataFrame(
        [(name, operator) for name, some in parts for operator in some], columns=["campaign_id", "operator"]
    )
    mine, n = table["campaign_id"] != "", len(table)
    others = [";".join(rng.choice(OPERATORS, 1)) if rng.random() < 0.4 else "" for _ in range(n)]
    scored = scored_frame(
        n, text=np.where(mine, "صوتوا على لائحة " + table["campaign_id"].str[-1], "Soldes chez Tapis"), received_at="2021-08-30",
        channel="sms", region=rng.choice(["Fès", "طنجة"], n), language="ar", campaign_id=table["campaign_id"],
        decision=np.where(mine, "campaign", "not_campaign"), category=np.where(mine, "political_campaign", "commercial"),
        party=np.where(table["campaign_id"] == FOUND, "حزب الأمل", ""), operator_allocated=table["operator"],
        prefix=table["operator"].map(PREFIX), sender=np.where(mine, "", [f"SHOP{i % 12}" for i in range(n)]),
        known_to=rng.choice(["Banque Nour", "متجر الأطلس", ""], n), other_operators=others,
    )  # fmt: skip
    scored.loc[scored.index[-3:], ["decision", "category", "probability"]] = ["review", "news", 0.55]
    result = trace(scored, replicates=199)
    findings = result.findings.copy()
    # What is weak by chance depends on the draw; what is said of it must not.
    findings.loc[findings["campaign_id"].isin([WEAK, NONE, SMALL]), "evidence"] = "none"
    weak = findings.index[(findings["campaign_id"] == WEAK) & (findings["comparison"] == "operators")][0]
    findings.loc[weak, ["evidence", "posterior", "leak_share", "leak_share_low", "leak_share_high"]] = [
        "weak",
        0.77,
        0.66,
        0.55,
        0.88,
    ]
    findings.at[weak, "caveats"] = (Caveat("alternatives"),)
    rejected = pd.DataFrame(
        [("x.csv", 7, "Message", "", "Message is empty; a fault of tomorrow")],
        columns=["file", "row", "column", "value", "reason"],
    )
    cleaning = cleaning_table([Note("left_out", "blank_rows", "empty, left out", "x.csv", rows=(2, 3, 9))])
    return scored, dataclasses.replace(result, findings=findings), rejected, cleaning


def rendered(scored, result, rejected, cleaning, language):
    """A page of the case."""
    names = {each: f"report-{each}.html" for each in LANGUAGES}
    return render_html(
        scored, result, rejected, title="Affaire 42", version="1.0", explanations={}, cleaning=cleaning, language=language,
        pages=names,
    )  # fmt: skip


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.skipped, self.texts, self.open = 0, [""], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in _VOID:
            return
        skips = (
            tag in ("style", "svg", "blockquote", "title")
            or given.get("dir") == "ltr"
            or ("lang" in given and tag != "html")
        )
        self.open.append(skips)
        self.skipped += skips
        self._end_of_block(tag)
        if not self.skipped:
            said = [given[name] for name in ("data-label", "aria-label", "title") if given.get(name)]
            self.texts[-1:-1] = said

    def handle_endtag(self, tag):
        if tag not in _VOID:
            self.skipped -= self.open.pop()
            self._end_of_block(tag)

    def handle_data(self, data):
        if not self.skipped:
            self.texts[-1] += data

    def _end_of_block(self, tag):
        # What stands in one line is read as one text, also where a part of it is marked.
        if tag not in _INLINE:
            self.texts.append("")


def texts(page):
    """What is read on a page, piece by piece: without messages, drawings, and what is marked as of another language or direction."""
    seen = _Seen()
    seen.feed(page)
    return [re.sub(r"\s+", " ", text) for text in seen.texts if text.strip()]


def outside_isolates(text):
    """A text without what stands between isolates."""
    depth, kept = 0, []
    for sign in text:
        depth += (sign in _OPENS) - (sign in _ENDS)
        kept.append(sign if depth == 0 and sign not in _ENDS else " ")
    assert depth == 0, text
    return "".join(kept)

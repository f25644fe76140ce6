"""What people decided, in the report: counted, beside the model's word, on every way out."""

import html
import json
import re

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.report import write_report
from tasrib.report.decisions import decision_counts, decision_section, told_decisions
from tasrib.report.html import render_html
from tasrib.tracing import trace

WORDS = ("decision", "category", "party", "campaign_id")
#        text, complaints, the model's words, the person's, who
SAID = [
    ("Votez, 0661234567", 3, ("campaign", "political_campaign", "RNI", "c-1"), ("not_campaign", "news", "", ""), "NB"),
    ("Votez, 0662765432", 1, ("campaign", "political_campaign", "RNI", "c-1"), ("not_campaign", "news", "", ""), "NB"),
    ("Ensemble <b>demain</b>", 2, ("review", "community", "", "c-2"), ("campaign", "political_campaign", "PAM", "c-2"), "KA"),
    ("Le comité", 1, ("review", "news", "", "c-3"), ("review", "news", "", "c-3"), "KA"),
    ("Le tracteur", 2, ("campaign", "political_campaign", "", "c-4"), ("campaign", "political_campaign", "", "c-4"), "NB"),
    ("À lire encore", 4, ("review", "news", "", "c-5"), None, "model"),
    ("Soldes", 20, ("not_campaign", "commercial", "", ""), None, "model"),
    ("Une autre affiche", 2, ("campaign", "political_campaign", "", "c-6"), ("campaign", "political_campaign", "", "c-4"), "model"),
]  # fmt: skip


@pytest.fixture
def scored():
    n = [each[1] for each in SAID]
    rows = [each for each in SAID for _ in range(each[1])]
    model, person = [each[2] for each in rows], [each[3] or each[2] for each in rows]
    frame = scored_frame(
        sum(n), text=[each[0] for each in rows], received_at="2021-09-01", channel="sms",
        **{name: [words[place] for words in person] for place, name in enumerate(WORDS)},
        decided_by=[each[4] for each in rows],
    )  # fmt: skip
    when = pd.Timestamp("2026-11-29T10:15:00Z")
    return frame.assign(
        decided_at=pd.Series(np.where(frame["decided_by"] == "model", pd.NaT, when), dtype="datetime64[us, UTC]"),
        **{f"model_{name}": [words[place] for words in model] for place, name in enumerate(WORDS)},
    )


def section_of(page):
    return page[page.index('id="decisions"') : page.index('id="review"')]


def rows_of(page):
    """The cells of each row of each table, as they are read."""
    rows = re.findall(r"<tr role=\"row\">(?!<th role=\"columnheader).*?</tr>", page, re.S)
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]


def test_what_was_decided_is_counted(scored):
    assert decision_counts(scored) == {
        "decided": 4, "complaints": 9, "settled": 1, "differ": 1, "undecided": 1, "by": {"NB": 2, "KA": 2}, "moved": 2, "open": 1,
        "open_complaints": 4,
    }  # fmt: skip


def test_a_message_stands_once_and_the_differences_come_first(scored):
    told = told_decisions(scored)
    assert told["text"].tolist() == ["Votez, [number]", "Ensemble <b>demain</b>", "Le tracteur", "Le comité"]
    assert told["complaints"].tolist() == [4, 2, 2, 1]
    assert told["differs"].tolist() == [True, False, False, False]
    assert told["settled"].tolist() == [False, True, False, False]


def test_the_page_shows_both_words(scored):
    page = render_html(scored, trace(scored), None, title="x", version="1", explanations={})
    section = section_of(page)
    for words in (
        "People decided 4 messages, which 9 complaints quote (NB 2, KA 2)",
        "Of 1 of these the model was unsure; in 1 people differ",
        "2 complaints stand in another campaign than the model",
        "Still open: 1 message that the model is unsure of (4 complaints)",
        "Ensemble &lt;b&gt;demain",
    ):
        assert words in section, words
    assert rows_of(section) == [
        ["Votez, [number]", "4", "campaign, political campaign, RNI, c-1", "not campaign, news", "NB", "29 November 2026, 10:15 UTC"],
        ["Ensemble <b>demain</b>", "2", "unsure, community, c-2", "campaign, political campaign, PAM, c-2", "KA",
         "29 November 2026, 10:15 UTC"],
    ]  # fmt: skip
    assert "0661234567" not in page
    assert "Le tracteur" not in section


@pytest.mark.parametrize(
    ("language", "who", "row"),
    [
        (
            "fr",
            "4 messages, cités par 9 plaintes (NB\u00a0: 2, KA\u00a0: 2)",
            ["Votez, [numéro]", "4", "campagne, campagne politique, RNI, c-1", "hors campagne, actualité", "NB"],
        ),
        (
            "ar",
            "4 رسائل، ووردت في 9 شكايات (NB: 2، KA: 2)",
            ["Votez, [رقم]", "4", "حملة، دعاية سياسية، RNI، c-1", "ليست حملة، أخبار", "NB"],
        ),
    ],
)
def test_the_page_says_it_in_the_language(scored, language, who, row):
    page = render_html(scored, trace(scored), None, title="x", version="1", explanations={}, language=language)
    section = re.sub("[\u2066-\u2069]", "", section_of(page))
    assert who in section
    assert rows_of(section)[0][:5] == row
    for english in ("people", "message ", "unsure", "campaign,"):
        assert english not in section


def test_every_way_out_counts_the_same(scored, tmp_path):
    folder = write_report(scored, trace(scored), tmp_path / "case")
    found = json.loads((folder / "findings.json").read_text("utf-8"))["decisions"]
    assert {name: value for name, value in found.items() if name != "messages"} == decision_counts(scored)
    assert found["messages"][0]["text"] == "Votez, [number]"
    assert found["messages"][0]["decided_at"].startswith("2026-11-29T10:15:00")
    sheet = load_workbook(folder / "tables.xlsx")["decisions"]
    assert sheet.max_row == 5


def test_nobody_decided_yet(scored):
    model = scored[scored["decided_by"] == "model"].drop(columns=[name for name in scored if name.startswith("model_")])
    plain = model.drop(columns="decided_at")
    section = decision_section(plain, "en")
    assert section["rows"] == []
    assert "Nobody has decided about a message yet" in section["sentences"][0]
    assert "Still open: 1 message" in section["sentences"][1]
    assert decision_section(plain[plain["decision"] != "review"], "en") is None


def test_people_without_a_model_beside_differ_from_nobody(scored):
    by_hand = scored.assign(decided_by="SM").drop(columns=["decided_at", *(f"model_{name}" for name in WORDS)])
    counts = decision_counts(by_hand)
    assert (counts["differ"], counts["settled"], counts["open"]) == (0, 0, 0)
    assert counts["decided"] == 7
    page = render_html(by_hand, trace(by_hand), None, title="x", version="1", explanations={})
    assert "Nothing is still open" in page


@pytest.mark.parametrize(("language", "words"), [("en", "not said"), ("fr", "non précisé"), ("ar", "غير محدد")])
def test_a_category_that_nobody_told_is_drawn_as_that(scored, language, words):
    untold = scored.assign(category=scored["category"].where(scored["text"] != "Soldes", ""))
    page = render_html(untold, trace(untold), None, title="x", version="1", explanations={}, language=language)
    assert [words, "20"] in rows_of(re.sub("[\u2066-\u2069]", "", page))
    assert "(not said)" not in page

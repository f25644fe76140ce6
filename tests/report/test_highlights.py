import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st

import tasrib
from tasrib.report import write_report
from tasrib.report.highlights import direction, highlighted, to_review
from tasrib.text import normalise
from tasrib.text.private import private_spans, same_shape, without_private
from tasrib.tracing import trace


def piece(start, end, weight):
    return SimpleNamespace(start=start, end=end, weight=weight)


def shown(markup):
    """What a reader sees of it, without the marks."""
    return re.sub(r"</?mark[^>]*>", "", markup)


def weights(markup):
    return [float(found) for found in re.findall(r'title="([+-]\d+\.\d+):', markup)]


@settings(max_examples=150)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12), st.floats(-5, 5)), max_size=8))
def test_marked_text_is_the_text_escaped(text, parts):
    pieces = [
        piece(start, min(start + length, len(text)), weight) for start, length, weight in parts if start < len(text)
    ]
    found = str(highlighted(text, pieces))
    assert not re.search(r"<(?!/?mark\b)", found)
    from markupsafe import escape

    assert shown(found) == str(escape(without_private(text))).replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def test_sign_and_strength_are_told_without_colour():
    found = str(highlighted("صوتوا على promo", [piece(0, 5, 2.04), piece(6, 9, 0.01), piece(10, 15, -0.5)]))
    assert '<mark class="for s3" title="+2.04: speaks for campaign">صوتوا</mark>' in found
    assert '<mark class="against s2" title="-0.50: speaks against campaign">promo</mark>' in found
    assert "على</mark>" not in found


def test_a_marked_number_is_hidden_and_keeps_its_weight():
    text = "Appelez le 06 61 23 45 67 vite"
    found = str(highlighted(text, [piece(0, 7, 0.2), piece(11, 25, 0.9), piece(26, 30, -0.3)]))
    assert ">[number]</mark>" in found
    assert "61" not in found
    assert weights(found) == [0.2, 0.9, -0.3]


def test_pieces_that_overlap_add_up():
    found = str(highlighted("abcdef", [piece(0, 4, 0.5), piece(2, 6, 0.25)]))
    assert shown(found) == "abcdef"
    assert weights(found) == [0.75]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("0661234567", "[number]"),
        ("عيط ليا ٠٦٦١٢٣٤٥٦٧ دابا", "عيط ليا [number] دابا"),
        ("tel:+212 6 61 23 45 67.", "tel:[number]."),
        ("0661\u200e234567", "[number]"),
        ("a nadia.b@mail.example b", "a [number] b"),
        ("RIB 011780000012345678901234", "RIB [number]"),
        ("carte 4000 1234 5678 9010 ok", "carte [number] ok"),
    ],
)
def test_personal_data_is_found(text, hidden):
    assert without_private(text) == hidden


@pytest.mark.parametrize(
    "text",
    ["0661234567", "عيط ٠٦٦١٢٣٤٥٦٧", "+212 6 61 23 45 67", "212661234567", "00212661234567", "nadia.b@mail.example"],
)
def test_what_stands_in_its_place_reads_the_same_and_is_another(text):
    replaced = without_private(text, same_shape)
    assert normalise(replaced) == normalise(text)
    assert replaced != text


@pytest.mark.parametrize(
    "text", ["le 08/09/2021 à 18h30", "code 48213", "3 000 000 dh", "2021-09-08 10:00", "#تستاهل_أحسن 2026", "صوتوا"]
)
def test_dates_codes_and_prices_stay(text):
    assert private_spans(text) == []


@given(st.text(max_size=80))
def test_nothing_is_left_to_hide(text):
    assert without_private(without_private(text)) == without_private(text)
    assert len(without_private(text, same_shape)) == len(text)


def test_direction_follows_the_letters_not_the_first_of_them():
    assert direction("https://x.example صوتوا على لائحة الأمل يوم الأربعاء") == "rtl"
    assert direction("Votez صوتوا pour la liste") == "auto"
    assert direction("123") == "auto"


@pytest.fixture(scope="module")
def case():
    texts = [
        "صوتوا على لائحة الوردة يوم 8 شتنبر، عيطو 0661234567 <b>&",
        "Soldes -50% ce week-end dans tous nos magasins de Rabat",
        "Rendez-vous demain soir pour parler de l'avenir de notre quartier, venez nombreux 0661234567",
    ]
    complaints = pd.DataFrame(
        {"text": np.repeat(texts, [12, 30, 1]), "recipient": [f"06612{i:05d}" for i in range(43)]}
    )
    scored = tasrib.score(complaints, key=bytes(32))
    # Whatever the model of the day thinks of the last one: the report must show what is to review.
    scored.loc[scored["text"] == texts[2], ["decision", "campaign_id"]] = ["review", "c-review"]
    scored.loc[scored["text"] == texts[0], ["decision", "category", "campaign_id"]] = [
        "campaign",
        "political_campaign",
        "c-1",
    ]
    return scored, trace(scored), texts


def test_the_report_marks_pieces_that_add_up(case, tmp_path):
    scored, result, texts = case
    tasrib.write_report(scored, result, tmp_path / "case")
    page = (tmp_path / "case" / "report.html").read_text("utf-8")
    quotes = re.findall(r'<blockquote dir="(\w+)">(.*?)</blockquote>', page, re.DOTALL)
    assert [way for way, _ in quotes] == ["rtl", "auto"]
    (found,) = tasrib.explain(texts[0])
    heavy = [piece.weight for piece in found.pieces if abs(piece.weight) >= 0.1]
    assert sum(weights(quotes[0][1])) == pytest.approx(sum(heavy), abs=0.01 * len(heavy) + 0.01)
    assert found.base + found.whole + sum(p.weight for p in found.pieces) == pytest.approx(found.log_odds)
    assert (f"weighs {found.whole:+.2f}" in page) == bool(found.whole)
    assert "&lt;b&gt;&amp;" in shown(quotes[0][1])
    assert "To review by hand" in page


def test_no_number_is_in_any_file_of_the_report(case, tmp_path):
    from openpyxl import load_workbook

    scored, result, _ = case
    tasrib.write_report(scored, result, tmp_path / "case")
    book = load_workbook(tmp_path / "case" / "tables.xlsx")
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    everything = (
        cells
        + (tmp_path / "case" / "report.html").read_text("utf-8")
        + (tmp_path / "case" / "findings.json").read_text("utf-8")
    )
    assert "0661234567" not in everything
    assert "[number]" in everything


def test_what_another_model_scored_is_not_explained_by_this_one(case, tmp_path):
    scored, result, _ = case
    tasrib.write_report(scored.assign(model="another"), result, tmp_path / "case")
    assert "speaks for campaign" not in (tmp_path / "case" / "report.html").read_text("utf-8")


def test_without_explanations_the_page_is_whole(case, tmp_path):
    scored, result, _ = case
    page = (write_report(scored.assign(model=""), result, tmp_path / "case") / "report.html").read_text("utf-8")
    assert "<mark" not in page
    assert "<blockquote" in page


def test_what_settles_most_complaints_is_reviewed_first():
    frame = scored_frame(
        4, text=["a", "b", "b", "c"], category="news", probability=[0.5, 0.4, 0.4, 0.3], decision="review", campaign_id=["c-1", "", "", "c-2"]
    )  # fmt: skip
    assert to_review(frame)["text"].tolist() == ["b", "a", "c"]
    assert to_review(frame)["messages"].tolist() == [2, 1, 1]
    assert to_review(frame.assign(decision="campaign")).empty

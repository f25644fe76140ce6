"""A report shows nobody's name, number or link that a campaign's messages call its recipients by; a candidate's name stays."""

import re
from types import SimpleNamespace

import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.case.events import timesketch_events
from tasrib.report import write_report
from tasrib.report.differing import Alike, located
from tasrib.report.highlights import highlighted
from tasrib.report.personal import Hidden, hidden_parts, in_language, without_parts
from tasrib.tracing import trace
from tasrib.tracing.methods.slot_words import words_of

NAMES = ["Zerwal", "Tamsna", "Boukhris", "Daoudi", "Kertit", "Sefrani", "Imlil", "Wahbi", "Chtouki", "Mesnaoui"]


def hidden_of(texts):
    frame = scored_frame(len(texts), text=texts, campaign_id="c-1", decision="campaign")
    found = Hidden(frame)
    return [found.plain(text) for text in texts]


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        (
            "Bonjour {} votez pour la liste du pont le 8 septembre",
            "Bonjour [name] votez pour la liste du pont le 8 septembre",
        ),
        (
            "Le 8 septembre, pensez à votre fils {} : une école digne",
            "Le 8 septembre, pensez à votre fils [name] : une école digne",
        ),
        (
            "Votez le pont https://pont.example/u/{} avant midi ce jour",
            "Votez le pont https://pont.example/[link] avant midi ce jour",
        ),
    ],
)
def test_what_differs_from_recipient_to_recipient_is_hidden(template, shown):
    assert set(hidden_of([template.format(name) for name in NAMES])) == {shown}


def test_a_customers_number_is_hidden_where_each_has_another():
    texts = [f"Votre n° d'adhérent {4711 + 97 * i} reste valable, votez le pont" for i in range(9)]
    assert set(hidden_of(texts)) == {"Votre n° d'adhérent [number] reste valable, votez le pont"}


@pytest.mark.parametrize(
    "template",
    [
        "Le 8 septembre votez {} de la liste du pont près de chez vous",
        "Le 8 septembre les habitants de {} votent pour la liste du pont",
        "Je suis {} militant du pont et je compte sur vous le 8 septembre",
    ],
)
def test_candidates_towns_and_senders_stay(template):
    texts = [template.format(name) for name in NAMES]
    assert hidden_of(texts) == texts


def test_two_messages_tell_nothing_and_one_link_for_all_stays():
    assert not Alike(["Votez le pont Zerwal vite", "Votez le pont Tamsna vite"]).differing("Votez le pont Zerwal vite")
    texts = [f"Bonjour {name}, votez https://pont.example/liste ce jour" for name in NAMES]
    assert set(hidden_of(texts)) == {"Bonjour [name], votez https://pont.example/liste ce jour"}


@pytest.mark.parametrize(
    "text", ["Salam khouya M. El Fassi, 8/9 https://a.example/x1 code AB12CD", "عزيزي أحمد، رقم 48213"]
)
def test_words_have_their_places_as_the_tracer_cuts_them(text):
    words = located(text)
    assert tuple(word for word, _, _ in words) == words_of(text)
    assert all(text[start:end].strip() for _, start, end in words[1:-1])


def test_marks_sit_on_the_right_characters_beside_hidden_ones():
    text = "Bonjour Fatima, appelez le 0661234567 et votez"
    pieces = [SimpleNamespace(start=8, end=14, weight=0.5), SimpleNamespace(start=41, end=46, weight=2.0)]
    found = str(highlighted(text, pieces, "fr"))
    assert re.sub("<[^>]*>", "", found) == "Bonjour [nom], appelez le [numéro] et votez"
    assert ">[nom]</mark>" in found
    assert ">votez</mark>" in found


def test_hidden_parts_are_said_in_each_language():
    text = "السلام عليكم فاطمة، عيطو 0661234567"
    parts = hidden_parts(text)
    assert without_parts(text, parts) == "السلام عليكم [name]، عيطو [number]"
    assert (
        in_language(without_parts(text, parts), "ar")
        == without_parts(text, parts, "ar")
        == "السلام عليكم [اسم]، عيطو [رقم]"
    )


def test_no_file_of_a_report_names_a_recipient(tmp_path):
    texts = [f"Bonjour {name}, votez Ahmed Yacoubi le 8 septembre, liste du pont" for name in NAMES]
    review = ["Lalla Fatima, wach ghadi tji l'meeting ?"] * 2
    scored = scored_frame(
        len(texts) + 2, text=texts + review, decision=["campaign"] * len(texts) + ["review"] * 2, category="political_campaign",
        campaign_id=["c-1"] * len(texts) + ["c-2"] * 2, received_at="2021-09-01", recipient=[f"p-{i:a>16}".translate(str.maketrans("0189", "wxyz")) for i in range(len(texts) + 2)], decided_by=["Salma"] * 3 + ["model"] * (len(texts) - 1),
        operator_allocated="Inwi",
    )  # fmt: skip
    folder = write_report(scored, trace(scored), tmp_path / "case", languages="fr")
    page, findings = ((folder / name).read_text("utf-8") for name in ("report.html", "findings.json"))
    cells = " ".join(
        str(cell)
        for sheet in load_workbook(folder / "tables.xlsx")
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    )
    events = " ".join(timesketch_events(scored)["message"])
    for written in (page, findings, cells, events):
        assert not [name for name in (*NAMES, "Fatima") if name in re.sub("<[^>]*>", "", written)]
    assert all("Yacoubi" in re.sub("<[^>]*>", "", written) for written in (page, findings, cells, events))
    assert "[nom]" in page
    assert "[nom]" in cells
    assert "[name]" in findings


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("MA", "06 61 23 45 67"),
        ("FR", "06.12.34.56.78"),
        ("BE", "0470/12.34.56"),
        ("LB", "03 123 456"),
        ("LB", "71 123 456"),
        ("EG", "010 1234 5678"),
        ("CI", "01 02 03 04 05"),
        ("SN", "77 123 45 67"),
        ("SN", "wa.me/221771234567"),
        ("LB", "٠٣ ١٢٣ ٤٥٦"),
    ],
)
def test_a_number_is_hidden_as_it_is_dialled_where_the_message_was_received(country, number):
    text = f"Votez le pont le 8 septembre 2021, appelez {number} avant midi"
    frame = scored_frame(1, text=[text], campaign_id="c-1", decision="campaign", number_status="valid", country=country)
    shown = Hidden(frame).plain(text)
    assert shown.startswith("Votez le pont le 8 septembre 2021, appelez ")
    assert shown.endswith("[number] avant midi")


@pytest.mark.parametrize("country", ["MA", "FR", "BE", "LB", "EG", "CI", "SN", "TN", "MR", "DZ"])
@pytest.mark.parametrize("said", ["le 08/09/2021 à 18h30", "10 000 DH", "article 47-1", "13 h 30 - 15 h 45"])
def test_dates_and_prices_stay(country, said):
    text = f"Votez le pont, {said}, place centrale"
    frame = scored_frame(1, text=[text], campaign_id="c-1", decision="campaign", number_status="valid", country=country)
    assert Hidden(frame).plain(text) == text

"""Headings that are questions, in Arabic, Darija, French and English."""

import tomllib
from pathlib import Path

import pytest

from tasrib.complaints.headers import Headers
from tasrib.complaints.naming import name_claim, options
from tasrib.complaints.questions import Rank, plain
from tasrib.complaints.schema import FIELDS
from tasrib.complaints.words import reference, vocabulary

ASKED = tomllib.loads(Path(__file__).with_name("asked.toml").read_text(encoding="utf-8"))
QUESTIONS = [(field, line) for field, lines in ASKED.items() for line in lines.splitlines() if line]


@pytest.mark.parametrize(("field", "heading"), QUESTIONS)
def test_a_question_asks_for_its_field_or_for_nothing(field, heading):
    claim = name_claim(heading)
    assert (claim[0] if claim else "nothing") == field


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("<p><strong>Q3. Quel est le texte&nbsp;?</strong></p>", "Quel est le texte"),
        ("G01Q02. Quel numéro l'a reçu ?", "Quel numéro l'a reçu"),
        ("[SQ001] Votre opérateur *", "Votre opérateur"),
        ("السؤال 2: ما هو رقم هاتفك؟", "ما هو رقم هاتفك"),
        ("1°) Message :", "Message"),
        ("a) Message", "Message"),
        ("text::Français (fr)", "text"),
        ("Q1", "Q1"),
    ],
)
def test_what_tools_put_round_a_heading_is_taken_away(heading, said):
    assert plain(heading) == said


@pytest.mark.parametrize(
    "code", ["Q1", "Q1_TEXT", "Q1_3_TEXT", "QID1_TEXT", "Q00001", "G01Q02", "SQ001", "1", "column 3"]
)
def test_a_code_claims_nothing(code):
    assert name_claim(code) is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("group_ab1cd23/message", "text"),
        ("groupe/numero_telephone", "recipient"),
        ("data-group-message", "text"),
        ("message_recu/numero", "recipient"),
        ("expediteur/numero", "sender"),
        ("groupe_message/date", "received_at"),
        ("autre/telephone", "other_numbers"),
        ("Numéro (expéditeur)", "sender"),
        ("Numéro de\nl'expéditeur", "sender"),
        ("Date de\nréception", "received_at"),
        ("Vos coordonnées [Téléphone]", "recipient"),
        ("Vos coordonnées [Nom]", None),
        ("Message / الرسالة", "text"),
        ("dateReception", "received_at"),
        ("numeroTelephone", "recipient"),
        ("Téléphone (du correspondant qui vous a appelé)", "sender"),
        ("Message (votre commentaire)", None),
    ],
)
def test_the_last_of_a_path_is_asked_for_in_the_light_of_the_others(heading, field):
    claim = name_claim(heading)
    assert (claim and claim[0]) == field


def test_a_question_that_names_its_part_is_surer_than_a_bare_name():
    assert name_claim("Quel numéro l'a reçu ?")[1] > name_claim("Téléphone")[1]
    assert name_claim("Date de la plainte") == ("received_at", Rank.OF_THE_FORM)


def test_answers_of_a_question_with_several_claim_nothing():
    assert options(["g/canal", "g/canal/sms", "g/canal/whatsapp", "g/message"]) == {"g/canal/sms"}
    assert len(options(["Par quel moyen ? [SMS]", "Par quel moyen ? [WhatsApp]", "Vous [Nom]"])) == 2
    assert not options(["message_recu/texte", "message_recu/numero", "Message", "Numéro - expéditeur"])


def test_rules_speak_of_fields_and_concepts_that_there_are():
    concepts = set(vocabulary("concept"))
    for rule in reference("headers.toml")["question"]:
        assert rule["field"] in {"", *FIELDS}
        assert {name for key in ("head", "all", "any", "never") for name in rule.get(key, ())} <= concepts
        assert not rule["field"] or rule["rank"] in {"explicit", "plain", "weak", "form"}
    assert all(entry["source"] and entry["date"] and entry["words"] for entry in vocabulary("concept").values())


@pytest.mark.parametrize(
    "cell",
    [
        "0661000101",
        "+212 6 61-00-01-01",
        "6.61E+08",
        "2021-09-03T14:05:11.000+01:00",
        "03/09/2021 14:05",
        "a@exemple.ma",
        "{x",
        "م" * 150,
    ],
)
def test_a_value_is_no_heading(cell):
    assert name_claim(cell) is None
    headers = Headers()
    assert headers.score(["sms", cell, cell]) == 0
    assert not headers.is_header(["sms", cell, cell])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Téléphone", "Date de réception"], True),
        (["Message", "Colonne X"], True),
        (["Recopiez le message tel qu'il a été reçu", "", ""], False),
        (["Opérateur", "Note"], False),
        (["03/09/2021", "صوتوا على الوردة", "0661000101", "sms"], False),
        (["Numéro", "Nom"], False),
    ],
)
def test_a_header_is_known_by_more_than_its_text_column(cells, expected):
    assert Headers().is_header(cells) is expected

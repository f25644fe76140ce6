"""Headers, yes/no, channels and dates as people write them."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.complaints import parse_mapping, read_complaints
from tasrib.complaints.headers import Headers, fold, synonyms, vocabulary
from tasrib.complaints.schema import FIELDS
from tasrib.complaints.values import iso_time
from tasrib.errors import TasribError, UnreadableInput


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Message", "text"),
        ("TEXTE", "text"),
        ("sms", "text"),
        ("نص الرسالة", "text"),
        ("الرِّسالَة", "text"),
        ("Numéro", "recipient"),
        ("NUMERO DE TELEPHONE *", "recipient"),
        ("n° de tél.", "recipient"),
        ("Tél.", "recipient"),
        ("رقم الهـــاتف", "recipient"),
        ("destinataire", "recipient"),
        ("المتوصل", "recipient"),
        ("Opérateur", "declared_operator"),
        ("المتعهد:", "declared_operator"),
        ("Date_de_réception", "received_at"),
        ("تاريخ", "received_at"),
        ("التاريخ", "received_at"),
        ("received_at", "received_at"),
        ("ReceivedAt", "received_at"),
        ("Expéditeur (nom ou numéro)", "sender"),
        ("المرسل", "sender"),
        ("Adhérent", "member"),
        ("الموافقة", "consent"),
        ("probability", None),
    ],
)
def test_headers_in_three_languages(column, field):
    claim = Headers().claim(column)
    assert (claim and claim[0]) == field


@pytest.mark.parametrize("section", ["field", "yes_no", "channel"])
def test_no_word_has_two_meanings(section):
    seen = {}
    for meaning, entry in vocabulary(section).items():
        assert entry["source"]
        assert entry["date"]
        for word in {fold(word) for key in ("names", "weak") for word in entry.get(key, ())} | {fold(meaning)}:
            assert seen.setdefault(word, meaning) == meaning, word
    if section == "field":
        assert set(vocabulary(section)) == set(FIELDS)


def test_a_weak_name_gives_way(tmp_path):
    (tmp_path / "a.csv").write_text("Numéro;Téléphone;Message\n1;0600000001;a\n")
    complaints, _ = read_complaints(tmp_path / "a.csv")
    assert complaints["recipient"].tolist() == ["0600000001"]
    assert complaints.attrs["ignored_columns"] == ["Numéro"]


def test_mapping_goes_before_recognition(tmp_path):
    (tmp_path / "a.csv").write_text("Message;Colonne X;Tél\nnon;oui;0600000001\n")
    complaints, _ = read_complaints(tmp_path / "a.csv", mapping={"colonne x": "text"})
    assert complaints["text"].tolist() == ["oui"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"Messages": "text"}, ["'Messages'", "'Colonne X'"]),
        ({"Message": "texte"}, ["'texte'", "'text'"]),
        ({"Message": "text", "Colonne X": "text"}, ["'Message'", "'Colonne X'", "'text'"]),
    ],
)
def test_bad_mapping(tmp_path, mapping, words):
    (tmp_path / "a.csv").write_text("Message;Colonne X;Tél\nnon;oui;0600000001\n")
    with pytest.raises(UnreadableInput) as caught:
        read_complaints(tmp_path / "a.csv", mapping=mapping)
    assert all(word in str(caught.value) for word in words)


def test_a_mapping_may_serve_one_of_several_files(tmp_path):
    (tmp_path / "a.csv").write_text("X;Tél\na;0600000001\n")
    (tmp_path / "b.csv").write_text("Message;Tél\nb;0600000001\n")
    complaints, _ = read_complaints([tmp_path / "a.csv", tmp_path / "b.csv"], mapping={"X": "text"})
    assert complaints["text"].tolist() == ["a", "b"]


def test_parse_mapping():
    assert parse_mapping(["Texte reçu=text", "a=b = recipient"]) == {"Texte reçu": "text", "a=b": "recipient"}
    assert parse_mapping([]) == {}


@pytest.mark.parametrize(
    "pairs", [["text"], ["=text"], ["a="], ["a=textt"], ["a=text", "a=sender"], ["a=text", "b=text"]]
)
def test_parse_mapping_refuses(pairs):
    with pytest.raises(TasribError):
        parse_mapping(pairs)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        *[(word, "yes") for word in ["yes", "Oui", "OUI ", "نعم", "1", "true", "TRUE", "vrai", "✓", "x", "١"]],
        *[(word, "no") for word in ["no", "Non", "لا", "0", "false", "FAUX", "٠"]],
        *[(word, "unknown") for word in ["unknown", "inconnu", "?", "-", "غير معروف"]],
    ],
)
def test_yes_and_no(value, answer):
    assert synonyms("yes_no")[fold(value)] == answer


def test_yes_and_no_in_a_file(tmp_path):
    (tmp_path / "a.csv").write_text("text,tel,member\na,06,oui\na,06, لا \na,06,\na,06,?\n", encoding="utf-8")
    assert read_complaints(tmp_path / "a.csv")[0]["member"].tolist() == ["yes", "no", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("value", "channel"),
    [("SMS", "sms"), ("WhatsApp", "whatsapp"), ("واتساب", "whatsapp"), ("E-mail", "email"),
     ("Courriel", "email"), ("بريد", "email"), ("appel", "call"), ("مكالمة", "call"), ("", "")],
)  # fmt: skip
def test_channels(value, channel):
    assert synonyms("channel").get(fold(value), value) == channel


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-03-01", "2025-03-01"),
        ("20250301", "2025-03-01"),
        ("2025/3/1", "2025-03-01"),
        ("1/3/2025", "2025-03-01"),
        ("01-03-2025", "2025-03-01"),
        ("01.03.2025", "2025-03-01"),
        ("٠١/٠٣/٢٠٢٥", "2025-03-01"),
        ("\u200f٢٠٢٥-٠٣-٠١\u200f", "2025-03-01"),
        ("01/03/2025 14:05", "2025-03-01T14:05:00Z"),
        ("01/03/2025 14h05", "2025-03-01T14:05:00Z"),
        ("01/03/2025 à 9:05:07", "2025-03-01T09:05:07Z"),
        ("01/03/2025, 14:05", "2025-03-01T14:05:00Z"),
        ("2025-03-01T14:05:00+01:00", "2025-03-01T13:05:00Z"),
        ("2025-03-01 14:05:06.25", "2025-03-01T14:05:06.250000Z"),
        ("2025-03-01T14:05Z", "2025-03-01T14:05:00Z"),
        ("31/02/2025", None),
        ("03/31/2025", None),
        ("01/03/25", "2025-03-01"),
        ("45717", "2025-03-01"),
        ("01/03-2025", None),
        ("25:00", None),
        ("0001-01-01T00:00+14:00", None),
        ("mars 2025", None),
    ],
)
def test_dates(text, iso):
    assert iso_time(text, ZoneInfo("UTC")) == iso


@given(st.text(max_size=30) | st.text(st.sampled_from("0123456789/-:. T٣Zh+"), max_size=20))
def test_any_string_is_a_date_or_none(text):
    iso = iso_time(text, ZoneInfo("Africa/Casablanca"))
    assert iso is None or iso_time(iso, ZoneInfo("Asia/Tokyo")) == iso

"""Draft complaints say what the case says, accuse nobody, and take what people wrote as text."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from docx import Document
from frames import scored_frame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_narrative import FORBIDDEN

import tasrib
from tasrib.errors import TasribError
from tasrib.report import write_report
from tasrib.report.letters.documents import Quoted, filled, paragraphs, plain
from tasrib.report.letters.drafts import is_letter, letter_languages, party_files, party_name
from tasrib.report.letters.happened import happened
from tasrib.report.letters.writing import letters_of
from tasrib.report.personal import Hidden
from tasrib.tracing import trace

MADE = datetime(2026, 11, 30, 10, 0, 1, tzinfo=UTC)
FRENCH, ARABIC = "Votez pour la liste de la rose le 8 septembre", "صوتوا على لائحة الأفق الجديد يوم الأربعاء 8 شتنبر"


def case(n=24, **changes):
    """Complaints of two parties and of a message that shows none, in three campaigns, beside others that are no campaign's."""
    at = range(n)
    third = [i % 3 for i in at]
    columns = {
        "text": [(FRENCH, ARABIC, "Réunion demain avec notre candidat")[i] for i in third],
        "decision": "campaign", "category": "political_campaign",
        "party": [("USFP", "PAM", "")[i] for i in third],
        "campaign_id": [f"c-0000000{i}" for i in third],
        "recipient": [f"p-{i % 20:016}" for i in at],
        "sender": [("USFP", "+212661000101", "")[i] for i in third],
        "channel": "sms", "operator_allocated": [("Inwi", "Orange")[i % 2] for i in at],
        "received_at": pd.Series(pd.Timestamp("2021-09-01 10:00", tz="UTC") + pd.to_timedelta(list(at), unit="h")),
    }  # fmt: skip
    return scored_frame(n, **(columns | changes))


def written(scored, languages=("en",), **more):
    return letters_of(scored, more.pop("result", None) or trace(scored, **more), languages, MADE, {})


def said(data):
    return "\n".join(paragraphs(data))


@pytest.fixture(scope="module")
def letters():
    return written(case())


def test_each_party_has_a_letter_in_each_language_of_the_authority(letters):
    assert sorted(letters) == [
        f"letter-{party}-{language}.docx" for party in ("PAM", "USFP", "unknown") for language in ("ar", "fr")
    ]
    assert list(written(case(), ("fr",))) == [f"letter-{party}-fr.docx" for party in ("unknown", "PAM", "USFP")]


def test_it_counts_the_party_s_own_complaints(letters):
    text = said(letters["letter-USFP-fr.docx"])
    assert "Union socialiste des forces populaires (USFP)" in text
    lines = text.splitlines()
    assert lines[lines.index("Plaintes") + 1] == "8"
    assert lines[lines.index("Personnes touchées") + 1] == "8"
    assert lines[lines.index("Réception") + 1] == "du 1 septembre 2021 au 2 septembre 2021"
    assert FRENCH in text
    assert ARABIC not in text


def test_days_are_those_of_the_country():
    late = case(3, received_at="2021-09-08T23:30:00Z")
    assert "le 9 septembre 2021" in said(written(late)["letter-USFP-fr.docx"])


def test_rules_that_look_broken_have_their_count_their_law_and_how_it_is_known(letters):
    lines = paragraphs(letters["letter-USFP-fr.docx"])
    at = next(i for i, line in enumerate(lines) if line.startswith("S07 – "))
    assert lines[at + 2].startswith("Loi 09-08 art. 10")
    assert lines[at + 3 : at + 5] == ["source lue", "8 sur 8"]
    assert "n'est connue ici que par des comptes rendus" in "".join(lines)


def test_what_people_found_out_enters():
    scored = case(6)
    facts = pd.DataFrame([{"field": "declared_on", "value": "none", "source": "CNDP"}])
    letters = letters_of(scored, trace(scored), ("fr",), MADE, {}, facts=facts)
    lines = paragraphs(letters["letter-USFP-fr.docx"])
    at = next(i for i, line in enumerate(lines) if line.startswith("S01 – "))
    assert lines[at + 4] == "2 sur 2"
    before = paragraphs(written(scored, ("fr",))["letter-USFP-fr.docx"])
    assert next(line for line in before[before.index("En attente") :] if line.startswith("S01 – "))


def test_numbers_in_messages_and_senders_are_hidden():
    scored = case(text="Votez le 8 septembre, appelez 0661000101 ou ecrivez a jean@example.org")
    for data in written(scored).values():
        text = said(data)
        assert "0661000101" not in text
        assert "212661000101" not in text
        assert "jean@" not in text
        assert "[numéro]" in text or "[رقم]" in text


@pytest.mark.parametrize(
    ("country", "sender"),
    [
        ("BE", "0470/12.34.56"), ("FR", "06 12 34 56 78"), ("SN", "77 123 45 67"), ("CI", "07 07 12 34 56"), ("EG", "010 1234 5678"),
        ("LB", "71/123456"), ("TN", "20123456"), ("DZ", "0550 12 34 56"), ("BE", "Jean (0470) 12 34 56"), ("LB", "٧١ ١٢٣ ٤٥٦"),
    ],
)  # fmt: skip
def test_a_sender_s_number_is_hidden_as_it_is_dialled_where_it_was_received(country, sender):
    scored = case(9, country=country, sender=sender)
    for language, mark in (("fr", "[numéro]"), ("ar", "[رقم]")):
        told = happened(scored, 0, {}, ZoneInfo("UTC"), Hidden(scored), language)["senders"]
        assert len(told) == 1
        assert mark in told[0]["sender"]
        assert sum(map(str.isdecimal, told[0]["sender"])) <= 1


def test_of_people_s_decisions_and_the_model_s_word():
    scored = case(9, decided_by=["NB", "NB", "NB"] + ["model"] * 6)
    frame = scored.assign(decided_at=pd.Timestamp("2026-11-01", tz="UTC"))
    for name in ("decision", "category", "party", "campaign_id"):
        frame[f"model_{name}"] = frame[name]
    frame.loc[0, "model_decision"] = "not_campaign"
    frame.loc[3, ["decision", "decided_by", "model_decision"]] = ["not_campaign", "NB", "campaign"]
    text = said(written(frame)["letter-USFP-fr.docx"])
    assert "Sur 2 plaintes, ont été lues et décidées par une personne\u00a0: 1 plainte" in text
    assert "qu'une personne doit relire avant l'envoi de cette lettre\u00a0: 1 plainte" in text
    assert "qu'une personne a écartées\u00a0: 1 plainte" in text


@cache
def pointing():
    """A case whose campaign of USFP points to one operator, and what was found of it."""
    scored = case(240, party="USFP", campaign_id=["c-1" if i < 60 else "" for i in range(240)],
                  decision=["campaign" if i < 60 else "not_campaign" for i in range(240)],
                  recipient=[f"p-{i:016}" for i in range(240)],
                  operator_allocated=["Inwi" if i < 55 else ("Inwi", "Orange", "Maroc Telecom")[i % 3] for i in range(240)],
                  text=[FRENCH if i < 60 else f"Soldes {i % 7}" for i in range(240)],
                  sender=["USFP" if i < 60 else f"SHOP{i % 9}" for i in range(240)])  # fmt: skip
    return scored, trace(scored)


@cache
def source(evidence):
    """Letters of that case, with the word for evidence that is wanted."""
    scored, result = pointing()
    rank = {"none": 0, "weak": 1, "moderate": 2, "strong": 3}
    findings = result.findings.copy()
    findings["evidence"] = [
        evidence if name == "Inwi" else min(level, "none", key=rank.get)
        for name, level in zip(findings["name"], findings["evidence"], strict=True)
    ]
    return written(scored, result=replace(result, findings=findings))


@pytest.mark.parametrize("evidence", ["none", "weak"])
def test_of_what_is_not_above_weak_nobody_is_named(evidence):
    for data in source(evidence).values():
        text = said(data)
        assert "Inwi" not in text
        assert "indice\u00a0: " in text or "القرينة: " in text
        tracing = text[max(text.rfind("indice\u00a0: "), text.rfind("القرينة: ")) :]
        assert "probabilité qu'une partie" not in tracing


@pytest.mark.parametrize("evidence", ["moderate", "strong"])
def test_what_is_above_weak_is_told_with_what_else_makes_the_same_picture(evidence):
    text = said(source(evidence)["letter-USFP-fr.docx"])
    assert f"indice\u00a0: {({'moderate': 'modéré', 'strong': 'fort'})[evidence]}" in text
    assert "compatible avec" in text
    assert "le même tableau apparaît si" in text.lower()
    assert "À garder à l'esprit" in text


@pytest.mark.parametrize("evidence", ["none", "weak", "moderate", "strong"])
def test_no_letter_accuses(evidence):
    for data in source(evidence).values():
        assert not FORBIDDEN.search(said(data))


ODD = [
    "{{ 7 * 7 }} {% for x in y %} {# c #} {_{ {_% }_} %_}", "<w:p>&amp; </w:t></w:r> <!-- ]]>", "a\x00b\x07c\x0bd\ufffe\x1b[31m",
    "\u202eturned \u2066round", "line\none\r\nmore\ttab\fpage\u2028end", "x" * 10_000, "صوتوا {{ x }} \u202e على \u2067 اللائحة", "{%p if 1 %}",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_what_people_wrote_stays_text(odd):
    scored = case(6, text=odd, sender=odd, party=odd, campaign_id="c-1")
    for name, data in written(scored).items():
        assert is_letter(name)
        lines = paragraphs(data)
        text = "\n".join(lines)
        assert "49" not in text.split("tasrib")[0] or "49" in odd
        assert not any(mark in text for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x07\x00")
        # All that follows the message is still there.
        assert lines[-1].startswith(("Préparé par tasrib", "أعده tasrib"))
        document = Document(io.BytesIO(data))
        assert len(document.tables) >= 3
    if "{{" in odd or "<w:p>" in odd:
        assert odd.split()[0] in said(written(scored)[name])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.sampled_from("{}%#_<>&\"'\\\n\t\u200f\u202e\u2066\u2069"), st.characters()), max_size=60))
def test_any_text_comes_out_as_it_went_in(tmp_path_factory, odd):
    template = tmp_path_factory.getbasetemp() / "one.docx"
    if not template.exists():
        document = Document()
        document.add_paragraph("<{{ text }}>")
        document.save(template)
    data = filled(template, {"text": Quoted(odd)}, title=odd, language="fr", made_at=MADE)
    body = Document(io.BytesIO(data)).paragraphs[0].text
    assert body == f"<{plain(odd)}>"


def test_a_name_in_a_sentence_of_the_other_direction_keeps_its_own():
    assert plain("الحملة \u2066c-1\u2069: 27") == "الحملة \u200ec-1\u200e\u200f: 27"
    assert plain("Campagne \u2068الأفق\u2069: 27") == "Campagne \u200fالأفق\u200f\u200e: 27"
    assert plain("Campagne \u2068A\u2069 et \u20682\u2069") == "Campagne \u200eA\u200e et 2"


def test_the_same_case_gives_the_same_bytes_dated_with_its_moment(letters):
    assert written(case()) == letters
    with zipfile.ZipFile(io.BytesIO(letters["letter-PAM-ar.docx"])) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2026, 11, 30, 10, 0, 0)}
    properties = Document(io.BytesIO(letters["letter-PAM-ar.docx"])).core_properties
    assert properties.created == properties.modified == datetime(2026, 11, 30, 10, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parties", "names"),
    [
        (["USFP", "usfp"], ["USFP", "usfp_2"]),
        (["", "unknown"], ["unknown", "unknown_2"]),
        (["../../etc", "a/b\\c:d"], ["etc", "a_b_c_d"]),
        (["...", "???"], ["party", "party_2"]),
        (["حزب الوردة"], ["حزب_الوردة"]),
        (["x" * 300], ["x" * 40]),
    ],
)
def test_any_party_has_a_name_that_every_disk_takes(parties, names):
    assert list(party_files(parties).values()) == names
    assert all(is_letter(f"letter-{name}-fr.docx") for name in names)


def test_a_party_is_named_in_full_where_it_is_known():
    assert party_name("USFP", "MA", "ar") == "الاتحاد الاشتراكي للقوات الشعبية (USFP)"
    assert party_name("Liste du quartier", "MA", "fr") == "Liste du quartier"


def test_france_writes_to_the_cnil_in_french():
    assert letter_languages(["ar"], "FR") == ("fr",)
    assert letter_languages(["ar"], "MA") == ("ar",)
    letters = written(case(6, country="FR"), ("ar",), country="FR")
    assert all(name.endswith("-fr.docx") for name in letters)
    text = said(letters["letter-USFP-fr.docx"])
    assert "Commission nationale de l'informatique et des libertés (CNIL)" in text
    assert "CNDP" not in text


def test_where_no_authority_is_known_it_is_said_and_nothing_written(tmp_path):
    scored = case(6, country="TN")
    with pytest.raises(TasribError, match="authorities of FR, MA, and none is known for TN"):
        write_report(scored, trace(scored, country="TN"), tmp_path / "case", letters=True)
    assert not (tmp_path / "case").exists()


def test_a_column_of_something_else_makes_no_thousand_letters():
    with pytest.raises(TasribError, match="the column party names 120 parties"):
        written(case(120, party=[f"x{i}" for i in range(120)]))


def test_a_template_that_asks_for_what_there_is_not_is_told(tmp_path):
    document = Document()
    document.add_paragraph("{{ absent }}")
    document.save(tmp_path / "t.docx")
    with pytest.raises(TasribError, match=r"'absent' is undefined; docs/letter\.md"):
        filled(tmp_path / "t.docx", {}, title="", language="fr", made_at=MADE)


def test_without_campaign_messages_there_is_no_letter():
    assert written(case(6, decision="not_campaign", campaign_id="")) == {}


def test_write_report_writes_them(tmp_path):
    scored = case(6)
    tasrib.write_report(scored, trace(scored), tmp_path, languages="fr", letters=True, made_of={"ab" * 32: "août.csv"})
    text = said((tmp_path / "letter-USFP-fr.docx").read_bytes())
    assert "août.csv\n" + "ab" * 32 in text

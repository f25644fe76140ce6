"""Who filed a complaint: found by its heading, one person in all spellings, and never in what is written."""

import pandas as pd
import pytest

import tasrib
from tasrib.complaints import pseudonym, read_complaints
from tasrib.complaints.naming import name_claim
from tasrib.errors import UnreadableInput
from tasrib.numbering import complainant_keys
from tasrib.tables import write_table

KEY = bytes(range(32))
NUMBER = "0661000101"


def keys(*cells, columns="a"):
    return complainant_keys(
        pd.Series(cells, dtype="str"), pd.Series(columns, index=range(len(cells)), dtype="str")
    ).tolist()


@pytest.mark.parametrize(
    "heading",
    [
        "complainant", "Complainant name", "Filed by", "Reporter", "Who is filing this complaint?", "Name of the person filing the complaint",
        "E-mail of the complainant", "Plaignant", "Nom du plaignant", "nom_plaignant", "Déposé par", "Votre nom (personne qui porte plainte)",
        "Qui porte plainte ?", "Qui est l'auteur de la plainte ?", "Par qui la plainte est-elle déposée ?", "Adresse e-mail du plaignant", "المشتكي", "اسم المشتكي",
        "صاحب الشكاية", "من يقدم هذه الشكاية؟", "ما اسم المشتكي؟", "البريد الإلكتروني للمشتكي", "شكون لي داير الشكاية؟", "Nom du plaignant / اسم المشتكي",
    ],
)  # fmt: skip
def test_a_heading_that_asks_who_filed_is_the_complainants(heading):
    assert name_claim(heading)[0] == "complainant"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Numéro du plaignant", "recipient"), ("Téléphone de la personne qui porte plainte", "recipient"), ("رقم المشتكي", "recipient"), ("Complainant number", "recipient"),
        ("Opérateur du plaignant", "declared_operator"), ("Ville du plaignant", "region"), ("Autre numéro du plaignant", "other_numbers"),
        ("Auteur du message", "sender"), ("Date de dépôt de la plainte", "received_at"), ("Le plaignant est-il membre du parti ?", "member"),
        ("Avez-vous déposé plainte ?", None), ("Prénom du plaignant", None), ("Âge du plaignant", None), ("Nom du mis en cause", None),
        ("اسم المشتكى به", None), ("Nom de la personne contre qui vous portez plainte", None), ("Submitted by", None), ("Votre nom", None),
    ],
)  # fmt: skip
def test_other_headings_that_name_a_complainant_keep_their_meaning(heading, field):
    claim = name_claim(heading)
    assert (claim and claim[0]) == field


def test_spellings_of_one_person_are_one():
    assert (
        len(
            set(
                keys(
                    "0661000101",
                    "+212 661-00-01-01",
                    "00212661000101",
                    "٠٦٦١٠٠٠١٠١",
                    "212661000101@c.us",
                    "Fatima (0661000101)",
                )
            )
        )
        == 1
    )
    assert len(set(keys("A.B@Mail.example", " a.b@mail.example", "Amina B <a.b@mail.example>"))) == 1
    assert len(set(keys("Amina Bénali", "BENALI  amina", "amina benali "))) == 1
    assert len(set(keys("فاطمة العلوي", "فَاطِمَة  العلوى", "العلوي فاطمه"))) == 1
    assert len(set(keys("Amina Benali", "Amina Bennani", "15", "0015x"))) == 4


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "n/a", "Anonyme", "مجهول", "moi-même", "Lui-même", "نفسه", "oui", "6.61E+08", "#####", "…"]
)
def test_a_cell_that_names_nobody_is_nobody(cell):
    assert keys(cell) == [""]


def test_a_rounded_column_names_nobody():
    assert set(keys(*(f"2126{digits}000000" for digits in (61, 72, 63)))) == {""}


def scored(people, **options):
    return tasrib.score(
        pd.DataFrame(
            {"text": "Soldes", "recipient": [f"066100010{i}" for i in range(len(people))], "complainant": people}
        ),
        **options,
    )


def test_a_complainant_becomes_the_pseudonym_that_their_own_number_has_as_recipient():
    found = scored(["+212 661 00 01 00", NUMBER, ""], key=KEY)
    assert found["complainant"].tolist() == [*pseudonym(["+212661000100", "+212661000101"], KEY), ""]
    assert found["complainant"][0] == found["recipient"][0]
    assert found["complainant"][1] == found["recipient"][1]
    assert scored([NUMBER], key=bytes(32))["complainant"][0] != found["complainant"][1]


def test_no_name_is_left_and_keep_numbers_keeps_all_as_written():
    written = ["Amina BÉNALI", "a.benali@mail.example", "06 61 00 01 01"]
    hidden = scored(written, key=KEY)
    assert hidden["complainant"].str.fullmatch(r"p-[a-z2-7]{16}").all()
    told = hidden.to_csv().casefold()
    assert not any(part in told for part in ("amina", "nali", "mail.example", "61 00 01 01"))
    assert scored(written, keep_numbers=True)["complainant"].tolist() == written


def test_a_file_with_complainants_is_read_and_one_without_is_as_before(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Message;Téléphone;Nom du plaignant\na;0661000101;Amina B\na;0661000102;\n", encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text("Message;Téléphone\na;0661000103\n", encoding="utf-8")
    found, rejected = read_complaints([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert found["complainant"].tolist() == ["Amina B", "", ""]
    assert not len(rejected)


def test_an_e_mail_address_gives_way_to_a_name_and_is_taken_where_it_is_alone(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Message;Téléphone;E-mail du plaignant;Plaignant\na;0661000101;a@mail.example;Amina\n", encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text(
        "Message;Téléphone;E-mail du plaignant\na;0661000101;a@mail.example\n", encoding="utf-8"
    )
    assert read_complaints(tmp_path / "a.csv")[0]["complainant"].tolist() == ["Amina"]
    assert read_complaints(tmp_path / "b.csv")[0]["complainant"].tolist() == ["a@mail.example"]


def test_a_column_of_yes_and_no_is_nobodys_name(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Message;Téléphone;Plaignant\na;0661000101;oui\na;0661000102;non\n", encoding="utf-8"
    )
    assert read_complaints(tmp_path / "a.csv")[0]["complainant"].tolist() == ["", ""]


def test_where_only_the_complainants_number_is_given_it_is_suggested_for_the_recipient_and_no_cell_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("Message;Plaignant\nSoldes;0661000101\nSoldes;0661000102\n", encoding="utf-8")
    with pytest.raises(UnreadableInput, match='--map "Plaignant=recipient"') as caught:
        read_complaints(tmp_path / "a.csv")
    assert "06610001" not in str(caught.value)


def test_a_scored_file_of_an_older_tasrib_has_no_complainant(tmp_path):
    write_table(scored([NUMBER], key=KEY).drop(columns="complainant"), tmp_path / "old.csv")
    assert tasrib.read_scored(tmp_path / "old.csv")["complainant"].tolist() == [""]

"""The telephone of a reporting line: its backup names those who wrote to it as the people whom a campaign reached."""

import pytest
from android_backups import CAMPAIGN, backup, sms

from tasrib.complaints import read_files
from tasrib.errors import UnreadableInput

LINE = "+212600033700"
PEOPLE = ["+212612345678", "0661000101", "+212 677-88-99-00"]


@pytest.fixture
def read(tmp_path):
    def reading(content, name="sms.xml", **more):
        (tmp_path / name).write_text(content, encoding="utf-8")
        return read_files(tmp_path / name, **({"reporting_line": True} | more))

    return reading


def reports(*, newest_first=False):
    """Each person sends on a text, is asked who sent it, and answers."""
    found, minute = [], 0
    for person in PEOPLE:
        for text, kind in ((CAMPAIGN, "1"), ("De quel numéro avez-vous reçu ce message ?", "2"), ("36 36", "1")):
            found.append(sms(address=person, body=text, type=kind, date=str(1_630_999_800_000 + 60_000 * minute)))
            minute += 1
    return backup(*(found[::-1] if newest_first else found))


@pytest.mark.parametrize("newest_first", [False, True])
def test_who_wrote_to_the_line_is_who_was_reached(read, newest_first):
    found = read(reports(newest_first=newest_first))
    assert found.complaints["text"].tolist() == [CAMPAIGN] * 3
    assert set(found.complaints["recipient"]) == set(PEOPLE)
    assert found.complaints["sender"].tolist() == ["36 36"] * 3
    told = found.cleaning.set_index("code")
    assert told.loc["sent", "count"] == 3
    assert told.loc["sender_in_next_row", "count"] == 3
    assert "reporting_line" in told.index


def test_without_answers_nobody_is_the_sender(read):
    found = read(backup(*(sms(address=person, body=f"Votez {person[-2:]}") for person in PEOPLE)))
    assert set(found.complaints["recipient"]) == set(PEOPLE)
    assert "sender" not in found.complaints or (found.complaints["sender"] == "").all()


def test_what_no_citizen_sent_is_no_report(read):
    found = read(
        backup(
            sms(address="IAM", body="Votre solde est de 10 DH"),
            sms(address=PEOPLE[0], name="Samira"),
            sms(address="888"),
        )
    )
    assert found.complaints["recipient"].tolist() == [PEOPLE[0]]
    assert found.cleaning.set_index("code").loc["no_citizen", "count"] == 2


def test_the_number_in_the_files_name_is_the_lines(read):
    assert set(read(reports(), name=f"{LINE}.xml").complaints["recipient"]) == set(PEOPLE)


def test_a_recipient_cannot_be_stated_beside_it(read):
    with pytest.raises(UnreadableInput, match="leave --recipient out"):
        read(reports(), recipient="0612345678")
    with pytest.raises(UnreadableInput, match="leave --recipient out"):
        read(reports(), values={"recipient": "0612345678"})


def test_a_chat_with_a_citizen_serves_too(read):
    chat = "07/09/2021, 08:30 - Les messages sont chiffrés de bout en bout.\n" + "".join(
        f"07/09/2021, 08:3{minute} - {who}: {text}\n"
        for minute, (who, text) in enumerate(
            [("+212 612-345678", CAMPAIGN), ("Ligne", "De quel numéro ?"), ("+212 612-345678", "3636")], 1
        )
    )
    found = read(chat, name="Discussion WhatsApp avec +212 612-345678.txt", owner="Ligne").complaints
    assert found[["text", "recipient", "sender"]].values.tolist() == [[CAMPAIGN, "+212 612-345678", "3636"]]


def test_that_it_looks_like_one_is_said(read):
    found = read(reports(), reporting_line=False, recipient=LINE)
    assert "looks_like_reporting_line" in found.cleaning["code"].tolist()
    plain = backup(*(sms(address=person) for person in PEOPLE), sms(address=PEOPLE[0], body="0655443322"))
    found = read(plain, reporting_line=False, recipient=LINE)
    assert "looks_like_reporting_line" not in found.cleaning["code"].tolist()

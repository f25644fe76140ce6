"""Files that hang on the e-mails of a mailbox: read from where they lie, if they reached its owner or say whom they reached."""

import base64
import zipfile

import pytest
from android_backups import CAMPAIGN, backup, sms
from mails import FRENCH, HEAD, MINE, PLAIN, VOTE, box, reading

from tasrib.complaints.exports.mail_box import messages_of
from tasrib.tables.raw import Source


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


def with_file(content, name, head="", *, sender="moi@exemple.ma", text="Voici ce que j'ai reçu."):
    """An e-mail on which a file hangs."""
    data = base64.encodebytes(content if isinstance(content, bytes) else content.encode()).decode()
    return (
        head + HEAD.replace("contact@espoir.ma", sender).replace("Appel", "Plainte")
        + f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        + f'--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n{data}\n--b--\n'
    )  # fmt: skip


CAME = MINE + PLAIN + "ok"
OTHERS = {"head": MINE, "sender": "citoyen@exemple.ma", "text": "Votez, voilà ce que l'on m'a envoyé pour l'élection."}


def told(found):
    return found.cleaning.set_index("code")


def test_what_the_owner_passed_on_is_read_with_the_row_of_its_mail(read):
    found = read(box(CAME, with_file(backup(sms(), sms()), "sms.xml"), MINE + PLAIN + VOTE), name="m.mbox")
    seen = found.complaints[["text", "source_sheet", "source_row"]].values.tolist()
    assert seen == [[f"Appel\n{VOTE}", "", 3], [CAMPAIGN, "2/sms.xml", 1], [CAMPAIGN, "2/sms.xml", 2]]
    assert told(found).loc["sent", "count"] == 1


def test_what_others_sent_is_read_where_it_says_whom_it_reached(read):
    """In the mailbox of a federation each citizen's backup bears that citizen's number, and the letter round it is none."""
    found = read(box(with_file(backup(sms()), "0698765432.xml", **OTHERS), CAME), name="m.mbox")
    assert found.complaints[["text", "recipient"]].values.tolist() == [[CAMPAIGN, "0698765432"]]
    assert found.cleaning.query("code == 'cover'")["rows"].tolist() == ["row 1"]


def test_what_others_sent_is_never_said_to_have_reached_the_owner(read):
    found = read(box(with_file(backup(sms()), "sms.xml", **OTHERS), MINE + PLAIN + FRENCH), name="m.mbox")
    assert CAMPAIGN not in found.complaints["text"].tolist()
    assert "1 files that hang on e-mails of others" in told(found).loc["files_of_others"].to_string()


def test_a_table_that_others_sent_says_whom_it_reached(read):
    table = "message,tel\nVotez demain,0661000101\n"
    found = read(box(with_file(table, "t.csv", **OTHERS), CAME), name="m.mbox")
    assert found.complaints[["text", "recipient", "source_sheet"]].values.tolist() == [
        ["Votez demain", "0661000101", "1/t.csv"]
    ]


def test_archives_and_mailboxes_within_archives(read, tmp_path):
    packed = tmp_path / "in.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/sms.xml", backup(sms()))
    inner = box(CAME, with_file(packed.read_bytes(), "envoi.zip"))
    whole = tmp_path / "all.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mail.mbox", inner)
    found = read(whole.read_bytes(), name="tout.zip")
    assert found.complaints[["text", "source_sheet"]].values.tolist() == [[CAMPAIGN, "mail.mbox/2/envoi.zip/a/sms.xml"]]


def test_of_a_damaged_file_the_mailbox_is_read_all_the_same(read):
    found = read(box(CAME, with_file(b"PK\x03\x04nonsense", "a.zip"), MINE + PLAIN + VOTE), name="m.mbox")
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert {"file_not_read", "holds_none"} & set(found.cleaning["code"])


def test_a_mail_is_found_again_by_its_place():
    mails = [PLAIN + VOTE, PLAIN + FRENCH, "Subject: x\n\n>From y\n"]
    source = Source("m", "m", box(*mails).encode())
    found = list(messages_of(source))
    for place, data in found:
        assert next(messages_of(source, place)) == (place, data)
    assert len(found) == len(mails)

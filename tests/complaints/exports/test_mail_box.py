"""Mailboxes: which e-mails are the owner's own, which are kept, and those that hang on others."""

import base64

import pytest
from mails import FRENCH, HEAD, MINE, MOMENT, PLAIN, VOTE, WAY, box, reading, with_mail

from tasrib.errors import UnreadableInput

LETTER = "Ma chère, voici ce que je voulais te dire depuis longtemps, ne le montre à personne.\n"
CAME = MINE + PLAIN + "ok"
OTHERS = PLAIN.replace("To: moi@exemple.ma", "To: ami@exemple.ma")


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


def test_of_a_mailbox_what_looks_like_written_to_many_is_kept(read):
    mine = "Delivered-To: moi@exemple.ma\nReceived: by x; Tue, 7 Sep 2021 08:33:20 +0100\n"
    found = read(box(
        mine + PLAIN + VOTE, mine + PLAIN + "ok", mine + "List-Unsubscribe: <x>\n" + PLAIN.replace("Appel", "Nous") + "ok", PLAIN.replace("contact@espoir.ma", "moi@exemple.ma") + FRENCH,
        "X-Gmail-Labels: Messages envoyés\n" + PLAIN + FRENCH, mine + PLAIN + f">From le maire\n{VOTE}",
    ), name="m.mbox")  # fmt: skip
    assert found.complaints["source_row"].tolist() == [1, 3, 6]
    assert found.complaints["text"].tolist()[2] == f"Appel\nFrom le maire\n{VOTE}"
    done = found.cleaning[found.cleaning["kind"] == "left_out"].set_index("code")["count"]
    assert done.to_dict() == {"personal": 1, "sent": 2}


@pytest.mark.parametrize(("name", "head"), [
    ("Sent", ""), ("Sent-1", ""), ("INBOX.Sent.mbox", ""), ("Envoyés.mbox", ""), ("العناصر المرسلة.mbox", ""), ("Posta inviata", ""), ("a.mbox", "FCC: imap://x/y\n"), ("a.mbox", "X-Identity-Key: id1\n"), ("a.mbox", ""),
    ("a.mbox", WAY + "X-Gmail-Labels: =?UTF-8?B?" + base64.b64encode("البريد المُرسَل,مفتوح".encode()).decode() + "?=\n"),
])  # fmt: skip
def test_what_the_owner_wrote_is_kept_in_no_way(read, name, head):
    letter = head + PLAIN.replace("contact@espoir.ma", "moi@exemple.ma") + LETTER + "Votez !"
    came = WAY + PLAIN + VOTE
    if "a." in name:
        assert read(box(letter, came, letter), name=name).complaints["source_row"].tolist() == [2]
    else:
        with pytest.raises(UnreadableInput, match="2 written on this phone"):
            read(box(letter, letter), name=name)


def test_no_letter_is_taken_for_written_to_many_since_it_is_long(read):
    letter = WAY + PLAIN.replace("contact@espoir.ma", "ami@exemple.ma").replace("Appel", "Nous") + LETTER * 9
    assert read(box(letter, WAY + PLAIN + VOTE), name="m.mbox").complaints["source_row"].tolist() == [2]


@pytest.mark.parametrize(("kind", "way"), [("message/rfc822", "8bit"), ("message/rfc822", "base64"), ("application/octet-stream", "base64"), ("text/plain", "base64")])  # fmt: skip
def test_what_the_owner_passed_on_as_a_file_had_reached_the_owner(read, kind, way):
    found = read(box(CAME, with_mail(OTHERS + VOTE, kind=kind, way=way), MINE + PLAIN + FRENCH), name="m.mbox")
    assert found.complaints[["text", "sender", "source_row"]].values.tolist() == [
        [f"Appel\n{VOTE}", "contact@espoir.ma", 3], [f"Appel\n{FRENCH}", "contact@espoir.ma", 4],
    ]  # fmt: skip
    assert found.complaints["received_at"].tolist() == [MOMENT, MOMENT]
    done = found.cleaning[found.cleaning["kind"] == "left_out"].set_index("code")["count"]
    assert done.to_dict() == {"personal": 1, "sent": 1}


def test_also_from_the_folder_of_what_was_sent(read):
    found = read(box(with_mail(OTHERS + VOTE)), name="Sent.mbox")
    assert found.complaints[["text", "source_row"]].values.tolist() == [[f"Appel\n{VOTE}", 2]]


def test_what_somebody_else_passed_on_had_reached_that_one(read):
    found = read(box(with_mail(OTHERS + VOTE, MINE, sender="ami@exemple.ma"), MINE + PLAIN + FRENCH), name="m.mbox")
    assert found.complaints["text"].tolist() == [f"Appel\n{FRENCH}"]
    told = found.cleaning.set_index("code")
    assert told.loc["passed_on", ["rows", "count"]].tolist() == ["row 2", 1]
    assert not any(VOTE in str(cell) for cell in found.cleaning.to_numpy().ravel())


def test_what_says_that_it_reached_the_owner_did(read):
    inner = PLAIN.replace("To: moi@exemple.ma", "To: Samira <Moi@exemple.ma>, x@y.ma")
    found = read(box(with_mail(inner + VOTE, MINE, sender="ami@exemple.ma")), name="m.mbox")
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]


def test_letters_of_the_owner_that_came_back_are_the_owners(read):
    inner = PLAIN.replace("contact@espoir.ma", "moi@exemple.ma")
    found = read(
        box(with_mail(inner + VOTE, MINE, sender="MAILER-DAEMON@x.ma", text="Non remis."), CAME, MINE + PLAIN + FRENCH),
        name="m.mbox",
    )
    assert found.complaints["text"].tolist() == [f"Appel\n{FRENCH}"]
    assert found.cleaning.set_index("code").loc["sent", "count"] == 1


def test_of_what_was_passed_on_private_letters_are_left_out(read):
    inner = PLAIN.replace("contact@espoir.ma", "ami@exemple.ma").replace("Appel", "Nous")
    found = read(box(CAME, with_mail(inner + LETTER), MINE + PLAIN + VOTE), name="m.mbox")
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert found.cleaning.set_index("code").loc["personal", "count"] == 2


def test_a_digest_of_a_list_is_its_messages(read):
    digest = (
        MINE
        + HEAD
        + 'Content-Type: multipart/digest; boundary="b"\n\n'
        + "".join(f"--b\n\n{PLAIN}{text}\n" for text in (VOTE, FRENCH))
        + "--b--\n"
    )
    found = read(box(digest, MINE + PLAIN + "ok"), name="m.mbox")
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}", f"Appel\n{FRENCH}"]
    assert found.complaints["source_row"].tolist() == [2, 3]


def test_a_broken_mail_within_one_costs_itself_alone(read):
    for inner in ("\x00\xff=?=?\n: :\n", "", "From: =?utf-8?q?\n\n", "Subject: x\nDate: never\n\n"):
        found = read(box(CAME, with_mail(inner), MINE + PLAIN + VOTE), name="m.mbox")
        assert f"Appel\n{VOTE}" in found.complaints["text"].tolist()


def test_a_broken_mail_of_a_mailbox_costs_itself_alone(read):
    found = read(box(PLAIN + VOTE, "\x00\xff=?=?\n: :\n", PLAIN + FRENCH), name="m.mbox")
    assert [row for row in found.complaints["source_row"] if row != 2] == [1, 3]

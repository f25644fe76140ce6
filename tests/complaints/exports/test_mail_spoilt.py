"""E-mails and mailboxes that editors, copying and other programs changed: what is whole of them is read, and nothing is lost in silence."""

import base64

import pytest
from mails import FRENCH, HEAD, MOMENT, PLAIN, VOTE, reading

PARTING = "From - Tue Sep  7 08:33:20 2021\n"


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


MAIL = PLAIN + VOTE


@pytest.mark.parametrize("content", [
    MAIL.replace("\n", "\r\n").encode(), MAIL.replace("\n", "\r\r\n").encode(), MAIL.replace("\n", "\r").encode(), b"\xef\xbb\xbf\r\n" + MAIL.encode(), MAIL.encode("utf-16"), b"\xfe\xff" + MAIL.encode("utf-16-be"),
    f"{len(MAIL.encode())}        \n{MAIL}\n<?xml version='1.0'?>\n<plist><dict/></plist>\n".encode(), MAIL.replace("8bit", "8bit   ").encode(),
])  # fmt: skip
def test_however_the_file_was_written(read, content):
    found = read(content).complaints
    assert found[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", "contact@espoir.ma"]]
    assert found["received_at"].tolist() == [MOMENT]


@pytest.mark.parametrize("cut", range(6))
def test_of_a_text_that_was_cut_short_what_is_whole_is_read(read, cut):
    packed = base64.b64encode((FRENCH * 3).encode()).decode()
    mail = (
        HEAD
        + f'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n{packed[: len(packed) - cut]}'
    )
    (text,) = read(mail).complaints["text"]
    assert text.startswith(f"Appel\n{FRENCH * 2}")


def test_a_way_of_packing_with_blanks_behind_it(read):
    mail = (
        HEAD
        + 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable   \n\n=C3=A9lu =\noui'
    )
    assert read(mail).complaints["text"].tolist() == ["Appel\nélu oui"]


def box_of(*mails, between="\n\n"):
    return "".join(f"{PARTING}{mail}{between}" for mail in mails)


@pytest.mark.parametrize("content", [
    box_of(MAIL, PLAIN + FRENCH), box_of(MAIL, PLAIN + FRENCH, between="\n"), "\n\n" + box_of(MAIL, PLAIN + FRENCH), box_of(MAIL, PLAIN + FRENCH).replace("\n", "\r\n"), "\ufeff" + box_of(MAIL, PLAIN + FRENCH),
    box_of(MAIL, PLAIN + FRENCH).replace("From - Tue Sep  7 08:33:20 2021", "From 1709@xxx Tue Sep 07 07:33:20 +0000 2021"),
])  # fmt: skip
def test_however_the_mailbox_parts_its_mails(read, content):
    found = read(content, name="m.mbox", keep_all=True)
    assert found.complaints[["text", "source_row"]].values.tolist() == [[f"Appel\n{VOTE}", 1], [f"Appel\n{FRENCH}", 2]]


@pytest.mark.parametrize(
    "line", ["From the heart, votez", "From Fès we call you", ">From 2021 on", "From x@y Tue Sep  7 08:33:20 2021"]
)
def test_a_line_of_a_text_parts_nothing(read, line):
    found = read(box_of(f"{MAIL}\n\n{line}\n\nfin", PLAIN + FRENCH), name="m.mbox", keep_all=True)
    assert found.complaints["text"].tolist() == [
        f"Appel\n{VOTE}\n\n{line.removeprefix('>')}\n\nfin",
        f"Appel\n{FRENCH}",
    ]

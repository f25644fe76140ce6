"""E-mails as programs save them, with all that encodings, HTML and people do to them."""

import base64
from email.message import EmailMessage

import pytest
from android_backups import CAMPAIGN, backup, sms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mails import FRENCH, HEAD, MINE, MOMENT, OWNER, PLAIN, VOTE, box, multipart, packed, reading

from tasrib.complaints.exports import find_export
from tasrib.complaints.exports.mail_text import legible, words_of
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


@pytest.mark.parametrize("way", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize(("text", "charset", "named"), [
    (VOTE, "utf-8", None), (VOTE, "cp1256", None), (VOTE, "iso8859-6", None), (VOTE, "utf-8", "iso-8859-1"), (VOTE, "utf-8", "windows-1256"), (VOTE, "cp1256", "utf-8"), (VOTE, "cp1256", "iso-8859-1"),
    (VOTE, "cp1256", ""), (VOTE, "utf-8", ""), (VOTE, "utf-8", "us-ascii"), (VOTE, "utf-8", "unknown-8bit"), (VOTE, "utf-8", "x-nonsense"), (FRENCH, "iso-8859-1", None), (FRENCH, "cp1252", "iso-8859-1"),
    (FRENCH, "utf-8", "iso-8859-1"), (FRENCH, "cp1252", "utf-8"), (FRENCH, "iso8859-15", None),
])  # fmt: skip
def test_letters_come_out_whatever_they_are_said_to_be(read, way, text, charset, named):
    found = read(packed(text, charset, way, named=named)).complaints
    assert found["text"].tolist() == [f"Appel\n{text}"]
    assert found[["sender", "channel", "recipient"]].values.tolist() == [["contact@espoir.ma", "email", OWNER]]
    assert found["received_at"].tolist() == [MOMENT]


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "utf-8-sig"])
def test_wide_encodings_are_believed(charset):
    assert legible(VOTE.encode(charset), charset).lstrip("\ufeff") == VOTE


@pytest.mark.parametrize(("subject", "meant"), [
    ("=?UTF-8?B?" + base64.b64encode(VOTE.encode()).decode() + "?=", VOTE), ("=?windows-1256?Q?=D5=E6=CA=E6=C7?=", "صوتوا"), ("=?utf-8?q?Appel_=C3=A0_voter?=", "Appel à voter"),
    ("=?UTF-8?B?" + base64.b64encode(VOTE.encode()[:7]).decode() + "?= =?UTF-8?B?" + base64.b64encode(VOTE.encode()[7:]).decode() + "?=", VOTE),
    (VOTE, VOTE), ("=?iso-8859-1?B?" + base64.b64encode(VOTE.encode()).decode() + "?=", VOTE), ("=?x-nonsense?Q?Votez?=", "Votez"), ("=?UTF-8?B?%%%?=", None), ("Votez\n demain", "Votez demain"), ("=?utf-8?q?broken", "=?utf-8?q?broken"),
])  # fmt: skip
def test_subjects_are_decoded(read, subject, meant):
    found = read(PLAIN.replace("Appel", subject) + "Texte")
    text = found.complaints["text"].tolist()[0]
    assert text == f"{meant}\nTexte" if meant is not None else text.endswith("Texte")


@pytest.mark.parametrize("encoding", ["cp1256", "utf-8"])
def test_heads_that_nobody_encoded(read, encoding):
    found = read(PLAIN.replace("Appel", VOTE).encode(encoding) + b"Texte")
    assert found.complaints["text"].tolist() == [f"{VOTE}\nTexte"]


@pytest.mark.parametrize(("html", "words"), [
    ("<html><head><title>x</title><style>p{}</style></head><body><p>Votez</p><p>le&nbsp;8&eacute;</p></body></html>", "Votez\nle 8é"), ("Votez<br>le 8", "Votez\nle 8"), ("<div>Votez <b>tous</b></div>", "Votez tous"),
    ('<a href="https://espoir.ma/x?u=1">Ici</a>', "Ici <https://espoir.ma>"), ('<a href="https://espoir.ma">espoir.ma</a>', "espoir.ma"), ('<div style="display:none">caché</div>Votez', "Votez"), ('<img src="x" alt="Votez">', "Votez"),
    ("<script>alert(1)</script>Votez", "Votez"), ("<table><tr><td>Votez</td><td>le 8</td></tr></table>", "Votez\nle 8"), ("<p>Votez", "Votez"), ("</div></p>Votez<", "Votez<"), ("&#1589;&#x648;", "صو"), ("<p style='font-size:0px'>x</p>oui", "oui"),
    ("<!-- x -->Votez<![if !mso]>!<![endif]>", "Votez!"), ("<span style=\"display:none\"><b>x</b></span>a", "a"),
])  # fmt: skip
def test_words_of_pages(html, words):
    assert words_of(html) == words


def test_html_alone_is_read(read):
    found = read(
        packed(f"<html><meta charset=windows-1256><p>{VOTE}</p></html>", "cp1256", "base64", named="", kind="html")
    )
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]


def test_of_two_versions_the_plain_one_is_read_unless_it_is_a_mere_hint(read):
    html = f"Content-Type: text/html; charset=utf-8\n\n<p>{VOTE} et beaucoup d'autres mots encore, pour voter tous ensemble demain</p>"
    assert read(multipart(f"Content-Type: text/plain; charset=utf-8\n\n{FRENCH}", html)).complaints[
        "text"
    ].tolist() == [f"Appel\n{FRENCH}"]
    for hint in ("Ouvrez en HTML", ""):
        assert (
            VOTE
            in read(multipart(f"Content-Type: text/plain; charset=utf-8\n\n{hint}", html))
            .complaints["text"]
            .tolist()[0]
        )


@pytest.mark.parametrize("content", [
    PLAIN.replace("\n", "\r\n") + VOTE, "Received: from x by y; Tue, 7 Sep 2021 08:33:20 +0100\n" + PLAIN.replace("Date: Tue, 7 Sep 2021 08:33:20 +0100\n", "") + VOTE, "\n\n" + PLAIN + VOTE, "\ufeff" + PLAIN + VOTE,
    PLAIN.replace("Date: Tue, 7 Sep 2021", "Date: 7 Sep 2021") + VOTE, multipart(f"Content-Type: text/plain; charset=utf-8\n\n{VOTE}").removesuffix("--b--\n"), HEAD + f'Content-Type: multipart/mixed; boundary="none"\n\n{VOTE}',
    HEAD + f"\n{VOTE}", PLAIN.replace("To:", "X-Odd(:\nTo:") + VOTE, PLAIN.replace("From: Parti Y <contact@espoir.ma>", 'From: "Parti, Y" <contact@espoir.ma>') + VOTE,
    PLAIN.replace("Parti Y <contact@espoir.ma>", "=?utf-8?b?2K3Ystio?= <contact@espoir.ma>") + VOTE, PLAIN.replace("Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding: nonsense") + VOTE,
])  # fmt: skip
def test_odd_heads_and_bodies(read, content):
    found = read(content).complaints
    assert VOTE in found["text"].tolist()[0]
    assert found["received_at"].tolist() == [MOMENT]
    assert found["sender"].tolist() == ["contact@espoir.ma"]


def test_an_address_is_no_telephone_number(read):
    with pytest.raises(UnreadableInput, match="give --recipient NUMBER"):
        read("Delivered-To: moi@exemple.ma\n" + PLAIN + VOTE, recipient=None)
    assert read(PLAIN + VOTE, name="0612345678.eml", recipient=None).complaints["recipient"].tolist() == ["0612345678"]


def test_what_hangs_on_it_is_read_by_what_it_is(read):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = (
        "citoyen@exemple.ma",
        "plaintes@exemple.ma",
        "Plainte",
        "Thu, 9 Sep 2021 10:00:00 +0100",
    )
    mail.set_content("Bonjour, ci-joint ce que j'ai reçu. Cordialement, Samira.")
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Date"] = "contact@espoir.ma", "Appel", "Tue, 7 Sep 2021 08:33:20 +0100"
    inner.set_content(VOTE)
    mail.add_attachment(inner)
    mail.add_attachment(backup(sms()).encode(), maintype="application", subtype="xml", filename="sms.xml")
    mail.add_attachment(b"message,tel\nVotez demain,0661000101\n", maintype="text", subtype="csv", filename="t.csv")
    mail.add_attachment(b"\x89PNG" + bytes(9), maintype="image", subtype="png", filename="capture.png")
    found = read(mail.as_bytes())
    assert sorted(found.complaints["text"]) == sorted([f"Appel\n{VOTE}", CAMPAIGN, "Votez demain"])
    assert (
        sorted(found.complaints["source_sheet"]) == ["3.eml", "sms.xml", "t.csv"]
        or "sms.xml" in found.complaints["source_sheet"].tolist()
    )
    told = found.cleaning.set_index("code")
    assert told.loc["cover", "count"] == 1
    assert told.loc["holds_none", "sheet"] == "capture.png"
    assert not found.complaints["text"].str.contains("Samira").any()


def test_beside_what_cannot_be_read_the_text_stays(read):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "contact@espoir.ma", "Appel", "Tue, 7 Sep 2021 08:33:20 +0100"
    mail.set_content(VOTE)
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="tract.pdf")
    assert read(mail.as_bytes()).complaints["text"].tolist() == [f"Appel\n{VOTE}"]


@pytest.mark.parametrize("table", [b"x", b"ville,salle\nFes,Rex\n"])
def test_a_table_of_something_else_that_hangs_on_it_makes_no_cover_of_it(read, table):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "contact@espoir.ma", "Appel", "Tue, 7 Sep 2021 08:33:20 +0100"
    mail.set_content(VOTE)
    mail.add_attachment(table, maintype="text", subtype="csv", filename="meetings.csv")
    found = read(mail.as_bytes())
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert "file_not_read" in found.cleaning["code"].tolist()


@pytest.mark.parametrize("name", ["m.eml", "m.mbox"])
def test_a_page_that_hangs_on_an_empty_mail_is_what_it_says(read, name):
    page = f'Content-Type: text/html; charset=utf-8; name="m.html"\nContent-Disposition: attachment; filename="m.html"\n\n<p>{VOTE}</p>'
    mail = MINE + multipart("Content-Type: text/plain\n\n", page, subtype="mixed")
    found = read(mail if name.endswith("eml") else box(mail), name=name)
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert "holds_none" not in found.cleaning["code"].tolist()
    beside = MINE + multipart(f"Content-Type: text/plain; charset=utf-8\n\n{FRENCH}", page, subtype="mixed")
    found = read(beside if name.endswith("eml") else box(beside), name=name)
    assert found.complaints["text"].tolist() == [f"Appel\n{FRENCH}"]


@pytest.mark.parametrize("content", [
    "text,recipient\nVotez,0612345678\n", "Subject: x\n\nvotez", "From hier à demain\nvotez", "Bonjour : votez\nDate : demain\n", "", "a: b\nc: d\n\n", '{"from": 1}', "-----BEGIN-----\nFrom: x\n", "date;from;subject\n",
])  # fmt: skip
def test_anything_else_is_no_mail(content):
    assert find_export(Source("m.eml", "m.eml", content.encode())) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200),
    st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=b", "message/rfc822", "nonsense", ""]),
    st.sampled_from(["base64", "quoted-printable", "8bit", "uuencode", ""]),
)
def test_whatever_is_in_it_each_mail_is_accounted_for(read, data, kind, way):
    content = HEAD.encode() + f"Content-Type: {kind}\nContent-Transfer-Encoding: {way}\n\n".encode() + data
    file = read(content, keep_all=True).files[0]
    assert file.n_scored + file.n_quarantined + file.n_left_out >= 1

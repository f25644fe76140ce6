"""E-mails and mailboxes as programs save them, with all that encodings, HTML and people do to them."""

import base64
import quopri
from email.message import EmailMessage

import pandas as pd
import pytest
from android_backups import CAMPAIGN, backup, sms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_files
from tasrib.complaints.exports import find_export
from tasrib.complaints.exports.mail_quoted import moment_of, passed_on, without_prefix
from tasrib.complaints.exports.mail_text import legible, words_of
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل يوم 8 شتنبر"
FRENCH = "Votez pour l'Espoir, l'élection est à Fès"
HEAD = "From: Parti Y <contact@espoir.ma>\nTo: moi@exemple.ma\nSubject: Appel\nDate: Tue, 7 Sep 2021 08:33:20 +0100\nMIME-Version: 1.0\n"
PLAIN = HEAD + 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n'
MOMENT = pd.Timestamp("2021-09-07T07:33:20Z")


@pytest.fixture
def read(tmp_path):
    def reading(content, name="m.eml", **more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_files(path, **({"recipient": OWNER} | more))

    return reading


def packed(text, charset, way, *, named=None, kind="plain"):
    """An e-mail of one part, its bytes packed in a way, its charset named rightly or not."""
    data = text.encode(charset)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": lambda given: given}[way](
        data
    )
    content = "" if named == "" else f"; charset={named or charset}"
    return HEAD.encode() + f"Content-Type: text/{kind}{content}\nContent-Transfer-Encoding: {way}\n\n".encode() + body


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


def multipart(*parts, subtype="alternative"):
    return (
        HEAD
        + f'Content-Type: multipart/{subtype}; boundary="b"\n\n'
        + "".join(f"--b\n{part}\n" for part in parts)
        + "--b--\n"
    )


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


MARKS = [
    "---------- Forwarded message ---------\nDe : {from}\nDate: mar. 7 sept. 2021 à 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "---------- Message transféré ----------\nDe : {from}\nDate : 7 septembre 2021 à 08:33\nObjet : Appel\nÀ : moi@exemple.ma\n\n{text}",
    "-----Message d'origine-----\nDe : {from}\nEnvoyé : mardi 7 septembre 2021 08:33\nÀ : moi\nObjet : Appel\n\n{text}",
    "________________________________\nDe : {from}\nEnvoyé : mardi 7 septembre 2021 08:33\nÀ : moi\nObjet : Appel\n\n{text}",
    "From: {from}\nSent: Tuesday, September 7, 2021 8:33 AM\nTo: me\nSubject: Appel\n\n{text}",
    "Begin forwarded message:\n\n> From: {from}\n> Date: September 7, 2021 at 8:33 AM\n> To: me\n> Subject: Appel\n>\n> {text}",
    "Début du message transféré :\n\nDe: {from}\nDate: 7 septembre 2021 à 08:33\nÀ: moi\nObjet: Appel\n\n{text}",
    "-------- Message transféré --------\nSujet : \tAppel\nDate : \tTue, 7 Sep 2021 08:33:00 +0100\nDe : \t{from}\nPour : \tmoi@exemple.ma\n\n\n{text}",
    "---------- الرسالة المُعاد توجيهها ---------\nمن: {from}\nالتاريخ: 7 سبتمبر 2021، 08:33\nالموضوع: Appel\nإلى: moi@exemple.ma\n\n{text}",
    "---------- Forwarded message ---------\nFrom: Ami <ami@exemple.ma>\nDate: Wed, Sep 8, 2021 at 9:00 AM\nSubject: Fwd: Appel\nTo: moi\n\n---------- Forwarded message ---------\nFrom: {from}\nDate: Tue, Sep 7, 2021 at 8:33 AM\nSubject: Appel\nTo: ami\n\n{text}",
    "   ----- Message transmis ----- De : {from}À : \"moi@exemple.ma\" <moi@exemple.ma>Cc : X <x@exemple.ma>Envoyé : mardi 7 septembre 2021, 08:33:20Objet : Appel\n {text}",
    "-----Message d'origine-----\nDe\u00a0: {from}\nDate\u00a0: 7 septembre 2021 08:33\nRépondre à\u00a0: x@y.ma\nObjet\u00a0: Appel\n\n{text}",
    "-------- Original message --------\nFrom: {from}\nDate: 07/09/2021 08:33 (GMT+01:00)\nTo: me\nSubject: Appel\n\n{text}",
]  # fmt: skip


# As the telephones and programs of those who live abroad write it, and those in Arabic do now.
MARKS += [
    "---------- Forwarded message ---------\nمن: {from}\n\u202aDate: الثلاثاء، ٧ سبتمبر ٢٠٢١ في ٨:٣٣ ص\u202c\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "بدء الرسالة المعاد توجيهها:\n\n> من: {from}\n> التاريخ: ٧ سبتمبر ٢٠٢١ في ٨:٣٣:٢٠ ص غرينتش+١\n> إلى: moi@exemple.ma\n> الموضوع: Appel\n> \n> {text}",
    "Da: {from}\nInviato: martedì 7 settembre 2021 08:33\nA: moi\nOggetto: Appel\n\n{text}",
    "Inizio messaggio inoltrato:\n\n> Da: {from}\n> Oggetto: Appel\n> Data: 7 settembre 2021 alle ore 08:33\n> A: moi@exemple.ma\n> \n> {text}",
    "---------- Forwarded message ---------\nVan: {from}\nDate: di 7 sep. 2021 om 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "Van: {from}\nVerzonden: dinsdag 7 september 2021 08:33\nAan: moi\nOnderwerp: Appel\n\n{text}",
    "---------- Forwarded message ---------\nDe: {from}\nDate: mar, 7 sept 2021 a las 8:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "---------- Forwarded message ---------\nDe: {from}\nDate: terça, 7/09/2021 à(s) 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
]  # fmt: skip


@pytest.mark.parametrize("mark", range(len(MARKS)))
def test_what_is_passed_on_is_the_message(read, mark):
    body = MARKS[mark].format(**{"from": "Parti Y <contact@espoir.ma>", "text": VOTE})
    mail = (
        PLAIN.replace("contact@espoir.ma", "citoyen@exemple.ma")
        .replace("Parti Y", "Citoyen")
        .replace("Appel", "Tr: Appel")
        .replace("7 Sep", "9 Sep")
        + f"Bonjour, voici ce que j'ai reçu.\n\n{body}\n"
    )
    found = read(mail).complaints
    assert found["text"].tolist() == [f"Appel\n{VOTE}"]
    assert found["sender"].tolist() == ["contact@espoir.ma"]
    assert found["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%d %H:%M").tolist() == ["07 08:33"]


@pytest.mark.parametrize("line", [
    "Le mar. 7 sept. 2021 à 08:33, Parti Y <contact@espoir.ma> a écrit :", "On Tue, Sep 7, 2021 at 8:33 AM Parti Y <contact@espoir.ma> wrote:", "Le 7 sept. 2021 à 08:33, Parti Y\n<contact@espoir.ma> a écrit :",
    "Am 07.09.2021 um 08:33 schrieb Parti Y <contact@espoir.ma>:".replace("schrieb Parti Y <contact@espoir.ma>", "Parti Y <contact@espoir.ma> schrieb"), "في الثلاثاء، 7 سبتمبر 2021 08:33 Parti Y <contact@espoir.ma> كتب:",
])  # fmt: skip
def test_what_is_answered_is_the_message(read, line):
    mail = (
        PLAIN.replace("contact@espoir.ma", "citoyen@exemple.ma").replace("Appel", "Re: Appel")
        + f"Comment avez-vous eu mon adresse ?\n\n{line}\n> {VOTE}\n> {FRENCH}\n"
    )
    found = read(mail).complaints
    assert found["text"].tolist() == [f"Appel\n{VOTE}\n{FRENCH}"]
    assert found["sender"].tolist() == ["contact@espoir.ma"]
    assert found["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%d").tolist() == ["07"]


def test_what_is_answered_may_have_no_address(read):
    mail = PLAIN.replace("Appel", "Re: Appel") + f"Qui êtes-vous ?\n\nOn 07/09/2021 08:33, Parti Y wrote:\n> {VOTE}\n"
    found = read(mail).complaints
    assert found[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", ""]]


def test_of_a_zone_that_nobody_knows_only_the_day_counts():
    assert moment_of("7 September 2021 at 23:17:21 EEST") == "2021-09-07"


def test_an_sms_that_is_passed_on_by_mail_is_one(read):
    found = read(
        PLAIN + f"---------- Forwarded message ---------\nFrom: 3636\nDate: 07/09/2021 08:33\n\n{VOTE}"
    ).complaints
    assert found[["sender", "channel"]].values.tolist() == [["3636", "sms"]]


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: Fwd: TR : Appel", "Appel"), ("رد: صوتوا", "صوتوا"), ("Rappel: votez", "Rappel: votez"), ("", "")],
)
def test_subjects_without_what_was_put_before_them(subject, bare):
    assert without_prefix(subject) == bare


@pytest.mark.parametrize(
    "text",
    [
        VOTE,
        "De : la ville\nvotez",
        "---\nvotez",
        "Objet : votez\nDate : le 8",
        "le candidat a écrit :\nvotez",
        "-- \nForwarded",
        "",
    ],
)
def test_an_ordinary_text_passes_nothing_on(text):
    assert passed_on(text, "Appel") is None


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


def box(*mails, sep="From x@y Tue Sep  7 08:33:20 2021\n"):
    return "".join(f"{sep}{mail}\n\n" for mail in mails)


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


@pytest.mark.parametrize("table", [b"x", b"ville,salle\nFes,Rex\n"])
def test_a_table_of_something_else_that_hangs_on_it_makes_no_cover_of_it(read, table):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "contact@espoir.ma", "Appel", "Tue, 7 Sep 2021 08:33:20 +0100"
    mail.set_content(VOTE)
    mail.add_attachment(table, maintype="text", subtype="csv", filename="meetings.csv")
    found = read(mail.as_bytes())
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert "file_not_read" in found.cleaning["code"].tolist()


WAY = "Received: by x; Tue, 7 Sep 2021 08:33:20 +0100\n"
LETTER = "Ma chère, voici ce que je voulais te dire depuis longtemps, ne le montre à personne.\n"


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


def with_mail(
    inner, head="", *, sender="moi@exemple.ma", text="Voici ce que j'ai reçu.", kind="message/rfc822", way="8bit"
):
    """An e-mail of a mailbox on which another hangs."""
    attached = base64.encodebytes(inner.encode()).decode() if way == "base64" else inner
    return (
        head + HEAD.replace("contact@espoir.ma", sender).replace("Appel", "Plainte")
        + f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        + f'--b\nContent-Type: {kind}; name="Appel.eml"\nContent-Disposition: attachment; filename="Appel.eml"\nContent-Transfer-Encoding: {way}\n\n{attached}\n--b--\n'
    )  # fmt: skip


MINE = "Delivered-To: moi@exemple.ma\nReceived: by x; Tue, 7 Sep 2021 08:33:20 +0100\n"
CAME = MINE + PLAIN + "ok"
OTHERS = PLAIN.replace("To: moi@exemple.ma", "To: ami@exemple.ma")


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


def test_a_broken_mail_within_one_costs_itself_alone(read):
    for inner in ("\x00\xff=?=?\n: :\n", "", "From: =?utf-8?q?\n\n", "Subject: x\nDate: never\n\n"):
        found = read(box(CAME, with_mail(inner), MINE + PLAIN + VOTE), name="m.mbox")
        assert f"Appel\n{VOTE}" in found.complaints["text"].tolist()


def test_a_broken_mail_of_a_mailbox_costs_itself_alone(read):
    found = read(box(PLAIN + VOTE, "\x00\xff=?=?\n: :\n", PLAIN + FRENCH), name="m.mbox")
    assert [row for row in found.complaints["source_row"] if row != 2] == [1, 3]


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

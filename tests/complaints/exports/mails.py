"""E-mails and mailboxes as programs write them, with invented messages, and how the tests read them."""

import base64
import quopri

import pandas as pd

from tasrib.complaints import read_files

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل يوم 8 شتنبر"
FRENCH = "Votez pour l'Espoir, l'élection est à Fès"
HEAD = "From: Parti Y <contact@espoir.ma>\nTo: moi@exemple.ma\nSubject: Appel\nDate: Tue, 7 Sep 2021 08:33:20 +0100\nMIME-Version: 1.0\n"
PLAIN = HEAD + 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n'
MOMENT = pd.Timestamp("2021-09-07T07:33:20Z")
WAY = "Received: by x; Tue, 7 Sep 2021 08:33:20 +0100\n"
MINE = "Delivered-To: moi@exemple.ma\nReceived: by x; Tue, 7 Sep 2021 08:33:20 +0100\n"


def reading(folder):
    """A function that reads what it is given as a file of this folder."""

    def read(content, name="m.eml", **more):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_files(path, **({"recipient": OWNER} | more))

    return read


def packed(text, charset, way, *, named=None, kind="plain"):
    """An e-mail of one part, its bytes packed in a way, its charset named rightly or not."""
    data = text.encode(charset)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": lambda given: given}[way](
        data
    )
    content = "" if named == "" else f"; charset={named or charset}"
    return HEAD.encode() + f"Content-Type: text/{kind}{content}\nContent-Transfer-Encoding: {way}\n\n".encode() + body


def multipart(*parts, subtype="alternative"):
    return (
        HEAD
        + f'Content-Type: multipart/{subtype}; boundary="b"\n\n'
        + "".join(f"--b\n{part}\n" for part in parts)
        + "--b--\n"
    )


def box(*mails, sep="From x@y Tue Sep  7 08:33:20 2021\n"):
    return "".join(f"{sep}{mail}\n\n" for mail in mails)


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

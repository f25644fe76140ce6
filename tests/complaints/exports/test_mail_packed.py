"""E-mails within which the message is packed: signed, encrypted, in Outlook's winmail.dat; and pictures that a text shows."""

import base64
import struct
import zlib

import pytest
from android_backups import CAMPAIGN, backup, sms
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import FRENCH, HEAD, MOMENT, PLAIN, VOTE, multipart, reading
from outlook_messages import container, message

from tasrib.complaints.exports.signed import signed_content
from tasrib.complaints.exports.winmail import read_packed
from tasrib.errors import UnreadableInput

SIGNED, ENVELOPED, DATA = ("2a864886f70d0107" + end for end in ("02", "03", "01"))


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


def ber(kind, content, *, marked=False):
    """An element of BER, its length before it or its end marked behind it."""
    if marked:
        return bytes([kind, 0x80]) + content + bytes(2)
    size = len(content)
    long = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return bytes([kind]) + (bytes([size]) if size < 128 else bytes([0x80 | len(long)]) + long) + content


def cms(content, kind=SIGNED, *, marked=False, parts=1):
    """What was signed, in the structure round it."""
    step = len(content) // parts + 1
    cut = [content[at : at + step] for at in range(0, len(content), step)]
    octets = ber(4, content) if parts == 1 else ber(0x24, b"".join(ber(4, each) for each in cut), marked=marked)
    inner = ber(0x30, ber(6, bytes.fromhex(DATA)) + ber(0xA0, octets, marked=marked), marked=marked)
    signed = ber(0x30, ber(2, b"\x01") + ber(0x31, b"") + inner + ber(0x31, b""), marked=marked)
    return ber(0x30, ber(6, bytes.fromhex(kind)) + ber(0xA0, signed, marked=marked), marked=marked)


def signed_mail(content, kind="application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"):
    body = base64.encodebytes(content).decode()
    return HEAD + f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{body}"


INNER = f'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{VOTE}\r\n'.encode()


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("parts", [1, 3])
def test_what_was_signed_is_the_message(read, marked, parts):
    found = read(signed_mail(cms(INNER, marked=marked, parts=parts))).complaints
    assert found[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", "contact@espoir.ma"]]
    assert found["received_at"].tolist() == [MOMENT]


@pytest.mark.parametrize("mail", [
    signed_mail(cms(INNER, ENVELOPED)), signed_mail(b"\x30\x80"), signed_mail(b""), signed_mail(cms(INNER)[:60]),
    HEAD + 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\n--b--\n',
])  # fmt: skip
def test_what_is_encrypted_is_no_message_of_its_subject_alone(read, mail):
    found = read(mail)
    assert found.complaints.empty
    assert found.rejected["reason"].str.contains("encrypted").tolist() == [True]
    assert "Appel" not in found.rejected["raw"].iloc[0]


def test_a_legible_signed_mail_is_read_and_its_signature_not_named(read):
    part = f"Content-Type: text/plain; charset=utf-8\n\n{VOTE}"
    seal = 'Content-Type: application/pkcs7-signature; name="smime.p7s"\nContent-Disposition: attachment; filename="smime.p7s"\nContent-Transfer-Encoding: base64\n\nMIAG'
    found = read(multipart(part, seal, subtype="signed"))
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert "holds_none" not in found.cleaning["code"].tolist()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), st.integers(0, 255), st.booleans())
def test_damaged_structures_give_bytes_or_nothing(at, value, marked):
    data = bytearray(cms(INNER, marked=marked, parts=2))
    data[at % len(data)] = value
    assert isinstance(signed_content(bytes(data)), bytes | None)
    assert isinstance(signed_content(bytes(data)[:at]), bytes | None)


def attribute(number, content):
    return struct.pack("<BII", 1, number, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def wide(number, text):
    data = (text + "\0").encode("utf-16-le")
    return struct.pack("<HHII", 0x1F, number, 1, len(data)) + data + bytes(-len(data) % 4)


def winmail(*files, text="", page=1256):
    """A winmail.dat, its names as Outlook writes them: a short one in a code page, the long one among properties."""
    found = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x00069007, struct.pack("<II", page, 0))
    if text:
        found += attribute(0x00069003, struct.pack("<I", 2) + wide(0x0037, "Appel") + wide(0x1000, text))
    for name, content in files:
        found += (
            attribute(0x00069002, bytes(14)) + attribute(0x0006800F, content) + attribute(0x00018010, b"SHORT~1.XML\0")
        )
        found += attribute(0x00069005, struct.pack("<I", 1) + wide(0x3707, name))
    return found


def with_winmail(packed, text):
    part = f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    data = base64.encodebytes(packed).decode()
    return multipart(part, f'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Disposition: attachment; filename="winmail.dat"\nContent-Transfer-Encoding: base64\n\n{data}', subtype="mixed")  # fmt: skip


def test_what_outlook_packed_is_read_by_what_it_is(read):
    found = read(with_winmail(winmail(("نسخة.xml", backup(sms()).encode())), "Ci-joint."))
    assert found.complaints["text"].tolist() == [CAMPAIGN]
    assert found.complaints["source_sheet"].tolist() == ["نسخة.xml"]


def test_words_that_outlook_packed_are_those_of_a_mail_without_any(read):
    assert read(with_winmail(winmail(text=VOTE), "")).complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert read(with_winmail(winmail(text=VOTE), FRENCH)).complaints["text"].tolist() == [f"Appel\n{FRENCH}"]


def test_a_winmail_that_lies_by_itself(read):
    assert read(winmail(text=VOTE), name="winmail.dat").complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    packed = winmail(("a.xml", backup(sms()).encode()), text="Ci-joint.")
    assert read(packed, name="winmail.dat").complaints["text"].tolist() == [CAMPAIGN]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_costs_what_stands_behind_it(at, damage):
    whole = winmail(("a.xml", b"x" * 50), text=VOTE)
    at %= len(whole)
    assert isinstance(read_packed(whole[:at]).files, list)
    assert isinstance(read_packed(whole[:at] + damage + whole[at + len(damage) :]).text, str)


def picture(width, height):
    """The smallest picture of a size: one colour."""
    rows = zlib.compress((b"\0" + b"\xee" * width) * height)
    chunk = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunk
    )


@pytest.mark.parametrize(("size", "is_named"), [((600, 90), False), ((260, 250), False), ((720, 1_280), True)])
def test_a_picture_that_the_text_shows_is_looked_at_if_it_is_as_tall_as_a_screen(read, size, is_named):
    page = f"Content-Type: text/html; charset=utf-8\n\n<p>{VOTE}</p><img src='cid:a@b'>"
    shown = f'Content-Type: image/png; name="image001.png"\nContent-ID: <a@b>\nContent-Disposition: inline; filename="image001.png"\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(picture(*size)).decode()}'
    found = read(multipart(page, shown, subtype="related"))
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert ("holds_none" in found.cleaning["code"].tolist()) == is_named


def test_an_outlook_message_shows_its_logos_and_stays_one(read):
    logo = {
        "__properties_version1.0": bytes(8) + struct.pack("<IIQ", 0x7FFE000B, 6, 1),
        "__substg1.0_37010102": picture(400, 300), "__substg1.0_3707001F": "image001.png".encode("utf-16-le"),
        "__substg1.0_3712001F": "image001.png@01".encode("utf-16-le"),
    }  # fmt: skip
    found = read(container(message() | {"__attach_version1.0_#00000000": logo}), name="m.msg")
    assert found.complaints["text"].tolist() == [f"Appel\n{VOTE}"]
    assert "holds_none" not in found.cleaning["code"].tolist()


@pytest.mark.parametrize("head", [b"", b"Content-Type: text/plain\r\n"])
def test_what_was_signed_in_outlook_is_the_message(read, head):
    content = (
        b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n" + INNER + b"\r\n--b--\r\n" if head else cms(INNER)
    )
    hanging = {
        "__substg1.0_37010102": content, "__substg1.0_3707001F": "smime.p7m".encode("utf-16-le"),
        "__substg1.0_370E001F": ("multipart/signed" if head else "application/pkcs7-mime").encode("utf-16-le"),
    }  # fmt: skip
    kind = {"001A": "IPM.Note.SMIME" + (".MultipartSigned" if head else "")}
    found = read(container(message("", **kind) | {"__attach_version1.0_#00000000": hanging}), name="m.msg").complaints
    assert found[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", "contact@espoir.ma"]]


@pytest.mark.parametrize("kind", ["IPM.Contact", "IPM.StickyNote", "IPM.Appointment", "IPM.Task"])
def test_what_outlook_keeps_beside_messages_is_none(read, kind):
    with pytest.raises(UnreadableInput, match="no message"):
        read(container(message(**{"001A": kind})), name="m.msg")


def test_a_mail_that_hangs_on_one_packed_as_any_file_is_read(read):
    inner = base64.encodebytes((PLAIN + VOTE).encode()).decode()
    part = (
        f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n{inner}"
    )
    mail = multipart("Content-Type: text/plain\n\nVoir.", part, subtype="mixed").replace(
        "contact@espoir.ma", "citoyen@exemple.ma"
    )
    assert read(mail).complaints[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", "contact@espoir.ma"]]

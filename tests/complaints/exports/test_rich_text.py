"""Texts that Outlook keeps in RTF alone, packed and written here after MS-OXRTFCP, MS-OXRTFEX and the RTF specification."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook_messages import VOTE, container, message

from tasrib.complaints import read_files
from tasrib.complaints.exports.rich_text import NotLegible, text_of_rtf, unpacked

FRENCH = "Votez pour l'Espoir, l'élection est à Fès"
# The first letters of any packed text, MS-OXRTFCP 2.1.2.1.
KNOWN = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    b"RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


@pytest.fixture
def read(tmp_path):
    def reading(tree):
        (tmp_path / "m.msg").write_bytes(container(tree))
        return read_files(tmp_path / "m.msg", recipient="+212612345678")

    return reading


def packed(data, kind=b"LZFu"):
    """As Outlook packs: each token the longest run that stands among the last letters already."""
    if kind == b"MELA":
        return struct.pack("<II4sI", len(data) + 12, len(data), kind, 0) + data
    known, at, tokens = KNOWN, 0, []
    while at < len(data):
        length = next((n for n in range(17, 1, -1) if at + n <= len(data) and data[at : at + n] in known[-4_000:]), 0)
        if length:
            place = known.rindex(data[at : at + length])
            tokens.append(struct.pack(">H", (place % 4_096) << 4 | length - 2))
        else:
            length = 1
            tokens.append(data[at : at + 1])
        known += data[at : at + length]
        at += length
    tokens.append(struct.pack(">H", (len(known) % 4_096) << 4))
    body = b"".join(
        bytes([sum(1 << bit for bit, token in enumerate(tokens[first : first + 8]) if len(token) == 2)])
        + b"".join(tokens[first : first + 8])
        for first in range(0, len(tokens), 8)
    )
    check = zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<II4sI", len(body) + 12, len(data), kind, check) + body


def hexed(text, page):
    return "".join(sign if sign.isascii() else "".join(f"\\'{byte:02x}" for byte in sign.encode(page)) for sign in text)


def coded(text):
    units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}h", text.encode("utf-16-le"))
    return "".join(chr(unit) if 0 < unit < 128 else f"\\u{unit}?" for unit in units)


FONTS = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset178 Tahoma{\*\falt x};}}{\colortbl ;\red0\green0\blue0;}{\*\generator Riched20 10.0;}"
PAGE = r"{\rtf1\ansi\ansicpg1256\fromhtml1 \deff0" + FONTS
RTF = {
    "a page for all": (r"{\rtf1\ansi\ansicpg1256\deff0\pard\rtlpar " + hexed(VOTE, "cp1256") + r"\par}", VOTE),
    "a font for each": (r"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + r"\f0 " + hexed(FRENCH, "cp1252") + r"\par\f1 " + hexed(VOTE, "cp1256") + r"\f0\par}", f"{FRENCH}\n{VOTE}"),
    "codes of letters": (r"{\rtf1\ansi\ansicpg1252\uc1 " + coded(VOTE) + "}", VOTE),
    "emojis in halves": (r"{\rtf1\ansi\uc1 Votez " + coded("🇲🇦") + "}", "Votez 🇲🇦"),
    "two signs for old programs": (r"{\rtf1\ansi\uc2 \u1589\'d5 \u1608xx!}", "صو!"),
    "none for old programs": (r"{\rtf1\ansi{\uc0 \u1589\u1608}\u1589?!}", "صوص!"),
    "plain text in RTF": (r"{\rtf1\ansi\ansicpg1252\fromtext \fbidi " + FONTS + r"\uc1\pard Votez\par\par demain\tab 8h\line fin\par}", "Votez\n\ndemain\t8h\nfin"),
    "a link": (r'{\rtf1 {\field{\*\fldinst HYPERLINK "https://espoir.ma/x?u=1"}{\fldrslt Ici}} votez}', "Ici <https://espoir.ma> votez"),
    "a link that is seen": (r'{\rtf1 {\field{\*\fldinst {HYPERLINK "https://espoir.ma"}}{\fldrslt {https://espoir.ma}}}}', "https://espoir.ma"),
    "hidden words": (r"{\rtf1 Votez {\v secret}\v encore\v0  demain}", "Votez  demain"),
    "pictures and lists": (r"{\rtf1 {\pict\pngblip\bin5 }}{{\}{\*\shppict{\pict 00ff}}{\pntext\f0 1.}{\info{\author Ali}}Votez \{tous\} \\o/}", "Votez {tous} \\o/"),
    "quotes and dashes": (r"{\rtf1 l\rquote heure \endash  \ldblquote oui\rdblquote\~!}", "l\u2019heure \u2013 \u201coui\u201d\u00a0!"),
    "lines of the file": ("{\\rtf1 Votez\r\n demain\\\nfin}", "Votez demain\nfin"),
    "a page of HTML": (
        PAGE + r"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \f1 " + hexed(VOTE, "cp1256") + r"\htmlrtf\par}\htmlrtf0{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\htmltag92 </p>}"
        + r"{\*\mhtmltag x}{\*\htmltag84 <a href='https://espoir.ma/u'>}ici{\*\htmltag92 </a>}}",
        f"{VOTE}\nici <https://espoir.ma>",
    ),
    "what a page hides": (PAGE + r"{\*\htmltag84 <span style=\'22display:none\'22>}x{\*\htmltag92 </span>}{\*\htmltag84 <p>}Votez 5 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0  6}", "Votez 5 < 6"),
    "a group that is not closed": (r"{\rtf1 {\b Votez", "Votez"),
    "more after the end": (r"{\rtf1 Votez} secret", "Votez"),
    "a page that is none": (r"{\rtf1\ansicpg99999 \'e9}", "é"),
}  # fmt: skip


@pytest.mark.parametrize("what", RTF)
def test_the_words_of_a_text(what):
    rtf, words = RTF[what]
    assert text_of_rtf(rtf.encode("latin-1")) == words


@pytest.mark.parametrize("kind", [b"LZFu", b"MELA"])
@pytest.mark.parametrize("what", RTF)
def test_what_was_packed_comes_out_to_the_letter(what, kind):
    data = RTF[what][0].encode("latin-1") * 40
    assert unpacked(packed(data, kind)) == data
    assert unpacked(packed(data, kind) + b"more") == data


def test_the_example_of_the_specification():
    # MS-OXRTFCP 3.1.1.1 and 3.1.2.1.
    simple = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(simple) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(crossing) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@pytest.mark.parametrize("what", ["a font for each", "a page of HTML"])
def test_a_message_of_outlook_that_has_no_other_text(read, what):
    rtf, words = RTF[what]
    found = read(message("") | {"__substg1.0_10090102": packed(rtf.encode("latin-1"))})
    assert found.complaints["text"].tolist() == [f"Appel\n{words}"]


def test_another_text_goes_before_it(read):
    found = read(message(FRENCH) | {"__substg1.0_10090102": packed(rb"{\rtf1 autre}")})
    assert found.complaints["text"].tolist() == [f"Appel\n{FRENCH}"]


@pytest.mark.parametrize("spoil", [
    lambda data: data[:10], lambda data: data[:40], lambda data: data[:-3], lambda data: data[:8] + b"XXXX" + data[12:], lambda data: data[:30] + b"\xff" + data[31:],
    lambda data: data[:4] + b"\xff" * 4 + data[8:], lambda data: packed(b"<html>rien"),
])  # fmt: skip
def test_what_is_damaged_goes_to_quarantine(read, spoil):
    data = packed(RTF["a font for each"][0].encode("latin-1"))
    found = read(message("") | {"__substg1.0_10090102": spoil(data)})
    assert found.rejected["reason"].tolist() == ["its text is kept in a form that cannot be read"]
    assert not len(found.complaints)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"\\",
                b"\\par",
                b"\\'e9",
                b"\\u1589?",
                b"\\*",
                b"\\fromhtml1",
                b"\\htmlrtf ",
                b"{\\*\\htmltag1 <p>",
                b"\\bin9 ",
                b"\\field",
                b"x",
                b"\\f1",
                b"\xff",
                b"\\u99999999 ",
                b"\\uc-5 ",
                b"\\fcharset178 ",
            ]
        ),
        max_size=40,
    )
)
def test_anything_is_read_or_refused(parts):  # fmt: skip
    assert isinstance(text_of_rtf(b"{\\rtf1 " + b"".join(parts)), str)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_anything_is_unpacked_or_refused(data):
    body = data[12:]
    whole = struct.pack("<II4sI", len(body) + 12, 5_000, b"LZFu", zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF) + body
    for each in (data, whole):
        with contextlib.suppress(NotLegible):
            assert isinstance(unpacked(each), bytes)


def test_groups_within_groups_cost_their_length():
    assert text_of_rtf(b"{\\rtf1 " + b"{" * 50_000 + b"Votez" + b"}" * 50_000) == "Votez"

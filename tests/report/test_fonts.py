"""The shipped fonts: what they can show is known, and what they cannot is named."""

import datetime
import json
import random
import unicodedata

import pytest
import typst

from tasrib.report.fonts import FAMILIES, characters_of, font_folder, showable

_PAGE = b"""#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))
#set text(font: json("fonts.json"))
#for line in json("lines.json") { par(text(line)) }"""


def compiled(lines):
    """A PDF/A of lines: typst refuses it where a character has no glyph."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
    files = {
        "main.typ": _PAGE,
        "lines.json": json.dumps(lines).encode(),
        "fonts.json": json.dumps(list(FAMILIES)).encode(),
    }
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return typst.compile(files, font_paths=fonts, pdf_standards=["a-3a", "ua-1"], timestamp=moment)


def all_characters():
    return sorted(set().union(*(characters_of(font_folder() / file) for file in FAMILIES.values())))


def test_every_family_is_there_with_its_licence():
    there = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
    assert set(FAMILIES) <= set(there.families())
    assert "SIL OPEN FONT LICENSE Version 1.1" in (font_folder() / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    ["Plainte n° 4 : 40 %", "صوتوا على اللائحة ٤٠٪ لا", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "∞ − × ≥", "🌹 👨‍👩‍👧 🇲🇦 ☠️", "𝐕𝐨𝐭𝐞𝐳 Ѕаlут", ""],
)
def test_what_people_write_is_shown_as_it_is(text):
    assert showable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("漢", "\u2066[U+6F22]\u2069"),
        ("a\x07b", "a\u2066[U+0007]\u2069b"),
        ("\ue000", "\u2066[U+E000]\u2069"),
        # A mark that the font of its letter lacks, at the end of plain letters too.
        ("plain\u064e", "plain\u2066[U+064E]\u2069"),
        ("é", "é"),
    ],
)
def test_what_no_font_has_is_named(text, shown):
    assert showable(text) == shown


def test_each_character_that_is_said_to_be_there_has_a_glyph():
    shown = [showable(chr(code)) for code in all_characters()]
    assert len(shown) > 7000
    assert compiled(shown).startswith(b"%PDF")


def test_any_mixture_can_be_printed():
    draw = random.Random(3)
    known = [chr(code) for code in all_characters()]
    marks = [sign for sign in known if unicodedata.category(sign).startswith("M")]
    mixed = [
        "".join(
            draw.choice((*draw.sample(known, 3), *draw.sample(marks, 2), "\u200d", "\ufe0f", "a", "ب"))
            for _ in range(40)
        )
        for _ in range(200)
    ]
    wild = [
        "".join(chr(draw.choice((draw.randrange(0xD800), draw.randrange(0xE000, 0x110000)))) for _ in range(40))
        for _ in range(100)
    ]
    assert compiled([showable(text) for text in (*mixed, *wild)]).startswith(b"%PDF")

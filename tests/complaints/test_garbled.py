import base64
import html
import json
import quopri
from email.header import Header
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.complaints.garbled import letters_lost, repair
from tasrib.learning import load_shipped_corpus

ARABIC = "صوتوا يوم الاقتراع على رمز الوردة، مرشحكم بدائرة سلا الجديدة"
FRENCH = "Votez pour la liste, votre candidat à Témara vous remercie"
MIXED = "صوتوا على RNI 😀 نهار 8 شتنبر"


def taken_for(text, page):
    """Read UTF-8 as a page of one byte a letter, control characters where the page has none."""
    return "".join(bytes([b]).decode(page, "ignore") or chr(b) for b in text.encode())


@pytest.mark.parametrize(
    "page", ["cp1252", "latin-1", "cp1256", "iso8859-6", "mac_roman", "cp437", "cp850", "cp720", "cp1251", "cp1254"]
)
@pytest.mark.parametrize("text", [ARABIC, FRENCH, MIXED, "L'été"])
def test_utf8_that_was_taken_for_another_page_is_undone(text, page):
    assert repair(taken_for(text, page)).text == text
    assert repair(taken_for(text, page)).undone == ("mojibake",)


@pytest.mark.parametrize("page", ["cp1252", "cp1256", "mac_roman"])
def test_twice_and_three_times_as_well(page):
    twice = taken_for(taken_for(ARABIC, page), page)
    assert repair(twice).text == ARABIC
    assert repair(taken_for(twice, page)).text == ARABIC


def test_different_pages_one_after_the_other():
    assert repair(taken_for(taken_for(ARABIC, "cp1256"), "cp1252")).text == ARABIC
    assert repair(html.escape(taken_for(FRENCH, "cp1252")).replace("Ã", "&Atilde;")).text == FRENCH


@pytest.mark.parametrize("lost", ["\ufffd", "?"])
def test_bytes_that_a_page_lacks_are_known_by_what_stands_beside_them(lost):
    spoiled = taken_for("الفلاحة فابور فالسوق", "cp1252").replace("\x81", lost)
    assert lost in spoiled
    assert repair(spoiled).text == "الفلاحة فابور فالسوق"


def test_a_spoiled_stretch_in_a_sound_text_is_undone():
    assert repair(f"{ARABIC} / {taken_for(ARABIC, 'cp1256')}").text == f"{ARABIC} / {ARABIC}"
    assert repair(f"Message reçu : {taken_for(ARABIC, 'cp1252')}").text == f"Message reçu : {ARABIC}"


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "mac_roman", "cp437", "cp850", "cp1251", "cp1254"])
@pytest.mark.parametrize("right", ["cp1256", "iso8859-6"])
def test_an_arabic_page_that_was_taken_for_another_is_undone(right, wrong):
    spoiled = "".join(bytes([b]).decode(wrong, "ignore") or chr(b) for b in ARABIC.encode(right))
    assert repair(spoiled).text == ARABIC


@pytest.mark.parametrize(("right", "wrong"), [("cp1256", "iso8859-6"), ("iso8859-6", "cp1256")])
def test_one_arabic_page_taken_for_the_other_too(right, wrong):
    spoiled = "".join(bytes([b]).decode(wrong, "ignore") or chr(b) for b in ARABIC.encode(right))
    assert repair(spoiled).text == ARABIC


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf16_that_was_read_byte_by_byte(order):
    assert repair(ARABIC.encode(order).decode("latin-1")).text == ARABIC


def numbered(text, form):
    return "".join(form.format(ord(c)) if ord(c) > 127 else c for c in text)


WRITTEN = {
    "decimal entities": lambda t: numbered(t, "&#{};"),
    "hexadecimal entities": lambda t: numbered(t, "&#x{:X};"),
    "entities escaped again": lambda t: numbered(t, "&amp;#{};"),
    "entities of bytes": lambda t: "".join(f"&#{b};" if b > 127 else chr(b) for b in t.encode()),
    "JSON": json.dumps,
    "JSON twice": lambda t: json.dumps(json.dumps(t)),
    "JSON without quotes": lambda t: json.dumps(t)[1:-1],
    "JSON whose backslashes were lost": lambda t: json.dumps(t)[1:-1].replace("\\", ""),
    "bytes of Python": lambda t: repr(t.encode()),
    "octal": lambda t: "".join(f"\\{b:03o}" if b > 127 else chr(b) for b in t.encode()),
    "ES6": lambda t: numbered(t, "\\u{{{:x}}}"),
    "R": lambda t: numbered(t, "<U+{:04X}>"),
    "encoded word, base64": lambda t: f"=?utf-8?B?{base64.b64encode(t.encode()).decode()}?=",
    "encoded word, quoted": lambda t: f"=?UTF-8?Q?{quopri.encodestring(t.encode(), header=True).decode()}?=".replace("=\n", ""),
    "encoded words of a long header": lambda t: Header(t, "utf-8", maxlinelen=40).encode(),
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
    "percent": quote,
    "percent and plus": quote_plus,
    "percent of JSON": lambda t: quote(json.dumps(t)),
    "UCS-2": lambda t: t.encode("utf-16-be").hex().upper(),
    "UCS-2 with a mark": lambda t: "FEFF" + t.encode("utf-16-be").hex().upper(),
    "UCS-2 in pairs": lambda t: t.encode("utf-16-be").hex(" ").upper(),
    "UCS-2 in fours": lambda t: t.encode("utf-16-be").hex(" ", -2),
    "UCS-2, part of a long message": lambda t: "050003CC0201" + t.encode("utf-16-be").hex().upper(),
    "UCS-2, little end first": lambda t: t.encode("utf-16-le").hex(),
    "UTF-8 in hexadecimal": lambda t: "0x" + t.encode().hex(),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("text", [ARABIC, FRENCH, MIXED])
def test_letters_written_as_codes_become_letters(text, kind):
    found = repair(WRITTEN[kind](text))
    assert found.text == text
    assert found.undone


def test_halves_of_pictures_are_joined():
    assert repair("bravo \ud83d\ude00").text == "bravo 😀"
    assert repair("bravo &#55357;&#56832;").text == "bravo 😀"


def test_tags_that_break_lines_become_line_breaks_and_others_go():
    found = repair("Votez &laquo; la balance &raquo;<br />le 8 <b>septembre</b><br>&amp; merci")
    assert found.text == "Votez « la balance »\nle 8 septembre\n& merci"
    assert found.undone == ("entities", "tags")


def test_the_address_of_a_link_stays():
    assert repair('<p>Voir <a href="https://x.example/a">ici</a></p>').text == "Voir https://x.example/a ici"


@pytest.mark.parametrize(
    "text",
    [
        "Appelez le 0635064806270648 svp", "06350648 06270644", "RIB 011780000012345678901234", "C:\\users\\rachid", "100% sur 50% de 3%",
        "voir https://x.example/%D8%B5%D9%88?a=1&copy=2", "R&D &co &&", "a=b=c =20", "+ABCDEFGHIJ", "ABCDEFGHIJKLMNOP", "deadbeefdeadbeef",
        "ok <b>&", "Madame <jean@x.example> prix < 100 et > 50", "votezpourlaliste==", "محمد، ط، ب", "أ، ب، ج", "l'été, ça dépend: où?",
        "ج’arrive", "صوتوا l’élite", "u0635", "Ã", "5 + 5", "", " ", "¿qué?", "مـــــاسطططططططططط", "قلب ازرق", "€ £ §",
    ],
)  # fmt: skip
def test_a_sound_text_comes_back_as_it_is(text):
    assert repair(text) == type(repair(""))(text)


def test_no_message_of_the_corpus_is_changed_or_taken_for_lost():
    texts = load_shipped_corpus()["text"]
    assert [text for text in texts if repair(text).undone] == []
    assert [text for text in texts if letters_lost(text)] == []


@given(st.text(max_size=60))
def test_any_text_is_repaired_without_an_error_and_repaired_once_for_all(text):
    once = repair(text)
    assert bool(once.undone) == (once.text != text)
    letters_lost(once.text)


@pytest.mark.parametrize(
    "text",
    [
        "????? ??? ???????? ??? ???", "? ??????????? ????", "\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd \ufffd\ufffd\ufffd", "□□□□ □□ □□□□□",
        "????? ??? RNI ???? 2021 ?? ?????", "¿¿¿¿¿ ¿¿¿ ¿¿¿¿", "ØÙØÙØ ÙÙÙ ØÙØ", "طظطظط ظظظ طظط", "????? ??? ????? : 8",
    ],
)  # fmt: skip
def test_text_without_its_letters_is_known_as_lost(text):
    assert letters_lost(repair(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "علاش؟؟؟ ????",
        "quoi ???",
        "????",
        "? ??",
        "??? ??? ???",
        "Votez ? T?mara, d?put? de Sal?",
        "wakha ??? RNI",
        "🕊️🕊️",
        "",
        "!!! ?",
    ],
)
def test_a_question_is_not_lost(text):
    assert not letters_lost(text)

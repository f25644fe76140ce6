import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.learning import load_shipped_corpus
from tasrib.text import align, normalise, unreadable
from tasrib.text.disguise import _LEET_WORD, draw_together, turn_round, unveil
from tasrib.text.fold import FOLD
from tasrib.text.illegible import _USUAL, _WORD, _is_strange

FRENCH = "votez pour la liste de la balance le jour du scrutin"
ARABIC = "صوتوا يوم الاقتراع على رمز الوردة"


def letters(first, upper=True):
    """Write each letter as the one that stands as far behind another first letter."""
    return lambda text: "".join(chr(first + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in text)


def between(filler):
    return lambda text: "  ".join(filler.join(word) for word in text.split())


def behind(mark):
    return lambda text: "".join(c + mark if c != " " else c for c in text)


def swapped(plain, drawn):
    return lambda text: text.translate(str.maketrans(plain, drawn))


EITHER = {
    "backwards": lambda t: t[::-1],
    "each word backwards": lambda t: " ".join(word[::-1] for word in t.split()),
    "cut by blanks": between(" "),
    "cut by two blanks": lambda t: "     ".join("  ".join(word) for word in t.split()),
    "cut by blanks of Braille": between("\u2800"),
    "cut by Hangul fillers": between("\u3164"),
    "cut by pictures": lambda t: " ".join("🔥".join(word) for word in t.split()),
    "a letter a line": lambda t: "\n\n".join("\n".join(word) for word in t.split()),
    "blanks of Braille": lambda t: t.replace(" ", "\u2800"),
    "half-width fillers": lambda t: t.replace(" ", "\uffa0"),
    "fillers without room": behind("\u115f"),
    "tags": behind("\U000e0061"),
    "variation selectors": behind("\U000e0100"),
    "grapheme joiners": behind("\u034f"),
    "keycaps": behind("\u20e3"),
    "soft hyphens": behind("\u00ad"),
    "stacked marks": behind("\u0336\u0343\u0489"),
}  # fmt: skip
LATIN = {
    "negative squares": letters(0x1F170), "squares": letters(0x1F130), "negative circles": letters(0x1F150), "circles": letters(0x24D0),
    "regional indicators": letters(0x1F1E6), "flags apart": lambda t: between(" ")(letters(0x1F1E6)(t)), "parentheses": letters(0x249C),
    "double-struck": letters(0x1D552), "fraktur": letters(0x1D586), "script": letters(0x1D4EA), "full width": letters(0xFF41),
    "small capitals": swapped("abcdefghijlmnoprtuvz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊʟᴍɴᴏᴘʀᴛᴜᴠᴢ"),
    "superscripts": swapped("abcdefgijlnoprstuvz", "ᵃᵇᶜᵈᵉᶠᵍⁱʲˡⁿᵒᵖʳˢᵗᵘᵛᶻ"),
    "Cyrillic": swapped("aceop", "асеор"), "Greek": lambda t: t.upper().translate(str.maketrans("ABEINOPTUZ", "ΑΒΕΙΝΟΡΤՍΖ")),
    "Cherokee": lambda t: t.upper().translate(str.maketrans("ABCDEILORSTVZ", "ᎪᏴᏟᎠᎬᏆᏞᎾᎡᏚᎢᏙᏃ")),
    "syllabics": lambda t: t.upper().translate(str.maketrans("ABCDELPRSTUVZ", "ᗩᗷᑕᗪᕮᒪᑭᖇᔕTᑌᐯᘔ")),
    "Braille": swapped("abcdefghijklmnopqrstuvwxyz ", "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵⠀"),
    "money": lambda t: t.upper().translate(str.maketrans("ABCDELNOPRSTU", "₳฿₵ĐɆⱠ₦Ø₱Ɽ₴₮Ʉ")),
    "upside down": lambda t: t.translate(str.maketrans("abcdeijlnoprtuvz", "ɐqɔpǝᴉɾluodɹʇnʌz"))[::-1],
    "turned where it stands": swapped("aceitv", "ɐɔǝᴉʇʌ"),
    "mirrored": lambda t: t.translate(str.maketrans("abcdenprst", "ɒdɔbɘnqɿƨƚ"))[::-1],
    "overridden": lambda t: "\u202e" + t[::-1] + "\u202c",
    "digits": swapped("aeio", "4310"),
}  # fmt: skip
IN_ARABIC = {
    "presentation forms, backwards": lambda t: "ﺓﺩﺭﻮﻟﺍ ﺰﻣﺭ ﻰﻠﻋ ﻉﺍﺮﺘﻗﻻﺍ ﻡﻮﻳ ﺍﻮﺗﻮﺻ",
    "high marks": behind("\u06db"), "small waw": behind("\u06e5"), "joined": behind("\u0640"), "overridden": lambda t: "\u202d" + t[::-1],
    "qaf without dots": swapped("قفن", "ٯڡں"), "letters of other languages": swapped("كيهر", "کیہڔ"),
}  # fmt: skip


def same_words(written, plain):
    return sorted(normalise(written).split()) == sorted(normalise(plain).split())


@pytest.mark.parametrize("kind", [*EITHER, *LATIN])
def test_a_french_text_in_disguise_reads_as_it_does_without(kind):
    assert same_words((EITHER | LATIN)[kind](FRENCH), FRENCH)


@pytest.mark.parametrize("kind", [*EITHER, *IN_ARABIC])
def test_an_arabic_text_in_disguise_reads_as_it_does_without(kind):
    assert same_words(
        (EITHER | IN_ARABIC)[kind](ARABIC), ARABIC.replace("لا", "ال") if "presentation" in kind else ARABIC
    )


@pytest.mark.parametrize(
    "text",
    [
        "تحية من بلاد الغربة🇲🇦🇪🇸👍", "🇲🇦🇲🇦🇲🇦", "La France 🇨🇵 et 🇪🇦", "conduite Ø600", "azul, ⵜⵓⵎⵔⵜ ⵏⵏⵖ", "ɣar taddart nneɣ, ɛafak",
        "liste A ou B ou C", "7al9o lbab 3liya 3afak", "مت مت مت بالضحك", "i am not an open book", "ma fhemt walo f had l9issa", "prix: 100€ ou 90$",
    ],
)  # fmt: skip
def test_what_is_no_disguise_stays(text):
    assert [step(text) for step in (unveil, turn_round, draw_together)] == [(), (), ()]


@given(st.text(st.sampled_from("zetovruop ɐǝʇ🇻🇴🔥\n ةوصىل04ø\u202e"), max_size=60))
def test_both_ways_of_reading_a_disguise_agree(text):
    aligned = align(text)
    assert aligned.text == normalise(text)
    assert all(0 <= start <= end <= len(text) for start, end in zip(aligned.starts, aligned.ends, strict=True))


def test_a_word_that_was_turned_round_stands_for_its_own_letters():
    text = FRENCH[::-1]
    aligned = align(text)
    at = aligned.text.index("votez")
    start, end = aligned.span(at, at + 5)
    assert text[start:end] == "zetov"


@pytest.mark.parametrize(
    "text",
    [
        "????? ??? ???????? ??? ???", "本周末所有鞋子半价，欢迎光临我们的商店", "Голосуйте за наш список в день выборов", "आपका खाता बंद हो जाएगा कृपया",
        "투표해 주세요 여러분", "卩ㄖㄩ尺 ㄥ卂 ㄥ丨丂ㄒ乇", "صوٮوا ٮوم الاقٮراع", " ".join(FRENCH.replace(" ", "")), "\ue001\ue002\ue003\ue004\ue005",
        "ÕæÊæÇ ÇÞÊÑÇÚ ÇáæÑÏÉ ãÑÔÍßã",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_known(text):
    assert unreadable(text)


@pytest.mark.parametrize(
    "text",
    [
        FRENCH, ARABIC, "🕊️🕊️🕊️", "https://liste.example/programme-de-la-liste-2026", "ⴰⵣⵓⵍ ⴰⵡⵎⴰ ⵎⴰⵏⵣⴰⴽⵉⵏ", "", "???", "علاش؟؟؟", "hhhhhhhhhhhhhh",
        "Ça été créé à l'école", "RIB 011780000012345678901234", FRENCH[::-1], "ɣar taddart nneɣ", "2727",
    ],
)  # fmt: skip
def test_what_says_little_is_not_unreadable(text):
    assert not unreadable(text)


def test_no_message_of_the_corpus_is_taken_for_disguised_or_unreadable():
    texts = load_shipped_corpus()["text"].tolist()
    assert [text for text in texts if unveil(text)] == []
    folded = [text.translate(FOLD) for text in texts]
    assert [text for text in folded if any(isinstance(step, list) for step in turn_round(text))] == []
    assert [text for text in folded if sum(step[0] is _LEET_WORD for step in turn_round(text))] == []
    assert [text for text in texts if unreadable(text)] == []


def test_no_usual_letter_is_strange():
    letters = [letter for letter in map(chr, range(0x10000)) if _WORD.fullmatch(letter) and _USUAL.fullmatch(letter)]
    assert len(letters) > 200
    assert not any(map(_is_strange, letters))

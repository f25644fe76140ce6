import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.text import align, normalise

WILD = st.text(
    st.one_of(
        st.characters(),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.sampled_from("صوتوا .-_@0123456789٠١٢٣vote\u200f\u200b\u0640ﷺé€"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("صـــوِّتُوا", "صوتوا"),
        ("أحمد إلى آخر", "احمد الي اخر"),
        ("الوردة", "الورده"),
        ("عــــلى", "علي"),
        ("\u202bصوتوا\u202c\u200f", "صوتوا"),
        ("ﻻ ﷲ", "لا الله"),
        ("ی ک ھ", "ي ك ه"),
        ("Électeurs ÇA", "electeurs ca"),
        ("ｖｏｔｅ", "vote"),
        ("vоtе", "vote"),  # Cyrillic о and е
        ("v٥tez", "votez"),
        ("٧otez", "votez"),
        ("c@mpagne v0tez", "campagne votez"),
        ("ص.و.ت.وا على", "صوتوا علي"),
        ("ص و ت و ا", "صوتوا"),
        ("v o t e z", "votez"),
        ("P.J.D", "pjd"),
        ("صوووووتوا", "صوتوا"),
        ("bravoooo !!!!", "bravo !!"),
        ("#صوت_الكرامة", "#صوت الكرامه"),
    ],
)
def test_disguises_of_a_word_become_the_word(written, plain):
    assert normalise(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("voir https://rni.example/x?y=1 vite", "voir URL vite"),
        ("www.parti.example", "URL"),
        ("contact@parti.example", "EMAIL"),
        ("Appelez 06 61 23 45 67", "appelez PHONE"),
        ("+212661234567", "PHONE"),
        ("٠٦٦١٢٣٤٥٦٧", "PHONE"),
        ("le 23/09/2026", "le DATE"),
        ("8 شتنبر", "DATE"),
        ("23 sept. 2026", "DATE"),
        ("à 18h30", "a TIME"),
        ("200 DH", "AMOUNT"),
        ("٢٠٠ درهم", "AMOUNT"),
        ("-50%", "PERCENT"),
        ("code 458712", "code CODE"),
        ("colis RB123456789MA", "colis CODE"),
        ("liste 7", "liste NUM"),
    ],
)
def test_numbers_links_and_dates_become_typed_tokens(written, plain):
    assert normalise(written) == plain


@pytest.mark.parametrize("kept", ["3la wdi", "l7amama", "7izb", "و ا", "a b", "الله", "2m3a"])
def test_what_only_looks_like_a_disguise_stays(kept):
    assert normalise(kept) == kept


@given(WILD)
def test_both_ways_of_normalising_agree_and_spans_lie_in_the_original(text):
    aligned = align(text)
    assert aligned.text == normalise(text)
    assert len(aligned.starts) == len(aligned.ends) == len(aligned.text)
    for start, end in zip(aligned.starts, aligned.ends, strict=True):
        assert 0 <= start <= end <= len(text)


@given(WILD)
def test_normalised_text_has_no_double_blank_and_no_edge_blank(text):
    plain = normalise(text)
    assert plain == plain.strip()
    assert "  " not in plain


def test_a_joined_word_stands_for_its_dotted_original():
    text = "اليوم ص.و.ت.وا على"
    aligned = align(text)
    at = aligned.text.index("صوتوا")
    start, end = aligned.span(at, at + len("صوتوا"))
    assert text[start:end] == "ص.و.ت.وا"


def test_a_typed_token_stands_for_the_whole_link():
    text = "voir https://rni.example/x vite"
    aligned = align(text)
    at = aligned.text.index("URL")
    start, end = aligned.span(at, at + 3)
    assert text[start:end].strip() == "https://rni.example/x"

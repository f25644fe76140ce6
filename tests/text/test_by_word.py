import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.text.aligned import Aligned
from tasrib.text.chunks import places_of_chunks
from tasrib.text.fold import FOLD
from tasrib.text.normal_form import align, normalise, rewrite
from tasrib.text.passes import STEPS

PARTS = [
    *"صوتوا .-_@0123456789٠١٢٣vote\u200f\u200b\u0640ﷺé€$%٪/:,h\nxX*()+'!?🔥🇫🇷øe",
    *[" "] * 12, "mars", "12", "2021", " dh", "درهم", "er ", "00", "06", "+212", "www.", "http://", ".ma", "ن", "le", "elle",
    "\u202e", "ǝ", "\xa0", "ا1ا", "v o t e z", "v🔥o🔥t🔥e", "ص.و.ت.وا", "v0te", "ذيبصت", "rezetov", "xxx123",
]  # fmt: skip


def every_pass(text):
    """Aligned by all passes, none left out."""
    aligned = Aligned.of(text)
    for step in STEPS:
        for simple in step(aligned.text) if callable(step) else (step,):
            aligned = aligned.after(simple)
    left, right = len(aligned.text) - len(aligned.text.lstrip()), len(aligned.text.rstrip())
    right = max(left, right)
    return Aligned(aligned.text[left:right], aligned.starts[left:right], aligned.ends[left:right])


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_leaving_passes_out_changes_nothing(text):
    assert normalise(text) == rewrite(text, FOLD)
    assert align(text) == every_pass(text)


def test_nor_in_the_corpus_with_odd_parts_put_into_it(corpus):
    rng = random.Random(20210908)
    for text in corpus["text"].sample(1_500, random_state=1):
        words = text.split(" ")
        words[rng.randrange(len(words))] += "".join(rng.choices(PARTS, k=3))
        odd = " ".join(words)
        assert normalise(text) == rewrite(text, FOLD)
        assert normalise(odd) == rewrite(odd, FOLD)


def places_by_every_pass(text):
    aligned = align(text)
    return [aligned.span(*match.span()) for match in re.finditer(r"\S+", aligned.text)]


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_chunks_have_the_places_that_all_passes_give_them(text):
    places = places_by_every_pass(text)
    assert places_of_chunks(text, normalise(text), range(len(places))) == places


def test_and_those_of_the_corpus(corpus):
    for text in corpus["text"].sample(1_500, random_state=2):
        places = places_by_every_pass(text)
        assert places_of_chunks(text, normalise(text), range(len(places))) == places


@pytest.mark.parametrize("text", ["", " ", "\n", "a" * 2_000_000, "٣" * 50_000, "v " * 100_000])
def test_the_least_and_the_longest(text):
    assert normalise(text) == rewrite(text, FOLD)

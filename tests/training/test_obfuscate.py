import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.text import normalise
from training.obfuscate import OBFUSCATIONS, obfuscate

MESSAGES = (
    "صوتوا يوم 8 شتنبر على رمز الميزان، معا نحو التغيير في مدينتكم",
    "Votez massivement pour la liste du cheval, ensemble pour nos villages https://liste.example/a",
    "sewtou 3la lwarda, nhar 8 khasna nkono kamlin f lma3ad m3a 7ouma",
)
# What normalisation undoes wholly: the model cannot be hurt by these.
UNDONE = (
    "with diacritics", "with tatweel", "with zero width", "with direction marks", "with look alikes",
    "with styled letters", "with letters dotted", "with letters repeated", "without accents", "with loose spelling",
    "in capitals", "with arabic digits",
)  # fmt: skip


@pytest.mark.parametrize("name", UNDONE)
@pytest.mark.parametrize("message", MESSAGES)
def test_normalisation_undoes_it(name, message):
    assert normalise(obfuscate(message, name)) == normalise(message)


@pytest.mark.parametrize("name", OBFUSCATIONS)
def test_each_disguise_changes_some_message_and_always_the_same_way(name):
    changed = [
        obfuscate(message, name, seed) for message in (*MESSAGES, "C'est décidé : été 2026") for seed in range(4)
    ]
    assert any(text not in (*MESSAGES, "C'est décidé : été 2026") for text in changed)
    assert changed[:4] == [obfuscate(MESSAGES[0], name, seed) for seed in range(4)]


@pytest.mark.parametrize("name", OBFUSCATIONS)
def test_links_stay_usable(name):
    if name not in ("with blanks dropped", "without accents"):
        assert "https://liste.example/a" in obfuscate(MESSAGES[1], name, 3)


@given(st.text(max_size=80), st.sampled_from(sorted(OBFUSCATIONS)), st.integers(0, 9))
def test_any_text_survives(text, name, seed):
    first = OBFUSCATIONS[name](text, random.Random(seed))
    assert isinstance(first, str)
    assert bool(first.strip()) >= bool(normalise(text).strip("'\" ")) or not text.isprintable()

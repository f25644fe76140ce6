"""What is counted of a text's words adds up to what is counted of the whole of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.complaints.garbled import letters_lost, signs_of_loss
from tasrib.text import unreadable
from tasrib.text.illegible import _FIELD, _FULL, _counted
from tasrib.text.remembered import Remembered

WILD = st.text(
    st.one_of(
        st.characters(), st.sampled_from("ةى ىـا. \ufffd?□ØÙطظ\ue000ٮںéàü abc الكتاب 本周 по ß ⴰ \n\t\u0301×÷🔥_3")
    ),
    max_size=60,
)
YES_OR_NO = (1, 5)


def fields(counted):
    return [(counted >> n * _FIELD) & _FULL for n in range(9)]


@settings(deadline=None, max_examples=500)
@given(WILD)
def test_words_add_up_to_the_text(text):
    whole, of_words = fields(_counted(text)), fields(sum(map(_counted, text.split(" "))))
    for place in YES_OR_NO:
        whole[place], of_words[place] = bool(whole[place]), bool(of_words[place])
    assert of_words == whole


@settings(deadline=None, max_examples=500)
@given(st.one_of(WILD, st.text(st.sampled_from("??□\ufffdØÙطظ a"), max_size=30)))
def test_no_letters_are_lost_without_two_signs_of_it(text):
    if letters_lost(text):
        assert sum(map(signs_of_loss, text.split(" "))) >= 2
        assert unreadable(text)


def test_what_is_remembered_is_bounded_and_right():
    asked = []
    length = Remembered(lambda word: asked.append(word) or len(word), 3)
    words = ["a", "bb", "a", "ccc", "dddd", "a", "x" * 200, "x" * 200]
    assert [length[word] for word in words] == list(map(len, words))
    assert asked == ["a", "bb", "ccc", "dddd", "a", "x" * 200, "x" * 200]
    assert len(length) <= 3

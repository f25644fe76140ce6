from hypothesis import given
from hypothesis import strategies as st

from tasrib.text import messages
from tasrib.text.messages import BATCH, in_batches


@given(st.lists(st.integers(0, 700), max_size=60))
def test_every_message_is_in_one_batch_and_no_batch_too_large(lengths):
    texts = ["a" * length for length in lengths]
    saved = messages.BATCH, messages._CHARACTERS
    messages.BATCH, messages._CHARACTERS = 7, 1_000
    try:
        batches = [texts[rows] for rows in in_batches(texts)]
    finally:
        messages.BATCH, messages._CHARACTERS = saved
    assert [text for batch in batches for text in batch] == texts
    assert all(1 <= len(batch) <= 7 for batch in batches)
    assert all(len(batch) == 1 or sum(map(len, batch)) <= 1_000 for batch in batches)


def test_as_many_as_may_be():
    assert [rows.stop - rows.start for rows in in_batches(["a"] * (2 * BATCH + 1))] == [BATCH, BATCH, 1]
    assert list(in_batches([])) == []

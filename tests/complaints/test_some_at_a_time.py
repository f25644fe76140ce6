"""What is gathered while a table is read comes out the same however many rows are met at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasrib.complaints.looks import Sample, sample
from tasrib.complaints.seen import Seen, digests
from tasrib.tables import notes
from tasrib.tables.notes import Rows, row_words

words = st.lists(st.lists(st.sampled_from("abcdefghijklm"), max_size=6), max_size=8)


@given(words)
def test_the_first_of_equal_texts_is_found(parts):
    seen, known, number = Seen(), {}, 0
    for part in parts:
        hashed = digests(part)
        assert seen.first(hashed).tolist() == [known.get(text, -1) for text in part]
        assert seen.isdisjoint(part) == known.keys().isdisjoint(part)
        seen.add(hashed, number + np.arange(len(part)))
        for text in part:
            known.setdefault(text, number)
            number += 1


@given(st.sets(st.integers(1, 60), max_size=40), st.integers(1, 5))
def test_rows_are_told_as_if_all_were_there(rows, size):
    found, ordered = Rows(), sorted(rows)
    for start in range(0, len(ordered), size):
        found.add(reversed(ordered[start : start + size]))
    for most in (1, 3, 100):
        assert row_words(found, most) == row_words(ordered, most)
    assert (len(found), list(found)) == (len(ordered), ordered)


def test_of_many_runs_of_rows_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(notes, "MOST_PARTS", 3)
    found = Rows()
    for row in (2, 4, 5, 8, 9, 11, 12, 20):
        found.add([row])
    assert row_words(found, 3) == "rows 2, 4 to 5, 8 to 9 and 3 more"
    assert len(found) == 8


@given(st.integers(0, 3_000), st.integers(1, 700))
def test_the_same_rows_are_looked_at(count, size):
    rows = [[str(at)] for at in range(count)]
    found = Sample()
    for start in range(0, count, size):
        found.add(rows[start : start + size])
    assert found.rows == sample(rows)
    assert len(found.rows) == count if count < 400 else 200 <= len(found.rows) < 400

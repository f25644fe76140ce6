import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.text.private import private_spans, same_shape, without_private
from tasrib.text.spans import merged_spans


@pytest.mark.parametrize(
    ("number", "hidden"),
    [
        ("0661234567", "0600000000"),
        ("212661234567", "212600000000"),
        ("+212661234567", "+212600000000"),
        ("00212661234567", "00212600000000"),
        ("+212 6 61 23 45 67", "+212 6 00 00 00 00"),
        ("٠٠٢١٢٦٦١٢٣٤٥٦٧", "٠٠٢١٢٦00000000"),
        ("+221771234567", "+221700000000"),
        ("00221 77 123 45 67", "00221 70 000 00 00"),
        ("＋221771234567", "＋221700000000"),
        ("+33 6 12 34 56 78", "+33 6 00 00 00 00"),
        ("0033612345678", "0033600000000"),
        ("+216 20 123 456", "+216 20 000 000"),
        ("+1 202 555 0143", "+1 200 000 0000"),
        ("0012025550143", "0012000000000"),
        # No country has 999; a Moroccan number that merely holds 221 has no country's code.
        ("+999123456789", "+990000000000"),
        ("0622133445", "0600000000"),
    ],
)
def test_a_hidden_number_keeps_its_country_and_kind(number, hidden):
    assert private_spans(number) == [(0, len(number))]
    assert without_private(number, same_shape) == hidden


@pytest.mark.parametrize("number", ["+212 661 23 45 6", "0523 00 11 22", "05 39 00 11 72"])
def test_a_number_with_a_slip_in_it_is_hidden_too(number):
    found = private_spans(f"tel {number} svp")
    assert found == [(4, 4 + len(number))]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(-3, 3))))
def test_merged_spans_cover_the_same_characters_once(parts):
    spans = [(start, start + length, float(weight)) for start, length, weight in parts]
    merged = merged_spans(spans)
    assert [at for start, end, _ in merged for at in range(start, end)] == sorted(
        {at for start, end, _ in spans for at in range(start, end)}
    )
    assert sum(weight for *_, weight in merged) == sum(weight for *_, weight in spans)


def test_spans_that_only_touch_stay_two():
    assert merged_spans([(3, 5, 1.0), (0, 3, 2.0)]) == [(0, 3, 2.0), (3, 5, 1.0)]

"""Whatever a cell holds, reading it ends in a status."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.numbering import HOME_COUNTRIES, NUMBER_STATUSES, lookup, lookup_many

LIKE_NUMBERS = st.text(alphabet="0123456789+ ()-./,'eEx#*٠٦١۰۶\u200f\u00a0ت", max_size=24)
CELLS = st.one_of(
    st.text(),
    LIKE_NUMBERS,
    st.from_regex(r"(\+|00)?(212|213|216|222|33|221|225|20|961|32)?0?[0-9]{6,10}", fullmatch=True),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.none(),
    st.booleans(),
)
COUNTRIES = st.sampled_from(list(HOME_COUNTRIES))


@given(CELLS, COUNTRIES)
@settings(max_examples=250, deadline=None)
def test_lookup_never_raises_and_is_consistent(cell, country):
    info = lookup(cell, country=country)
    assert info.number_status in NUMBER_STATUSES
    assert "\n" not in info.note
    assert bool(info.e164) == bool(info.prefix)
    if info.operator_allocated:
        assert info.number_status in ("valid", "foreign")
    if info.number_status == "valid":
        assert info.country == country


@given(CELLS, COUNTRIES)
@settings(max_examples=250, deadline=None)
def test_reading_the_result_again_changes_nothing(cell, country):
    first = lookup(cell, country=country)
    if first.e164:
        again = lookup(first.e164, country=country)
        assert (again.e164, again.number_status) == (first.e164, first.number_status)
        assert (again.prefix, again.operator_allocated) == (first.prefix, first.operator_allocated)


@given(st.lists(CELLS, max_size=12), COUNTRIES)
@settings(max_examples=100, deadline=None)
def test_lookup_many_equals_lookup_row_by_row(cells, country):
    table = lookup_many(pd.Series(cells, dtype=object), country=country)
    singles = [lookup(cell, country=country).to_dict() for cell in cells]
    for info in singles:
        del info["raw"]
    assert table.to_dict("records") == [{column: info[column] for column in table} for info in singles]


def test_a_very_long_cell_is_quick():
    for cell in ("9" * 100_000, "1(" * 100_000, "٠" * 100_000, "1 " * 99 + "a"):
        assert lookup(cell).number_status == "invalid"

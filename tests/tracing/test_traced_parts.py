"""Of parts of a table tracing says what it says of the whole, and holds little of them at once."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tasrib.scored import COLUMNS, check
from tasrib.tracing import trace
from tasrib.tracing.people import gather_people
from tasrib.tracing.rows import Rows, coded
from training.benchmarks.report_scale import complaints


@pytest.fixture(scope="module")
def scored():
    """People of two campaigns, an association's filings, numbers that were kept, spoiled ones, undated rows and a column of the user's own."""
    frame = complaints(2, rows=500, seed=3)
    rng = np.random.default_rng(1)
    drawn = rng.random(len(frame))
    frame["received_at"] = frame["received_at"].mask(drawn < 0.05)
    frame["complainant"] = frame["complainant"].mask(drawn > 0.9, "Amal Idrissi")
    frame["number_status"] = (
        frame["number_status"].mask(drawn < 0.03, "spoiled").mask((drawn > 0.5) & (drawn < 0.53), "missing")
    )
    frame["recipient"] = frame["recipient"].mask(drawn < 0.03, "2.12661E+11").mask((drawn > 0.5) & (drawn < 0.53), "")
    frame["region"] = frame["region"].mask(drawn > 0.95, " RABAT ")
    frame["known_to"] = frame["known_to"].mask(drawn > 0.98, "Banque Oum Rabia;0661234567")
    frame["source_file"], frame["source_row"] = "july.csv", pd.array(range(2, len(frame) + 2), "Int64")
    frame["source_row"] = frame["source_row"].mask(drawn > 0.97)
    frame["complaint_id"] = [f"r-{place}" for place in range(len(frame))]
    # The same complaint twice, of nobody known: two people, also where they lie in two parts.
    twice = frame[frame["number_status"] == "missing"]
    return check(pd.concat([frame, twice], ignore_index=True).assign(note="by post"))


def in_parts(scored, *ends):
    edges = [0, *ends, len(scored)]
    return Rows.of_parts(coded(scored.iloc[a:b]) for a, b in pairwise(edges))


def same(one, other):
    for name in ("findings", "campaigns", "shares"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.settings == other.settings
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], check_exact=True)


def test_columns_come_back_as_they_were(scored):
    whole, parts = Rows.of(scored), in_parts(scored, 0, 100, 101)
    chosen = np.arange(len(scored))[::-3]
    assert sorted(whole) == sorted(parts)
    for name in whole:
        pd.testing.assert_series_equal(whole[name], parts[name], check_names=False)
        pd.testing.assert_series_equal(whole.where(chosen)[name], parts.where(chosen)[name], check_names=False)
        pd.testing.assert_series_equal(whole[name], scored[name], check_names=False)
    for rows in (whole, parts):
        texts = pd.Series(rows.codes("text")).groupby(scored["text"].to_numpy()).nunique()
        assert (texts == 1).all()
        assert len(set(rows.codes("text"))) == scored["text"].nunique()


def test_of_parts_the_same_people(scored):
    whole, parts = gather_people(scored), gather_people(in_parts(scored, 1, 250))
    pd.testing.assert_frame_equal(whole.frame, parts.frame)
    pd.testing.assert_series_equal(whole.reports, parts.reports)
    pd.testing.assert_series_equal(whole.senders, parts.senders)
    assert (whole.filed, whole.filers_said) == (parts.filed, parts.filers_said)
    assert whole.filed


@pytest.mark.parametrize("n", [1, 3])
def test_of_a_dask_table_the_same_findings(scored, n):
    frames, dask = pytest.importorskip("dask.dataframe"), pytest.importorskip("dask")
    with dask.config.set(scheduler="synchronous"):
        same(trace(scored), trace(frames.from_pandas(scored, npartitions=n)))


def test_a_column_that_one_part_has(scored):
    first, rest = scored.iloc[:200], scored.iloc[200:].drop(columns="note")
    rows = Rows.of_parts(coded(part) for part in (first, rest))
    assert rows["note"].value_counts().to_dict() == {"by post": 200, "": len(rest)}


def test_what_is_kept_of_parts_is_small(scored):
    """Only what tracing reads, and a text that many rows have once."""
    many = pd.concat([scored] * 40, ignore_index=True)
    kept = pa.concat_tables([coded(many)])
    rows = Rows.of_parts([kept])
    assert {"reasons", "text_received", "model", "probability"}.isdisjoint(rows)
    assert set(rows) - {column.name for column in COLUMNS} == {"note"}
    stored = sum(column.nbytes for column in rows._stored.values())
    assert stored < 130 * len(many)

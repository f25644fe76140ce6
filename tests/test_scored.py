"""Scored tables come back with their types."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_complaints
from tasrib.scored import check, read_scored
from tasrib.tables import write_table

SUFFIXES = [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(probabilities=st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_types_are_restored(tmp_path, suffix, probabilities):
    (tmp_path / "in.csv").write_text(
        "text,tel,date\n=صوتوا,0600000001,2025-03-01T10:00:01.25Z\nb,0600000002,\n", encoding="utf-8"
    )
    scored, _ = read_complaints(tmp_path / "in.csv")
    scored = scored.assign(
        category=pd.Series(["political_campaign", "other"], dtype="str"),
        probability=probabilities,
        decision=pd.Series(["campaign", ""], dtype="str"),
        prefix=pd.Series(["0661", "0012"], dtype="str"),
    )
    scored.attrs = {}
    scored = check(scored, needed=())
    write_table(scored, tmp_path / f"s{suffix}")
    back = read_scored(tmp_path / f"s{suffix}")
    pd.testing.assert_frame_equal(back, scored.astype({"source_row": "Int64"}))


def test_probability_saved_by_french_excel(tmp_path):
    (tmp_path / "s.csv").write_text("category;probability;decision\nx;0,25;review\n")
    assert read_scored(tmp_path / "s.csv")["probability"].tolist() == [0.25]

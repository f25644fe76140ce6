"""The contract of a scored complaint: what passes its door, in which types, and what does not."""

import datetime as dt
import string

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frames import scored_frame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tasrib
from tasrib import scored as contract
from tasrib.complaints import read_complaints
from tasrib.complaints.schema import FIELDS
from tasrib.complaints.schema import REQUIRED as COMPLAINT_REQUIRED
from tasrib.errors import TasribError, UnreadableInput
from tasrib.report import write_report
from tasrib.scored import COLUMNS, REQUIRED, SCORED_COLUMNS, check, check_unscored, read_scored
from tasrib.tables import write_table
from tasrib.tracing import trace

SOURCE = ("text_received", "source_file", "source_sheet", "source_row", "run")
SUFFIXES = [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"]
NAMES = [column.name for column in COLUMNS]
DTYPES = {column.name: column.dtype for column in COLUMNS}
# No file keeps U+0000, and a backslash before 0 or N in a CSV is taken for what databases write (and counted as mended).
words = st.text(st.sampled_from(string.printable.replace("\\", "") + "été صوتوا 😀\u200f"), max_size=20)
moments = st.datetimes(pd.Timestamp("2000-01-01").to_pydatetime(), pd.Timestamp("2100-01-01").to_pydatetime())


@st.composite
def frames(draw):
    """Any frame of the contract."""
    n = draw(st.integers(1, 4))

    def column(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    kinds = {
        "text": words,
        "share": st.floats(0, 1),
        "time": st.none() | moments.map(lambda moment: pd.Timestamp(moment, tz="UTC")),
        # Never missing here: source_row comes last, and of blanks at the end of a row a workbook keeps none.
        "whole": st.integers(0, 10**9),
    }
    given_columns = {each.name: column(kinds[each.kind]) for each in COLUMNS}
    given_columns["source_row"] = pd.array(given_columns["source_row"], dtype="Int64")
    return scored_frame(n, **given_columns)


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


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frame=frames())
def test_every_format_gives_the_frame_back(tmp_path, suffix, frame):
    assert check(frame) is frame
    # A file of little else than control characters would be refused as binary.
    frame.loc[len(frame)] = frame.iloc[0]
    frame["reasons"] = "صوتوا " * 200
    frame = check(frame)
    write_table(frame, tmp_path / f"s{suffix}")
    pd.testing.assert_frame_equal(read_scored(tmp_path / f"s{suffix}"), frame)


def test_probability_saved_by_french_excel(tmp_path):
    (tmp_path / "s.csv").write_text("category;probability;decision\nx;0,25;review\n")
    assert read_scored(tmp_path / "s.csv")["probability"].tolist() == [0.25]


def test_the_contract_is_that_of_a_complaint_and_what_scoring_adds():
    assert tuple(NAMES) == (*FIELDS, *SCORED_COLUMNS, *SOURCE)
    assert set(COMPLAINT_REQUIRED) <= set(REQUIRED)
    assert len(set(NAMES)) == len(NAMES)
    assert tasrib.read_scored is contract.read is read_scored


def test_a_file_of_an_older_tasrib_is_filled_up(tmp_path):
    old = scored_frame(2, channel="sms").drop(columns=["model", "decided_by", "other_operators", "source_row"])
    for suffix in SUFFIXES:
        write_table(old, tmp_path / f"s{suffix}")
        back = read_scored(tmp_path / f"s{suffix}")
        assert list(back.columns) == NAMES
        assert back.dtypes.astype(str).to_dict() == DTYPES
        assert back.loc[0, ["model", "decided_by", "other_operators"]].tolist() == ["", "model", ""]
        assert back["source_row"].isna().all()


def test_what_is_right_is_not_touched():
    frame = scored_frame(3)
    assert check(frame) is frame
    assert check(frame.assign(mine=1)).columns[-1] == "mine"
    assert list(check(frame[["decision", *frame.columns.drop("decision")]]).columns) == NAMES


def test_all_is_brought_into_its_type():
    texts = {name: object for name, dtype in DTYPES.items() if dtype == "str"}
    frame = scored_frame(4, received_at=["2026-01-02", "2026-01-02T03:04:05.25+01:00", "", "2026-01-02T14:05:00Z"])
    loose = frame.astype(texts | {"probability": "float32"}).set_index(pd.Index(list("aabb")))
    loose["received_at"] = ["2026-01-02", "2026-01-02T03:04:05.25+01:00", None, pd.Timestamp("2026-01-02T14:05")]
    loose["prefix"] = [661.0, None, float("nan"), "0661"]
    loose["known_to"] = [["A", "B"], "", pd.NA, "C"]
    loose["source_row"] = [2.0, float("nan"), 2.5, 7.0]
    found = check(loose)
    assert found.dtypes.astype(str).to_dict() == DTYPES
    assert found.index.tolist() == list("aabb")
    assert found["received_at"].tolist() == frame["received_at"].tolist()
    assert found["received_at"].isna().tolist() == [False, False, True, False]
    assert found["prefix"].tolist() == ["661", "", "", "0661"]
    assert found["known_to"].tolist() == ["A;B", "", "", "C"]
    assert found["source_row"].tolist() == [2, pd.NA, pd.NA, 7]
    assert loose["prefix"].tolist()[0] == 661.0


@pytest.mark.parametrize("times", [["2026-01-02"], ["2026-01-02T00:00:00+01:00"]])
def test_moments_of_any_unit_and_zone(times):
    moments = pd.to_datetime(times)
    found = check(scored_frame(1).assign(received_at=moments.as_unit("ns")))["received_at"]
    assert str(found.dtype) == "datetime64[us, UTC]"
    assert found[0] == pd.Timestamp(times[0]) if moments.tz else pd.Timestamp(times[0], tz="UTC")


def test_an_empty_frame_passes():
    bare = pd.DataFrame({name: [] for name in REQUIRED})
    assert check(bare).dtypes.astype(str).to_dict() == DTYPES
    assert len(check(bare)) == 0


def test_what_is_not_scored_is_refused():
    said = "these are no scored complaints: columns category, number_status are missing; run tasrib score first"
    with pytest.raises(TasribError, match=said):
        check(scored_frame(1).drop(columns=["category", "number_status", "model"]))
    assert check(scored_frame(1).drop(columns="number_status"), needed=("category",))["number_status"].tolist() == [""]


@pytest.mark.parametrize("wrong", [1.5, -0.1, "high", ""])
def test_probabilities_that_are_none(wrong):
    frame = scored_frame(2).astype({"probability": object}).set_index(pd.Index([7, 9]))
    frame.loc[9, "probability"] = wrong
    with pytest.raises(
        TasribError, match=r"row 9: probability '.*' is not between 0 and 1; score the complaints again"
    ):
        check(frame)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("probability", "1.5", "probability '1.5' is not between 0 and 1; score the file again"),
        ("probability", "", "probability '' is not between 0 and 1; score the file again"),
        ("received_at", "hier", "received_at 'hier' is not a date; score the file again"),
    ],
)
def test_bad_values_are_named_with_file_and_row(tmp_path, suffix, column, value, said):
    frame = scored_frame(2, received_at="2026-01-02").astype(dict.fromkeys(["probability", "received_at"], "str"))
    frame.loc[1, column] = value
    path = tmp_path / f"s{suffix}"
    write_table(frame, path)
    row = 3 if suffix in (".csv", ".tsv", ".xlsx") else 2
    with pytest.raises(UnreadableInput, match=f"s{suffix}, row {row}: {said}"):
        read_scored(path)


def test_parquet_without_a_value_or_with_another_type(tmp_path):
    frame = scored_frame(2).astype({"probability": "float32"})
    frame["region"] = pd.Series(["x", None], dtype="str")
    frame["prefix"] = [661, 662]
    frame["sender"] = pd.Series(["a", "b"], dtype="category")
    frame.to_parquet(tmp_path / "s.parquet")
    back = read_scored(tmp_path / "s.parquet")
    assert back.dtypes.astype(str).to_dict() == DTYPES
    assert back["region"].tolist() == ["x", ""]
    assert back["prefix"].tolist() == ["661", "662"]
    assert back["sender"].tolist() == ["a", "b"]
    frame["probability"] = pd.Series([0.5, None])
    frame.to_parquet(tmp_path / "s.parquet")
    with pytest.raises(UnreadableInput, match=r"s.parquet, row 2: probability '' is not between 0 and 1"):
        read_scored(tmp_path / "s.parquet")


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_message_that_no_model_judged_has_no_probability(missing, tmp_path):
    frame = scored_frame(2).astype({"probability": object})
    frame.loc[1, "probability"] = missing
    assert check(frame)["probability"].isna().tolist() == [False, True]
    write_report(check(frame), trace(frame), tmp_path / "case")


@pytest.mark.parametrize("written", ["NaT", "nan", ""])
def test_no_moment_as_pandas_writes_it(written):
    assert check(scored_frame(2).assign(received_at=written))["received_at"].isna().all()


def test_day_and_month_are_not_exchanged_in_a_frame():
    frame = scored_frame(2).assign(received_at=["2021-09-08", "08/09/2021"])
    with pytest.raises(TasribError, match="row 1: received_at '08/09/2021' is not a date; score the complaints again"):
        check(frame)


@pytest.mark.parametrize(("value", "unit"), [(1_630_000_000_000, "s"), (-(10**15), "ms")])
def test_moments_beyond_the_calendar_are_no_sound_parquet(tmp_path, value, unit):
    table = pa.Table.from_pandas(scored_frame(1).drop(columns="received_at"), preserve_index=False)
    pq.write_table(
        table.append_column("received_at", pa.array([value], pa.timestamp(unit, "UTC"))), tmp_path / "s.parquet"
    )
    with pytest.raises(UnreadableInput, match=r"s.parquet is not a sound Parquet file; export it again"):
        read_scored(tmp_path / "s.parquet")


def test_parquet_of_other_programs_keeps_every_value(tmp_path):
    # pandas alone makes arrays of lists, and floats of whole numbers where one lacks: two of these ids would be one.
    ids = [2**53 + 1, 2**53 + 2, None]
    lists = [["Mutuelle Nour", "ColisVite"], [], None]
    frame = scored_frame(3).drop(columns=["recipient", "known_to", "other_operators", "region", "received_at"])
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.append_column("recipient", pa.array(ids, pa.int64()))
    for name in ("known_to", "other_operators"):
        table = table.append_column(name, pa.array(lists, pa.list_(pa.string())))
    table = table.append_column("region", pa.array(["a\x00b", "", None], pa.string_view()))
    table = table.append_column("received_at", pa.array([dt.date(2021, 8, 1), None, None]))
    pq.write_table(table, tmp_path / "s.parquet")
    back = read_scored(tmp_path / "s.parquet")
    assert back["recipient"].tolist() == [str(2**53 + 1), str(2**53 + 2), ""]
    assert back["known_to"].tolist() == back["other_operators"].tolist() == ["Mutuelle Nour;ColisVite", "", ""]
    assert back["region"].tolist() == ["ab", "", ""]
    assert back["received_at"].tolist() == [pd.Timestamp("2021-08-01", tz="UTC"), pd.NaT, pd.NaT]


def test_a_table_without_the_numbers_country_and_prefix_is_one():
    found = check(scored_frame(2).drop(columns=["country", "prefix"]))
    assert found[["country", "prefix"]].to_numpy().tolist() == [["", ""]] * 2


@pytest.mark.parametrize(("written", "read"), [("2021", "2021-01-01"), ("2021-08", "2021-08-01"), ("", None)])
def test_a_date_that_nobody_has_read_yet_is_iso_or_refused(written, read):
    one = {"recipient": ["0661234567"], "text": ["a"]}
    (moment,) = check_unscored(pd.DataFrame(one | {"received_at": [written]}))["received_at"]
    assert moment is pd.NaT if read is None else moment == pd.Timestamp(read, tz="UTC")
    with pytest.raises(TasribError, match=r"no ISO 8601 date \(row 0: '01/08/2021' is not a date\)"):
        check_unscored(pd.DataFrame(one | {"received_at": ["01/08/2021"]}))


def test_parquet_that_is_not_scored(tmp_path):
    pd.DataFrame({"text": ["a"], "category": ["news"]}).to_parquet(tmp_path / "s.parquet")
    with pytest.raises(
        UnreadableInput, match=r"no column 'probability' .* so it is not scored; run tasrib score on it"
    ):
        read_scored(tmp_path / "s.parquet")


def test_complaints_to_be_scored_get_their_types():
    found = check_unscored(pd.DataFrame({"recipient": [661234567], "text": ["a"], "mine": [1]}))
    assert list(found.columns) == [*FIELDS, *SOURCE, "mine"]
    assert found["recipient"].tolist() == ["661234567"]
    with pytest.raises(TasribError, match=r"column 'text' is missing; read the complaints with tasrib.read_complaints"):
        check_unscored(found.drop(columns="text"))

"""Columns of Parquet in any type, and files that would unpack without end."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasrib.complaints.headers import Headers
from tasrib.errors import UnreadableInput
from tasrib.numbering.spelling import read_spelling
from tasrib.tables.readers import read_tables

SECONDS = 1_630_677_900  # 3 September 2021, 14:05 UTC


def read(folder, column, **columns):
    table = pa.table({"message": pa.array(["x"] * len(column)), "téléphone": column, **columns})
    pq.write_table(table, folder / "t.parquet")
    (found,) = read_tables(folder / "t.parquet", Headers())[1]
    return [row[1] for row in found.rows], found.notes


def whole(values, kind):
    return pa.array(values, pa.int64()).cast(kind)


TYPES = [
    (pa.array([661234567, None]), ["661234567", ""]),
    (pa.array([2**64 - 1, None], pa.uint64()), ["18446744073709551615", ""]),
    (pa.array([212661234567.0, 0.5]), ["212661234567", "0.5"]),
    (pa.array([float("inf"), float("nan")]), ["#NUM!", ""]),
    (pa.array([Decimal("661234567.00"), Decimal("0.10")], pa.decimal128(20, 2)), ["661234567", "0.10"]),
    (pa.array([Decimal("212661234567"), None], pa.decimal256(50, 0)), ["212661234567", ""]),
    (pa.array(["0661", None]).dictionary_encode(), ["0661", ""]),
    (pa.array(["0661", None], pa.large_string()), ["0661", ""]),
    (pa.array(["0661", None], pa.string_view()), ["0661", ""]),
    (pa.array(["é".encode(), b"\xff"]), ["é", "\\xff"]),
    (pa.array([b"0661", None], pa.binary(4)), ["0661", ""]),
    (whole([SECONDS, None], pa.timestamp("s")), ["2021-09-03T14:05:00", ""]),
    (whole([SECONDS * 10**9 + 123_456_789, None], pa.timestamp("ns")), ["2021-09-03T14:05:00.123456", ""]),
    (whole([SECONDS * 1000, None], pa.timestamp("ms", "Africa/Casablanca")), ["2021-09-03T15:05:00+01:00", ""]),
    (whole([SECONDS * 10**6, None], pa.timestamp("us", "+01:00")), ["2021-09-03T15:05:00+01:00", ""]),
    # Milliseconds that were stored as seconds: the count stays, and costs no other row its date.
    (whole([SECONDS * 1000, SECONDS], pa.timestamp("s")), [str(SECONDS * 10**6), "2021-09-03T14:05:00"]),
    (pa.array([dt.date(2021, 9, 3), None]), ["2021-09-03", ""]),
    (pa.array([10**9, None], pa.int32()).cast(pa.date32()), ["1000000000", ""]),
    (pa.array([dt.time(14, 5), None], pa.time64("ns")), ["14:05:00", ""]),
    (pa.array([dt.timedelta(hours=3), None], pa.duration("ns")), ["3:00:00", ""]),
    (pa.array([["a", "b"], None]), ["a;b", ""]),
    (pa.array([{"a": 1}, None]), ['{"a": 1}', ""]),
    (pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int32())), ['[["a", 1]]', ""]),
    (pa.array([True, None]), ["true", ""]),
    (pa.nulls(2), ["", ""]),
]


@pytest.mark.parametrize(("column", "said"), TYPES, ids=[str(column.type) for column, _ in TYPES])
def test_every_type_is_read(tmp_path, column, said):
    assert read(tmp_path, column) == (said, [])


@pytest.mark.parametrize(
    ("column", "exact", "rounded"),
    [
        (pa.array([16777215.0, 212661234567.0, 661234567.0, 21266123.0, None], pa.float32()), ["16777215"], (2, 3, 4)),
        (pa.array(np.array([2048 - 1, 2051, np.inf], dtype="float16")), ["2047"], (2, 3)),
        (pa.array([661234567.0, 5], pa.float32()).dictionary_encode(), [], (1,)),
    ],
)
def test_numbers_that_a_short_float_rounded_are_spoiled(tmp_path, column, exact, rounded):
    said, notes = read(tmp_path, column)
    assert said[: len(exact)] == exact
    assert all(read_spelling(said[row - 1]).kind == "spoiled" for row in rounded)
    assert [(note.kind, note.code, note.rows, note.column) for note in notes] == [
        ("lost", "rounded_numbers", rounded, "téléphone")
    ]
    assert "export the numbers as text" in notes[0].said


def test_short_floats_below_are_what_was_meant(tmp_path):
    assert read(tmp_path, pa.array([0.1, 3, None], pa.float32())) == (["0.1", "3", ""], [])


def in_every_row(text, rows):
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype="int32")), pa.array([text]))


def lists(values, each):
    return pa.ListArray.from_arrays(pa.array(range(0, len(values) + 1, each), pa.int32()), values)


@pytest.mark.parametrize(
    "column",
    [
        in_every_row("x" * 100_000, 20_000),
        in_every_row(b"x" * 100_000, 20_000),
        lists(in_every_row("x" * 100_000, 20_000), 1),
        pa.StructArray.from_arrays([in_every_row("x" * 100_000, 20_000)], ["a"]),
    ],
    ids=["text", "bytes", "list", "struct"],
)
def test_a_long_text_in_every_row_is_weighed_before_it_is_unpacked(tmp_path, column):
    with pytest.raises(UnreadableInput, match="unpacks to more than 1000 MB; split it"):
        read(tmp_path, column)
    assert (tmp_path / "t.parquet").stat().st_size < 50_000


def test_many_rows_of_nothing_are_refused(tmp_path):
    pq.write_table(pa.table({"message": pa.nulls(6_000_000, pa.int32())}), tmp_path / "t.parquet")
    with pytest.raises(UnreadableInput, match="more than 5,000,000 rows"):
        read_tables(tmp_path / "t.parquet", Headers())
    pq.write_table(pa.table({"message": pa.nulls(101_000_000, pa.int32())}), tmp_path / "t.parquet")
    with pytest.raises(UnreadableInput, match="more than 100,000,000 values"):
        read_tables(tmp_path / "t.parquet", Headers())


def test_texts_that_repeat_are_read(tmp_path):
    said, notes = read(tmp_path, in_every_row("0661000101", 200_000))
    assert (set(said), len(said), notes) == ({"0661000101"}, 200_000, [])


def test_an_encrypted_file_is_named(tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PARE and more")
    with pytest.raises(UnreadableInput, match=r"t.parquet is encrypted; export it again without encryption"):
        read_tables(tmp_path / "t.parquet", Headers())

"""Tables that name their columns as tasrib does."""

import pandas as pd
import pytest

from tasrib.errors import InputNote, TasribError, UnreadableInput
from tasrib.tables import write_table
from tasrib.tables.named import MissingColumns, read_named, read_typed
from tasrib.tables.raw import NoRows

HINT = "write them again"


def text_file(folder, content):
    (folder / "t.csv").write_text(content, encoding="utf-8")
    return folder / "t.csv"


@pytest.mark.parametrize(
    ("content", "names", "said"),
    [
        ("a,c\n1,2\n", ["b"], r"t.csv has no column 'b' \(found: 'a', 'c'\); write them again"),
        ("A,B\n1,2\n", ["a", "b"], "has no column 'a'"),
        ("", ["a", "b"], "t.csv is empty"),
        (" \n", ["a", "b"], "t.csv is empty"),
    ],
)
def test_missing_columns_are_named(tmp_path, content, names, said):
    with pytest.raises(MissingColumns, match=said) as caught:
        read_named(text_file(tmp_path, content), ("a", "b"), HINT)
    assert caught.value.names == names


def test_a_header_alone_is_no_table(tmp_path):
    with pytest.raises(NoRows, match="no rows below its header"):
        read_named(text_file(tmp_path, "a,b\n"), ("a", "b"), HINT)
    write_table(pd.DataFrame({"a": [], "b": []}), tmp_path / "t.parquet")
    with pytest.raises(NoRows, match="no rows below its header"):
        read_typed(tmp_path / "t.parquet", ("a", "b"), HINT)


def test_a_damaged_row_is_named(tmp_path):
    for row in ("3", "3,4,5"):
        with pytest.raises(UnreadableInput, match=r"t.csv, row 3: .*; write the file again"):
            read_named(text_file(tmp_path, f"a,b\n1,2\n{row}\n"), ("a", "b"), HINT)


def test_lists_that_people_type(tmp_path):
    path = text_file(tmp_path, "B;A ;a;note\n1;2\n3;4;5;6\n7;8;9\n")
    frame, numbers = read_named(path, ("a", "b"), HINT, by_hand=True)
    assert frame.to_dict("list") == {
        "b": ["1", "3", "7"],
        "a": ["2", "4", "8"],
        "a (2)": ["", "5", "9"],
        "note": ["", "6", ""],
    }
    assert numbers == [2, 3, 4]
    with pytest.raises(UnreadableInput, match="row 3: "):
        read_named(text_file(tmp_path, "a,b\n1,2\n3,4,5\n"), ("a", "b"), HINT, by_hand=True)
    with pytest.warns(InputNote, match="row 3: a quote opens"):
        frame, _ = read_named(text_file(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n'), ("a", "b"), HINT, by_hand=True)
    assert frame["b"].tolist() == ["2", "4", "6"]


def test_titles_above_the_header_and_numbers_of_rows(tmp_path):
    frame, numbers = read_named(text_file(tmp_path, "Title;\n\na;b\n1;2\n\n3;4\n"), ("a", "b"), HINT)
    assert frame["a"].tolist() == ["1", "3"]
    assert numbers == [4, 6]


def sheets_file(folder, **sheets):
    with pd.ExcelWriter(folder / "l.xlsx") as book:
        for name, sheet in sheets.items():
            pd.DataFrame(sheet).to_excel(book, sheet_name=name, index=False)
    return folder / "l.xlsx"


def test_all_sheets_of_the_same_kind_are_read_and_told(tmp_path):
    form = {"a": [], "b": []}
    path = sheets_file(
        tmp_path, one={"a": ["x"], "b": ["1"]}, two={"b": ["2"], "a": ["y"]}, notes={"a": ["z"], "c": [""]}, form=form
    )
    with pytest.warns(
        InputNote, match=r"l.xlsx: sheet 'two' holds such a table too and was read with the others"
    ) as told:
        found, numbers = read_named(path, ("a", "b"), HINT)
    assert found.to_dict("list") == {"a": ["x", "y"], "b": ["1", "2"]}
    assert numbers == [2, 2]
    assert len(told) == 1
    with pytest.raises(TasribError, match="sheet 'two' holds such a list too; put all rows on one sheet"):
        read_named(path, ("a", "b"), HINT, by_hand=True)


def test_a_row_copied_to_another_sheet_counts_once(tmp_path):
    path = sheets_file(
        tmp_path, all={"a": ["x", "y", "x"], "b": ["1", "2", "1"]}, important={"a": ["y", "new"], "b": ["2", "3"]}
    )
    with pytest.warns(InputNote, match="; 1 of its 2 rows are on an earlier sheet and count once"):
        found, numbers = read_named(path, ("a", "b"), HINT)
    # What stands twice on one sheet was meant.
    assert found["a"].tolist() == ["x", "y", "x", "new"]
    assert numbers == [2, 3, 4, 3]


def test_what_was_lost_of_a_list_is_told(tmp_path):
    path = sheets_file(tmp_path, one={"a": ["x", "=1+1"], "b": ["0661000101", "0661000102"]})
    with pytest.warns(InputNote, match="sheet 'one', row 3, column 'a': a formula without a stored value"):
        found, _ = read_named(path, ("a", "b"), HINT)
    assert found["a"].tolist() == ["x", ""]


def test_parquet_keeps_its_types(tmp_path):
    frame = pd.DataFrame(
        {
            "a": pd.Series(["x\x00y", None], dtype="str"),
            "b": pd.Series([1, None], dtype="Int64"),
            "d": [1, 2],
            "e": [0.5, None],
            "c": pd.to_datetime(["2026-01-01T10:00Z", None]),
        }
    )
    frame.set_index("b").to_parquet(tmp_path / "t.parquet")
    back, numbers = read_typed(tmp_path / "t.parquet", ("a", "b"), HINT)
    assert back.dtypes.astype(str).to_dict() == {
        "a": "str", "c": "datetime64[us, UTC]", "d": "int64", "e": "float64", "b": "str",
    }  # fmt: skip
    assert back["b"].tolist() == ["1", ""]
    assert back["a"][0] == "xy"
    assert list(numbers) == [1, 2]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"PAR1 and no more", "is not a sound Parquet file; export it again"), (None, "no such file")],
)
def test_parquet_that_cannot_be_read(tmp_path, content, said):
    if content is not None:
        (tmp_path / "t.parquet").write_bytes(content)
    with pytest.raises(UnreadableInput, match=said):
        read_typed(tmp_path / "t.parquet", ("a",), HINT)


def test_parquet_without_columns_or_the_right_ones(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(MissingColumns, match="has no column 'b'"):
        read_typed(tmp_path / "t.parquet", ("a", "b"), HINT)
    pd.DataFrame().to_parquet(tmp_path / "t.parquet")
    with pytest.raises(UnreadableInput, match="holds no table"):
        read_typed(tmp_path / "t.parquet", ("a", "b"), HINT)


def test_parquet_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("tasrib.tables.readers.parquet.MAX_FILE", 1_000)
    pd.DataFrame({"a": ["x" * 1_000] * 10_000}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(UnreadableInput, match="unpacks to more"):
        read_typed(tmp_path / "t.parquet", ("a",), HINT)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_a_file_beyond_the_bound_of_those_read_whole_is_read_some_rows_at_a_time(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"t{suffix}"
    frame = pd.DataFrame({"a": [f"صوتوا {n}" for n in range(50)], "b": ["two\nlines", ""] * 25}, dtype="str")
    write_table(frame, path)
    wanted, places = read_typed(path, ("a", "b"), HINT)
    for room in ("tasrib.tables.named", "tasrib.tables.raw", "tasrib.tables.readers.parquet"):
        monkeypatch.setattr(f"{room}.MAX_FILE", 100)
    monkeypatch.setattr("tasrib.tables.named._AT_A_TIME", 7)
    found, numbers = read_typed(path, ("a", "b"), HINT)
    pd.testing.assert_frame_equal(found, wanted)
    assert list(numbers) == list(places)
    with pytest.raises(MissingColumns, match="has no column 'c'"):
        read_typed(path, ("a", "c"), HINT)

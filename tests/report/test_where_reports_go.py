"""A report that cannot be written says so in one line; a scored table that lacks a column is named."""

import pandas as pd
import pytest
from frames import scored_frame

from tasrib.errors import TasribError
from tasrib.report import write_report
from tasrib.tables import write_table
from tasrib.tracing import trace


@pytest.fixture(scope="module")
def scored():
    return scored_frame(3, text=["x", "y", "z"])


@pytest.mark.parametrize("column", ["party", "operator_serving", "language", "number_status", "probability"])
def test_a_missing_column_is_named_and_nothing_is_written(scored, tmp_path, column):
    with pytest.raises(TasribError, match=f"columns {column} are missing; run tasrib score first"):
        write_report(scored.drop(columns=column), trace(scored), tmp_path / "case")
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("column", ["party", "operator_serving", "decision", "recipient"])
def test_the_command_says_the_same(run, scored, tmp_path, column):
    write_table(scored.drop(columns=column), tmp_path / "scored.csv")
    result = run("report", "scored.csv", "-o", "case")
    assert result.exit_code == 2
    assert column in result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "case").exists()


def test_a_sheet_with_copies_is_told_and_counts_once(run, scored, tmp_path):
    with pd.ExcelWriter(tmp_path / "scored.xlsx") as book:
        for name in ("all", "important"):
            scored.astype({"received_at": "str"}).to_excel(book, sheet_name=name, index=False)
    result = run("report", "scored.xlsx", "-o", "case")
    assert result.exit_code == 0
    said = f"{len(scored)} of its {len(scored)} rows are on an earlier sheet and count once"
    assert (
        result.stderr
        == f"tasrib: scored.xlsx: sheet 'important' holds such a table too and was read with the others; {said}\n"
    )


def test_a_folder_that_is_a_file_is_refused(run, scored, tmp_path):
    write_table(scored, tmp_path / "scored.parquet")
    (tmp_path / "case").write_text("mine")
    result = run("report", "scored.parquet", "-o", "case")
    assert result.exit_code == 2
    assert "case is a file, not a folder; name another folder" in result.output
    assert (tmp_path / "case").read_text() == "mine"


@pytest.mark.parametrize("folder", ["/proc/x/y", "x" * 300, "scored.parquet/case"])
def test_an_impossible_folder_is_refused(run, scored, tmp_path, folder):
    write_table(scored, tmp_path / "scored.parquet")
    result = run("report", "scored.parquet", "-o", folder)
    assert result.exit_code == 2
    assert "cannot be made" in result.output


def test_a_workbook_that_cannot_be_replaced_is_told(scored, tmp_path):
    (tmp_path / "tables.xlsx").mkdir()
    with pytest.raises(TasribError, match=r"tables.xlsx cannot be written: .*open in another program"):
        write_report(scored, trace(scored), tmp_path)


def test_a_table_of_an_older_tasrib_is_reported_without_marks(scored, tmp_path):
    old = scored.drop(columns=["model", "decided_by", "other_operators"])
    page = (write_report(old, trace(old), tmp_path) / "report.html").read_text("utf-8")
    assert "<mark" not in page
    assert pd.read_excel(tmp_path / "tables.xlsx", sheet_name="by_category")["messages"].sum() == len(old)

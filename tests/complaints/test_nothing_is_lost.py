"""The promise, for every reader and hostile tables: each row is scored, in quarantine or named in a note, once."""

import itertools
import json
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tasrib.complaints import read_files
from tasrib.tables import write_table

NAMES = ["text", "recipient", "complaint_id", "received_at", "channel", "member"]
CALM = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# What real tables hold, and what breaks readers.
ODD = [
    "", " ", "a", "نص", "0600000001", "2,12661E+11", "2025-01-01", "9/13/2021", "13/9/2021", "1/1/1990", "hier", "SMS", "fax",
    "oui", "لا", "=1", "id1", "'=1", "\\", '\\"', "????? ???", "&eacute;&nbsp;", "Ø§Ù„", "text", "recipient", "#REF!", "NaN",
    "a\nb", "a;b", "\u2028", "\ufeff", "p-aaaaaaaaaaaaaaaa",
]  # fmt: skip
cells = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
)
# A table most of whose rows have pseudonyms in one column was scored already, and is refused.
rows = st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=8).filter(
    lambda table: all(column.count("p-aaaaaaaaaaaaaaaa") < 2 for column in zip(*table, strict=True))
)


def words_to_rows(words):
    """The rows that a cleaning report names: "rows 2, 5 to 9"."""
    found = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def accounted(found):
    """Rows of the files by what became of them; no row may be in two."""
    left_out = found.cleaning[found.cleaning["kind"] == "left_out"]
    parts = [
        {(*place, row) for place, row in zip(zip(file, sheet, strict=True), row, strict=True)}
        for file, sheet, row in (
            (found.complaints["source_file"], found.complaints["source_sheet"], found.complaints["source_row"]),
            (found.rejected["file"], found.rejected["sheet"], found.rejected["row"]),
        )
    ]
    parts.append(
        {
            (file, sheet, row)
            for file, sheet, words in left_out[["file", "sheet", "rows"]].itertuples(index=False)
            for row in words_to_rows(words)
        }
    )
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert len(parts[0]) == len(found.complaints)
    assert len(parts[1]) == len(found.rejected)
    return set.union(*parts)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"])
@CALM
@given(rows=rows)
def test_each_row_is_scored_or_in_quarantine_or_named(tmp_path, suffix, rows):
    # One row is sure to be a complaint, for a table without rows is an error; the last is, for blank ends are no rows.
    rows = [*rows, ["a", "0600000001", "", "", "", ""]]
    write_table(pd.DataFrame(rows, columns=NAMES), tmp_path / f"t{suffix}")
    found = read_files(tmp_path / f"t{suffix}")
    first = 1 if suffix in {".jsonl", ".parquet"} else 2
    assert {row for _, _, row in accounted(found)} == set(range(first, first + len(rows)))
    assert found.complaints["complaint_id"].is_unique
    assert found.complaints["complaint_id"].ne("").all()
    assert found.rejected["reason"].str.len().gt(0).all()


@CALM
@given(first=rows, second=rows)
def test_each_row_of_each_sheet_too(tmp_path, first, second):
    book = Workbook()
    book.remove(book.active)
    for title, table in (("Juillet", first), ("Août", second)):
        sheet = book.create_sheet(title)
        for row in [NAMES, *table, ["a", "0600000001"]]:
            sheet.append([re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", cell).lstrip("=") for cell in row])
    book.save(tmp_path / "t.xlsx")
    places = accounted(read_files(tmp_path / "t.xlsx"))
    for title, table in (("Juillet", first), ("Août", second)):
        # A sheet row that openpyxl wrote blank is a row all the same.
        assert {row for _, sheet, row in places if sheet == title} == set(range(2, 3 + len(table)))


marks = st.lists(
    st.tuples(
        st.sampled_from(["{m}", '"{m}"', '"{m}', '{m}"', 'a "{m}" b', '"{m}\nzwei"', '"{m};x"', '{m}\\"', "{m}|{m}"]),
        st.sampled_from(["0600000001", '"0600000001"', '0600000001"', "", '"']),
        st.sampled_from(["", ";", ";;;x", "\n", "\n\n"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(parent=CALM, max_examples=75)
@given(lines=marks, ending=st.sampled_from(["\n", "\r\n"]))
def test_no_line_of_a_damaged_file_disappears(tmp_path, lines, ending):
    numbers = itertools.count(1)
    body = []
    for text, number, rest in lines:
        mark = f"mark{next(numbers)}end"
        body.append(f"{text.replace('{m}', mark)};{number};2021-09-03{rest}")
    content = "message;tel;date\n" + "\n".join(body) + "\nlast;0600000009;2021-09-03\n"
    (tmp_path / "t.csv").write_bytes(content.replace("\n", ending).encode())
    found = read_files(tmp_path / "t.csv")
    accounted(found)
    everything = [*map(str, found.complaints.to_dict("records")), *found.rejected["raw"]]
    for number in range(1, len(lines) + 1):
        assert sum(f"mark{number}end" in row for row in everything) == 1, content
    kept = found.complaints["text"].tolist() + [json.loads(raw).get("message", "") for raw in found.rejected["raw"]]
    assert "last" in kept

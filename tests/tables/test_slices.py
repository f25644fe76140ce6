"""A table that is read some rows at a time is the table that is read at once."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints.headers import Headers
from tasrib.errors import UnreadableInput
from tasrib.tables import raw
from tasrib.tables.readers import open_tables

TEXTS = [
    "Votez pour la liste", "صوتوا على لائحة الأمل", 'a "quoted" word', "deux\nlignes", "deux\r\nlignes", "a;b,c\td", "", " ", '"', "=1+1",
    "n\\\nn", 'it\\"s', "\ufeffmarque", "été à Fès", "nul\x00", "0661000101", "x" * 500,
]  # fmt: skip
COLUMNS = ["id", "message", "tel", "date"]
cells = st.tuples(
    st.sampled_from(["", "1", "27"]),
    st.sampled_from(TEXTS),
    st.sampled_from(["0661234567", "+212 650 12 34 56", ""]),
    st.sampled_from(["13/9/2021", "2021-09-03 10:05", ""]),
)
odd_lines = st.sampled_from(["", ";;;", '"stray;x', "id;message;tel;date", "tel;date;id;message", "\ufeffid;message;tel;date", '9;"q;0661000102;', "1;2;3;4;5"])  # fmt: skip
quoting = st.sampled_from(["rfc", "all", "none", "backslashes"])
ends = st.sampled_from(["\n", "\r\n", "\r"])
encodings = st.sampled_from(["utf-8", "utf-8-sig", "cp1256", "utf-16", "utf-16-le", "utf-32", "mixed"])


def written(cell, how):
    if how == "none":
        return cell.replace("\n", " ").replace("\r", " ")
    if how == "backslashes":
        return '"' + cell.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if how == "all" or any(sign in cell for sign in '";\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def encoded(text, encoding):
    if encoding != "mixed":
        return text.encode(encoding, "replace")
    lines = text.splitlines(keepends=True)
    return b"".join(line.encode(("utf-8", "cp1256")[at % 3 == 2], "replace") for at, line in enumerate(lines))


def parts_of(path, size):
    _, (stream,) = open_tables(path, Headers())
    return list(stream.slices(size))


def all_of(parts):
    notes = {}
    for note in (note for part in parts for note in part.notes):
        notes.setdefault((note.kind, note.code, note.said, note.column), []).extend(note.rows)
    return (
        parts[0].columns,
        [row for part in parts for row in part.rows],
        [number for part in parts for number in part.row_numbers],
        [bad for part in parts for bad in part.bad],
        notes,
    )


def check(path, monkeypatch, size):
    whole = all_of(parts_of(path, 10**9))
    with monkeypatch.context() as patched:
        # Blocks so small that encodings, lines and quotes are cut everywhere.
        patched.setattr(raw, "_BLOCK", 13)
        parts = parts_of(path, size)
    assert all_of(parts) == whole
    assert max(len(part.rows) + len(part.bad) for part in parts) <= size


some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(st.lists(st.one_of(cells, odd_lines), min_size=1, max_size=12), quoting, ends, encodings, st.integers(1, 4))
def test_delimited_text(tmp_path, monkeypatch, rows, how, end, encoding, size):
    lines = [row if isinstance(row, str) else ";".join(written(cell, how) for cell in row) for row in rows]
    # A last row that is sound: a file without one is refused, cut or not.
    text = end.join([";".join(COLUMNS), *lines, "99;Votez;0661000109;13/9/2021", ""])
    (tmp_path / "t.csv").write_bytes(encoded(text, encoding))
    check(tmp_path / "t.csv", monkeypatch, size)


@some
@given(
    st.lists(st.one_of(cells, st.sampled_from(["", "{bad", "[1]", '{"a":1,"a":2}'])), max_size=12), st.integers(1, 4)
)
def test_json_lines(tmp_path, monkeypatch, rows, size):
    lines = [row if isinstance(row, str) else json.dumps({f"{name}{row[0]}": cell for name, cell in zip(COLUMNS, row, strict=True)}) for row in rows]  # fmt: skip
    (tmp_path / "t.jsonl").write_text("\n".join([*lines, '{"message": "Votez"}', "", ""]), "utf-8")
    check(tmp_path / "t.jsonl", monkeypatch, size)


@some
@given(st.lists(cells, min_size=1, max_size=12), st.integers(1, 5), st.integers(1, 4), st.booleans())
def test_parquet(tmp_path, monkeypatch, rows, group, size, floats):
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    if floats:
        columns["tel"] = pa.array([661234567.0 * (at % 2) for at in range(len(rows))], pa.float32())
    pq.write_table(pa.table(columns), tmp_path / "t.parquet", row_group_size=group)
    check(tmp_path / "t.parquet", monkeypatch, size)


def test_a_line_that_is_too_long_for_a_text_is_named_wherever_blocks_end(monkeypatch):
    monkeypatch.setattr(raw, "MAX_LINE", 40)
    monkeypatch.setattr(raw, "_BLOCK", 30)
    for n in range(15, 30):
        before = b"text,tel\r\n" + b"a,b\n" * n
        with pytest.raises(UnreadableInput, match=f"line {n + 2} is longer"):
            raw.Source("t", "t", before + b"c" * 40 + b"\n").check_lines()
        raw.Source("t", "t", before + b"c" * 39 + b"\n" + b"d" * 40 + b"\r" + b"e" * 40).check_lines()

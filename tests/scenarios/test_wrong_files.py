"""Whatever is wrong with a file: one clear line, exit code 2, no traceback."""

import io
import zipfile

import pandas as pd
import pytest

GOOD = pd.DataFrame({"text": ["صوتوا"] * 40, "recipient": ["0661234567"] * 40})


def no_text_column():
    return "x.csv", b"numero;ville\n0661234567;Fes\n"


def image_renamed():
    return "x.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20


def empty():
    return "x.csv", b""


def truncated_workbook():
    buffer = io.BytesIO()
    GOOD.to_excel(buffer, index=False)
    return "x.xlsx", buffer.getvalue()[:2000]


def no_workbook_in_the_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return "x.xlsx", buffer.getvalue()


def endless_line():
    return "x.csv", b"text,recipient\n" + b"a" * 100_000_000


def foreign_parquet():
    return "x.parquet", b"PAR1 this is no parquet"


def broken_jsonl():
    return "x.jsonl", b'{"text": "a", "recipient": \n'


def unknown_suffix():
    return "x.doc", b"text"


@pytest.mark.parametrize(
    "make",
    [
        no_text_column, image_renamed, empty, truncated_workbook, no_workbook_in_the_zip, endless_line,
        foreign_parquet, broken_jsonl, unknown_suffix,
    ],
)  # fmt: skip
def test_wrong_file(run, tmp_path, make):
    name, content = make()
    (tmp_path / name).write_bytes(content)
    result = run("score", name, "-o", "out.csv")
    assert result.exit_code == 2
    lines = result.output.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("tasrib: ")
    assert name in lines[0]
    assert "Traceback" not in result.output
    assert not (tmp_path / "out.csv").exists()


def test_missing_file(run):
    result = run("score", "absent.csv", "-o", "out.csv")
    assert result.exit_code == 2
    assert "absent.csv" in result.output


def test_report_of_unscored_file_says_what_to_do(run, tmp_path):
    GOOD.to_csv(tmp_path / "x.csv", index=False)
    result = run("report", "x.csv", "-o", "case")
    assert result.exit_code == 2
    assert "tasrib score" in result.output


def test_no_model_there(run, tmp_path):
    GOOD.to_csv(tmp_path / "x.csv", index=False)
    result = run("score", "x.csv", "-o", "out.csv", "--model", str(tmp_path / "nothing"))
    assert result.exit_code == 2
    assert "no tasrib model" in result.output


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([("صوتوا", "vote")], "'vote'"),
        ([("", "news")], "row 2"),
        ([("a", "news"), ("b", "scam")], "at least 10"),
    ],
)
def test_labels_that_cannot_be_learned_from(run, tmp_path, rows, word):
    pd.DataFrame(rows, columns=["text", "category"]).to_csv(tmp_path / "labels.csv", index=False)
    result = run("train", "labels.csv", "-o", "my-model", "--only-mine")
    assert result.exit_code == 2
    assert word in result.output
    assert not (tmp_path / "my-model").exists()

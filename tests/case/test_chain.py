"""A log that only grows: what was done to it shows."""

import json
import stat
import subprocess
import sys

import pytest

from tasrib.case import chain
from tasrib.errors import TasribError, UnreadableInput

DID = [{"who": "NB", "what": "صوتوا"}, {"who": "KA", "what": None}, {"who": "NB", "what": 3}]


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "case.log.jsonl"
    chain.append(path, DID[:2])
    chain.append(path, DID[2:])
    return path


def test_what_was_added_is_read_back_in_order(log):
    records = chain.read(log)
    assert [{name: each[name] for name in ("who", "what")} for each in records] == DID
    assert [each["number"] for each in records] == [1, 2, 3]
    assert all(each["at"].endswith("Z") for each in records)
    assert records[0]["previous"] == chain.GENESIS
    assert chain.verify(log) is None
    assert chain.is_chain(log)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_adding_changes_no_byte_of_what_is_there(log):
    before = log.read_bytes()
    added = chain.append(log, [{"who": "KA"}])
    assert log.read_bytes().startswith(before)
    assert added == chain.read(log)[3:]
    assert chain.append(log, []) == []
    assert len(chain.read(log)) == 4


def lines_of(log):
    return log.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace(b"NB", b"XY"), *lines[1:]], 2),
        (lambda lines: [lines[0], lines[1].replace(b"null", b"true"), lines[2]], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
        (lambda lines: [*lines[:2], lines[2][:-20]], 3),
        (lambda lines: [lines[0], b"\n", *lines[1:]], 2),
        (lambda lines: [lines[0], b"[1]\n", *lines[1:]], 2),
        (lambda lines: [line.replace(b"\n", b"\r\n") for line in lines], 2),
    ],
    ids=["changed", "changed later", "first taken out", "taken out", "moved", "put in", "cut short", "blank", "no record", "line ends"],
)  # fmt: skip
def test_the_first_line_that_does_not_follow_is_named(log, change, line):
    before = change(lines_of(log))
    log.write_bytes(b"".join(before))
    assert chain.verify(log).line == line
    with pytest.raises(UnreadableInput, match=rf"line {line}: .*changed by other means"):
        chain.read(log)
    # Nothing is added to a log that was tampered with, and nothing of it is lost.
    with pytest.raises(UnreadableInput, match=f"line {line}"):
        chain.append(log, DID)
    assert log.read_bytes() == b"".join(before)


def test_an_end_that_was_cut_off_shows_by_the_head_alone(log):
    sealed = chain.head(log)
    log.write_bytes(b"".join(lines_of(log)[:2]))
    assert chain.verify(log) is None
    assert chain.head(log) != sealed
    chain.append(log, [{"who": "KA"}])
    assert chain.head(log) != sealed


def test_before_there_is_a_log(tmp_path):
    path = tmp_path / "none.jsonl"
    assert chain.head(path) == chain.GENESIS
    assert not chain.is_chain(path)
    for read in (chain.read, chain.verify):
        with pytest.raises(UnreadableInput, match="no such file"):
            read(path)
    assert not path.exists()


def test_the_chains_own_fields_are_refused(tmp_path):
    with pytest.raises(TasribError, match="'previous'"):
        chain.append(tmp_path / "x.jsonl", [{"previous": "0"}])
    assert not (tmp_path / "x.jsonl").exists()


def test_other_tables_are_no_log(tmp_path):
    for content in ("", "text,category\n", '{"text": "a"}\n', "[]\n", "[" * 5_000):
        (tmp_path / "x.jsonl").write_text(content)
        assert not chain.is_chain(tmp_path / "x.jsonl")


@pytest.mark.skipif(sys.platform == "win32", reason="no lock on a folder")
def test_programs_that_add_at_one_time_wait_for_each_other(tmp_path, root):
    path = tmp_path / "log.jsonl"
    code = "import sys; from tasrib.case import chain\nfor n in range(8): chain.append(sys.argv[1], [{'who': sys.argv[2], 'n': n}])"
    running = [subprocess.Popen([sys.executable, "-c", code, path, who], cwd=root) for who in ("NB", "KA")]
    assert [each.wait() for each in running] == [0, 0]
    assert chain.verify(path) is None
    found = [(each["who"], each["n"]) for each in chain.read(path)]
    assert sorted(found) == sorted((who, n) for who in ("NB", "KA") for n in range(8))
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]
    assert json.loads(path.read_text("utf-8").splitlines()[-1])["number"] == 16

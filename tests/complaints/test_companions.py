"""What stands beside an output: only what its own run wrote, and nobody edited, is ever replaced or removed."""

import os

import pandas as pd
import pytest

from tasrib.complaints.companions import (
    QUARANTINE,
    companion_names,
    find_companion,
    new_run,
    place_of,
    quarantined_in,
    runs_of,
)
from tasrib.errors import TasribError
from tasrib.tables import write_table

OLD, OTHER = new_run(2), new_run(1)


def table(path, run, moment=1_000_000_000):
    write_table(pd.DataFrame({"text": ["a, b"], **({} if run is None else {"run": [run]})}), path)
    os.utime(path, (moment, moment))
    return path


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_has_a_name_of_its_own_that_says_how_many_rows_it_put_aside():
    assert len({new_run(3) for _ in range(50)}) == 50
    assert quarantined_in(new_run(12)) == 12
    assert quarantined_in("by hand") is None


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "jsonl", "parquet"])
def test_runs_are_read_from_every_format(here, suffix):
    assert runs_of(table(here / f"a.{suffix}", OLD)) == {OLD}
    assert runs_of(table(here / f"b.{suffix}", None)) == frozenset()


@pytest.mark.parametrize("content", [b"", b"my notes", b"\x00\xff\xfe", b"a,b\n1\n"])
def test_any_other_file_is_of_no_run(here, content):
    (here / "a.csv").write_bytes(content)
    assert runs_of("a.csv") == runs_of("missing.csv") == runs_of(here) == frozenset()


@pytest.mark.parametrize(
    ("output", "usual"),
    [("case.csv", "case.quarantine.csv"), ("d/case.july.xlsx", "d/case.july.quarantine.csv"), ("-", "quarantine.csv"), ("/dev/null", "quarantine.csv")],
)  # fmt: skip
def test_the_usual_name(output, usual):
    assert next(companion_names(output, QUARANTINE)).as_posix() == usual


def test_a_name_that_would_be_too_long_is_cut(here):
    name = next(companion_names("ش" * 125 + ".csv", QUARANTINE))
    assert len(os.fsencode(name)) <= 255
    name.write_text("")


def test_a_free_name_is_taken(here):
    table("case.csv", OLD)
    assert (place_of("case.csv", QUARANTINE).path.name, place_of("case.csv", QUARANTINE).replaces) == (
        "case.quarantine.csv",
        False,
    )


def test_that_of_the_same_run_is_replaced(here):
    table("case.csv", OLD)
    table("case.quarantine.csv", OLD)
    place = place_of("case.csv", QUARANTINE)
    assert (place.path.name, place.replaces, place.earlier) == ("case.quarantine.csv", True, ())


@pytest.mark.parametrize("theirs", [OTHER, None, b"my own words"], ids=["another run", "no run", "no table"])
def test_what_is_somebodys_stays_and_the_next_name_is_taken(here, theirs):
    table("case.csv", OLD)
    if isinstance(theirs, bytes):
        (here / "case.quarantine.csv").write_bytes(theirs)
    else:
        table("case.quarantine.csv", theirs)
    place = place_of("case.csv", QUARANTINE)
    assert (place.path.name, place.replaces, place.earlier) == ("case.quarantine-2.csv", False, ())
    table("case.quarantine-2.csv", OLD)
    table("case.quarantine-9.csv", OTHER)
    assert place_of("case.csv", QUARANTINE).replaces
    (here / "case.quarantine.csv").unlink()
    place = place_of("case.csv", QUARANTINE)
    assert (place.path.name, [path.name for path in place.earlier]) == (
        "case.quarantine.csv",
        ["case.quarantine-2.csv"],
    )


def test_what_was_edited_since_is_somebodys_work(here):
    table("case.csv", OLD)
    table("case.quarantine.csv", OLD, moment=1_000_000_060)
    assert place_of("case.csv", QUARANTINE).path.name == "case.quarantine-2.csv"


def test_an_input_stays_whatever_it_is(here):
    table("case.csv", OLD)
    table("case.quarantine.csv", OLD)
    os.link("case.quarantine.csv", "mine.csv")
    assert place_of("case.csv", QUARANTINE, ["mine.csv"]).path.name == "case.quarantine-2.csv"


def test_where_the_output_is_new_or_of_no_run_nothing_is_its_own(here):
    table("case.quarantine.csv", OLD)
    assert place_of("case.csv", QUARANTINE).path.name == "case.quarantine-2.csv"
    table("case.csv", None)
    assert place_of("case.csv", QUARANTINE).path.name == "case.quarantine-2.csv"
    assert place_of("-", QUARANTINE).path.name == "quarantine.csv"


def test_the_quarantine_of_a_run_is_found_under_any_of_its_names(here):
    assert find_companion("case.csv", [OLD], QUARANTINE) is None
    table("case.quarantine.csv", OTHER)
    table("case.quarantine-7.csv", OLD)
    assert find_companion("case.csv", [OLD], QUARANTINE).name == "case.quarantine-7.csv"
    assert find_companion("case.csv", [OLD, OTHER], QUARANTINE).name == "case.quarantine.csv"


def test_one_of_another_run_is_refused(here):
    table("case.quarantine.csv", OTHER)
    for runs in ([OLD], []):
        with pytest.raises(TasribError, match=r"is of another run \(.*\) than case.csv .*--rejected") as refused:
            find_companion("case.csv", runs, QUARANTINE)
        assert len(str(refused.value).splitlines()) == 1


def test_a_file_of_an_older_tasrib_goes_with_one_of_an_older_tasrib_only(here):
    table("case.quarantine.csv", None)
    assert find_companion("case.csv", [], QUARANTINE).name == "case.quarantine.csv"
    assert find_companion("case.csv", [OLD], QUARANTINE) is None

"""How far long work is, where no terminal shows a bar."""

import io
import sys

import pytest

from tasrib.commands import common
from tasrib.commands.common import progress_bar, row_progress


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when a test says so."""
    now = [100.0]
    monkeypatch.setattr(common, "monotonic", lambda: now[0])

    def pass_by(seconds):
        now[0] += seconds

    return pass_by


def test_long_work_tells_a_line_now_and_then(clock, capsys):
    with progress_bar("fitting") as progress:
        for done in range(1, 201):
            clock(1)
            progress(done, 200)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.splitlines() == [f"fitting: {done} of 200 done after {done} s" for done in (10, 70, 130, 190)]


def test_rows_are_told_with_their_speed_and_what_is_left(clock, capsys):
    with row_progress("reading messages") as progress:
        # Done by a run before this one, and so in no time.
        progress(4_000, 10_000)
        for done in range(4_100, 10_001, 100):
            clock(1)
            progress(done, 10_000)
    assert capsys.readouterr().err.splitlines() == ["reading messages: 5,000 of 10,000 rows, 100 rows/s, 50 s left"]


def test_short_work_tells_nothing(clock, capsys):
    with progress_bar("fitting") as progress:
        clock(9)
        progress(1, 2)
        clock(30)
        progress(2, 2)
    assert capsys.readouterr().err == ""


def test_work_without_standard_error_goes_on(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with progress_bar("fitting") as progress:
        assert progress is None


def test_a_terminal_shows_a_bar(clock, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("fitting") as progress:
        clock(100)
        progress(1, 2)
    assert "done after" not in terminal.getvalue()

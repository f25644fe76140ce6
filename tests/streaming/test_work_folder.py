"""The folder of a run that may be gone on with: another run neither takes it nor takes it away."""

from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager

import pandas as pd
import pytest

import tasrib
from tasrib.complaints.opening import ChangedMeanwhile, open_files
from tasrib.errors import TasribError
from tasrib.streaming.parts import InMemory
from tasrib.streaming.run import judge_all
from tasrib.streaming.work import WorkFolder


@pytest.fixture
def folder(tmp_path):
    return WorkFolder(tmp_path / "scored.csv")


@pytest.fixture
def complaints(tmp_path):
    frame = pd.DataFrame({"text": "Soldes", "recipient": [f"06610001{n:02d}" for n in range(12)]})
    frame.to_csv(tmp_path / "c.csv", index=False)
    return tmp_path / "c.csv"


def test_a_run_at_work_is_named_as_that(folder):
    folder.begin({"slice": 3})
    with folder.alone():
        for other in (WorkFolder(folder.output).refuse_leftovers, WorkFolder(folder.output).refuse_another):
            with pytest.raises(TasribError, match="another run is at work"):
                other()
    with pytest.raises(TasribError, match="broken off"):
        WorkFolder(folder.output).refuse_leftovers()


def test_a_run_that_begins_at_this_moment_keeps_its_folder(folder, monkeypatch):
    """Between the folder and the journal another run looks in."""

    def looked_in(*_, **__):
        with pytest.raises(TasribError, match="another run is at work"):
            WorkFolder(folder.output).refuse_leftovers()
        assert folder.path.is_dir()

    monkeypatch.setattr("tasrib.streaming.work.replace_file", looked_in)
    folder.begin({"slice": 3})
    assert list(folder.path.iterdir()) == []


def test_what_never_began_is_cleared_away(folder):
    folder.path.mkdir()
    assert not WorkFolder(folder.output).is_there()
    assert not folder.path.exists()


@pytest.mark.usefixtures("small_model_shipped")
def test_of_a_file_that_changed_meanwhile_nothing_is_kept(run, complaints, tmp_path, monkeypatch):
    def changed(*_, **__):
        raise ChangedMeanwhile("c.csv was changed while it was read; score it again")

    monkeypatch.setattr("tasrib.commands.scoring.judge_all", changed)
    result = run("score", complaints, "-o", tmp_path / "s.csv", "--resume")
    assert "was changed while it was read" in result.output
    assert "is kept in" not in result.output
    assert not (tmp_path / "s.csv.unfinished").exists()


def test_a_process_that_was_ended_from_outside_is_no_defect(complaints, small_shipped):
    class Ended:
        width = 0

        def submit(self, complaints):
            future = Future()
            future.set_exception(BrokenExecutor("terminated"))
            return future

    @contextmanager
    def ended():
        yield Ended()

    model = tasrib.load_model(small_shipped)
    with pytest.raises(TasribError, match="perhaps for lack of memory"):
        judge_all(open_files([complaints]), InMemory(), model, "MA", pool=ended(), size=5)

"""Commands killed at random moments: the earlier result or the new one is there, never a part of either."""

import os
import random
import signal

import pytest
from forked import Forked

from training import kill_study
from training.kill_study import JOBS, _files, is_swept, kill, prepare

KILLS = 2


def start(job, folder):
    """With nothing left to import, every moment that is drawn is one of the work."""
    own = {"TASRIB_KEY_FILE": str(folder.parent / "key"), "TASRIB_HOME": str(folder.parent / "home")}
    return Forked(job.words, cwd=folder, env=os.environ | own)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_nothing_is_lost_doubled_or_half(tmp_path, small_data_shipped, monkeypatch):
    monkeypatch.setattr(kill_study, "_start", start)
    folder = tmp_path / "case"
    folder.mkdir()
    took = prepare(folder)
    draw = random.Random(7)
    for job in JOBS:
        for number in (signal.SIGTERM, signal.SIGKILL):
            files = _files(folder)
            seen = set()
            for _ in range(KILLS):
                seen |= kill(job, folder, number, draw.uniform(0, took[job.name]))
            assert seen <= {"earlier", "new", *(["litter"] if number == signal.SIGKILL else [])}
            assert is_swept(job, folder, files)

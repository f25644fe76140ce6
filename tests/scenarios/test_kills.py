"""Commands killed at random moments: the earlier result or the new one is there, never a part of either."""

import os
import random
import signal

import pytest

from training.kill_study import JOBS, _files, is_swept, kill, prepare

KILLS = 2


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_nothing_is_lost_doubled_or_half(tmp_path, small_data_shipped):
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

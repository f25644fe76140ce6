"""
Kill `tasrib score` and `tasrib report` at random moments, and look at what is there afterwards.

``python -m training.kill_study`` kills each 50 times with SIGTERM and 50 times with SIGKILL, over an earlier result, and prints a table. A
kill may leave the earlier result or the new one, never a part of either, and of SIGTERM nothing else stays in the folder. What SIGKILL
leaves is swept by the next run. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tasrib.complaints.companions import runs_of
from training.paths import ROOT

_HEADER = "text,recipient,received_at,sender"
_OUTCOMES = ("earlier", "new", "half", "lost", "litter", "unswept")


@dataclass(frozen=True)
class Job:
    """
    A command to kill.

    Parameters
    ----------
    name : str
        For the table.
    words : tuple of str
        Its command line.
    state : callable
        Says of its folder which result is there: ``whole`` with a name for it, or ``half``, or ``lost``.
    """

    name: str
    words: tuple[str, ...]
    state: Callable[[Path], tuple[str, str]]


def score_state(folder: Path) -> tuple[str, str]:
    """Whether scored file, quarantine and record are there and of one run; which."""
    files = [folder / "case.csv", folder / "case.quarantine.csv", folder / "case.run.json"]
    if not all(file.is_file() for file in files):
        return "lost", ""
    runs = {runs_of(file) for file in files}
    return ("whole", next(iter(next(iter(runs))))) if len(runs) == 1 and all(map(len, runs)) else ("half", "")


def report_state(folder: Path) -> tuple[str, str]:
    """Whether the four files of a report are there and were put there at one moment; which."""
    files = [folder / "report" / name for name in ("report.html", "tables.xlsx", "findings.json", "run.json")]
    if not all(file.is_file() for file in files):
        return "lost", ""
    if not files[0].read_bytes().rstrip().endswith(b"</html>") or not files[2].read_bytes().endswith(b"}\n"):
        return "half", ""
    moments = {file.stat().st_mtime_ns for file in files}
    return ("whole", str(moments.pop())) if len(moments) == 1 else ("half", "")


JOBS = (
    Job("score", ("score", "complaints.csv", "-o", "case.csv"), score_state),
    Job("report", ("report", "case.csv", "-o", "report"), report_state),
)


def prepare(folder: Path, n: int = 60) -> dict[str, float]:
    """
    Make invented complaints with their earlier results.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder.
    n : int
        How many complaints.

    Returns
    -------
    dict of str to float
        Seconds that each job takes when nobody disturbs it.
    """
    rows = [
        f"Votez pour la liste de l'espoir le 8 septembre {i % 7},06610001{i:02d},2021-09-01 10:00,LISTE"
        for i in range(n)
    ]
    (folder / "complaints.csv").write_text("\n".join([_HEADER, *rows, "Soldes,,2021-09-01,"]) + "\n", "utf-8")
    took = {}
    for job in JOBS:
        started = time.monotonic()
        _start(job, folder).wait()
        took[job.name] = time.monotonic() - started
    return took


def kill(job: Job, folder: Path, number: signal.Signals, after: float) -> set[str]:
    """
    Start a job, end it, and say what came of it.

    Parameters
    ----------
    job : Job
        The command.
    folder : pathlib.Path
        With an earlier result.
    number : signal.Signals
        How it is ended.
    after : float
        Seconds.

    Returns
    -------
    set of str
        Of ``earlier``, ``new``, ``half``, ``lost``, and ``litter`` where files stayed that are of no result.
    """
    before, files = job.state(folder), _files(folder)
    process = _start(job, folder)
    time.sleep(after)
    process.send_signal(number)
    process.wait()
    after_it = job.state(folder)
    found = {after_it[0] if after_it[0] != "whole" else "earlier" if after_it == before else "new"}
    return found | ({"litter"} if _files(folder) != files else set())


def is_swept(job: Job, folder: Path, files: set[str]) -> bool:
    """
    Run a job undisturbed and look whether what killed ones left is gone.

    Parameters
    ----------
    job : Job
        The command.
    folder : pathlib.Path
        Where it was killed.
    files : set of str
        What is there when nothing is left.

    Returns
    -------
    bool
        Whether just these are there.
    """
    _start(job, folder).wait()
    return job.state(folder)[0] == "whole" and _files(folder) == files


def _start(job: Job, folder: Path) -> subprocess.Popen:
    own = {"TASRIB_KEY_FILE": str(folder.parent / "key"), "TASRIB_HOME": str(folder.parent / "home")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "tasrib.cli", *job.words], cwd=folder, env=os.environ | own | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def main() -> None:
    """Kill, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--kills", type=int, default=50, help="of each command with each signal")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    top = Path(tempfile.mkdtemp(prefix="tasrib-kills-"))
    try:
        folder = top / "case"
        folder.mkdir()
        took = prepare(folder)
        print(f"{asked.kills} kills each, at random moments of the run and shortly after; undisturbed: {took}")
        print(f"{'command':<9}{'signal':<9}" + "".join(f"{name:>9}" for name in _OUTCOMES))
        for job in JOBS:
            for number in (signal.SIGTERM, signal.SIGKILL):
                files, seen = _files(folder), Counter[str]()
                for _ in range(asked.kills):
                    seen.update(kill(job, folder, number, draw.uniform(0, took[job.name] * 1.05)))
                seen["unswept"] = 0 if is_swept(job, folder, files) else 1
                print(f"{job.name:<9}{number.name:<9}" + "".join(f"{seen[name]:>9}" for name in _OUTCOMES), flush=True)
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    main()

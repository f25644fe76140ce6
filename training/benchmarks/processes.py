"""What it costs to run Python once, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys


def spent(*arguments: str) -> tuple[float, float]:
    """
    Run Python once, and what it runs.

    Parameters
    ----------
    *arguments : str
        Its command line.

    Returns
    -------
    float
        Seconds of processor time, user and system, of all its processes.
    float
        Gigabytes that the largest of them held.

    Raises
    ------
    subprocess.CalledProcessError
        When it fails.
    """
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    # Of this process and those that it waited for alone: `RUSAGE_CHILDREN` remembers the largest of all.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    # Kilobytes on Linux.
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20

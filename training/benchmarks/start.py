"""
What it costs to start: `python -m training.benchmarks.start [TIMES]`.

The list of commands, `import tasrib` and one look at a number, each in a fresh interpreter, beside `import click`, which any
command line of this kind pays, and `import pandas`. Processor time, user and system, the median of several runs taken in turn.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

TIMES = 7
PEER = "import click"
STARTS = {
    PEER: ("-c", "import click"),
    "import tasrib": ("-c", "import tasrib"),
    "tasrib --help": ("-m", "tasrib.cli", "--help"),
    "tasrib lookup": ("-m", "tasrib.cli", "lookup", "0661234567"),
    "import pandas": ("-c", "import pandas"),
}


def processor_time(arguments: tuple[str, ...]) -> float:
    """
    Run Python once.

    Parameters
    ----------
    arguments : tuple of str
        Its command line.

    Returns
    -------
    float
        Seconds of processor time, user and system.

    Raises
    ------
    subprocess.CalledProcessError
        When it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(times: int = TIMES) -> None:
    """
    Print what each start costs, as a multiple of the peer's.

    Parameters
    ----------
    times : int
        Runs of each, after one that is not counted: it fills the cache of files.
    """
    runs: dict[str, list[float]] = {name: [] for name in STARTS}
    for turn in range(times + 1):
        for name, arguments in STARTS.items():
            seconds = processor_time(arguments)
            if turn:
                runs[name].append(seconds)
    peer = median(runs[PEER])
    print(f"| processor time, median of {times} | `{PEER}` = 1 |\n| --- | --- |")
    for name, spent in runs.items():
        print(f"| `{name}` | {median(spent) / peer:.1f} |")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))

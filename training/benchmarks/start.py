"""
What it costs to start: `python -m training.benchmarks.start [TIMES]`.

The list of commands, `import tasrib`, one look at a number and one message explained, each in a fresh interpreter, beside `import click`, which any
command line of this kind pays, and `import pandas`. Processor time, user and system, the median of several runs taken in turn.
"""

from __future__ import annotations

import sys
from statistics import median

from training.benchmarks.processes import spent

TIMES = 7
PEER = "import click"
STARTS = {
    PEER: ("-c", "import click"),
    "import tasrib": ("-c", "import tasrib"),
    "tasrib --help": ("-m", "tasrib.cli", "--help"),
    "tasrib lookup": ("-m", "tasrib.cli", "lookup", "0661234567"),
    "tasrib explain": ("-m", "tasrib.cli", "explain", "صوتوا على لائحة الوردة يوم 8 شتنبر"),
    "import pandas": ("-c", "import pandas"),
}


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
            cost, _ = spent(*arguments)
            if turn:
                runs[name].append(cost)
    peer = median(runs[PEER])
    print(f"| median of {times} | processor time | `{PEER}` = 1 |\n| --- | --- | --- |")
    for name, seconds in runs.items():
        print(f"| `{name}` | {median(seconds):.2f} s | {median(seconds) / peer:.1f} |")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))

"""
Rows on the disk scored some at a time, beside all of them in memory at once: `python -m training.benchmarks.stream [ROWS …]`.

A CSV of messages that all differ, dated and numbered, is scored without the encoder; each run in a process of its own, which prints CPU
microseconds a row, of which for reading and checking, and the most memory that it ever took. Up to 100,000 rows the same is done by
`read_files` and `score` on one table in memory; the ratio of the two is of CPU time.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from training.corpus import load_corpus

ROWS, KEY = (10_000, 100_000), b"x" * 32
# Beyond these a table in memory is no peer.
_IN_MEMORY = 100_000
_BLOCK = 50_000


def write(path: Path, n: int) -> None:
    """
    Write complaints, some at a time.

    Parameters
    ----------
    path : Path
        A CSV file.
    n : int
        Rows.
    """
    # A line a row, so that what is read is what was written, by whichever reader.
    corpus = [" ".join(text.split()) for text in load_corpus()["text"]]
    rng = random.Random(0)
    for start in range(0, n, _BLOCK):
        count = min(_BLOCK, n - start)
        part = pd.DataFrame(
            {
                # Two by two, so that all differ however many they are, and are of one length on the average.
                "text": [f"{rng.choice(corpus)} {rng.choice(corpus)}" for _ in range(count)],
                "recipient": [f"0{rng.choice('67')}{rng.randrange(10**8):08d}" for _ in range(count)],
                "received_at": [
                    f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/2021 {rng.randrange(24):02d}:{rng.randrange(60):02d}"
                    for _ in range(count)
                ],
            }
        )
        part.to_csv(path, index=False, mode="a" if start else "w", header=not start)


def streamed(path: Path) -> float:
    """
    Score a file some rows at a time, as the command does.

    Parameters
    ----------
    path : Path
        A CSV file.

    Returns
    -------
    float
        CPU seconds until all rows were judged and kept; the rest is for names, pseudonyms and writing.
    """
    from tasrib import load_model
    from tasrib.complaints.opening import open_files
    from tasrib.streaming.parts import InFolder
    from tasrib.streaming.run import Finish, judge_all
    from tasrib.tables.files import Outputs
    from tasrib.tables.write import encode_tables

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        opened, parts = open_files(path), InFolder(Path(folder))
        model = load_model().fast()
        account = judge_all(opened, parts, model, "MA")
        until_judged = time.process_time()
        finish = Finish(opened, parts, account, "MA", model)
        with Outputs() as outputs:
            output = path.with_suffix(".scored.csv")
            outputs.put(output, encode_tables(finish.scored(KEY), output))
    return until_judged


def at_once(path: Path) -> float:
    """
    Score a file as one table in memory.

    Parameters
    ----------
    path : Path
        A CSV file.

    Returns
    -------
    float
        CPU seconds until the table was scored.
    """
    from tasrib import load_model, score
    from tasrib.complaints import read_files
    from tasrib.numbering import number_notes
    from tasrib.tables import write_table

    read = read_files(path)
    read = read.with_notes(number_notes(read.complaints))
    scored = score(read.complaints, model=load_model().fast(), key=KEY)
    until_scored = time.process_time()
    write_table(scored, path.with_suffix(".whole.csv"))
    return until_scored


def measured(way: str, path: Path, n: int) -> dict[str, float]:
    """
    Run one way in a process of its own.

    Parameters
    ----------
    way : str
        ``streamed`` or ``at_once``.
    path : Path
        A CSV file.
    n : int
        Its rows.

    Returns
    -------
    dict of str to float
        CPU microseconds a row in all and until judged, less those of starting; most memory in MB.
    """
    command = [sys.executable, "-m", "training.benchmarks.stream", "--one", way, str(path)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    found = {name: 1e6 * told[name] / n for name in ("cpu", "judged")}
    print(
        f"{n:>10,} rows, {way}: {found['cpu']:.0f} µs of CPU a row (until judged {found['judged']:.0f}), at most {told['memory']:,.0f} MB",
        flush=True,
    )
    return found


def main(counts: list[int]) -> None:
    """
    Print cost and memory for each number of rows.

    Parameters
    ----------
    counts : list of int
        Rows.
    """
    with tempfile.TemporaryDirectory() as folder:
        for n in counts:
            path = Path(folder) / f"{n}.csv"
            write(path, n)
            found = measured("streamed", path, n)
            if n <= _IN_MEMORY:
                peer = measured("at_once", path, n)
                print(f"{'':>10}  ratio to the table in memory {peer['cpu'] / found['cpu']:.2f}", flush=True)
                left, right = (pd.read_csv(path.with_suffix(end), dtype=str) for end in (".scored.csv", ".whole.csv"))
                print(f"{'':>10}  the same rows: {left.equals(right)}", flush=True)
            for file in Path(folder).glob(f"{n}.*"):
                file.unlink()


def one(way: str, path: str) -> None:
    """
    Run one way here, and print what it took as JSON.

    Parameters
    ----------
    way, path : str
        As of `measured`.
    """
    import tasrib.complaints.opening
    import tasrib.streaming.run  # noqa: F401 - what starting takes is not told

    begun = time.process_time()
    judged = {"streamed": streamed, "at_once": at_once}[way](Path(path)) - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1_000)
    print(json.dumps({"cpu": time.process_time() - begun, "judged": judged, "memory": memory}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:4])
    else:
        main([int(each) for each in sys.argv[1:]] or list(ROWS))

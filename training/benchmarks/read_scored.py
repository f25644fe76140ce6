"""
Time of reading scored complaints against pandas alone: `python -m training.benchmarks.read_scored`.

Both read the same 100,000 rows. `pandas.read_parquet` is the least that reading them can cost; `read_scored` also checks every value. Of
CSV the figures are for information: pandas is told the encoding and leaves all columns as they come, tasrib finds encoding, delimiter
and header, and checks every row.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.scored import COLUMNS, check, read_scored
from tasrib.tables import write_table

ROWS = 100_000
REPEATS = 5
_WORDS = [
    "صوتوا",
    "على",
    "لائحة",
    "الوردة",
    "يوم",
    "شتنبر",
    "من",
    "أجل",
    "مدينة",
    "نظيفة",
    "soldes",
    "magasin",
    "compte",
    "banque",
    "gagnez",
    "appelez",
    "lien",
    "urgent",
    "vote",
]


def complaints(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """
    Invent scored complaints with all columns filled.

    Parameters
    ----------
    rows : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        By the contract; every message of its own, other text of fifty values a column.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, object] = {}
    for column in COLUMNS:
        if column.kind == "text":
            drawn[column.name] = np.char.add(f"{column.name} ", rng.integers(0, 50, rows).astype(str))
        elif column.kind == "share":
            drawn[column.name] = rng.random(rows)
        elif column.kind == "whole":
            drawn[column.name] = np.arange(2, rows + 2)
        else:
            seconds = pd.to_timedelta(rng.integers(0, 10**7, rows), unit="s")
            drawn[column.name] = pd.Timestamp("2021-07-01", tz="UTC") + seconds
    words = np.array(_WORDS)[rng.integers(0, len(_WORDS), (rows, 14))]
    drawn["text"] = [" ".join(message) for message in words]
    return check(pd.DataFrame(drawn))


def seconds_of(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """
    Take the least CPU time of a piece of work.

    Parameters
    ----------
    work : callable
        What to do.
    repeats : int
        How often; the least is kept, since other work on the machine only adds.

    Returns
    -------
    float
        CPU seconds of this process, all threads together.
    """
    taken = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def main() -> None:
    """Print both times and their ratio, of Parquet and of CSV."""
    scored = complaints()
    peers: dict[str, tuple[Callable[[Path], pd.DataFrame], int]] = {
        ".parquet": (pd.read_parquet, REPEATS),
        ".csv": (lambda file: pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False), 2),
    }
    with tempfile.TemporaryDirectory() as folder:
        for suffix, (peer, repeats) in peers.items():
            file = Path(folder) / f"scored{suffix}"
            write_table(scored, file)
            pd.testing.assert_frame_equal(read_scored(file), scored)
            mine = seconds_of(partial(read_scored, file), repeats)
            theirs = seconds_of(partial(peer, file), repeats)
            print(
                f"{len(scored):,} rows of {suffix}: read_scored {mine:.3f} s of CPU, pandas {theirs:.3f} s, ratio {mine / theirs:.1f}"
            )


if __name__ == "__main__":
    main()

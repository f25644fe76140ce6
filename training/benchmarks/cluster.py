"""
Rows judged by one and by two workers of a Dask cluster on this machine, beside this process: `python -m training.benchmarks.cluster [ROWS]`.

Rows a second by the clock, of judging alone, without the encoder and with it, after some other rows have warmed everything. From the processor
time of this process a thousand million messages are planned: core hours, to be divided by the cores of a cluster. Reading, naming of
campaigns and writing stay on one machine and are not in it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from distributed import LocalCluster

from tasrib.classify import Model, load_model
from tasrib.complaints.opening import open_files
from tasrib.streaming.cluster import workers_of
from tasrib.streaming.parts import InMemory
from tasrib.streaming.run import judge_all
from training.benchmarks.score_speed import rows

ROWS, PARTS, PLANNED = 8_000, 8, 10**9


def judge_by(n_workers: int, warm: Path, file: Path, model: Model, size: int) -> tuple[float, float]:
    """
    Judge a file.

    Parameters
    ----------
    n_workers : int
        Workers; none for this process.
    warm, file : Path
        Complaints to begin with, and those that are measured.
    model : Model
        The model.
    size : int
        Rows of a part.

    Returns
    -------
    float
        Wall-clock seconds.
    float
        Seconds of processor time of this process, all its threads.
    """

    def judge(what: Path, address: str) -> None:
        pool = workers_of(address, model, "MA") if address else None
        judge_all(open_files([what]), InMemory(), model, "MA", pool=pool, size=size)

    with ExitStack() as stack:
        address = ""
        if n_workers:
            made = LocalCluster(n_workers, threads_per_worker=1, dashboard_address=None, silence_logs=50)
            address = stack.enter_context(made).scheduler_address
        judge(warm, address)
        begin, spent = time.perf_counter(), time.process_time()
        judge(file, address)
        return time.perf_counter() - begin, time.process_time() - spent


def main(n: int = ROWS) -> None:
    """
    Print the table.

    Parameters
    ----------
    n : int
        Rows; half as many with the encoder, which reads few at a time at twice the cost.
    """
    print("| judged by | rows | rows a second | of this process's |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        warm, file = Path(folder) / "warm.csv", Path(folder) / "complaints.csv"
        for name, model, size in (("--fast", load_model().fast(), n), ("with the encoder", load_model(), n // 2)):
            rows(1_000, seed=1).to_csv(warm, index=False)
            rows(size).to_csv(file, index=False)
            mine, hours = 0.0, 0.0
            for n_workers in (0, 1, 2):
                wall, spent = judge_by(n_workers, warm, file, model, max(size // PARTS, 1))
                mine, hours = mine or wall, hours or PLANNED * spent / size / 3600
                who = f"{n_workers} worker{'s' * (n_workers > 1)}" if n_workers else "this process"
                print(f"| {who}, {name} | {size:,} | {size / wall:,.0f} | {mine / wall:.2f} |", flush=True)
            print(f"| {PLANNED:,} messages, {name}: {hours:,.0f} core hours | | | |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""
How often tasrib is right: `python -m training.simulation_study` draws campaigns with a known truth and writes the tables.

Cells (`training/simulation/cells.py`) of 2,000 campaigns each, seeded. A cell that is done is kept in `.study/`, so that a broken run goes on
where it stopped; `--fresh` starts anew. Writes `docs/operating_characteristics.md`, its figures, and `.json` with every figure in it.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from training.paths import DOCS, STUDY
from training.simulation.cells import Cell, all_cells, draw
from training.simulation.methods import oracle, peers_say, tasrib_says
from training.simulation.tables import write_study

CASES, SEED = 2_000, 20210908


def run_cell(cell: Cell, cases: int, folder: Path) -> dict:
    """
    Draw and judge the campaigns of a cell, or read what an earlier run kept.

    Parameters
    ----------
    cell : Cell
        Settings.
    cases : int
        Campaigns.
    folder : pathlib.Path
        Where done cells are kept.

    Returns
    -------
    dict
        Sums over campaigns by measure, ``cases``, ``oracle_power`` and ``seconds``.
    """
    kept = folder / f"{cell.name}-{cases}.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    began = time.perf_counter()
    # The cell's name seeds it: cells can be added without changing the others.
    rng = np.random.default_rng([SEED, zlib.crc32(cell.name.encode())])
    sums: dict[str, float] = {}
    with threadpool_limits(1):
        for _ in range(cases):
            campaign = draw(cell, rng)
            for name, value in (tasrib_says(campaign, cell) | peers_say(campaign, cell)).items():
                sums[name] = sums.get(name, 0.0) + float(value)
        power = oracle(cell)[1] if cell.share and not cell.paired else None
    found = {"cell": vars(cell), "cases": cases, "sums": sums, "oracle_power": power}
    found["seconds"] = round(time.perf_counter() - began, 1)
    kept.write_text(json.dumps(found) + "\n", encoding="utf-8")
    return found


def main() -> None:
    """Run all cells on both cores and write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="forget cells that are done")
    parser.add_argument("--out", type=Path, default=DOCS)
    wanted = parser.parse_args()
    STUDY.mkdir(exist_ok=True)
    if wanted.fresh:
        for file in STUDY.glob("*.json"):
            file.unlink()
    cells = all_cells()
    # The long ones first, so that no core waits for the other at the end.
    order = sorted(cells, key=lambda cell: -cell.n * cell.regions)
    done = Parallel(n_jobs=wanted.jobs, verbose=1)(delayed(run_cell)(cell, wanted.cases, STUDY) for cell in order)
    by_cell = dict(zip(order, done, strict=True))
    print(write_study([(cell, by_cell[cell]) for cell in cells], wanted.out))


if __name__ == "__main__":
    main()

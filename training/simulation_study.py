"""
How often tasrib is right: `python -m training.simulation_study` draws cases with a known truth, traces them, and writes the tables.

Worlds (`training/simulation/worlds.py`) of 2,000 cases each, seeded; reports of several campaigns and leaks take a part of that. Every case is a
table of scored complaints that goes through `tasrib.trace`. A world that is done is kept in `.study/`, so that a broken run goes on where it
stopped; after a change of the tracer all are run anew. Writes `docs/operating_characteristics.md`, its figures, and `.json`
with every figure in it.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from joblib import Parallel, delayed

from training.paths import DOCS, STUDY
from training.simulation.document import write_study
from training.simulation.running import kept_file, run_world
from training.simulation.world import World
from training.simulation.worlds import all_worlds

CASES = 2_000


def main() -> None:
    """Run all worlds on both cores and write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--only", default="", help="regular expression that the world's name holds; no document is written"
    )
    parser.add_argument(
        "--done", action="store_true", help="write the document of the worlds that are done, and run none"
    )
    parser.add_argument("--fresh", action="store_true", help="forget worlds that are done")
    parser.add_argument("--out", type=Path, default=DOCS)
    wanted = parser.parse_args()
    STUDY.mkdir(exist_ok=True)
    if wanted.fresh:
        for file in STUDY.glob("*.json"):
            file.unlink()
    worlds = [world for world in all_worlds() if re.search(wanted.only, world.name)]
    missing = [world for world in worlds if wanted.done and not kept_file(world, wanted.cases, STUDY).is_file()]
    worlds = [world for world in worlds if world not in missing]
    # The long ones first, so that no core waits for the other at the end.
    order = sorted(worlds, key=_cost, reverse=True)
    done = Parallel(n_jobs=wanted.jobs, verbose=1)(delayed(run_world)(world, wanted.cases, STUDY) for world in order)
    by_name = {world.name: found for world, found in zip(order, done, strict=True)}
    if not wanted.only:
        print(write_study([(world, by_name[world.name]) for world in worlds], wanted.out, missing))


def _cost(world: World) -> float:
    return world.part * (200 + world.campaigns * world.n + world.controls)


if __name__ == "__main__":
    main()

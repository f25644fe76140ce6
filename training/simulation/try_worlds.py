"""
A quick look at the worlds of the study: `python -m training.simulation.try_worlds [PATTERN] [--cases N]`.

Draws cases of each world whose name holds PATTERN, traces them, and prints how often something was said. Nothing is kept.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from training.simulation.running import SEED, cases_of
from training.simulation.world import World
from training.simulation.worlds import all_worlds


def look(world: World, cases: int, seed: int) -> str:
    """One line of the table."""
    began = time.perf_counter()
    with threadpool_limits(1):
        judged = [judged for _, judged in cases_of(world, cases, seed)]
    seconds = (time.perf_counter() - began) / cases
    campaigns = [each for case in judged for each in case]
    leaks = [each for each in campaigns if each["share"]]
    rates: list[float] = [
        _share([any(each[key] for each in case) for case in judged]) for key in ("false_moderate", "false_strong")
    ]
    rates += [_share([each[key] for each in leaks]) if leaks else np.nan for key in ("found", "found_strong")]
    rates += [_share([any(each["flagged"] for each in case) for case in judged])]
    covered = [each["covered"] for each in (leaks or campaigns) if each["covered"] is not None]
    rates += [_share(covered) if covered else np.nan]
    said = Counter(name for each in campaigns for name in each["by"])
    shown = " ".join(f"{'–' if np.isnan(rate) else f'{rate:.1%}':>8}" for rate in rates)
    by = ", ".join(f"{name} {count / len(campaigns):.0%}" for name, count in said.most_common())
    return f"{world.name:<58} {shown} {seconds:8.2f}  {by}"


def _share(values: Iterable[bool]) -> float:
    return float(np.mean(list(values)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="?", default="", help="regular expression that the world's name holds")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    wanted = parser.parse_args()
    worlds = [world for world in all_worlds() if re.search(wanted.pattern, world.name)]
    print(
        f"{wanted.cases} cases a world; shares of cases with a false moderate and strong word; of leaks found (moderate, strong);"
    )
    print(
        "of cases with an operator's adjusted p <= 5%; coverage of λ; seconds a case; who said it wrongly, of campaigns"
    )
    print(f"{'':58} {'moderate':>8} {'strong':>8} {'found':>8} {'strong':>8} {'p<=.05':>8} {'covered':>8} {'s':>8}")
    lines = Parallel(n_jobs=wanted.jobs, return_as="generator")(
        delayed(look)(world, max(round(wanted.cases * world.part), 1), wanted.seed) for world in worlds
    )
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""From a world to its figures: cases drawn, traced, judged and summed up."""

from __future__ import annotations

import hashlib
import json
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from tasrib.tracing import trace
from training.simulation.cells import counts
from training.simulation.judging import judge
from training.simulation.methods import has_oracle, oracle, peers_say
from training.simulation.situations import Drawn, draw_world
from training.simulation.world import World
from training.simulation.worlds import all_worlds

SEED = 20210908
# A place in the numbering tree is weak evidence at most, so its p-value needs no more draws than tell 5%.
REPLICATES = 199
# Of a finding, beside its word: what a change of the arithmetic moves.
_TOLD = (
    "observed",
    "expected",
    "odds_ratio",
    "p_adjusted",
    "p_between",
    "posterior",
    "leak_share_low",
    "leak_share_high",
)


def cases_of(world: World, cases: int, seed: int = SEED) -> Iterator[tuple[Drawn, list[dict]]]:
    """
    Draw, trace and judge.

    Parameters
    ----------
    world : World
        Of which.
    cases : int
        How many.
    seed : int
        Together with the world's name, of all draws.

    Yields
    ------
    (Drawn, list of dict)
        The case, and from `judge` one entry a campaign of it.
    """
    # The name seeds it: worlds can be added without changing the others.
    rng = np.random.default_rng([seed, zlib.crc32(world.name.encode())])
    for _ in range(cases):
        drawn = draw_world(world, rng)
        yield drawn, judge(trace(drawn.scored, replicates=REPLICATES), drawn, world.comparison)


def measure(judged: list[dict]) -> dict[str, float]:
    """
    Sum up one case.

    Parameters
    ----------
    judged : list of dict
        From `judge`.

    Returns
    -------
    dict of str to float
        ``alarm``, ``alarm_strong``, ``alarm_p``: whether any campaign has `moderate` or `strong`, `strong`, or an adjusted p-value at or below 5%
        that is not true; ``leaks``, and of these ``found``, ``found_strong``, ``flagged``, ``pointed``; ``false_share``, the share of what was
        said that is not true (false discovery proportion, of campaigns with `moderate` or `strong`), ``false_share_p`` that of flagged ones;
        ``known``, intervals of λ (of the leaks, where there are any), and sums of ``covered``, ``low``, ``high``, ``estimate`` over them; ``by
        KEY``, whether the comparison said it wrongly.
    """
    leaks = [each for each in judged if each["share"]]
    flagged = [each for each in judged if each["flagged"]]
    wrong = [each for each in judged if each["false_moderate"]]
    said = [each for each in judged if each["false_moderate"] or each["found"]]
    wrong_p = [each for each in flagged if not each["pointed"] or not each["share"]]
    found = {
        "alarm": bool(wrong), "alarm_strong": any(each["false_strong"] for each in judged), "alarm_p": bool(wrong_p),
        "leaks": len(leaks), "false_share": len(wrong) / max(len(said), 1), "false_share_p": len(wrong_p) / max(len(flagged), 1),
    }  # fmt: skip
    found |= {name: sum(each[name] for each in leaks) for name in ("found", "found_strong", "flagged", "pointed")}
    known = [each for each in leaks or judged if each["covered"] is not None]
    found |= {"known": len(known)}
    found |= {name: sum(each[name] for each in known) for name in ("covered", "low", "high", "estimate")}
    return found | {f"by {name}": True for name in {name for each in judged for name in each["by"]}}


def run_world(world: World, cases: int, folder: Path) -> dict:
    """
    Draw and judge the cases of a world, or read what an earlier run kept.

    Parameters
    ----------
    world : World
        Settings.
    cases : int
        Cases asked for, of which the world draws its part.
    folder : pathlib.Path
        Where done worlds are kept.

    Returns
    -------
    dict
        ``cases``, ``sums`` over them of `measure` and `peers_say`, ``oracle_power`` (None where nobody can be told all), ``seconds``,
        ``tracer`` (`tracer_version`).
    """
    kept = kept_file(world, cases, folder)
    cases = max(round(cases * world.part), 1)
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    began = time.process_time()
    sums: dict[str, float] = {}
    with threadpool_limits(1):
        for drawn, judged in cases_of(world, cases):
            measured = measure(judged)
            if world.core:
                measured |= peers_say(*counts(drawn.scored), world)
            for name, value in measured.items():
                sums[name] = sums.get(name, 0.0) + float(value)
        power = oracle(world)[1] if has_oracle(world) else None
    seconds = round(time.process_time() - began, 1)
    found = {"cases": cases, "sums": sums, "oracle_power": power, "seconds": seconds, "tracer": tracer_version()}
    kept.write_text(json.dumps(found) + "\n", encoding="utf-8")
    return found


def kept_file(world: World, cases: int, folder: Path) -> Path:
    """
    Say where a world that is done is kept.

    Parameters
    ----------
    world, cases, folder
        As for `run_world`.

    Returns
    -------
    pathlib.Path
        Another file for other settings or cases, or another tracer.
    """
    settings = json.dumps(asdict(world), sort_keys=True) + tracer_version()
    slug = re.sub(r"\W+", "-", world.name).strip("-")
    return folder / f"{slug}-{zlib.crc32(settings.encode()):08x}-{max(round(cases * world.part), 1)}.json"


@cache
def tracer_version() -> str:
    """
    Name the tracer that is measured, by what it says.

    Returns
    -------
    str
        First digits of the SHA-256 of its findings in one case of each situation, to three digits: a tracer that was only tidied or made faster
        keeps its name, and what was measured with another name was measured with another tracer.
    """
    digest = hashlib.sha256()
    first = {world.situation: world for world in reversed(all_worlds())}
    with threadpool_limits(1):
        for situation, world in sorted(first.items()):
            drawn = draw_world(world, np.random.default_rng([SEED, zlib.crc32(situation.encode())]))
            found = trace(drawn.scored, replicates=REPLICATES).findings
            for row in found[["comparison", "hypothesis", "evidence", *_TOLD]].itertuples(index=False):
                digest.update(
                    " ".join(f"{each:.3g}" if isinstance(each, float) else str(each) for each in row).encode()
                )
    return digest.hexdigest()[:12]

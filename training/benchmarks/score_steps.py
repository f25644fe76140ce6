"""
Where the time of `score` goes, step by step: `python -m training.benchmarks.score_steps [ROWS]`, of the tables of `score_speed`.

Functions of the package are timed where they are called, each without what it calls of the others, so that the steps add up. Timers cost some
time of their own; the sum stands beside the time without them.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pandas as pd

from tasrib import load_model, score
from training.benchmarks.read_scored import seconds_of
from training.benchmarks.score_speed import COPIES, KEY, rows

# What a row costs, and what a batch costs however many rows it has: by the places where functions are looked up.
STEPS = {
    "types of the columns given": ["tasrib.pipeline.parts:check_unscored"],
    "equal messages once, and a table of what is said": ["tasrib.pipeline.parts:_classified", "tasrib.pipeline.parts:classify"],
    "normalising": ["tasrib.classify.many:normalise"],
    "n-grams: hashing and counting": ["tasrib.classify.weighed:Ngrams", "tasrib.text.compiled.chunks_met:MetChunks.count"],
    "n-grams: weights": [f"tasrib.classify.weighed:{name}" for name in ("weigh", "add_up", "unknown_share", "_ByCompiled")],
    "the encoder": ["tasrib.classify.reading:_ask_encoder"],
    "what cannot be read": ["tasrib.classify.judgement:cannot_read"],
    "decision by itself": ["tasrib.classify.many:judge"],
    "reasons: weights of chunks": ["tasrib.classify.judgement:weigh_chunks"],
    "reasons: words and places": ["tasrib.classify.reasons:Explained.heaviest"],
    "language": ["tasrib.text.language:Varieties.predict"],
    "parties": ["tasrib.pipeline.parts:_attributed"],
    "numbers": ["tasrib.pipeline.parts:lookup_many", "tasrib.pipeline.parts:_other_numbers", "tasrib.pipeline.parts:serving_operator"],
    "numbers that were rounded": [
        "tasrib.numbering.rounding:Rounding.add", "tasrib.numbering.rounding:Rounding.marked", "tasrib.pipeline.parts:complainant_rounding",
    ],
    "what the batch is like": ["tasrib.pipeline.deciding:Deciding.meet"],
    "thresholds of the batch, once": ["tasrib.pipeline.deciding:terms_of"],
    "decision in the batch": ["tasrib.pipeline.deciding:Deciding.decided"],
    "campaigns: met": ["tasrib.attribute.campaigns:Campaigns.add"],
    "campaigns: near-duplicates and names": ["tasrib.attribute.campaigns:Campaigns.named", "tasrib.attribute.campaigns:Named.of"],
    "pseudonyms": [f"tasrib.pipeline.parts:{name}" for name in ("_pseudonyms", "pseudonym", "complainant_keys")],
    "numbers in other columns": ["tasrib.pipeline.parts:hide_in_columns"],
    "types of the columns found": ["tasrib.pipeline.parts:check"],
    "tables put together": ["tasrib.pipeline.scoring:judged", "tasrib.pipeline.scoring:finished"],
}  # fmt: skip


class Steps:
    """Seconds of CPU by step, of one thread."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STEPS, 0.0)
        self._inside: list[str] = []
        self._since = 0.0

    def _switch(self) -> None:
        now = time.thread_time()
        if self._inside:
            self.spent[self._inside[-1]] += now - self._since
        self._since = now

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """
        Count what a function takes for a step.

        Parameters
        ----------
        step : str
            One of `STEPS`.
        function : callable
            Any.

        Returns
        -------
        callable
            Does the same.
        """

        @functools.wraps(function, updated=())
        def run(*args: Any, **kwargs: Any) -> Any:
            self._switch()
            self._inside.append(step)
            try:
                return function(*args, **kwargs)
            finally:
                self._switch()
                self._inside.pop()

        return run


def steps_of(work: Callable[[], object]) -> dict[str, float]:
    """
    Time the steps of a work.

    Parameters
    ----------
    work : callable
        Calls `tasrib.score`, in one process.

    Returns
    -------
    dict of str to float
        Seconds of CPU of each of `STEPS`.
    """
    steps = Steps()
    with ExitStack() as patches:
        for step, places in STEPS.items():
            for place in places:
                module, _, path = place.partition(":")
                *outer, name = path.split(".")
                owner = functools.reduce(getattr, outer, import_module(module))
                patches.enter_context(patch.object(owner, name, steps.timed(step, getattr(owner, name))))
        work()
    return steps.spent


def print_steps(tables: dict[str, pd.DataFrame], turns: int = 3) -> None:
    """
    Print what each step of `score --fast` takes.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Complaints by what they are called.
    turns : int
        How often each is scored; a first turn, in which caches fill, is left out.
    """
    model = load_model().fast()
    print("steps of tasrib --fast, µs of CPU a row: " + ", ".join(tables))
    found, whole = [], []
    for given in tables.values():
        work = partial(score, given, model=model, key=KEY)
        work()
        whole.append(1e6 * seconds_of(work, turns) / len(given))
        turned = [steps_of(work) for _ in range(turns)]
        found.append({step: 1e6 * min(each[step] for each in turned) / len(given) for step in STEPS})
    for step in STEPS:
        print(f"  {step:50}" + "".join(f"{each[step]:8.1f}" for each in found))
    print(f"  {'sum':50}" + "".join(f"{sum(each.values()):8.1f}" for each in found))
    print(f"  {'without timers':50}" + "".join(f"{each:8.1f}" for each in whole))


def main(n: int = 5_000) -> None:
    """
    Print the steps.

    Parameters
    ----------
    n : int
        Rows of each table.
    """
    print_steps({"all differ": rows(n), f"{COPIES:.0%} copies": rows(n, copies=COPIES)})


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

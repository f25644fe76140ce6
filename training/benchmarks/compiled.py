"""
What compiled functions cost and gain, by which `tasrib.text.compiled.loading` says when they are used: `python -m training.benchmarks.compiled`.

CPU seconds: to compile them into an empty cache, to take them from it, each in a process of its own; and the judgement of messages that all differ with
them and without, words met before, the encoder left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial

from tasrib import load_model
from tasrib.classify.many import classify
from tasrib.text.compiled import loading
from training.benchmarks.read_scored import seconds_of
from training.benchmarks.score_speed import rows

_BEGIN = """
import time
from tasrib.text.compiled import loading
begun = time.process_time()
assert loading._compile(cached=True) is not None
print(time.process_time() - begun)
"""


def main(n: int = 5_000) -> None:
    """
    Print costs and gain.

    Parameters
    ----------
    n : int
        Messages.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        spent = [
            float(
                subprocess.run([sys.executable, "-c", _BEGIN], env=environment, capture_output=True, check=True).stdout
            )
            for _ in range(2)
        ]
    texts, model = rows(n)["text"].tolist(), load_model().fast()
    of_each = []
    for least in (sys.maxsize, 0):
        loading.LEAST = least
        read = partial(classify, texts, model)
        read()
        of_each.append(min(seconds_of(read, 1) for _ in range(3)) / n)
    gain = of_each[0] - of_each[1]
    print(f"compiled into an empty cache {spent[0]:.1f} s, taken from it {spent[1]:.1f} s")
    print(
        f"a message {1e6 * of_each[0]:.0f} µs without, {1e6 * of_each[1]:.0f} µs with; ratio {of_each[0] / of_each[1]:.2f}"
    )
    print(f"pays from {spent[1] / gain:,.0f} messages on with a cache, {spent[0] / gain:,.0f} without")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

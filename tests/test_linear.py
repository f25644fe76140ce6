"""Whatever stands in a message, reading it takes time in proportion to its length: here, and only here, a test looks at the clock."""

import importlib
import pkgutil
import re
import time

import pytest

import tasrib

UNITS = [
    "*", "-", ".", "@", "_", "/", "=", "?", "'", "#", "%", "&", "&#", "+", "(", "[", "{", "<", "\\", "\\u", "=?", " ", "\n", "\t", ",", ":",
    "a", "1", "0", "x", "é", "و", "ـ", "ط", "Ø", "Ù", "\ufffd", "٠", "😀", "\u200d", "\U0001f1f2", "\u0300", "\u202e", "v ", "v\n",
    "a.", "a-", "a@", "1-", "1.", "1 ", "12 ", "123 ", "06 ", "+212", "1*", "x1", "-1a", "a1", "ab12-", "@@@", "http", "https://", "www.",
    ".ma", "a.ma/", "(at)", " at ", "a b c ", "ال ", "l'", "08/09/", "1h", "100 dh ", "é.é", "=D8", "%D8", "0635", "u0635", "&amp;", "&#1589;",
    "<br>", "<a ", "zéro six ", "👨\u200d👩\u200d👧", "🔥v", "v🔥", "ﷺ", "AB1", "A 1 ", "MA64 ", "_a_", "[1]", "٠٦ ", "ⓥ", "ǝ", "e e ", "aa ",
]  # fmt: skip
ENDS = ["", "!", "ص", "a", "1", "@", "\x00"]


def compiled_patterns():
    for module in pkgutil.walk_packages(tasrib.__path__, "tasrib."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield pytest.param(value, id=f"{module.name}.{name}")


def seconds(work, text, repeats=3):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work(text)
        best = min(best, time.process_time() - start)
    return best


def grows_too_fast(work, unit, end, length, noise=0.004):
    """Whether twice the text takes much more than twice the time; what takes next to no time is not weighed."""
    short, long = (unit * (n // len(unit)) + end for n in (length, 2 * length))
    if seconds(work, long, 1) < noise:
        return False
    # A neighbour's work on the same machine may disturb one measurement, hardly three in a row.
    return all(seconds(work, long) > 3.5 * seconds(work, short) for _ in range(3))


@pytest.mark.parametrize("pattern", list({p.values[0].pattern: p for p in compiled_patterns()}.values()))
def test_every_pattern_is_linear(pattern):
    def search(text):
        for _ in pattern.finditer(text):
            pass
        pattern.fullmatch(text)

    slow = [unit + end for unit in UNITS for end in ENDS if grows_too_fast(search, unit, end, 2_000)]
    assert slow == []

"""Whatever stands in a message, reading it takes time in proportion to its length: here, and only here, a test looks at the clock."""

import importlib
import importlib.util
import pkgutil
import re
import time
from functools import cache

import pandas as pd
import pytest

import tasrib
from tasrib.attribute import attribute_party, campaign_ids
from tasrib.classify import choose_model, judge
from tasrib.complaints.garbled import letters_lost, repair
from tasrib.compliance import load_rules
from tasrib.compliance.messages import read_message
from tasrib.learning import load_shipped_corpus
from tasrib.report.highlights import highlighted
from tasrib.text import align, normalise, unreadable
from tasrib.text.private import private_spans

UNITS = [
    "*", "-", ".", "@", "_", "/", "=", "?", "'", "#", "%", "&", "&#", "+", "(", "[", "{", "<", "\\", "\\u", "=?", " ", "\n", "\t", ",", ":",
    "a", "1", "0", "x", "é", "و", "ـ", "ط", "Ø", "Ù", "\ufffd", "٠", "😀", "\u200d", "\U0001f1f2", "\u0300", "\u202e", "v ", "v\n",
    "a.", "a-", "a@", "1-", "1.", "1 ", "12 ", "123 ", "06 ", "+212", "1*", "x1", "-1a", "a1", "ab12-", "@@@", "http", "https://", "www.",
    ".ma", "a.ma/", "(at)", " at ", "a b c ", "ال ", "l'", "08/09/", "1h", "100 dh ", "é.é", "=D8", "%D8", "0635", "u0635", "&amp;", "&#1589;",
    "<br>", "<a ", "zéro six ", "👨\u200d👩\u200d👧", "🔥v", "v🔥", "ﷺ", "AB1", "A 1 ", "MA64 ", "_a_", "[1]", "٠٦ ", "ⓥ", "ǝ", "e e ", "aa ",
]  # fmt: skip
ENDS = ["", "ص", "a1", "@"]
# Asked only whether a cell or a text begins so, never searched for.
AT_THE_BEGINNING = {
    "RISKY",
    "_GUARDED",
    "_LEADING_PLUS",
    "_BARE",
    "_VALUE",
    "_SUBQUESTION",
    "_PATH",
    "_IDENTIFIER_PATH",
    "_EMPHASIS",
}
# Modules that look at cells of at most so many characters; longer ones are no dates, numbers or headings.
AT_MOST = {
    "tasrib.complaints.dates": 80, "tasrib.complaints.looks": 120, "tasrib.complaints.naming": 1_000, "tasrib.numbering.spelling": 200,
}  # fmt: skip


def compiled_patterns():
    for module in pkgutil.walk_packages(tasrib.__path__, "tasrib."):
        if module.name == "tasrib.text.compiled.kernels" and importlib.util.find_spec("numba") is None:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                most = AT_MOST.get(module.name, 0)
                yield pytest.param(value, name in AT_THE_BEGINNING, most, id=f"{module.name}.{name}")


def seconds(work, text, repeats=3):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work(text)
        best = min(best, time.process_time() - start)
    return best


def grows_too_fast(work, unit, end, length, noise=0.002):
    """Whether twice the text takes much more than twice the time; what takes next to no time is not weighed."""
    short, long = (unit * (n // len(unit)) + end for n in (length, 2 * length))
    # A neighbour's work on the same machine may disturb one measurement, hardly four in a row.
    return all(
        (longer := seconds(work, long, repeats)) > noise and longer > 3.2 * seconds(work, short, repeats)
        for repeats in (1, 2, 3, 3)
    )


@pytest.mark.parametrize(
    ("pattern", "at_the_beginning", "most"), list({p.values[0].pattern: p for p in compiled_patterns()}.values())
)
def test_every_pattern_is_linear(pattern, at_the_beginning, most):
    def search(text):
        pattern.match(text)
        pattern.fullmatch(text)
        if not at_the_beginning:
            for _ in pattern.finditer(text):
                pass

    # The first that is slow is enough to know.
    length, noise = (most // 2, 0.01) if most else (600, 0.002)
    slow = next(
        (unit + end for unit in UNITS for end in ENDS if grows_too_fast(search, unit, end, length, noise)), None
    )
    assert slow is None


@cache
def shipped():
    return choose_model().model


def whole_way(text):
    judged = judge(shipped().scorer, [text], reasons="all")
    attribute_party(text, "")
    campaign_ids(pd.Series([text, text + "x"]))
    shipped().varieties.predict([text])
    return highlighted(text, judged.explanations[0].pieces)


def held_against_rules(text):
    message = read_message(text)
    return load_rules("ma").lexicon.find(message.plain, message.links)


ACTIONS = {
    "repair": lambda text: letters_lost(repair(text).text), "normalise": normalise, "align": align, "mask": private_spans,
    "unreadable": unreadable, "score and show": whole_way, "hold against rules": held_against_rules,
}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_every_step_of_a_message_is_linear(action):
    units = [
        "*", "-", ".", "a.", "1-", "@", "http://", "1", " ", "ـ", "(", "👨\u200d", "صوتوا الوردة ", "votez RNI contre PAM ", "🌹", "v ", "v\n",
        "0661000101 ", "&#1589;", "\\u0635", "Ø§", "zetov ruop ", "🇻🇴", "ʇǝ", "v0t3z p0ur ", "l'a b", "\ufffd ", "dites stop ", "mp ",
    ]  # fmt: skip
    whole_way("x")
    length, noise = (4_000, 0.3) if action == "score and show" else (2_000, 0.02)
    assert [unit for unit in units if grows_too_fast(ACTIONS[action], unit, "!", length, noise)] == []


def test_a_long_message_of_different_words_is_linear():
    words = load_shipped_corpus()["text"].head(600).str.cat(sep=" ")[:16_000]
    whole_way("x")
    assert not all(seconds(whole_way, words) > 3.2 * seconds(whole_way, words[:8_000]) for _ in range(3))

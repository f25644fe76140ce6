"""
How often a campaign's messages are said to call people by name, when they do and when they do not.

Run ``python -m training.naming_study``; it prints, by situation and number of people, in how many of 100 campaigns the verdict of
`tasrib.tracing.methods.slots.find_slots` is each kind at p < 0.01. The first situations have no name: messages of the corpus, each as
many people would hand it in (disguised, cut, with a remark), the corpus' own groups of near-duplicates, and templates with something else
that differs. The last ones have names, schools and links filled in. First names stand for nobody in particular.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tasrib.text import near_duplicate_groups
from tasrib.tracing.methods.slots import find_slots
from training.corpus import load_corpus
from training.obfuscate import OBFUSCATIONS, obfuscate

SIZES = (10, 12, 15, 20, 35, 50, 100, 200)
with Path(__file__).with_name("naming_texts.toml").open("rb") as file:
    _TEXTS = tomllib.load(file)
WORDS: dict[str, list[str]] = {name: text.split() for name, text in _TEXTS["words"].items()}
LISTS: dict[str, list[str]] = _TEXTS["lists"]
REMARKS: list[str] = LISTS["remarks"]
PEOPLE, OTHERS = _TEXTS["people"], _TEXTS["others"]
# Invented, as many as a country has districts.
MANY_TOWNS = [
    f"{first} {second}"
    for first in ("Oulad", "Aït", "Sidi", "Beni", "Tizi", "Dar", "Souk")
    for second in WORDS["men"][20:34]
]
MANY_TOWNS_ARABIC = [
    f"{first}{second}" for first in ("", "أولاد ", "سيدي ", "بني ") for second in WORDS["men_arabic"][:30]
]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=100)
    campaigns = parser.parse_args().campaigns
    corpus = load_corpus()
    political = corpus.loc[corpus["category"] == "political_campaign", "text"]
    long = [text for text in political if len(text.split()) >= 10]
    _corpus_groups(corpus["text"].tolist())
    print("situation; people; name-like, place-or-number, tracked link, of", campaigns)
    _print("corpus, as handed in", campaigns, lambda rng, n: _many(rng, [rng.choice(long)], n))
    _print("corpus, all disguised", campaigns, lambda rng, n: _disguised(rng, rng.choice(long), n))
    _print("corpus, three wordings", campaigns, lambda rng, n: _many(rng, rng.sample(long, 3), n))
    for name, template in OTHERS.items():
        _print(name, campaigns, partial(_all_filled, template))
    for name, template in PEOPLE.items():
        _print(name, campaigns, partial(_all_filled, template))


def filled(rng: random.Random, template: str) -> str:
    """
    Fill a template for one person.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    template : str
        A value of `PEOPLE` or `OTHERS`.

    Returns
    -------
    str
        The message as it was sent.
    """
    town = rng.randrange(len(LISTS["towns"]))
    word = list("votez")
    word.insert(rng.randrange(1, 5), rng.choice("xqz.-_*"))
    name, other = _name(rng, WORDS["men"], WORDS["women"]), _name(rng, WORDS["men"], WORDS["women"])
    values = {
        "n": name, "a": _name(rng, WORDS["men_arabic"], WORDS["women_arabic"]), "t": rng.choice(["M.", "Mme", "Mr", "Madame"]),
        "f": rng.choice(WORDS["family"]) if rng.random() < 0.3 else f"El {other}i",
        "g": rng.choice(["Salam", "Slm", "Bonjour khouya"]), "h": rng.choice(LISTS["groups"]), "c": rng.choice(["fils", "fille"]),
        "s": rng.choice(LISTS["schools"]), "v": LISTS["towns"][town], "o": f"{WORDS['men'][town]} {WORDS['family'][town % 15]}",
        "y": rng.choice(MANY_TOWNS), "z": rng.choice(MANY_TOWNS_ARABIC), "w": "".join(word), "d": rng.randrange(10, 999),
        "d1": rng.randrange(1, 20), "d2": rng.randrange(10, 29), "d8": rng.randrange(10**7, 10**8),
    }  # fmt: skip
    return template.format(**values)


def _name(rng: random.Random, men: list[str], women: list[str]) -> str:
    """A first name: the commonest ones of about one person in thirty each; one in six is a double name."""
    pool = men if rng.random() < 0.5 else women
    weights = [1 / (i + 6) for i in range(len(pool))]
    return " ".join(rng.choices(pool, weights, k=2 if rng.random() < 1 / 6 else 1))


def handed_in(rng: random.Random, text: str) -> str:
    """
    A message as a complainant hands it in.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    text : str
        As it was sent.

    Returns
    -------
    str
        Six in ten unchanged; the others cut at either end, with the second word hidden, disguised, or with a remark.
    """
    way = rng.random()
    words = text.split(" ")
    if way < 0.6:
        return text
    if way < 0.68:
        return " ".join(words[2:])
    if way < 0.76:
        return text[: rng.randrange(len(text) // 2, len(text))]
    if way < 0.82:
        return " ".join([words[0], rng.choice(["***", "[nom]", "▮▮▮", "XXX"]), *words[2:]])
    if way < 0.92:
        return obfuscate(text, rng.choice(list(OBFUSCATIONS)), rng.randrange(10**6))
    return f"{rng.choice(REMARKS)} {text}"


def _many(rng: random.Random, texts: list[str], n: int) -> list[str]:
    return [handed_in(rng, rng.choice(texts)) for _ in range(n)]


def _disguised(rng: random.Random, text: str, n: int) -> list[str]:
    """Each person's copy disguised in two ways of its own."""
    out = []
    for _ in range(n):
        first, second = rng.sample(list(OBFUSCATIONS), 2)
        out.append(obfuscate(obfuscate(text, first, rng.randrange(10**6)), second, rng.randrange(10**6)))
    return out


def _all_filled(template: str, rng: random.Random, n: int) -> list[str]:
    return [handed_in(rng, filled(rng, template)) for _ in range(n)]


def _print(name: str, campaigns: int, draw: Callable[[random.Random, int], list[str]]) -> None:
    for n in SIZES:
        kinds: Counter[str] = Counter()
        for seed in range(campaigns):
            found = find_slots(draw(random.Random(f"{name} {n} {seed}"), n))
            kinds[found.kind if found.p_value < 0.01 else "none"] += 1
        print(f"{name}; {n}; {kinds['name-like']}, {kinds['place-or-number']}, {kinds['tracked link']}", flush=True)


def _corpus_groups(texts: list[str]) -> None:
    """Groups of near-duplicates as the writers left them, at the likeness at which campaigns are made, and wider."""
    for threshold in (0.45, 0.3, 0.2):
        group = near_duplicate_groups(texts, threshold)
        sizes = Counter(group.tolist())
        large = [number for number, n in sizes.items() if n >= 10]
        kinds: Counter[str] = Counter()
        for number in large:
            found = find_slots([text for text, mine in zip(texts, group, strict=True) if mine == number])
            kinds[found.kind if found.p_value < 0.01 else "none"] += 1
        print(f"corpus groups at {threshold}: {len(large)} of ten or more: {dict(kinds)}", flush=True)


if __name__ == "__main__":
    main()

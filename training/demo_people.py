"""The invented people of the demo: who serves them, which prefix they hold, how they write their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from numpy.random import Generator

from tasrib.numbering import lookup
from training.demo_variants import pick

LETTERS = ("A", "B", "C")
PORTED = 0.08
UNKNOWN_PREFIX = 0.03
GIVES_OPERATOR = 0.4
BLOCK = 10_000
ANSWERS_THE_DIALLER = 0.9
# How much likelier than others the customers of an operator are to complain, of whatever they receive.
COMPLAINS = {"A": 1.0, "B": 1.6, "C": 1.0}

_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Person:
    """
    Someone who complains.

    Attributes
    ----------
    national : str
        Nine national digits.
    serving, allocated : str
        Letters of the operators that serve the number and to which its prefix was allocated; the latter is
        empty where nobody knows.
    region : str
        One of the twelve.
    gives_operator : bool
        Whether the complaint says who serves the number.
    """

    national: str
    serving: str
    allocated: str
    region: str
    gives_operator: bool


class Population:
    """
    Where people are drawn from.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    market : mapping of str to float
        Operator to share.
    regions : mapping of str to float
        Region to share.
    """

    def __init__(self, rng: Generator, market: Mapping[str, float], regions: Mapping[str, float]) -> None:
        self.rng = rng
        names = list(market)
        # Which operator is A is chance too, so that the story is about none of them.
        self.names = {letter: names[i] for letter, i in zip(LETTERS, rng.permutation(len(names)), strict=True)}
        self.shares = {letter: market[name] for letter, name in self.names.items()}
        self.regions = regions
        self._taken: set[str] = set()

    def person(self, serving: str = "", regions: Mapping[str, float] | None = None) -> Person:
        """
        Draw someone who complains.

        Parameters
        ----------
        serving : str, optional
            Letter of the operator from whose customer file the person comes; the whole population by default.
        regions : mapping of str to float, optional
            Region to weight; the whole country by default.

        Returns
        -------
        Person
            Nobody comes twice.
        """
        rng, regions = self.rng, regions or self.regions
        serving = serving or pick(rng, LETTERS, [self.shares[letter] * COMPLAINS[letter] for letter in LETTERS])
        allocated = serving
        if rng.random() < PORTED:
            others = [letter for letter in LETTERS if letter != serving]
            allocated = pick(rng, others, [self.shares[letter] for letter in others])
        if rng.random() < UNKNOWN_PREFIX:
            allocated = ""
        prefixes = _prefixes()[self.names.get(allocated, "")]
        national = ""
        while not national or national in self._taken:
            national = pick(rng, prefixes) + f"{int(rng.integers(1_000_000)):06d}"
        self._taken.add(national)
        return self._somebody(national, serving, allocated, regions)

    def dialled(
        self, allocated: str, number: int, step: int, regions: Mapping[str, float] | None = None
    ) -> list[Person]:
        """
        Draw people whose numbers were dialled one after another, not taken from a list.

        Parameters
        ----------
        allocated : str
            Letter of the operator that got the block of 10,000 numbers.
        number : int
            How many people complain; one in ten of those dialled does not.
        step : int
            From a number dialled to the next.
        regions : mapping of str to float, optional
            Region to weight; the whole country by default.

        Returns
        -------
        list of Person
            By number, all of one block. Nobody comes twice.
        """
        rng = self.rng
        calls = round(number / ANSWERS_THE_DIALLER)
        nationals: list[str] = []
        while not nationals or not self._taken.isdisjoint(nationals):
            block = pick(rng, _prefixes()[self.names[allocated]]) + f"{int(rng.integers(100)):02d}"
            start = int(rng.integers(BLOCK - calls * step))
            answering = sorted(int(i) for i in rng.choice(calls, number, replace=False))
            nationals = [f"{block}{start + step * i:04d}" for i in answering]
        self._taken.update(nationals)
        people = []
        for national in nationals:
            others = [letter for letter in LETTERS if letter != allocated]
            ported = rng.random() < PORTED
            serving = pick(rng, others, [self.shares[letter] for letter in others]) if ported else allocated
            people.append(self._somebody(national, serving, allocated, regions or self.regions))
        return people

    def _somebody(self, national: str, serving: str, allocated: str, regions: Mapping[str, float]) -> Person:
        region = pick(self.rng, list(regions), list(regions.values()))
        return Person(national, serving, allocated, region, bool(self.rng.random() < GIVES_OPERATOR))


@cache
def _prefixes() -> dict[str, list[str]]:
    """Operator to the three national digits of its ranges; those of no known operator under an empty name."""
    found: dict[str, list[str]] = {}
    for start in range(600, 800):
        found.setdefault(lookup(f"0{start}123456").operator_allocated, []).append(str(start))
    return found


def written(rng: Generator, national: str) -> str:
    """
    A number as people and spreadsheets write it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    national : str
        Nine national digits.

    Returns
    -------
    str
        One of many spellings; no digit is lost in any of them.
    """
    n, local = national, "0" + national
    pairs = [local[i : i + 2] for i in range(0, 10, 2)]
    tail = f"{n[1:3]} {n[3:5]} {n[5:7]} {n[7:]}"
    spellings: Sequence[tuple[float, str]] = (
        (40, local),
        (14, " ".join(pairs)),
        (5, ".".join(pairs)),
        (6, f"{local[:4]}-{local[4:]}"),
        (9, f"+212{n}"),
        (4, f"00212{n}"),
        (4, f"212{n}"),
        (3, f"212 {n[0]} {tail}"),
        (3, f"+212 {n[:3]}-{n[3:]}"),
        (3, f"(+212) {local}"),
        (3, local.translate(_EASTERN)),
        (2, f"\u200f{local}\u200f"),
        (2, f"'{local}"),
        (4, n),
        (1, f"{n[0]}.{n[1:]}E+08"),
    )
    return pick(rng, [spelling for _, spelling in spellings], [weight for weight, _ in spellings])

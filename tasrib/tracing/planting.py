"""Which test numbers to give to whom before a campaign, so that one hit tells most; and the register of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasrib._arguments import as_number, as_whole
from tasrib.errors import TasribError
from tasrib.tracing.canary_lists import NOBODY, REGISTER_COLUMNS
from tasrib.tracing.evidence import MODERATE
from tasrib.tracing.planting_numbers import Stock, read_holders, read_stock
from tasrib.tracing.planting_warnings import cannot_tell, crowded, least_silent, taken_for_another, too_few
from tasrib.tracing.stats.canary import COVERAGE, EVERYWHERE, MOST_DIALLED, NUMBER_SPACE, ONE_RANGE, HitChances
from tasrib.tracing.stats.canary_deal import FREE, deal, ranges_of, side_by_side
from tasrib.tracing.stats.canary_plan import Telling, Weighing, allocate, one_hit, overlaps, tell

# As a report starts from, unless it is told another.
PRIOR_NONE = 0.5
_CHANCES = HitChances(MOST_DIALLED / NUMBER_SPACE, EVERYWHERE, COVERAGE)


@dataclass(frozen=True, eq=False)
class CanaryPlan:
    """
    Who is given which test number, and what hits on them would tell.

    Attributes
    ----------
    register : pandas.DataFrame
        The planting register, columns ``number``, ``holder`` (``nobody`` for silent ones), ``given_at`` (to be filled in), ``operator``,
        ``how_given``, ``given_by``, ``remark``; ready for `read_canaries` once filled in.
    sources : pandas.DataFrame
        One row a holder or operator: ``source``, ``kind``, ``numbers``, ``silent``, and if its list leaked: ``hit``, the chance of at least
        one hit; ``first``, that it then is the most probable source; ``clear``, that there are two hits or more and its
        probability is above 0.8, which a report asks for above weak; ``wrong``, that this is so of another source; ``error``, the standard error of these, 0 where they are exact.
    one_hit : pandas.DataFrame
        What a single hit would say of a number by its ``holder`` and ``operator`` (``numbers`` of that kind): probability of ``its_holder``,
        ``its_operator``, ``another`` source and of ``none``, which is dialling and sources that are not named.
    warnings : tuple of str
        What is wrong with the plan, and what would mend it.
    settings : dict
        What was assumed.
    """

    register: pd.DataFrame
    sources: pd.DataFrame
    one_hit: pd.DataFrame
    warnings: tuple[str, ...]
    settings: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """
        All but the numbers, as plain values.

        Returns
        -------
        dict
            For JSON.
        """
        return {
            "given": int((self.register["holder"] != NOBODY).sum()),
            "silent": int((self.register["holder"] == NOBODY).sum()),
            "settings": self.settings,
            "sources": self.sources.to_dict("records"),
            "one_hit": self.one_hit.to_dict("records"),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class _Question:
    """Holders by rows, operators by columns, and the numbers there are."""

    stock: Stock
    weights: dict[str, float]
    operators: list[str]
    silent: int | None

    @property
    def holders(self) -> list[str]:
        return list(self.weights)

    @property
    def operator(self) -> np.ndarray:
        return self.stock.table["operator"].map(self.operators.index).to_numpy(int)

    @property
    def holder(self) -> np.ndarray:
        rows = {name: row for row, name in enumerate(self.holders)} | {"": FREE}
        return self.stock.table["holder"].map(rows).to_numpy(int)

    @property
    def supply(self) -> np.ndarray:
        return np.bincount(self.operator, minlength=len(self.operators))

    @property
    def given(self) -> np.ndarray:
        table = np.zeros((len(self.holders), len(self.operators)), int)
        has = self.holder != FREE
        np.add.at(table, (self.holder[has], self.operator[has]), 1)
        return table


def plan_canaries(
    numbers: str | Path | pd.DataFrame,
    holders: Sequence[str] | Mapping[str, float],
    *,
    leak_share: float = 0.5,
    noticed: float = 0.95,
    silent: int | None = None,
    seed: int = 0,
    country: str = "MA",
) -> CanaryPlan:
    """
    Say which test numbers to give to whom, so that one hit tells most.

    Parameters
    ----------
    numbers : str, Path or pandas.DataFrame
        The test numbers: a column ``number``, and if known ``operator`` (who sold the number, where its prefix does not tell) and ``remark``.
        An earlier register is such a list: who has a number in it keeps it, and numbers of ``nobody`` may be given.
    holders : sequence of str or mapping of str to float
        Organisations whose leak is feared; with weights where it matters more to tell some than others.
    leak_share : float
        Share of a leaked list that is used, above 0 to 1.
    noticed : float
        Share of the messages to test numbers that somebody notices, above 0 to 1.
    silent : int, optional
        Numbers of each operator to give to nobody, at least; by default as many as a holder would get of them, and one at least.
    seed : int
        Decides between equals.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    CanaryPlan
        The same for the same numbers, holders and seed, in whatever order.

    Raises
    ------
    TasribError
        When numbers or holders cannot be read (file, row and column are named), there are too few numbers, or a setting is out of range.

    Notes
    -----
    The allocation half of Papadimitriou & Garcia-Molina ("Data Leakage Detection", IEEE TKDE 23:51, 2011), with one trap more: every number is
    in its own operator's file, so operators are sources that nobody chose to give to. See `tasrib.tracing.stats.canary_plan.allocate` for
    the objective, and ``docs/canaries.md``.
    """
    for name, share in (("leak_share", leak_share), ("noticed", noticed)):
        if not 0 < as_number(share, name) <= 1:
            raise TasribError(f"{name} {share:g} does not lie above 0 and up to 1")
    silent = None if silent is None else as_whole(silent, "silent", 0)
    rng = np.random.default_rng(as_whole(seed, "seed", 0))
    stock = read_stock(numbers, country)
    weights = read_holders(holders, stock.table, country)
    question = _Question(stock, weights, sorted(set(stock.table["operator"])), silent)
    least = _silent(question)
    table = _allocated(question, least, rng)
    dealt, crowding = _dealt(question, table, rng)
    weighing = Weighing(leak_share * noticed, _CHANCES, PRIOR_NONE, MODERATE[1])
    told = tell(table, question.supply, weighing, rng)
    sources = _sources(question, table, told)
    total, largest = overlaps(table, question.supply)
    return CanaryPlan(
        register=_register(question, dealt),
        sources=sources,
        one_hit=_one_hit(question, table, weighing),
        warnings=(
            *stock.notes,
            *cannot_tell(question.holders, question.operators, table, question.supply, silent),
            *too_few(question.operators, sources, silent, weighing, rng),
            *taken_for_another(sources),
            *crowding,
        ),
        settings={
            "leak_share": leak_share, "noticed": noticed, "prior_none": PRIOR_NONE, "dialled_at_most": MOST_DIALLED,
            "number_space": NUMBER_SPACE, "everywhere": EVERYWHERE, "clear_above": MODERATE[1], "silent_at_least": least.tolist(),
            "seed": seed, "country": country, "weights": weights, "sum_overlap": total, "max_overlap": largest,
        },
    )  # fmt: skip


def _silent(question: _Question) -> np.ndarray:
    """How many numbers of each operator to keep silent."""
    supply, given = question.supply, question.given
    free = supply - given.sum(axis=0)
    if question.silent is not None:
        return np.minimum(question.silent, free)
    silent = np.minimum(least_silent(supply, len(given)), free)
    # No hit rules out an operator that has all numbers of a holder: one of a second operator for each holder comes first.
    wanted = int(np.maximum(min(len(supply), 2) - given.sum(axis=1), 0).sum())
    while silent.any() and (free - silent).sum() < wanted:
        silent[np.argmax(silent)] -= 1
    return silent


def _allocated(question: _Question, silent: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many numbers of each operator each holder gets; equals are ordered by the seed, not by how they were named."""
    given = question.given
    without, left = int((given.sum(axis=1) == 0).sum()), int((question.supply - silent - given.sum(axis=0)).sum())
    if left < without:
        kept = f", and {silent.sum()} are to stay silent; lower that" if silent.any() else ""
        raise TasribError(
            f"{left} numbers are free and {without} holders have none yet{kept}; buy more, or name fewer holders"
        )
    order = rng.permutation(np.argsort(question.holders))
    weights = np.array(list(question.weights.values()))
    table = np.empty_like(given)
    table[order] = allocate(question.supply, given[order], silent, weights[order])
    return table


def _dealt(question: _Question, table: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """The holder of each number, the last standing for nobody, and what lies too close together."""
    values = question.stock.table["number"].str.lstrip("+").astype("int64").to_numpy()
    ranges = ranges_of(values, ONE_RANGE)
    given = question.given
    left = np.vstack([table - given, question.supply - table.sum(axis=0)])
    # The rows of holders in an order of their own, lest that in which they were named decide.
    order = np.append(np.argsort(question.holders), len(given))
    place = np.argsort(order)
    fixed = question.holder
    dealt = order[
        deal(ranges, question.operator, np.where(fixed == FREE, FREE, place[fixed]), left[order], rng)
    ]  # fmt: skip
    neighbours, together = side_by_side(ranges, dealt, len(given))
    names = [question.holders[row] for row in sorted({*neighbours.tolist(), *together.tolist()})]
    return dealt, crowded(names, ONE_RANGE, neighbours=bool(len(neighbours)))


def _sources(question: _Question, table: np.ndarray, told: Sequence[Telling]) -> pd.DataFrame:
    kept = question.supply - table.sum(axis=0)
    known = [(name, "holder", int(row.sum()), 0) for name, row in zip(question.holders, table, strict=True)]
    known += [
        (name, "operator", int(n), int(silent))
        for name, n, silent in zip(question.operators, question.supply, kept, strict=True)
    ]
    rows = [
        dict(zip(("source", "kind", "numbers", "silent"), each, strict=True)) | asdict(telling)
        for each, telling in zip(known, told, strict=True)
    ]
    return pd.DataFrame(rows)


def _register(question: _Question, dealt: np.ndarray) -> pd.DataFrame:
    """Holder by holder, as it is planted."""
    names = [*question.holders, NOBODY]
    table = question.stock.table.assign(holder=[names[row] for row in dealt], _row=dealt)
    return table.sort_values(["_row", "operator", "number"], ignore_index=True)[list(REGISTER_COLUMNS)]


def _one_hit(question: _Question, table: np.ndarray, weighing: Weighing) -> pd.DataFrame:
    odds = one_hit(table, question.supply, weighing)
    counts = np.vstack([table, question.supply - table.sum(axis=0)])
    rows = []
    for row, column in zip(*np.nonzero(counts), strict=True):
        each = odds[row, column]
        its_holder = float(each[row]) if row < len(table) else 0.0
        its_operator, none = float(each[len(table) + column]), float(each[-1])
        rows.append(
            {
                "holder": question.holders[row] if row < len(table) else NOBODY,
                "operator": question.operators[column],
                "numbers": int(counts[row, column]),
                "its_holder": its_holder,
                "its_operator": its_operator,
                "another": max(1 - its_holder - its_operator - none, 0.0),
                "none": none,
            }
        )
    return pd.DataFrame(rows)

"""What is wrong with a planting, and what would mend it, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from tasrib.tracing.stats.canary_plan import Weighing, allocate, tell

# A leak that is told clearly in four cases of five is worth planting for: as much power as `tasrib power` asks for.
WANTED = 0.8
# How many numbers of each operator are tried, when asked how many would do.
_MOST_EACH = 60
_MOST_NAMES = 3
# A leak that is laid at another's door in more than one case in fifty is said so.
_WRONG = 0.02


def least_silent(supply: np.ndarray, n_holders: int) -> np.ndarray:
    """
    Say how many numbers of each operator to give to nobody, where nobody says how many.

    Parameters
    ----------
    supply : numpy.ndarray of int, shape (n_operators,)
        All numbers of each operator.
    n_holders : int
        How many holders there are.

    Returns
    -------
    numpy.ndarray of int, shape (n_operators,)
        Somewhat less than a holder's share, since the numbers of the others serve as well; one at least, but never the only number.
    """
    return np.where(supply > 1, np.maximum(supply // (n_holders + 2), 1), 0)


def cannot_tell(
    holders: Sequence[str], operators: Sequence[str], table: np.ndarray, supply: np.ndarray, silent: int | None
) -> list[str]:
    """
    Name sources that no hit tells apart, and operators without silent numbers.

    Parameters
    ----------
    holders, operators : sequence of str
        Their names.
    table : numpy.ndarray of int, shape (n_holders, n_operators)
        Numbers of each operator that were given to each holder.
    supply : numpy.ndarray of int, shape (n_operators,)
        All numbers of each operator.
    silent : int or None
        How many the user wants silent of each operator.

    Returns
    -------
    list of str
        A sentence each.
    """
    said, kept = [], supply - table.sum(axis=0)
    inside = [row for row in range(len(table)) if (table[row] > 0).sum() == 1]
    if inside:
        columns = {row: int(np.argmax(table[row])) for row in inside}
        alike = [row for row, column in columns.items() if table[row, column] == supply[column]]
        networks = _list(sorted({operators[column] for column in columns.values()}))
        names, n_operators = _list([holders[row] for row in inside]), max(len(operators), 2)
        each = math.ceil(2 * len(table) / n_operators) + (1 if silent is None else silent)
        what = (
            f"a hit cannot tell {_list([holders[row] for row in alike])} from the operator: both hold the same numbers, no more and no less"
            if alike else f"no hit on a number of {names} rules out {networks}, whose own file holds all of them"
        )  # fmt: skip
        said.append(
            f"with {supply.sum()} numbers for {len(table)} holders {what}; {each * n_operators} would do, {each} of each of {n_operators} "
            "operators"
        )
    if len(operators) == 1:
        said.append(
            f"all numbers are of {operators[0]}: buy some of another operator, in another shop (who sold them holds them too)"
        )
    loud = [name for name, n in zip(operators, kept, strict=True) if not n]
    if loud:
        said.append(
            f"no number of {_list(loud)} stays silent: only a hit on such a number shows by itself that no holder was its source"
        )
    return said


def taken_for_another(sources: pd.DataFrame) -> list[str]:
    """
    Name sources whose leak would often be laid at another's door.

    Parameters
    ----------
    sources : pandas.DataFrame
        As `tasrib.tracing.planting.CanaryPlan.sources`.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    poor = sources[sources["wrong"] > _WRONG]
    if poor.empty:
        return []
    return [
        f"a leak of {_list(poor['source'].tolist())} would be taken for that of another in up to {poor['wrong'].max():.0%} of cases; give each "
        "holder numbers of more operators, and keep more silent"
    ]


def crowded(names: Sequence[str], apart: int, *, neighbours: bool) -> list[str]:
    """
    Warn of numbers of one holder that lie close together.

    Parameters
    ----------
    names : sequence of str
        The holders.
    apart : int
        How far apart they should lie.
    neighbours : bool
        Whether some follow on each other, with no number of another between them.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    if not names:
        return []
    what = "side by side" if neighbours else f"within {apart:,} of each other"
    return [
        f"numbers of {_list(names)} lie {what}: one dialled range hits them together; buy numbers that lie further apart"
    ]


def too_few(
    operators: Sequence[str], sources: pd.DataFrame, silent: int | None, weighing: Weighing, rng: Generator
) -> list[str]:
    """
    Name holders whose leak would often not be told clearly, and say how many numbers would do.

    Parameters
    ----------
    operators : sequence of str
        Their names.
    sources : pandas.DataFrame
        As `tasrib.tracing.planting.CanaryPlan.sources`.
    silent : int or None
        As for `cannot_tell`.
    weighing : Weighing
        What hits are weighed by.
    rng : numpy.random.Generator
        For outcomes that are too many to go through.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    holders = sources[sources["kind"] == "holder"]
    poor = holders[holders["clear"] < WANTED]
    if poor.empty:
        return []
    worst, n_operators = poor.loc[poor["clear"].idxmin()], max(len(operators), 2)
    each = _enough(len(holders), n_operators, silent, weighing, rng)
    would = "no number of them would do while so little of a list is used or noticed"
    if each:
        would = f"about {each * n_operators} numbers, {each} of each of {n_operators} operators, would do"
    least = f" ({worst['clear']:.0%} for {worst['source']})" if len(poor) > 1 else f" ({worst['clear']:.0%})"
    return [
        f"a leak of {_list(poor['source'].tolist())} would be told clearly in fewer than {WANTED:.0%} of cases{least}; {would}"
    ]


def _enough(n_holders: int, n_operators: int, silent: int | None, weighing: Weighing, rng: Generator) -> int:
    """Numbers of each operator with which every holder's leak is told clearly often enough; 0 where none are found."""
    least, most = 2, _MOST_EACH
    while least < most:
        each = (least + most) // 2
        if _is_enough(each, n_holders, n_operators, silent, weighing, rng):
            most = each
        else:
            least = each + 1
    return least if _is_enough(least, n_holders, n_operators, silent, weighing, rng) else 0


def _is_enough(
    each: int, n_holders: int, n_operators: int, silent: int | None, weighing: Weighing, rng: Generator
) -> bool:
    supply = np.full(n_operators, each)
    kept = least_silent(supply, n_holders) if silent is None else np.minimum(silent, supply)
    if (supply - kept).sum() < n_holders:
        return False
    table = allocate(supply, np.zeros((n_holders, n_operators), int), kept, np.ones(n_holders))
    (told,) = tell(table, supply, weighing, rng, sources=[int(np.argmin(table.sum(axis=1)))])
    return told.clear >= WANTED


def _list(names: Sequence[str]) -> str:
    """Names in a sentence; of many the first."""
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

"""A list of people, or numbers made up? How the numbers that were reached lie in the numbering plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from tasrib.numbering.plan import Plan, check_country, national_mobile, plan_of
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.dialling import (
    BLOCK,
    NOT_TESTED,
    WINDOWS,
    SubTest,
    block_concentration,
    close_gaps,
    even_spacing,
    expected_close,
)

FEWEST = 10
PATTERNS = {"consecutive": "consecutive", "even": "even", "concentrated": "exhaustive block"}


@dataclass(frozen=True)
class GeneratedNumbers:
    """
    Result of `generated_numbers`. A small p-value argues against a leaked list.

    Attributes
    ----------
    n, n_controls : int
        Distinct numbers of people reached, and of controls not among them.
    left_out : int
        Values that are no mobile number of the country, such as pseudonyms.
    consecutive, even, concentrated : SubTest
        From `close_gaps`, `even_spacing` and `block_concentration`.
    p_value : float
        Of the three together; NaN where nothing was tested.
    pattern : str
        The first of ``consecutive``, ``even`` and ``exhaustive block`` whose adjusted p-value is at most ``alpha`` (the way
        numbers lie within a block says more than that they share it), else ``none``.
    ranges : pandas.DataFrame
        Where: ``block`` (masked, ``0661 23xxxx``), ``reached``, ``controls``, ``close_pairs`` (neighbours at most 100
        apart); empty without a pattern.
    reason : str
        Why nothing was tested, else "".
    """

    n: int
    n_controls: int
    left_out: int
    consecutive: SubTest
    even: SubTest
    concentrated: SubTest
    p_value: float
    pattern: str
    ranges: pd.DataFrame
    reason: str


def generated_numbers(
    reached: Iterable[object],
    controls: Iterable[object] = (),
    *,
    country: str = "MA",
    replicates: int = 1_999,
    seed: int = 0,
    alpha: float = 0.05,
) -> GeneratedNumbers:
    """
    Test whether the numbers reached look dialled rather than listed.

    Parameters
    ----------
    reached, controls : iterable of str or int
        Numbers of the people one campaign reached and of people who reported other things: ``+212661234567``,
        ``0661234567`` or 661234567. Repeated numbers count once.
    country : str
        ISO 3166 code of the numbers' country.
    replicates, seed : int
        Random draws, and their seed; the least p-value of a simulated sign is 1 / (1 + replicates).
    alpha : float
        Largest p-value at which a pattern is named.

    Returns
    -------
    GeneratedNumbers
        Always; with a reason and p-values NaN where fewer than 10 numbers can be read.

    Raises
    ------
    TasribError
        When the country is not a home country.

    Notes
    -----
    Why it is asked: the CNDP's president (2020) spoke of senders who dial without any database; see also JEC 31/2020.
    Each sign is tested given how many numbers each block or prefix has, so an operator whose customers are all on the list
    does not look dialled. Combined by Holm, "A simple sequentially rejective multiple test procedure", 1979.

    The list of a shop or company whose cards came in one box, with consecutive numbers, looks dialled too. Numbers dialled
    at random over whole prefixes are not seen, so ``none`` does not mean that there was a list.
    """
    plan = plan_of(check_country(country))
    numbers, unread = _national(reached, plan)
    others, unread_others = _national(controls, plan)
    others = np.setdiff1d(others, numbers)
    nothing = pd.DataFrame(columns=["block", "reached", "controls", "close_pairs"])
    if len(numbers) < FEWEST:
        why = f"{len(numbers)} different numbers can be read, at least {FEWEST} are needed"
        if unread:
            why += f"; {unread} are pseudonyms or no mobile numbers of {plan.name}: keep numbers (keep_numbers) to test this"
        left_out = unread + unread_others
        return GeneratedNumbers(
            len(numbers), len(others), left_out, NOT_TESTED, NOT_TESTED, NOT_TESTED, float("nan"), "none", nothing, why
        )
    prefix_size = 10 ** (plan.length - 3)
    tests = {
        "consecutive": close_gaps(numbers),
        "even": even_spacing(numbers, (BLOCK, prefix_size), replicates=replicates, seed=seed),
        "concentrated": block_concentration(numbers, others, prefix_size, replicates=replicates, seed=seed),
    }
    ran = [name for name, test in tests.items() if not np.isnan(test.p_value)]
    for name, p_adjusted in zip(ran, holm([tests[name].p_value for name in ran]).tolist(), strict=True):
        tests[name] = replace(tests[name], p_adjusted=p_adjusted)
    found = [PATTERNS[name] for name in ran if tests[name].p_adjusted <= alpha]
    return GeneratedNumbers(
        n=len(numbers),
        n_controls=len(others),
        left_out=unread + unread_others,
        **tests,
        p_value=min(tests[name].p_adjusted for name in ran),
        pattern=found[0] if found else "none",
        ranges=_ranges(numbers, others, prefix_size, plan, alpha) if found else nothing,
        reason="",
    )


def _national(values: Iterable[object], plan: Plan) -> tuple[np.ndarray, int]:
    """Distinct national numbers in order, and how many values are none."""
    found, unread = set(), 0
    for value in values:
        whole = isinstance(value, float | np.floating) and float(value).is_integer()
        text = str(int(value) if whole else value).strip()  # type: ignore[call-overload]
        digits = "".join(text.lstrip("+").split())
        national = national_mobile(plan, digits, text.startswith("+")) if digits.isdecimal() else ""
        unread += not national
        if national:
            found.add(int(national))
    return np.array(sorted(found), int), unread


def _ranges(numbers: np.ndarray, controls: np.ndarray, prefix_size: int, plan: Plan, alpha: float) -> pd.DataFrame:
    """Blocks that stand out by themselves; where only their sum does, those with at least two people reached."""
    block, reached = np.unique(numbers // BLOCK, return_counts=True)
    per_prefix = prefix_size // BLOCK
    also = pd.Series(controls // BLOCK).value_counts().reindex(block, fill_value=0).to_numpy()
    close = (np.diff(numbers) <= WINDOWS[-1]) & (np.diff(numbers // BLOCK) == 0)
    pairs = pd.Series(numbers[1:][close] // BLOCK).value_counts().reindex(block, fill_value=0).to_numpy()
    n = pd.Series(numbers // prefix_size).value_counts().reindex(block // per_prefix).to_numpy()
    m = pd.Series(controls // prefix_size).value_counts().reindex(block // per_prefix, fill_value=0).to_numpy()
    p = np.where(pairs > 0, stats.poisson.sf(pairs - 1, expected_close(reached, WINDOWS[-1], BLOCK)), 1.0)
    p = np.minimum(p, stats.hypergeom.sf(reached - 1, n + m, reached + also, n))
    stands_out = p <= alpha / (2 * len(block))
    chosen = stands_out if stands_out.any() else reached >= 2
    names = [f"{plan.trunk}{str(b)[:3]} {str(b)[3:]}xxxx" for b in block]
    frame = pd.DataFrame({"block": names, "reached": reached, "controls": also, "close_pairs": pairs})[chosen]
    return frame.sort_values(["reached", "block"], ascending=[False, True], ignore_index=True)

"""A list of people, or numbers made up? How the numbers that were reached lie in the numbering plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gammaln

from tasrib.numbering.plan import Plan, check_country, national_mobile, plan_of
from tasrib.tracing.caveats import Caveat
from tasrib.tracing.comparison import Aliases, Case, Column, Comparison, Found, Setting, SideTable, Told
from tasrib.tracing.stats.adjust import holm

BLOCK = 10_000
FEWEST = 10
# One step, a few steps, and a dialled range of which few complain.
WINDOWS = (1, 10, 100)
PATTERNS = {"consecutive": "consecutive", "even": "even", "concentrated": "exhaustive block"}
_MOST_SIMULATED_GAPS = 20_000
_MOST_CELLS = 4_000_000
_VERDICT = ("campaign_id", "party", "n", "p_value", "p_adjusted", "pattern", "places", "reason")
# Adjusted p-value below which numbers are said to look dialled; blocks kept of each campaign.
_SUSPICIOUS, _KEPT = 0.01, 5
_METHOD = """Numbers dialled by machine follow each other, keep even distances or crowd into blocks.
Real numbers are needed for this; pseudonyms hide it. Where it is found (adjusted p below 0.01), no list is needed to explain who was
reached, and comparisons other than of one person's own numbers then count as weak evidence at most."""


@dataclass(frozen=True)
class SubTest:
    """
    One sign of numbers that were made up.

    Attributes
    ----------
    statistic : float
        What was observed; its meaning is in the function that gives it.
    expected : float
        The same on average, were the numbers a list of people.
    p_value : float
        One-sided, before adjustment for the other signs; NaN where there was nothing to test.
    p_adjusted : float
        After adjustment (Holm) for the signs tested; NaN outside `generated_numbers`.
    """

    statistic: float
    expected: float
    p_value: float
    p_adjusted: float = float("nan")


NOT_TESTED = SubTest(float("nan"), float("nan"), float("nan"))


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
    allocated: Sequence[tuple[object, object]] | None = None,
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
    allocated : sequence of (first, last), optional
        Ranges allocated to operators, ends included; used where there are no controls.
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
    ValueError
        When a range has no readable ends.
    TasribError
        When the country is not a home country.

    Notes
    -----
    Motive: the CNDP's president (2020) on senders who dial without any database, and JEC 31/2020 (`tracing.md`, 6).
    Each sign is tested given how many numbers each block or prefix has, so an operator whose customers are all on the list
    does not look dialled. Combined by Holm, "A simple sequentially rejective multiple test procedure", 1979.

    Not told apart: a shop's or a company's own list, whose cards came in one box with consecutive numbers, looks dialled.
    Not seen: numbers dialled at random over whole prefixes. ``none`` is no sign of a list.
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
        "concentrated": block_concentration(
            numbers, others, prefix_size, blocks=_blocks(allocated, plan), replicates=replicates, seed=seed
        ),
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


def close_gaps(numbers: np.ndarray, unit: int = BLOCK, windows: Sequence[int] = WINDOWS) -> SubTest:
    """
    Count neighbours that are consecutive or nearly so.

    Parameters
    ----------
    numbers : numpy.ndarray of int, shape (n,)
        Distinct.
    unit : int
        Size of the blocks; neighbours in different blocks do not count.
    windows : sequence of int
        Largest differences that count as close; the most telling is reported, and paid for (Bonferroni).

    Returns
    -------
    SubTest
        ``statistic``: pairs of neighbours at most that far apart; ``expected``: of numbers drawn uniformly within each
        block, given how many each has. Never untested.

    Notes
    -----
    Of n distinct numbers among m, two neighbours differ by more than k with probability C(m - k, n) / C(m, n): take k
    numbers out of the gap. Such events are negatively associated (Joag-Dev & Proschan, 1983), so their count spreads less
    than if they were independent, and the Poisson tail above the mean bounds that of independent events (Anderson &
    Samuels, "Some inequalities among binomial and Poisson probabilities", 1967): the p-value errs to the large side.
    """
    numbers = np.sort(numbers)
    gaps = np.diff(numbers)[np.diff(numbers // unit) == 0]
    _, size = np.unique(numbers // unit, return_counts=True)
    found = []
    for k in windows:
        close, mean = int((gaps <= k).sum()), float(_expected_close(size, k, unit).sum())
        found.append(SubTest(close, mean, float(stats.poisson.sf(close - 1, mean)) if close else 1.0))
    best = min(found, key=lambda test: test.p_value)
    return replace(best, p_value=min(1.0, len(windows) * best.p_value))


def even_spacing(
    numbers: np.ndarray, units: Sequence[int], *, replicates: int = 1_999, seed: int = 0, fewest_gaps: int = 2
) -> SubTest:
    """
    Test whether gaps between neighbours are too equal, as when every hundredth number was dialled.

    Parameters
    ----------
    numbers : numpy.ndarray of int, shape (n,)
        Distinct.
    units : sequence of int
        Sizes of the ranges within which gaps are compared; the most telling is reported, and paid for (Bonferroni).
    replicates, seed : int
        Random draws, and their seed.
    fewest_gaps : int
        A range with fewer gaps is left out.

    Returns
    -------
    SubTest
        ``statistic``: mean over gaps of Greenwood's statistic over its expectation: 1 by chance, larger where numbers
        cluster, down to one half where all gaps are equal. Not tested where no range has enough gaps.

    Notes
    -----
    Greenwood, "The statistical study of infectious diseases", JRSS 109, 1946: the sum of squared gaps, as parts of their
    range; moments by Moran, "The random division of an interval", JRSS B 9, 1947. Given the outermost numbers the inner
    gaps of a uniform draw are exponential variables over their sum. Numbers are whole and distinct, so a gap counts from
    the next free number; that, and customers being spread unevenly, only make the statistic larger and the test careful.
    """
    numbers = np.sort(numbers)
    found = []
    for unit in units:
        spaces = np.diff(numbers) - 1.0
        group = numbers[1:] // unit
        inside = np.diff(numbers // unit) == 0
        _, row, size = np.unique(group[inside], return_inverse=True, return_counts=True)
        enough = (size >= fewest_gaps) & (np.bincount(row, spaces[inside], len(size)) > 0)
        if enough.any():
            found.append(_greenwood(spaces[inside][enough[row]], row[enough[row]], replicates, seed))
    if not found:
        return NOT_TESTED
    best = min(found, key=lambda test: test.p_value)
    return replace(best, p_value=min(1.0, len(found) * best.p_value))


def block_concentration(
    numbers: np.ndarray,
    controls: np.ndarray,
    prefix_size: int,
    *,
    blocks: np.ndarray | None = None,
    replicates: int = 1_999,
    seed: int = 0,
) -> SubTest:
    """
    Test whether people reached crowd into fewer blocks than controls with the same prefix.

    Parameters
    ----------
    numbers, controls : numpy.ndarray of int, shapes (n,), (m,)
        Distinct, none in both.
    prefix_size : int
        Numbers that share a prefix.
    blocks : numpy.ndarray of int, optional
        Allocated blocks (number // 10,000), taken as equally full; used only without controls.
    replicates, seed : int
        Random draws, and their seed.

    Returns
    -------
    SubTest
        ``statistic``: pairs of people reached in the same block, over prefixes where it can vary; ``expected`` on average
        when who was reached is exchanged with controls within the prefix. Not tested where no prefix has two people
        reached and a control.

    Notes
    -----
    Permutation test within strata (Fisher 1935), drawn as multivariate hypergeometric counts. Within prefixes, because a
    list of one operator's customers also crowds into that operator's prefixes.
    """
    rng = np.random.default_rng(seed)
    per_prefix = prefix_size // BLOCK
    if len(controls):
        at, row, people = np.unique(
            np.concatenate([numbers, controls]) // BLOCK, return_inverse=True, return_counts=True
        )
        cases = np.bincount(row[: len(numbers)], minlength=len(at))
    elif blocks is not None:
        at = np.unique(blocks)
        cases = pd.Series(numbers // BLOCK).value_counts().reindex(at, fill_value=0).to_numpy()
        people = None
    else:
        return NOT_TESTED
    observed, drawn, tested = 0.0, np.zeros(replicates), False
    for prefix in np.unique(at // per_prefix):
        here = at // per_prefix == prefix
        n = int(cases[here].sum())
        if n < 2 or here.sum() < 2 or (people is not None and n == people[here].sum()):
            continue
        tested = True
        observed += float(_pairs(cases[here]))
        if people is None:
            drawn += _pairs(rng.multinomial(n, np.full(here.sum(), 1 / here.sum()), replicates))
        else:
            drawn += _pairs(rng.multivariate_hypergeometric(people[here], n, replicates))
    if not tested:
        return NOT_TESTED
    return SubTest(observed, float(drawn.mean()), float((1 + (drawn >= observed).sum()) / (1 + replicates)))


def _pairs(counts: np.ndarray) -> np.ndarray:
    return (counts * (counts - 1) / 2).sum(axis=-1)


def _expected_close(size: np.ndarray, k: int, unit: int) -> np.ndarray:
    """Expected neighbours at most k apart, for each block with `size` of its `unit` numbers."""
    room = np.maximum(unit - k - size, 0)
    apart = gammaln(unit - k + 1.0) - gammaln(room + 1.0) - gammaln(unit + 1.0) + gammaln(unit - size + 1.0)
    return (size - 1) * np.where(unit - k < size, 1.0, -np.expm1(np.minimum(apart, 0)))


def _greenwood(spaces: np.ndarray, group: np.ndarray, replicates: int, seed: int) -> SubTest:
    start = np.flatnonzero(np.append(True, np.diff(group) != 0))
    m = np.diff(np.append(start, len(group)))

    def ratio(gaps: np.ndarray) -> np.ndarray:
        total, squares = np.add.reduceat(gaps, start, axis=-1), np.add.reduceat(gaps**2, start, axis=-1)
        return (squares / total**2 * m * (m + 1) / 2).sum(axis=-1) / m.sum()

    observed = float(ratio(spaces))
    if len(spaces) > _MOST_SIMULATED_GAPS:
        # The lower tail of a sum skewed to the right is lighter than the normal one: again on the careful side.
        variance = (m**2 * (m - 1) / ((m + 2) * (m + 3))).sum() / m.sum() ** 2
        return SubTest(observed, 1.0, float(stats.norm.cdf((observed - 1) / np.sqrt(variance))))
    rng = np.random.default_rng(seed)
    batch = max(1, _MOST_CELLS // len(spaces))
    lower = 0
    for first in range(0, replicates, batch):
        gaps = rng.standard_exponential((min(batch, replicates - first), len(spaces)))
        lower += int((ratio(gaps) <= observed).sum())
    return SubTest(observed, 1.0, (1 + lower) / (1 + replicates))


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


def _blocks(allocated: Sequence[tuple[object, object]] | None, plan: Plan) -> np.ndarray | None:
    if allocated is None:
        return None
    found = []
    for first, last in allocated:
        ends, unread = _national((first, last), plan)
        if unread:
            raise ValueError(f"{first} to {last} is no range of mobile numbers of {plan.name}: give both ends in full")
        found.append(np.arange(ends[0] // BLOCK, ends[-1] // BLOCK + 1))
    return np.unique(np.concatenate(found)) if found else None


def _ranges(numbers: np.ndarray, controls: np.ndarray, prefix_size: int, plan: Plan, alpha: float) -> pd.DataFrame:
    """Blocks that stand out by themselves; where only their sum does, those with at least two people reached."""
    block, reached = np.unique(numbers // BLOCK, return_counts=True)
    per_prefix = prefix_size // BLOCK
    also = pd.Series(controls // BLOCK).value_counts().reindex(block, fill_value=0).to_numpy()
    close = (np.diff(numbers) <= WINDOWS[-1]) & (np.diff(numbers // BLOCK) == 0)
    pairs = pd.Series(numbers[1:][close] // BLOCK).value_counts().reindex(block, fill_value=0).to_numpy()
    n = pd.Series(numbers // prefix_size).value_counts().reindex(block // per_prefix).to_numpy()
    m = pd.Series(controls // prefix_size).value_counts().reindex(block // per_prefix, fill_value=0).to_numpy()
    p = np.where(pairs > 0, stats.poisson.sf(pairs - 1, _expected_close(reached, WINDOWS[-1], BLOCK)), 1.0)
    p = np.minimum(p, stats.hypergeom.sf(reached - 1, n + m, reached + also, n))
    stands_out = p <= alpha / (2 * len(block))
    chosen = stands_out if stands_out.any() else reached >= 2
    names = [f"{plan.trunk}{str(b)[:3]} {str(b)[3:]}xxxx" for b in block]
    frame = pd.DataFrame({"block": names, "reached": reached, "controls": also, "close_pairs": pairs})[chosen]
    return frame.sort_values(["reached", "block"], ascending=[False, True], ignore_index=True)


def compare_dialling(case: Case, setting: Setting) -> Found:
    """
    Say whether the numbers of a campaign look dialled.

    Parameters
    ----------
    case : Case
        The campaign.
    setting : Setting
        Country and seed.

    Returns
    -------
    Found
        As table one row: ``n``, ``p_value``, ``pattern``, ``places``, ``reason``; p-value NaN where numbers are pseudonyms.
    """
    mine = case.people.loc[case.people["person"].str.startswith("+"), "person"]
    if len(mine) == 0:
        reason = "numbers are pseudonyms; score with --keep-numbers to test this"
        return Found(table=_verdict(0, np.nan, "none", (), reason))
    others = [name for name in case.controls.index if str(name).startswith("+")]
    found = generated_numbers(mine, others, country=setting.country, seed=setting.seed)
    places = tuple(found.ranges.head(_KEPT).to_dict("records"))
    return Found(table=_verdict(found.n, found.p_value, found.pattern, places, found.reason))


def _verdict(n: int, p_value: float, pattern: str, places: tuple[dict, ...], reason: str) -> pd.DataFrame:
    return pd.DataFrame([{"n": n, "p_value": p_value, "pattern": pattern, "places": places, "reason": reason}])


def _finish(table: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    """Adjust over campaigns; a pattern is named where the adjusted p-value is small."""
    if table.empty:
        return pd.DataFrame(columns=list(_VERDICT))
    p_adjusted = np.full(len(table), np.nan)
    known = table["p_value"].notna().to_numpy()
    p_adjusted[known] = holm(table["p_value"].to_numpy(float)[known])
    named = p_adjusted < _SUSPICIOUS
    return table.assign(
        party=table["campaign_id"].map(party),
        p_adjusted=p_adjusted,
        pattern=table["pattern"].where(named, "none"),
        places=[places if is_named else () for places, is_named in zip(table["places"], named, strict=True)],
    )[list(_VERDICT)]


def _looks_dialled(verdict: Mapping[str, Any]) -> bool:
    return verdict["pattern"] != "none"


def _tell(verdict: Mapping[str, Any]) -> Told:
    n, pattern = verdict.get("n"), verdict.get("pattern") or "none"
    campaign = verdict["campaign_id"], verdict.get("party") or ""
    values = {
        "name": ("campaign", campaign),
        "numbers": ("numbers", n),
        "bare": ("bare", n),
        "sign": ("word", "" if pattern == "none" else pattern.replace(" ", "_")),
    }
    # What was judged is the p-value after adjustment for the other campaigns.
    return Told(verdict.get("p_adjusted"), np.nan, values, is_sign=pattern != "none")


def _doubts(table: pd.DataFrame) -> dict[str, Caveat]:
    return {name: Caveat("looks_dialled") for name in table.loc[table["pattern"] != "none", "campaign_id"]}


def _listed(verdicts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame([place for places in verdicts["places"] for place in places])


def _line(verdicts: pd.DataFrame) -> str:
    verdict = verdicts.iloc[0]
    return verdict["reason"] or f"{verdict['n']} numbers looked at, adjusted p {{p}}: no sign of dialling"


def _write(table: pd.DataFrame) -> pd.DataFrame:
    ranges = ["; ".join(" ".join(map(str, place.values())) for place in places) for places in table["places"]]
    return table.assign(ranges=ranges)


def _alias(table: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    return table.assign(
        places=[
            tuple({**place, "block": aliases.block(place["block"])} for place in places) for places in table["places"]
        ]
    )


def _summary(verdicts: pd.DataFrame, name: Callable[[str, str], str]) -> list[str]:
    if len(verdicts) == 0:
        return []
    names = ", ".join(name(row.campaign_id, row.party) for row in verdicts.itertuples())
    return [f"Numbers that look dialled or made up, which speaks against any list: campaign {names}."]


COMPARISON = Comparison(
    key="dialling",
    title="A list, or numbers made up?",
    by="dialled numbers",
    method=_METHOD,
    compare=compare_dialling,
    group="generated",
    columns=(
        Column("block", ("block",)),
        Column("people reached", ("reached",)),
        Column("controls", ("controls",)),
        Column("neighbours at most 100 apart", ("close_pairs",)),
    ),
    listed=_listed,
    line=_line,
    side=SideTable(
        name="generated",
        sheet="generated_numbers",
        columns=tuple("ranges" if name == "places" else name for name in _VERDICT),
        tell=_tell,
        is_found=_looks_dialled,
        summary=_summary,
        finish=_finish,
        doubts=_doubts,
        write=_write,
        alias=_alias,
    ),
)

"""A list of people, or numbers made up? How the numbers that were reached lie in the numbering plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from tasrib.numbering.plan import (
    Plan,
    block_digits,
    check_country,
    masked_block,
    masked_prefix,
    national_mobile,
    plan_of,
)
from tasrib.tracing.caveats import Caveat
from tasrib.tracing.comparison import Aliases, Case, Column, Comparison, Found, Line, Setting, SideTable, Told, is_below
from tasrib.tracing.methods.prefixes import crowded_prefixes, prefix_concentration
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
PATTERNS = {
    "consecutive": "consecutive",
    "even": "even",
    "concentrated": "exhaustive block",
    "one_prefix": "one prefix",
}
# Of each pattern its wording in narratives.toml.
_WORDINGS = {
    "consecutive": "consecutive",
    "even": "even",
    "exhaustive block": "exhaustive_block",
    "one prefix": "one_prefix",
}
_VERDICT = ("campaign_id", "party", "n", "p_value", "p_adjusted", "pattern", "places", "reason")
# Of a range dialled in equal steps the gaps are so even, one half at best, while two in five of those called complain. Among many numbers
# a smaller p-value is soon had by chance in one campaign of many.
_EVEN_AT_MOST = 0.8
# P-value below which the numbers of a campaign are said to look dialled; blocks kept of each campaign.
_SUSPICIOUS, _KEPT = 0.01, 5


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
    consecutive, even, concentrated, one_prefix : SubTest
        From `close_gaps`, `even_spacing`, `block_concentration`, and as given.
    p_value : float
        Of all together; NaN where nothing was tested.
    pattern : str
        The first of ``consecutive``, ``even``, ``exhaustive block`` and ``one prefix`` whose adjusted p-value is at most ``alpha`` (the way
        numbers lie within a block says more than that they share it), else ``none``.
    ranges : pandas.DataFrame
        Where: ``prefix``, ``block`` (masked, ``0661 23xxxx``), ``reached``, ``controls``, ``close_pairs`` (neighbours at most 100
        apart); empty without a pattern.
    reason : str
        Why the numbers were not tested, else "".
    """

    n: int
    n_controls: int
    left_out: int
    consecutive: SubTest
    even: SubTest
    concentrated: SubTest
    one_prefix: SubTest
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
    one_prefix: SubTest = NOT_TESTED,
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
    one_prefix : SubTest
        A sign beside those of the numbers, from `prefix_concentration`, to be judged with them.

    Returns
    -------
    GeneratedNumbers
        Always; with a reason where fewer than 10 numbers can be read, and then nothing but `one_prefix` is judged.

    Raises
    ------
    TasribError
        When the country is not a home country.

    Notes
    -----
    Why it is asked: the CNDP's president (2020) spoke of senders who dial without any database; see also JEC 31/2020.
    Each sign is tested given how many numbers each block or prefix has, so an operator whose customers are all on the list
    does not look dialled. Gaps that are hardly more even than chance makes them (statistic above 0.8) have p-value 1. Combined by Holm, "A simple sequentially rejective multiple test procedure", 1979.

    The list of a shop or company whose cards came in one box, with consecutive numbers, looks dialled too. Numbers
    dialled at random over whole prefixes only show in `one_prefix`, and over all of an operator's not at all, so
    ``none`` does not mean that there was a list.
    """
    plan = plan_of(check_country(country))
    numbers, unread = _national(reached, plan)
    others, unread_others = _national(controls, plan)
    others = np.setdiff1d(others, numbers)
    nothing = pd.DataFrame(columns=["prefix", "block", "reached", "controls", "close_pairs"])
    if len(numbers) < FEWEST:
        why = f"{len(numbers)} different numbers can be read, at least {FEWEST} are needed"
        if unread:
            why += f"; {unread} are pseudonyms or no mobile numbers of {plan.name}: keep numbers (keep_numbers) to test this"
        left_out = unread + unread_others
        p_value, one_prefix = one_prefix.p_value, replace(one_prefix, p_adjusted=one_prefix.p_value)
        pattern = PATTERNS["one_prefix"] if p_value <= alpha else "none"
        untested = dict.fromkeys(("consecutive", "even", "concentrated"), NOT_TESTED)
        return GeneratedNumbers(
            len(numbers), len(others), left_out, **untested, one_prefix=one_prefix, p_value=p_value, pattern=pattern,
            ranges=nothing, reason=why,
        )  # fmt: skip
    prefix_size = 10 ** (plan.length - 3)
    even = even_spacing(numbers, (BLOCK, prefix_size), replicates=replicates, seed=seed)
    tests = {
        "consecutive": close_gaps(numbers),
        "even": replace(even, p_value=1.0) if even.statistic > _EVEN_AT_MOST else even,
        "concentrated": block_concentration(numbers, others, prefix_size, replicates=replicates, seed=seed),
        "one_prefix": one_prefix,
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
    digits = [block_digits(plan, b) for b in block.tolist()]
    prefixes = [masked_prefix(plan, each) for each in digits]
    names = [masked_block(plan, each) for each in digits]
    frame = pd.DataFrame(
        {"prefix": prefixes, "block": names, "reached": reached, "controls": also, "close_pairs": pairs}
    )[chosen]
    return frame.sort_values(["reached", "block"], ascending=[False, True], ignore_index=True)


_COLUMNS = (
    Column("block", ("block",)),
    Column("reached", ("reached",)),
    Column("controls", ("controls",)),
    Column("close_pairs", ("close_pairs",)),
)


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
        As table one row: ``n``, ``p_value``, ``pattern``, ``places``, ``reason``. Of pseudonyms only the prefixes are
        looked at; p-value NaN where there are no controls for that either.
    """
    reached, controls = (
        rows[["operator", "prefix"]].assign(stratum=strata)
        for rows, strata in zip((case.people, case.controls), case.strata(), strict=True)
    )
    crowding = prefix_concentration(reached, controls, seed=setting.seed)
    mine = case.people.loc[case.people["person"].str.startswith("+"), "person"]
    others = [name for name in case.controls.index if str(name).startswith("+")]
    found = generated_numbers(
        mine, others, country=setting.country, seed=setting.seed, alpha=_SUSPICIOUS, one_prefix=crowding
    )
    ranges = found.ranges
    if found.pattern == PATTERNS["one_prefix"]:
        ranges = crowded_prefixes(reached, controls)
        ranges = ranges.assign(block=ranges["prefix"] + " xxxxxx", close_pairs="–")
    n, reason = found.n, found.reason
    if reason:
        n = int(((reached["operator"] != "") & (reached["prefix"] != "")).sum()) if found.p_value <= 1 else 0
    if len(mine) == 0:
        reason = "numbers are pseudonyms; score with --keep-numbers to test this"
    return Found(table=_verdict(n, found.p_value, found.pattern, tuple(ranges.head(_KEPT).to_dict("records")), reason))


def _verdict(n: int, p_value: float, pattern: str, places: tuple[dict, ...], reason: str) -> pd.DataFrame:
    return pd.DataFrame([{"n": n, "p_value": p_value, "pattern": pattern, "places": places, "reason": reason}])


def _finish(table: pd.DataFrame, party: pd.Series) -> pd.DataFrame:
    """Name a pattern where the campaign's own p-value is small."""
    if table.empty:
        return pd.DataFrame(columns=list(_VERDICT))
    # A safeguard may ring once too often but not fall silent, as it would if each campaign more made it harder to ring.
    named = (table["p_value"] < _SUSPICIOUS).to_numpy()
    return table.assign(
        party=table["campaign_id"].map(party),
        p_adjusted=table["p_value"],
        pattern=table["pattern"].where(named, "none"),
        places=[places if is_named else () for places, is_named in zip(table["places"], named, strict=True)],
    )[list(_VERDICT)]


def _looks_dialled(verdict: Mapping[str, Any]) -> bool:
    return verdict["pattern"] != "none" and is_below(verdict["p_adjusted"], _SUSPICIOUS)


def _tell(verdict: Mapping[str, Any]) -> Told:
    n, pattern = verdict.get("n"), verdict.get("pattern") or "none"
    campaign = verdict["campaign_id"], verdict.get("party") or ""
    values = {
        "name": ("campaign", campaign),
        "numbers": ("numbers", n),
        "bare": ("bare", n),
        "sign": ("word", _WORDINGS.get(pattern, "")),
        "looked": ("word", "looked_prefixes" if verdict.get("reason") else "looked_all"),
    }
    return Told(verdict.get("p_adjusted"), None, values)


def _doubts(table: pd.DataFrame) -> dict[str, Caveat]:
    named = table[table["pattern"] != "none"]
    return {
        name: Caveat("one_prefix") if pattern == PATTERNS["one_prefix"] else Caveat("looks_dialled")
        for name, pattern in zip(named["campaign_id"], named["pattern"], strict=True)
    }


def _listed(verdicts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame([place for places in verdicts["places"] for place in places])


def _line(verdicts: pd.DataFrame) -> Line:
    verdict = verdicts.iloc[0]
    if not verdict["reason"]:
        return Line({"n": int(verdict["n"])})
    values: dict[str, int | str] = {"n": int(verdict["n"]), "reason": str(verdict["reason"])}
    return Line(values, "prefixes" if is_below(verdict["p_value"], 2) else "unread")


def _write(table: pd.DataFrame) -> pd.DataFrame:
    shown = [column.fields[0] for column in _COLUMNS]
    ranges = ["; ".join(" ".join(str(place[name]) for name in shown) for place in places) for places in table["places"]]
    return table.assign(ranges=ranges)


def _alias(table: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    return table.assign(
        places=[
            tuple({**place, "prefix": "", "block": aliases.block(place["block"], place["prefix"])} for place in places)
            for places in table["places"]
        ]
    )


COMPARISON = Comparison(
    key="dialling",
    method_values={"limit": ("limit", _SUSPICIOUS)},
    compare=compare_dialling,
    group="generated",
    columns=_COLUMNS,
    listed=_listed,
    line=_line,
    side=SideTable(
        name="generated",
        sheet="generated_numbers",
        columns=tuple("ranges" if name == "places" else name for name in _VERDICT),
        tell=_tell,
        is_found=_looks_dialled,
        finish=_finish,
        doubts=_doubts,
        write=_write,
        alias=_alias,
    ),
)

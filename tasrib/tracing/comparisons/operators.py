"""Operators: is one more frequent among the people reached than among the controls, and what share of the list is it?"""

from __future__ import annotations

from functools import reduce

import numpy as np
from scipy.stats import hypergeom

from tasrib.tracing.caveats import Caveat, caveats_beside_controls
from tasrib.tracing.comparison import Case, Comparison, Found, Setting
from tasrib.tracing.controls import ControlCounts
from tasrib.tracing.evidence import WEAK, weaker
from tasrib.tracing.lists import AmongLists
from tasrib.tracing.looks import SIDE, look_back
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.bias import bias_figures
from tasrib.tracing.stats.joint import joint_excess
from tasrib.tracing.stats.market import binomial_excess
from tasrib.tracing.stats.mixture import LeakPosterior, leak_posterior
from tasrib.tracing.stats.share import profile_share
from tasrib.tracing.stats.stratified import stratified_excess
from tasrib.tracing.stats.word_power import WordTest, detectable_by_word

# Where no operator alone is below this, the joint test is not worth its time: Bonferroni's bound is far from any finding.
_SCREEN = 0.1
# A sender of whom more than this share of the controls complained is said; mixes of senders differ below this p-value.
_MOST, _DIFFERS = 0.5, 0.01
_AT_MOST = {"one_sender": "moderate", "rests_on_sender": "weak", "rests_on_unknown": "weak"}


def compare_operators(case: Case, setting: Setting) -> Found:
    """
    Compare the people of one campaign with their controls, or, without any, with the market.

    Parameters
    ----------
    case : Case
        The campaign.
    setting : Setting
        Operators, market, portability, priors.

    Returns
    -------
    Found
        One finding an operator; of the campaign ``p_none`` and ``p_two``, the posterior of no leak and of two operators.

    Raises
    ------
    ValueError
        When there are neither controls nor market shares.

    Notes
    -----
    ``p_value`` is the exact conditional one of the operator alone (Fisher's, or over the strata); ``p_within`` is the joint test's
    (`joint_excess`), and not below it. Market: exact binomial test and Holm. ``p_between_within`` compares the campaign with other lists
    (`beside_lists`). A finding that goes without one sender of control messages, or with people of unknown prefixes counted, is ``weak`` at most.
    """
    if not case.controlled and setting.market is None:
        raise ValueError("neither controls nor market shares: nothing to compare with")
    x, y = case.counts.reached, case.counts.controls
    posterior = leak_posterior(
        x, y if case.controlled else np.zeros_like(y), setting.shares, setting.ported,
        prior_no_leak=setting.prior_no_leak, prior_pairs=setting.prior_pairs,
    )  # fmt: skip
    findings = [_operator(i, case, setting, posterior) for i in range(len(setting.operators))]
    p = np.array([finding["p_value"] for finding in findings])
    within = holm(p)
    if case.controlled and p.min() < _SCREEN:
        # An operator's own p-value is never below what is adjusted for the others.
        within = np.maximum(p, joint_excess(x, y, setting.shares, ported=_mean_ported(setting)).p_adjusted)
    for finding, p_within in zip(findings, within.tolist(), strict=True):
        finding["p_within"] = p_within
    table = None
    if case.controlled:
        looks = look_back(case, setting.operators)
        table = looks.table
        for i, finding in enumerate(findings):
            finding |= looks.figures(i)
            if finding["p_within"] < WEAK:
                finding |= _held_down(
                    [*_without_each_sender(i, case, setting.min_people), *_with_unknown_prefixes(i, case)]
                )
        if case.among is not None:
            _among_lists(findings, case.among)
    two = float(sum(posterior.pairs.values()))
    return Found(findings, table, of_campaign={"p_none": posterior.none, "p_two": two})


def _among_lists(findings: list[dict], among: AmongLists) -> None:
    """Hold each operator against the spread between lists."""
    within = holm([each.p_value for each in among.operators])
    doubts = () if among.is_told else (Caveat("spread_assumed", {"n_lists": among.n_lists}),)
    for finding, each, p_within in zip(findings, among.operators, within.tolist(), strict=True):
        finding |= bias_figures(finding, each.spread)
        finding["p_between_within"], finding["list_spread"] = p_within, each.spread
        finding["doubts"] = (*finding.get("doubts", ()), *doubts)


def _held_down(doubts: list[Caveat]) -> dict:
    at_most = reduce(weaker, [_AT_MOST[doubt] for doubt in doubts], "strong")
    return {"at_most": at_most, "doubts": tuple(doubts)}


def _without_each_sender(i: int, case: Case, least: int) -> list[Caveat]:
    """Ask whether a finding stands without any one sender of control messages, and without all that differ from the rest."""
    counts, x = case.counts, case.counts.reached
    doubts = [Caveat("one_sender")] if counts.largest > _MOST else []
    left = [(sender.people, y) for sender, y in counts.without]
    skewed = [(sender.people, counts.controls - y) for sender, y in counts.without if _differs(counts.controls - y, y)]
    if len(skewed) > 1:
        left.append((sum(n for n, _ in skewed), np.maximum(counts.controls - sum(part for _, part in skewed), 0)))
    gone = [n for n, y in left if y.sum() >= least and _goes(x, y, i)]
    return [*doubts, *([Caveat("rests_on_sender", {"n_people": max(gone)})] if gone else [])]


def _with_unknown_prefixes(i: int, case: Case) -> list[Caveat]:
    """
    Ask whether a finding stands when those of unknown prefixes are counted too, as others' customers and as the operator's own.

    Leaving them out is right where they are as frequent in both groups. Where they are not, one of these two is right for whosever they are.
    """
    counts = case.counts
    unknown = (
        _spread_over(int((case.people["operator"] == "").sum()), counts.reached),
        _spread_over(counts.n_unknown, counts.controls),
    )
    n_unknown = sum(int(part.sum()) for part in unknown)
    for own in (False, True):
        x, y = (
            np.stack([table[:, i] + own * part, table.sum(1) - table[:, i] + (not own) * part], axis=1)
            for table, part in zip((counts.reached, counts.controls), unknown, strict=True)
        )
        if n_unknown and _goes(x, y, 0, counts.reached.shape[1]):
            return [Caveat("rests_on_unknown", {"n_people": n_unknown})]
    return []


def _spread_over(n: int, table: np.ndarray) -> np.ndarray:
    """People of unknown prefixes to the strata, as those of known ones are."""
    return np.rint(n * table.sum(1) / max(table.sum(), 1)).astype(int)


def _differs(of_sender: np.ndarray, others: np.ndarray) -> bool:
    """Whether the mix of one sender's people is another than that of the rest, whichever way."""
    a, b = np.maximum(of_sender.sum(0), 0), others.sum(0)
    if not (a.sum() and b.sum()):
        return False
    size, n = a.sum() + b.sum(), a.sum()
    both = np.minimum(hypergeom.cdf(a, size, a + b, n), hypergeom.sf(a - 1, size, a + b, n))
    return bool(2 * len(a) * both.min() < _DIFFERS)


def _goes(x: np.ndarray, y: np.ndarray, i: int, k: int | None = None) -> bool:
    """Whether in these tables, of one of ``k`` operators, there is no finding."""
    met = (x.sum(1) > 0) & (y.sum(1) > 0)
    p = stratified_excess(x[met, i], x[met].sum(1), y[met, i], y[met].sum(1)).p_value if met.any() else 1.0
    return (k or x.shape[1]) * p >= WEAK


def _operator(i: int, case: Case, setting: Setting, posterior: LeakPosterior) -> dict:
    x, y = case.counts.reached, case.counts.controls
    n, m = int(x.sum()), int(y.sum())
    share = float(setting.shares[i])
    in_market = binomial_excess(int(x[:, i].sum()), n, min(1.0, share)), n * share
    leak = posterior.operators[i]
    found = {
        "name": setting.operators[i],
        "method": _method(case.counts, case.controlled),
        "n_reached": n,
        "n_controls": m,
        "observed": int(x[:, i].sum()),
        "controls_observed": int(y[:, i].sum()),
        "posterior": posterior.involved(i),
        "leak_share": leak.share,
        "leak_share_low": leak.low,
        "leak_share_high": leak.high,
        "baseline": "market" if not case.controlled else "controls" if setting.market is None else "both",
        "p_market": in_market[0] if setting.market is not None else np.nan,
        "expected_market": in_market[1] if setting.market is not None else np.nan,
        "detectable_share": _detectable(i, case, setting),
    }
    if not case.controlled:
        return found | {"p_value": in_market[0], "expected": in_market[1]}
    return found | _beside_controls(x[:, i], x.sum(1), y[:, i], y.sum(1), setting.ported)


def _beside_controls(a: np.ndarray, n: np.ndarray, b: np.ndarray, m: np.ndarray, ported: tuple[float, float]) -> dict:
    # With one stratum this is Fisher's test, and many times as fast as scipy's odds ratio on thousands of controls.
    met = (n > 0) & (m > 0)
    exact = stratified_excess(a[met], n[met], b[met], m[met])
    likeliest = profile_share(a, n, b, m, ported)
    # People of a stratum without controls are expected as the others are.
    share_of_controls = np.where(m > 0, b / np.maximum(m, 1), b.sum() / max(m.sum(), 1))
    return {
        "expected": float((n * share_of_controls).sum()),
        "odds_ratio": exact.odds_ratio,
        "ci_low": exact.ci_low,
        "ci_high": exact.ci_high,
        "p_value": exact.p_value,
        "overdispersion": exact.overdispersion if met.sum() > 1 else np.nan,
        "leak_share": likeliest.share,
        "leak_share_low": likeliest.low,
        "leak_share_high": likeliest.high,
    }


def _detectable(i: int, case: Case, setting: Setting) -> float:
    n, y = int(case.counts.reached.sum()), case.counts.controls
    share, m = (y[:, i].sum() / y.sum(), int(y.sum())) if case.controlled else (setting.shares[i], 0)
    share = float(np.clip(share, 1e-3, 0.999))
    test = WordTest(
        _mean_ported(setting), len(setting.operators), campaigns=setting.n_campaigns, senders=case.counts.n_senders
    )
    return detectable_by_word(n, m, share, test)


def _mean_ported(setting: Setting) -> float:
    return setting.ported[0] / sum(setting.ported)


def _method(counts: ControlCounts, controlled: bool) -> str:
    if not controlled:
        return "binomial exact, one-sided"
    if counts.n_strata > 1:
        return f"exact conditional, {counts.n_strata} strata ({', '.join(counts.strata)}), joint over operators"
    return "Fisher exact, one-sided, joint over operators"


COMPARISON = Comparison(
    key="operators",
    compare=compare_operators,
    leads=True,
    caveats=caveats_beside_controls,
    side=SIDE,
)

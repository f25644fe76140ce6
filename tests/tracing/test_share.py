"""The share of a list that came from an operator: closed forms, plain optimisation, coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq, minimize
from scipy.special import expit, xlog1py, xlogy

from tasrib.tracing.stats.share import profile_curve, profile_share

NOBODY_PORTS = (1.0, 1e9)
PORTED = (4.0, 62.0)


@pytest.mark.parametrize(("x", "n", "b"), [(60, 100, 0.4), (30, 100, 0.1), (700, 1000, 0.35), (25, 30, 0.5)])
def test_likeliest_share_is_the_excess_over_what_is_left(x, n, b):
    # With a known baseline and no ported number, x / n = λ + (1 - λ) b.
    found = profile_share(x, n, int(b * 10**7), 10**7, NOBODY_PORTS)
    assert found.share == pytest.approx((x / n - b) / (1 - b), abs=1e-3)

    def deviance(share):
        q = share + (1 - share) * b
        return 2 * (stats.binom.logpmf(x, n, x / n) - stats.binom.logpmf(x, n, q)) - stats.chi2.ppf(0.95, 1)

    assert found.high == pytest.approx(brentq(deviance, found.share, 1 - 1e-9), abs=1e-3)
    assert found.low == pytest.approx(brentq(deviance, 0, found.share) if deviance(0) > 0 else 0, abs=1e-3)


def test_fewer_than_expected_is_no_share():
    found = profile_share(20, 100, 400, 1000, PORTED)
    assert found.share == 0
    assert found.low == 0
    assert found.high < 0.15


def test_all_of_them_may_be_a_whole_list():
    found = profile_share(50, 50, 10, 100, NOBODY_PORTS)
    assert found.share == 1
    assert found.high == 1
    assert found.low > 0.9


def log_likelihood(share, tables, ported):
    """The largest over the baselines and the ported share, by a general optimiser."""
    x, n, y, m = np.atleast_2d(np.transpose(tables)).T.astype(float)

    def minus(at):
        b, away = expit(at[:-1]), expit(at[-1])
        q = np.clip((1 - share) * b + share * (1 - away), 1e-12, 1 - 1e-12)
        found = xlogy(x, q) + xlog1py(n - x, -q) + xlogy(y, b) + xlog1py(m - y, -b)
        return -found.sum() - (ported[0] - 1) * np.log(away) - (ported[1] - 1) * np.log1p(-away)

    starts = [np.append(np.log((y + 0.5) / (m - y + 0.5)), start) for start in (-4, -2)]
    return -min(minimize(minus, start, method="BFGS").fun for start in starts)


@pytest.mark.parametrize(
    ("tables", "ported"),
    [
        (([30], [60], [40], [120]), PORTED),
        (([30], [60], [40], [120]), (2.0, 9.0)),
        (([12, 20, 9], [20, 44, 25], [30, 9, 15], [90, 30, 80]), PORTED),
        (([5, 0, 7], [9, 4, 8], [3, 2, 9], [20, 30, 12]), (4.0, 20.0)),
    ],
)
def test_interval_by_plain_optimisation(tables, ported):
    found = profile_share(*tables, ported)
    best = max(log_likelihood(share, tables, ported) for share in found.share + np.linspace(-0.02, 0.02, 5))
    assert log_likelihood(found.share, tables, ported) == pytest.approx(best, abs=2e-3)
    drop = stats.chi2.ppf(0.95, 1) / 2
    for end in (found.low, found.high):
        if 0 < end < 1:
            assert best - log_likelihood(end, tables, ported) == pytest.approx(drop, abs=0.02)
        else:
            assert best - log_likelihood(end, tables, ported) < drop + 0.02


@pytest.mark.parametrize("baseline", [0.15, 0.35, 0.6])
def test_interval_covers_as_often_as_it_says(baseline):
    # Exact: all numbers of the operator's people among 40 reached and 80 controls, and the quantiles of the ported share.
    share, n, m = 0.3, 40, 80
    away = stats.beta.ppf((np.arange(20) + 0.5) / 20, *PORTED)
    x, y = np.arange(n + 1), np.arange(m + 1)
    p_x = stats.binom.pmf(x[:, None], n, (1 - share) * baseline + share * (1 - away)).mean(1)
    p_y = stats.binom.pmf(y, m, baseline)
    covered = total = 0.0
    for i in x[p_x > 3e-4]:
        for j in y[p_y > 3e-4]:
            found = profile_share(i, n, j, m, PORTED)
            covered += p_x[i] * p_y[j] * (found.low <= share <= found.high)
            total += p_x[i] * p_y[j]
    assert total > 0.99
    assert 0.93 < covered / total < 0.97


TABLES = st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=1, max_size=4)


@given(TABLES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_strata_and_empty_strata_change_nothing(cells, random):
    x, others, y, other_controls = np.array(cells).T
    tables = [x, x + others, y, y + other_controls]
    found = profile_share(*tables, PORTED)
    if np.isnan(found.share):
        return
    assert 0 <= found.low <= found.share <= found.high <= 1
    rows = random.sample(range(len(cells)), len(cells))
    again = profile_share(*(np.append(each[rows], (0, 3 * (k == 3))) for k, each in enumerate(tables)), PORTED)
    np.testing.assert_allclose([again.share, again.low, again.high], [found.share, found.low, found.high], atol=2e-3)


def test_a_larger_case_with_the_same_shares_knows_more():
    widths = [profile_share(30 * k, 50 * k, 40 * k, 100 * k, PORTED) for k in (1, 4, 16, 1000)]
    assert (np.diff([each.high - each.low for each in widths]) < 0).all()


@pytest.mark.parametrize("tables", [([5], [10], [0], [0]), ([0], [0], [5], [10]), ([5, 0], [9, 0], [0, 3], [0, 9])])
def test_without_anybody_to_compare_any_share_may_be(tables):
    found = profile_share(*tables, PORTED)
    assert np.isnan(found.share)
    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize("tables", [(40, 100, 90, 400), ([10, 30], [30, 70], [40, 50], [200, 200])])
def test_the_interval_is_cut_from_the_curve(tables):
    found = profile_share(*tables, PORTED)
    curve = profile_curve([found.low, found.share, found.high, 1.0], *tables, PORTED)
    limit = np.exp(-stats.chi2.ppf(0.95, 1) / 2)
    assert curve == pytest.approx([limit, 1, limit, curve[3]], abs=2e-3)
    assert curve[3] < limit


def test_without_controls_every_share_fits():
    assert profile_curve([0, 0.5, 1], 10, 20, 0, 0, PORTED).tolist() == [1, 1, 1]

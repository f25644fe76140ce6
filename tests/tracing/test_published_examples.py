"""Each method against a worked example that others published."""

from math import comb

import numpy as np
import pytest
from reference import adjust
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tasrib.tracing import evidence_level
from tasrib.tracing.stats.adjust import adjust_across, holm
from tasrib.tracing.stats.exact import clopper_pearson, fisher_excess, log_choose
from tasrib.tracing.stats.market import binomial_excess


def test_fisher_convictions_of_like_sex_twins():
    # Fisher (1962); documentation of R's fisher.test: matrix(c(2, 10, 15, 3)), p = 0.0004652 (less),
    # conditional odds ratio 0.04693661, two-sided 95% interval 0.003325764 to 0.363182271.
    found = fisher_excess(2, 17, 10, 13)
    assert found.odds_ratio == pytest.approx(0.04693661, rel=1e-5)
    # R prints its root finder's lower end, 0.3% above the root itself.
    assert (found.ci_low, found.ci_high) == pytest.approx((0.003325764, 0.363182271), rel=5e-3)
    mirrored = fisher_excess(15, 17, 3, 13)
    assert mirrored.p_value == pytest.approx(0.0004652, rel=1e-3)


def test_fisher_lady_tasting_tea():
    # Fisher (1935): 3 of 4 cups named right, p = 17/70.
    assert fisher_excess(3, 4, 1, 4).p_value == pytest.approx(17 / 70)


def test_empty_margins_say_nothing():
    found = fisher_excess(0, 10, 0, 20)
    assert found.p_value == pytest.approx(1)
    assert np.isnan(found.odds_ratio)


def test_counts_that_cannot_be():
    with pytest.raises(ValueError, match="exceeds its whole"):
        fisher_excess(5, 4, 0, 3)


def test_benjamini_hochberg_1995_table():
    # Benjamini & Hochberg (1995), section 4: 15 p-values, four rejected at a false discovery rate of 5%.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert (adjust(p, [f"campaign {i}" for i in range(15)]) <= 0.05).sum() == 4


def test_one_campaign_is_adjusted_by_holm():
    # By hand: 0.01 x 3, then max(0.03, 0.02 x 2), then max(0.04, 0.5).
    np.testing.assert_allclose(adjust([0.02, 0.5, 0.01], ["a"] * 3), [0.04, 0.5, 0.03])


def test_adjustment_does_not_depend_on_the_order():
    rng = np.random.default_rng(3)
    p, family = rng.random(30) ** 3, np.repeat(list("abcdefghij"), 3)
    order = rng.permutation(30)
    np.testing.assert_allclose(adjust(p[order], family[order]), adjust(p, family)[order])
    assert (adjust(p, family) >= p).all()


def test_holm_is_that_of_statsmodels():
    for p in (np.random.default_rng(5).random(40) ** 4, [0.01, 0.01, 0.3, 0.0, 1.0], []):
        expected = multipletests(p, method="holm")[1] if len(p) else []
        np.testing.assert_allclose(holm(p), expected)


def test_penalty_across_campaigns():
    # Least values 0.01, 0.02, 0.9 of three campaigns: Benjamini & Hochberg make them 0.03, 0.03, 0.9, so the penalties
    # are 3, 1.5 and 1, on every value of the campaign.
    within, family = [0.02, 0.9, 0.01, 0.5, 0.04, 1.0], ["b", "c", "a", "a", "b", "c"]
    np.testing.assert_allclose(adjust_across(within, family), [0.03, 0.9, 0.03, 1.0, 0.06, 1.0])


def test_one_value_a_campaign_is_benjamini_hochberg_and_one_campaign_stays():
    p = np.random.default_rng(6).random(50) ** 3
    np.testing.assert_allclose(adjust_across(p, range(50)), multipletests(p, method="fdr_bh")[1])
    np.testing.assert_allclose(adjust_across(p, ["a"] * 50), p)


def test_a_penalty_survives_a_p_value_of_nothing():
    adjusted = adjust_across([0.0, 0.01, 0.9], ["a", "a", "b"])
    np.testing.assert_allclose(adjusted, [0, 0.02, 0.9], atol=1e-12)


@pytest.mark.parametrize(
    ("p", "family", "said"),
    [
        ([0.1, 1.2], "ab", "between 0 and 1"),
        ([0.1, float("nan")], "ab", "between 0 and 1"),
        ([0.1], "ab", "one for each"),
    ],
)
def test_p_values_that_cannot_be(p, family, said):
    with pytest.raises(ValueError, match=said):
        adjust_across(p, list(family))


def test_clopper_pearson_interval():
    # Clopper & Pearson (1934) interval of 4 in 20, as tabulated: 0.0573 to 0.4366.
    assert clopper_pearson(4, 20) == pytest.approx((0.0573, 0.4366), abs=1e-4)


def test_clopper_pearson_of_many_is_that_of_scipy():
    x, n = np.array([0, 0, 1, 7, 19, 20]), np.array([0, 5, 20, 20, 20, 20])
    for tail in (0.1, 0.025):
        low, high = clopper_pearson(x, n, tail=tail)
        assert (low[0], high[0]) == (0, 1)
        for k in range(1, len(x)):
            known = stats.binomtest(x[k], n[k]).proportion_ci(1 - 2 * tail, method="exact")
            assert (low[k], high[k]) == pytest.approx((known.low, known.high), abs=1e-12)


def test_log_choose_counts_the_ways():
    np.testing.assert_allclose(np.exp(log_choose(20, range(21))), [comb(20, k) for k in range(21)])


def test_binomial_excess_is_the_upper_tail():
    assert binomial_excess(9, 10, 0.5) == pytest.approx(11 / 1024)


@pytest.mark.parametrize(
    ("p", "adjusted", "posterior", "controlled", "word"),
    [
        (0.001, 0.005, 0.97, True, "strong"),
        (0.001, 0.005, 0.94, True, "moderate"),
        (0.01, 0.04, 0.85, True, "moderate"),
        (0.01, 0.04, 0.79, True, "weak"),
        (0.001, 0.001, 0.99, False, "weak"),
        (0.06, 0.001, 0.99, False, "none"),
        (0.2, 0.5, 0.1, True, "none"),
    ],
)
def test_words_for_evidence(p, adjusted, posterior, controlled, word):
    assert evidence_level(p, adjusted, posterior, at_most="strong" if controlled else "weak") == word

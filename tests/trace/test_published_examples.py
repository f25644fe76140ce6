"""Each method against a worked example that others published."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import dblquad

from tasrib.trace import adjust, binomial_excess, evidence_level, fisher_excess, leak_posterior, share_interval


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


def test_clopper_pearson_interval():
    # Clopper & Pearson (1934) interval of 4 in 20, as tabulated: 0.0573 to 0.4366.
    assert share_interval(4, 20) == pytest.approx((0.0573, 0.4366), abs=1e-4)


def test_binomial_excess_is_the_upper_tail():
    assert binomial_excess(9, 10, 0.5) == pytest.approx(11 / 1024)


def test_posterior_equals_direct_integration():
    reached, controls, market, ported = [18, 7, 5], [20, 25, 15], [0.4, 0.35, 0.25], (4.0, 62.8)
    none, leaks = leak_posterior(reached, controls, market, ported)
    alpha = 6 * np.array(market) + controls
    mean_ported = stats.beta(*ported)
    factors = []
    for s in range(3):
        baseline = stats.beta(alpha[s], alpha.sum() - alpha[s])
        away = mean_ported.ppf((np.arange(40) + 0.5) / 40)

        def like(q, share, s=s, away=away):
            return stats.binom.pmf(reached[s], 30, (1 - share) * q + share * (1 - away)).mean()

        with_leak = dblquad(lambda q, share, b=baseline, f=like: f(q, share) * b.pdf(q), 0, 1, 0, 1, epsabs=1e-6)[0]
        q = baseline.ppf((np.arange(2000) + 0.5) / 2000)
        factors.append(with_leak / stats.binom.pmf(reached[s], 30, q).mean())
    joint = np.array([0.5, *(0.5 / 3 * factor for factor in factors)])
    expected = joint / joint.sum()
    assert [none, *(leak.posterior for leak in leaks)] == pytest.approx(expected, abs=2e-3)


def test_more_of_the_operator_never_lowers_its_posterior():
    posteriors = [leak_posterior([a, 60 - a], [50, 70], [0.4, 0.6], (4, 62))[1][0].posterior for a in range(15, 60, 3)]
    assert (np.diff(posteriors) >= -1e-9).all()


def test_posterior_follows_its_operator():
    straight = leak_posterior([30, 10, 5], [40, 50, 30], [0.4, 0.35, 0.25], (4, 62))
    turned = leak_posterior([5, 30, 10], [30, 40, 50], [0.25, 0.4, 0.35], (4, 62))
    assert turned[0] == pytest.approx(straight[0])
    assert turned[1][1] == pytest.approx(straight[1][0]) or turned[1][1].posterior == pytest.approx(
        straight[1][0].posterior
    )


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
    assert evidence_level(p, adjusted, posterior, controlled=controlled) == word

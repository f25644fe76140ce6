"""What declared operators say of ported numbers: by hand, by numerical integration, and when nobody declared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import dblquad, quad

from tasrib.tracing.stats.ported import count_declared, update_ported


def test_placenta_previa():
    # Gelman et al. (2013), 2.4: 437 girls of 980 births, uniform prior: posterior Beta(438, 544), mean 0.446, standard
    # deviation 0.016, central 95% interval 0.415 to 0.477.
    found = update_ported((1, 1), 980, 437)
    assert (found.beta_a, found.beta_b) == (438, 544)
    assert found.mean == pytest.approx(0.446, abs=5e-4)
    assert (found.low, found.high) == pytest.approx((0.415, 0.477), abs=5e-4)


def test_conjugate_by_hand():
    # 4 and 62.8 of the prior, 9 ported and 141 kept numbers: 13 of 216.8.
    found = update_ported((4.0, 62.8), 150, 9)
    assert (found.beta_a, found.beta_b) == pytest.approx((13, 203.8))
    assert found.mean == pytest.approx(13 / 216.8)
    assert (found.n_declared, found.n_differs) == (150, 9)


@pytest.mark.parametrize("misdeclared", [0.0, 0.02, (2.0, 98.0)])
def test_nobody_declared_leaves_the_prior(misdeclared):
    found = update_ported((4.0, 62.8), 0, 0, misdeclared=misdeclared)
    assert (found.beta_a, found.beta_b) == (4.0, 62.8)
    assert (found.low, found.high) == pytest.approx(stats.beta(4.0, 62.8).interval(0.95))


@pytest.mark.parametrize(("n", "k"), [(1, 0), (1, 1), (40, 0), (40, 6), (150, 9), (600, 30)])
def test_known_error_equals_numerical_integration(n, k):
    a, b, wrong = 4.0, 62.8, 0.02

    def density(share):
        looks = share * (1 - wrong) + (1 - share) * wrong
        return stats.binom.pmf(k, n, looks) * stats.beta.pdf(share, a, b)

    found = update_ported((a, b), n, k, misdeclared=wrong)
    whole, mean, square = (
        quad(lambda share, power=power: density(share) * share**power, 0, 1, points=[0.02, 0.05, 0.1, 0.2], epsabs=0)[0]
        for power in range(3)
    )
    mean, square = mean / whole, square / whole
    assert found.mean == pytest.approx(mean, rel=1e-7)
    matched = stats.beta(found.beta_a, found.beta_b)
    assert (matched.mean(), matched.var()) == pytest.approx((mean, square - mean**2), rel=1e-6)
    below = quad(density, 0, found.low, epsabs=0)[0], quad(density, found.high, 1, points=[0.3], epsabs=0)[0]
    assert np.array(below) / whole == pytest.approx([0.025, 0.025], rel=1e-6)


@pytest.mark.parametrize(("n", "k"), [(30, 4), (120, 12)])
def test_unknown_error_equals_numerical_integration(n, k):
    def density(rate, share):
        looks = share * (1 - rate) + (1 - share) * rate
        return looks**k * (1 - looks) ** (n - k) * share**3 * (1 - share) ** 61.8 * rate * (1 - rate) ** 97

    whole = dblquad(density, 0, 0.5, 0, 0.3, epsabs=0, epsrel=1e-6)[0]
    mean = dblquad(lambda rate, share: share * density(rate, share), 0, 0.5, 0, 0.3, epsabs=0, epsrel=1e-6)[0] / whole
    assert update_ported((4.0, 62.8), n, k, misdeclared=(2.0, 98.0)).mean == pytest.approx(mean, rel=1e-4)


def test_a_rate_known_for_sure_is_a_very_narrow_belief_of_it():
    known = update_ported((4.0, 62.8), 200, 15, misdeclared=0.02)
    believed = update_ported((4.0, 62.8), 200, 15, misdeclared=(2e6, 98e6))
    assert (believed.mean, believed.low, believed.high) == pytest.approx((known.mean, known.low, known.high), rel=1e-4)


def test_errors_explain_part_of_what_differs():
    # 2% of answers wrong make 20 of 1,000 kept numbers look ported.
    trusting = update_ported((4.0, 62.8), 1000, 80)
    careful = update_ported((4.0, 62.8), 1000, 80, misdeclared=0.02)
    unsure = update_ported((4.0, 62.8), 1000, 80, misdeclared=(2.0, 98.0))
    assert careful.mean < trusting.mean - 0.01
    assert careful.mean == pytest.approx((0.08 - 0.02) / 0.96, abs=0.003)
    assert unsure.high - unsure.low > careful.high - careful.low


@settings(max_examples=40, deadline=None)
@given(
    a=st.floats(0.5, 20),
    b=st.floats(0.5, 200),
    n=st.integers(0, 120),
    part=st.floats(0, 1),
    wrong=st.one_of(st.just(0.0), st.floats(0.001, 0.3), st.tuples(st.floats(0.5, 5), st.floats(20, 200))),
)
def test_posterior_is_a_belief_and_rises_with_what_differs(a, b, n, part, wrong):
    k = int(part * n)
    found = update_ported((a, b), n, k, misdeclared=wrong)
    assert 0 <= found.low < found.high <= 1
    assert found.low < found.mean < found.high
    assert found.beta_a / (found.beta_a + found.beta_b) == pytest.approx(found.mean)
    if k < n and not isinstance(wrong, tuple):
        assert update_ported((a, b), n, k + 1, misdeclared=wrong).mean > found.mean


def test_counting_leaves_out_the_unknown():
    allocated = ["A", "A", "B", "", "C", "B"]
    declared = ["A", "B", "", "A", "C", None]
    assert count_declared(allocated, declared) == (3, 1)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: update_ported((0, 1), 3, 1), "must be positive"),
        (lambda: update_ported((1, 1), 3, 4), "exceeds its whole"),
        (lambda: update_ported((1, 1), 3, 1, misdeclared=0.5), "under 0"),
        (lambda: update_ported((1, 1), 3, 1, misdeclared=(0.0, 3.0)), "must be positive"),
        (lambda: update_ported((1, 1), 3, 1, confidence=95), "is not between"),
        (lambda: count_declared(["A"], []), "for each person"),
    ],
)
def test_what_cannot_be(call, said):
    with pytest.raises(ValueError, match=said):
        call()

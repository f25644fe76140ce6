"""Power of the test, against published figures, sums over every table, and each other."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import bisect
from statsmodels.stats.proportion import power_proportions_2indep

from tasrib.tracing.stats.likelihood import allocated_share
from tasrib.tracing.stats.power import EXACT_UP_TO, controls_for, detection_power, normal_power
from tasrib.tracing.stats.word_power import WordTest, detectable_by_word, people_for_word, word_power

# One test at one level with every exposed person visible: the textbooks' two proportions.
TEXTBOOK = {"ported": 0.0, "n_operators": 1}
WORD = WordTest(ported=0.06, n_operators=3)


def share_from(baseline, proportion):
    """The leak share under which the reached have this proportion, without ported numbers."""
    return (proportion - baseline) / (1 - baseline)


def test_fisher_power_of_mathews():
    # MM&B Inc., Minitab macro "fisherspower" after Mathews, Sample Size Calculations (2010), section 4.3.2.1, p. 97:
    # proportions 0.01 and 0.05 in two samples of 80, one-sided 5%: power 0.211135.
    found = detection_power(80, 80, share_from(0.01, 0.05), 0.01, mid_p=False, **TEXTBOOK)
    assert found == pytest.approx(0.211135, abs=5e-7)


@pytest.mark.parametrize(
    ("n", "p1", "p2", "power"), [(50, 0.5, 0.75, 0.740), (76.7, 0.5, 0.75, 0.9), (50, 0.5, 0.803, 0.9)]
)
def test_the_examples_of_rs_power_prop_test(n, p1, p2, power):
    # R's help page of power.prop.test, two-sided 5%: what is not given is found, to three digits.
    assert normal_power(n, 1, p2, p1, 0.025) == pytest.approx(power, abs=1e-3)


def test_large_numbers_as_statsmodels_has_them():
    n, m, share, b = EXACT_UP_TO + 1, 2 * (EXACT_UP_TO + 1), 0.02, 0.3
    difference = (1 - share) * b + share * 0.94 - b
    expected = power_proportions_2indep(
        difference, b, n, ratio=m / n, alpha=0.05 / 3, alternative="larger", return_results=False
    )
    assert detection_power(n, m, share, b) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("mid_p", [True, False])
@pytest.mark.parametrize(
    ("n", "m", "share", "b", "ported", "operators", "alpha"),
    [(12, 20, 0.4, 0.3, 0.06, 3, 0.05), (9, 4, 0.9, 0.1, 0.1, 1, 0.1), (1, 15, 1.0, 0.02, 0.0, 2, 0.2),
     (15, 7, 0.0, 0.5, 0.06, 1, 0.3), (6, 6, 0.5, 0.0, 0.0, 1, 0.05)],
)  # fmt: skip
def test_every_table_one_by_one(n, m, share, b, ported, operators, alpha, mid_p):
    leaked = (1 - share) * b + share * (1 - ported)
    expected = 0.0
    for x, y in itertools.product(range(n + 1), range(m + 1)):
        p = stats.fisher_exact([[x, n - x], [y, m - y]], alternative="greater").pvalue
        if mid_p:
            p -= stats.hypergeom.pmf(x, n + m, x + y, n) / 2
        if p <= alpha / operators:
            expected += stats.binom.pmf(x, n, leaked) * stats.binom.pmf(y, m, b)
    found = detection_power(n, m, share, b, ported=ported, n_operators=operators, alpha=alpha, mid_p=mid_p)
    assert found == pytest.approx(expected, abs=1e-8)


def test_market_shares_only_is_the_binomial_test():
    n, share, b = 40, 0.3, 0.25
    leaked = (1 - share) * b + share * 0.94
    flagged = [
        x
        for x in range(n + 1)
        if stats.binomtest(x, n, b, alternative="greater").pvalue - stats.binom.pmf(x, n, b) / 2 <= 0.05 / 3
    ]
    assert detection_power(n, 0, share, b) == pytest.approx(stats.binom.pmf(flagged, n, leaked).sum(), abs=1e-8)


def test_market_is_the_limit_of_many_controls():
    # A known baseline and very many controls differ only in what the latter still vary.
    assert detection_power(50, EXACT_UP_TO, 0.3, 0.3) == pytest.approx(detection_power(50, 0, 0.3, 0.3), abs=0.03)


@given(
    n=st.integers(1, 150), ratio=st.floats(0.3, 5), b=st.floats(0.01, 0.9), operators=st.integers(1, 6),
    alpha=st.sampled_from([0.01, 0.05, 0.2]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_fisher_keeps_its_level_and_mid_p_nearly(n, ratio, b, operators, alpha):
    m = controls_for(n, ratio)
    plain = detection_power(n, m, 0, b, n_operators=operators, alpha=alpha, mid_p=False)
    half = detection_power(n, m, 0, b, n_operators=operators, alpha=alpha)
    assert plain <= alpha / operators + 1e-8
    assert plain - 1e-12 <= half <= 2 * alpha / operators + 1e-8


@given(
    n=st.integers(5, 200), m=st.integers(1, 400), b=st.floats(0.01, 0.9), low=st.floats(0, 1), high=st.floats(0, 1),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_larger_leak_is_seen_more_often(n, m, b, low, high):
    low, high = sorted([low, high])
    if b <= 0.94:
        assert detection_power(n, m, low, b) <= detection_power(n, m, high, b) + 1e-8


def test_ported_numbers_and_further_operators_cost_power():
    powers = [detection_power(60, 120, 0.3, 0.3, ported=ported) for ported in (0, 0.06, 0.15)]
    assert powers == sorted(powers, reverse=True)
    powers = [detection_power(60, 120, 0.3, 0.3, n_operators=number) for number in (1, 3, 6)]
    assert powers == sorted(powers, reverse=True)


@pytest.mark.parametrize(("people", "tolerance"), [((10, 15), 0.07), ((20, 30, 50, 100, 200), 0.035)])
def test_the_approximation_is_near_the_exact_sum(people, tolerance):
    checked = 0
    for n, ratio, b in itertools.product(people, (1, 2, 4), (0.05, 0.1, 0.2, 0.3, 0.45, 0.6)):
        m = n * ratio
        if detection_power(n, m, 1, b) < 0.8:
            continue
        share = bisect(lambda share, n=n, m=m, b=b: detection_power(n, m, share, b) - 0.8, 0, 1, xtol=1e-3)
        found = normal_power(n, ratio, allocated_share(b, share, 0.06), b, 0.05 / 3)
        assert found == pytest.approx(detection_power(n, m, share, b), abs=tolerance), (n, ratio, b)
        checked += 1
    assert checked > 20


def test_nothing_can_be_detected():
    assert np.isnan(detectable_by_word(0, 100, 0.3, WORD))
    assert np.isnan(detectable_by_word(5, 5, 0.6, WORD))
    assert np.isnan(detectable_by_word(1000, 2000, 0.95, WORD))
    assert detection_power(0, 10, 0.5, 0.3) == 0


@pytest.mark.parametrize("controls", [0, 0.5, 2, 4])
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_people_needed_reach_the_power_and_one_fewer_does_not(share, controls):
    n = people_for_word(share, 0.28, WORD, controls_per_case=controls)
    assert word_power(n, controls_for(n, controls), share, 0.28, WORD) >= 0.8
    assert word_power(n - 1, controls_for(n - 1, controls), share, 0.28, WORD) < 0.8


@pytest.mark.parametrize("share", [0.4, 0.5, 0.8])
def test_people_and_share_are_inverse(share):
    n = people_for_word(share, 0.28, WORD)
    assert detectable_by_word(n, 2 * n, 0.28, WORD) == pytest.approx(share, rel=0.08)


def test_no_number_of_people_would_do():
    assert people_for_word(0, 0.3, WORD) is None
    assert people_for_word(1, 0.97, WORD) is None
    assert people_for_word(1e-4, 0.3, WORD) is None


def test_the_words_are_as_rare_without_a_leak_as_they_say_and_rarer_among_many_campaigns():
    assert word_power(80, 240, 0.0, 0.28, WORD) < 0.05 / 3
    powers = [word_power(80, 240, 0.5, 0.28, replace(WORD, campaigns=campaigns)) for campaigns in (1, 5, 20)]
    assert powers == sorted(powers, reverse=True)
    assert powers[0] > powers[-1] + 0.1


def test_a_word_asks_for_more_than_a_flag_and_without_controls_for_the_flag_alone():
    assert word_power(40, 80, 0.3, 0.28, WORD) < detection_power(40, 80, 0.3, 0.28)
    assert word_power(40, 0, 0.3, 0.28, WORD) == detection_power(40, 0, 0.3, 0.28)


def test_what_the_words_could_have_found_is_found_so_often():
    share = detectable_by_word(150, 450, 0.28, WORD)
    assert word_power(150, 450, share, 0.28, WORD) == pytest.approx(0.8, abs=0.05)
    needed = people_for_word(0.5, 0.28, WORD, controls_per_case=3)
    fewer = needed - 12
    assert word_power(needed, 3 * needed, 0.5, 0.28, WORD) >= 0.8 > word_power(fewer, 3 * fewer, 0.5, 0.28, WORD)


def test_beyond_the_exact_sum_the_approximation_goes_on():
    exact, near = (word_power(n, 2 * n, 0.35, 0.28, WORD) for n in (600, 601))
    assert near == pytest.approx(exact, abs=0.03)


def test_no_campaign_is_no_report():
    with pytest.raises(ValueError, match="campaigns 0"):
        word_power(80, 240, 0.5, 0.28, replace(WORD, campaigns=0))


def test_controls_are_never_rounded_away():
    assert controls_for(1, 0.2) == 1
    assert controls_for(10, 0.25) == 2
    assert controls_for(10, 0) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [(lambda: detection_power(10, 20, 30, 0.3), "30% as 0.3"), (lambda: detection_power(10, 20, 0.3, -1), "baseline"),
     (lambda: detection_power(-1, 20, 0.3, 0.3), "whole number"), (lambda: detection_power(1.5, 20, 0.3, 0.3), "whole number"),
     (lambda: detection_power(10, 20, 0.3, 0.3, alpha=0.6), "confidence"),
     (lambda: detection_power(10, 20, 0.3, 0.3, n_operators=0), "n_operators"),
     (lambda: detection_power(10, 20, 0.3, float("nan")), "baseline"),
     (lambda: people_for_word(30, 0.3, WORD), "30% as 0.3"),
     (lambda: people_for_word(0.3, 0.3, replace(WORD, alpha=0.6)), "confidence")],
)  # fmt: skip
def test_input_that_cannot_be(call, says):
    with pytest.raises(ValueError, match=says):
        call()

"""The exact test of a common odds ratio against R, SAS, textbooks and plain enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import MantelHaenszel
from scipy import stats

from tasrib.tracing.stats.exact import fisher_excess
from tasrib.tracing.stats.stratified import stratified_excess

# Cells of each stratum: exposed cases, other cases, exposed controls, other controls.
# Agresti (1990), p. 231; documentation of R's mantelhaen.test: cured and died, penicillin at once and delayed.
RABBITS = [(0, 6, 0, 5), (3, 3, 0, 6), (6, 0, 2, 4), (5, 1, 6, 0), (2, 0, 5, 0)]
# R's UCBAdmissions: men admitted and rejected, women admitted and rejected, by department (see `as_counts`).
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]
# Liu (1992), smoking and lung cancer in eight Chinese cities; Agresti (1996), table 3.3.
CITIES = [
    (126, 100, 35, 61),
    (908, 688, 497, 807),
    (913, 747, 336, 598),
    (235, 172, 58, 121),
    (402, 308, 121, 215),
    (182, 156, 72, 98),
    (60, 99, 11, 43),
    (104, 89, 21, 36),
]
# Breslow & Day (1980), chapter 4: oesophageal cancer and 80 g of alcohol a day or more, by age, Ille-et-Vilaine.
ILLE_ET_VILAINE = [
    (1, 0, 9, 106),
    (4, 5, 26, 164),
    (25, 21, 29, 138),
    (42, 34, 27, 139),
    (19, 36, 18, 88),
    (5, 8, 0, 31),
]


def as_counts(tables):
    a, b, c, d = np.array(tables).T
    return a, a + b, c, c + d


def analyse(tables, **options):
    return stratified_excess(*as_counts(tables), **options)


def test_rabbits_as_in_r():
    # mantelhaen.test(Rabbits, exact = TRUE): odds ratio 10.36102, p 0.0399449 two-sided, 0.020 "greater"; the null
    # distribution is symmetric here. mantelhaen.test(Rabbits): odds ratio 7, interval 1.026713 to 47.725133.
    found = analyse(RABBITS)
    assert found.odds_ratio == pytest.approx(10.36102, rel=1e-5)
    assert found.p_value == pytest.approx(0.0399449 / 2, rel=1e-5)
    assert found.n_informative == 3
    pooled = MantelHaenszel(RABBITS)
    assert pooled.odds_ratio == pytest.approx(7)
    assert (pooled.low, pooled.high) == pytest.approx((1.026713, 47.725133), rel=1e-6)
    assert found.ci_low < pooled.odds_ratio < found.ci_high


def test_berkeley_as_in_r():
    # mantelhaen.test(UCBAdmissions): odds ratio 0.9046968, interval 0.7719074 to 1.0603298; R's documentation finds
    # "significant heterogeneity" by Woolf's test, p = 0.003.
    found, pooled = analyse(BERKELEY), MantelHaenszel(BERKELEY)
    assert pooled.odds_ratio == pytest.approx(0.9046968, rel=1e-6)
    assert (pooled.low, pooled.high) == pytest.approx((0.7719074, 1.0603298), rel=1e-6)
    assert pooled.homogeneity_p == pytest.approx(0.003, abs=0.0015)
    assert found.overdispersion > 3
    # With thousands of people the conditional estimate is nearly that of Mantel and Haenszel.
    assert found.odds_ratio == pytest.approx(pooled.odds_ratio, rel=0.01)


def test_smoking_in_chinese_cities_as_in_sas():
    # PROC FREQ: Mantel-Haenszel 2.174, logit bounds 1.983 to 2.382, Breslow-Day 5.200 on 7, p = 0.636.
    found, pooled = analyse(CITIES), MantelHaenszel(CITIES)
    assert pooled.odds_ratio == pytest.approx(2.174, abs=5e-4)
    assert (pooled.low, pooled.high) == pytest.approx((1.983, 2.382), abs=2e-3)
    assert pooled.homogeneity_p == pytest.approx(0.636, abs=1e-3)
    assert found.overdispersion == 1
    # With thousands of people the exact conditional interval is the Mantel-Haenszel one, nearly.
    assert (found.ci_low, found.ci_high) == pytest.approx((1.983, 2.382), abs=5e-3)


def test_alcohol_in_ille_et_vilaine_as_in_breslow_and_day():
    # Conditional maximum likelihood 5.251, Mantel-Haenszel 5.158, chi-square of homogeneity 9.32 on 5.
    found, pooled = analyse(ILLE_ET_VILAINE), MantelHaenszel(ILLE_ET_VILAINE)
    assert found.odds_ratio == pytest.approx(5.251, abs=5e-4)
    assert pooled.odds_ratio == pytest.approx(5.158, abs=5e-4)
    assert pooled.homogeneity_p == pytest.approx(stats.chi2.sf(9.32, 5), abs=2e-3)
    # Breslow & Day's chi-square over its degrees of freedom is nearly the overdispersion.
    assert found.overdispersion == pytest.approx(9.32 / 5, rel=0.05)


@pytest.mark.parametrize(
    "table", [(15, 2, 3, 10), (2, 15, 10, 3), (3, 1, 1, 3), (40, 60, 30, 170), (5, 0, 2, 9), (0, 7, 4, 9)]
)
def test_one_stratum_is_fisher(table):
    found = analyse([table])
    (a, n, b, m) = (int(counts[0]) for counts in as_counts([table]))
    fisher = fisher_excess(a, n, b, m)
    assert found.p_value == pytest.approx(fisher.p_value, rel=1e-9)
    assert found.odds_ratio == pytest.approx(fisher.odds_ratio, rel=1e-6)
    assert (found.ci_low, found.ci_high) == pytest.approx((fisher.ci_low, fisher.ci_high), rel=1e-6)
    assert found.overdispersion == 1


def enumerated(tables, odds_ratio):
    """Probability of each sum of exposed cases, by going through all tables."""
    chances = {}
    laws = []
    for a, b, c, d in tables:
        law = stats.nchypergeom_fisher(a + b + c + d, a + c, a + b, odds_ratio)
        low, high = max(0, a + b - (b + d)), min(a + c, a + b)
        laws.append([(x, law.pmf(x)) for x in range(low, high + 1)])
    for choice in product(*laws):
        total = sum(x for x, _ in choice)
        chances[total] = chances.get(total, 0.0) + np.prod([p for _, p in choice])
    return chances


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_equals_enumeration(confidence):
    tables = [(4, 3, 2, 6), (2, 2, 3, 4), (5, 1, 3, 5), (0, 3, 1, 4)]
    seen = sum(table[0] for table in tables)
    found = analyse(tables, confidence=confidence)
    null = enumerated(tables, 1)
    assert found.p_value == pytest.approx(sum(p for x, p in null.items() if x >= seen))
    tail = (1 - confidence) / 2
    at_low, at_high = enumerated(tables, found.ci_low), enumerated(tables, found.ci_high)
    assert sum(p for x, p in at_low.items() if x >= seen) == pytest.approx(tail, rel=1e-6)
    assert sum(p for x, p in at_high.items() if x <= seen) == pytest.approx(tail, rel=1e-6)
    # The conditional estimate makes the mean what was seen.
    at_estimate = enumerated(tables, found.odds_ratio)
    assert sum(x * p for x, p in at_estimate.items()) == pytest.approx(seen)


def test_tails_far_out_keep_their_digits():
    # Two strata of 300 with all cases exposed and no control: one table each, 1 / C(300, 150).
    found = analyse([(150, 0, 0, 150)] * 2)
    one = stats.hypergeom(300, 150, 150).logpmf(150)
    assert np.log(found.p_value) == pytest.approx(2 * one, rel=1e-10)
    assert found.odds_ratio == np.inf
    assert found.ci_low > 100
    assert found.ci_high == np.inf


def test_thousands_of_people_a_stratum():
    found = analyse([(3000, 2000, 5000, 5000)] * 6)
    assert found.odds_ratio == pytest.approx(1.5, rel=1e-3)
    assert found.ci_low < 1.5 < found.ci_high
    z = (18000 - 6 * 5000 * 8 / 15) / np.sqrt(6 * stats.hypergeom(15000, 8000, 5000).var())
    assert np.log(found.p_value) == pytest.approx(stats.norm.logsf(z), rel=0.02)


def test_overdispersion_by_hand():
    # Odds ratios of 9 and 1/9 in two large strata of even margins: the common one is 1, and each stratum is off by 40
    # of a standard deviation of 200 x 200 x 200 x 200 / (400 x 400 x 399).
    found = analyse([(150, 50, 50, 150), (50, 150, 150, 50)])
    assert found.odds_ratio == pytest.approx(1)
    assert found.overdispersion == pytest.approx(2 * 50**2 / (200**4 / (400**2 * 399)))
    assert found.ci_low < 1 < found.ci_high


def test_nothing_informative():
    for tables in ([(0, 5, 0, 9)], [(0, 0, 3, 4), (2, 3, 0, 0)], [(0, 0, 0, 0)], np.empty((0, 4), int)):
        found = analyse(tables)
        assert (found.p_value, found.ci_low, found.ci_high, found.n_informative) == (1, 0, np.inf, 0)
        assert np.isnan(found.odds_ratio)


cells = st.integers(0, 12)
some_tables = st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(tables=some_tables, data=st.data())
def test_order_and_empty_strata_change_nothing(tables, data):
    plain = analyse(tables)
    shuffled = [*data.draw(st.permutations(tables)), (0, 0, 0, 0), (0, 4, 0, 9), (0, 0, 3, 3)]
    for name, value in vars(analyse(shuffled)).items():
        assert value == pytest.approx(getattr(plain, name), rel=1e-6, nan_ok=True), name


@settings(max_examples=60, deadline=None)
@given(tables=some_tables, data=st.data())
def test_more_exposed_controls_never_lower_p_and_more_exposed_cases_never_raise_it(tables, data):
    k = data.draw(st.integers(0, len(tables) - 1))
    a, b, c, d = tables[k]
    before = analyse(tables)
    if d > 0:
        changed = [*tables[:k], (a, b, c + 1, d - 1), *tables[k + 1 :]]
        assert analyse(changed).p_value >= before.p_value * (1 - 1e-9)
    if b > 0:
        changed = [*tables[:k], (a + 1, b - 1, c, d), *tables[k + 1 :]]
        assert analyse(changed).p_value <= before.p_value * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(tables=some_tables)
def test_interval_holds_the_estimate_and_agrees_with_the_test(tables):
    found = analyse(tables)
    assume(found.n_informative)
    assert found.ci_low <= found.odds_ratio <= found.ci_high
    assert (found.ci_low > 1) == (found.p_value < 0.025)
    assert 0 < found.p_value <= 1
    assert found.overdispersion >= 1


@settings(max_examples=60, deadline=None)
@given(tables=some_tables)
def test_exchanging_exposed_and_unexposed_turns_the_odds_ratio_over(tables):
    found, turned = analyse(tables), analyse([(b, a, d, c) for a, b, c, d in tables])
    assume(found.n_informative and 0 < found.odds_ratio < np.inf)
    assert turned.odds_ratio == pytest.approx(1 / found.odds_ratio, rel=1e-6)
    assert (turned.ci_low, turned.ci_high) == pytest.approx((1 / found.ci_high, 1 / found.ci_low), rel=1e-6)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (([5, 1], [4, 2], [0, 0], [3, 3]), "stratum 0: 5 of 4 cases"),
        (([1, 1], [4, 2], [0, -1], [3, 3]), "stratum 1"),
        (([1, 1], [4, 2], [0], [3, 3]), "once a stratum"),
        (([0.5], [4], [0], [3]), "no whole number"),
        (([float("nan")], [4], [0], [3]), "no whole number"),
    ],
)
def test_counts_that_cannot_be(counts, said):
    with pytest.raises(ValueError, match=said):
        stratified_excess(*counts)


def test_confidence_out_of_range():
    with pytest.raises(ValueError, match="is not between"):
        analyse(RABBITS, confidence=95)

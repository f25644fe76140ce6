"""Two SIMs of one person."""

from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import dblquad
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.contingency_tables import mcnemar

from tasrib.tracing.comparisons.pairs import paired_excess, paired_posterior

PAIR_A, PAIR_B = (["A"], ["B"]), (["B"], ["A"])


def excess(people, operator="A", **more):
    return paired_excess([r for r, _ in people], [o for _, o in people], [operator], **more).iloc[0]


def test_endometrial_cancer_and_gall_bladder_disease():
    # Breslow & Day (1980), Los Angeles study, 63 matched pairs, as listed in the SAS/STAT guide, PROC LOGISTIC, "Conditional
    # Logistic Regression for Matched Pairs Data": 13 pairs with an exposed case only, 5 with an exposed control only;
    # its conditional estimate 0.9555 is an odds ratio of 2.600.
    found = excess([PAIR_A] * 13 + [PAIR_B] * 5 + [(["A"], ["A"])] * 4 + [(["B"], ["B"])] * 41)
    assert found.n_pairs == 18
    assert found.odds_ratio == pytest.approx(np.exp(0.9555), rel=1e-4)
    assert found.p_value == pytest.approx(stats.binomtest(13, 18, alternative="greater").pvalue)
    assert 2 * found.p_value == pytest.approx(mcnemar([[4, 13], [5, 41]], exact=True).pvalue)


@pytest.mark.parametrize(("b", "c"), [(9, 2), (3, 8), (6, 6), (1, 12)])
def test_one_against_one_is_mcnemar_with_clopper_pearson(b, c):
    found = excess([PAIR_A] * b + [PAIR_B] * c)
    assert found.odds_ratio == pytest.approx(b / c)
    share = stats.binomtest(b, b + c).proportion_ci(0.95, method="exact")
    assert found.ci_low == pytest.approx(share.low / (1 - share.low))
    assert found.ci_high == pytest.approx(share.high / (1 - share.high))
    assert found.p_value == pytest.approx(stats.binom.sf(b - 1, b + c, 0.5))
    assert (found.observed, found.expected) == (b, (b + c) / 2)


def test_penicillin_and_rabbits():
    # Agresti (1990), p. 231-237; help page of R's mantelhaen.test(Rabbits, exact = TRUE): p = 0.040 two-sided, 0.020
    # one-sided for a higher cure rate without delay.
    # Each dose is one person here, its rabbits are numbers: A cured, B died.
    at_once, delayed = [(0, 6), (3, 3), (6, 0), (5, 1), (2, 0)], [(0, 5), (0, 6), (2, 4), (6, 0), (5, 0)]
    doses = [tuple(["A"] * cured + ["B"] * died for cured, died in pair) for pair in zip(at_once, delayed, strict=True)]
    found = excess(doses)
    assert found.p_value == pytest.approx(0.020, abs=5e-4)
    assert found.n_pairs == 3
    assert found.ci_low > 1


def several(max_people=5):
    sims = st.lists(st.sampled_from("AB"), max_size=3)
    return st.lists(st.tuples(sims, sims), min_size=1, max_size=max_people)


def brute_force(people, odds_ratio):
    """Distribution of the number of reached As when each person's reached numbers are drawn anew."""
    law = {0: 1.0}
    for reached, others in people:
        has, size, drawn = (reached + others).count("A"), len(reached + others), len(reached)
        ways = {x: comb(has, x) * comb(size - has, drawn - x) * odds_ratio**x for x in range(has + 1) if drawn - x >= 0}
        whole = sum(ways.values())
        law_now: dict[int, float] = {}
        for (before, p), (x, way) in product(law.items(), ways.items()):
            law_now[before + x] = law_now.get(before + x, 0) + p * way / whole
        law = law_now
    return law


@given(several())
@settings(max_examples=60, deadline=None)
def test_any_numbers_of_sims_against_enumeration(people):
    found = excess(people)
    hits = sum(reached.count("A") for reached, _ in people)
    law = brute_force(people, 1.0)
    if found.n_pairs == 0:
        assert np.isnan(found.odds_ratio)
        assert found.p_value == 1
        return
    assert found.p_value == pytest.approx(sum(p for x, p in law.items() if x >= hits), abs=1e-12)
    if found.ci_low > 0:
        assert sum(p for x, p in brute_force(people, found.ci_low).items() if x >= hits) == pytest.approx(0.025)
    if np.isfinite(found.ci_high):
        assert sum(p for x, p in brute_force(people, found.ci_high).items() if x <= hits) == pytest.approx(0.025)
    if 0 < found.odds_ratio < np.inf:
        assert sum(x * p for x, p in brute_force(people, found.odds_ratio).items()) == pytest.approx(hits)


def test_estimate_is_that_of_conditional_logistic_regression():
    # Mack et al. (1976), one case against four controls (Newman, "Biostatistical Methods in Epidemiology", 2001, table
    # 11.14): sets by exposure of the case and number of exposed controls.
    sets = {(1, 0): 1, (1, 1): 10, (0, 1): 1, (1, 2): 10, (0, 2): 1, (1, 3): 10, (0, 3): 1, (1, 4): 2}
    people = [
        (["A" if case else "B"], ["A"] * exposed + ["B"] * (4 - exposed))
        for (case, exposed), times in sets.items()
        for _ in range(times)
    ]
    y = np.tile([1, 0, 0, 0, 0], len(people))
    x = np.array([[name == "A"] for reached, others in people for name in (*reached, *others)], float)
    fit = ConditionalLogit(y, x, groups=np.repeat(np.arange(len(people)), 5)).fit()
    found = excess(people)
    assert found.odds_ratio == pytest.approx(np.exp(fit.params[0]), rel=1e-3)
    assert found.n_pairs == 34


@given(several(8), st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_of_people_and_numbers_does_not_matter(people, random):
    shuffled = [(random.sample(r, len(r)), random.sample(o, len(o))) for r, o in people]
    random.shuffle(shuffled)
    pd.testing.assert_series_equal(excess(people), excess(shuffled))


@given(several(8))
@settings(max_examples=40, deadline=None)
def test_an_excess_of_one_of_two_is_a_lack_of_the_other(people):
    a, b = excess(people), excess(people, "B")
    if a.n_pairs and 0 < a.odds_ratio < np.inf:
        assert a.odds_ratio * b.odds_ratio == pytest.approx(1, rel=1e-6)
        assert a.ci_low * b.ci_high == pytest.approx(1, rel=1e-6)


def test_people_whose_numbers_are_all_alike_say_nothing():
    more = [*[PAIR_A] * 4, PAIR_B, (["A"], []), (["A", "A"], ["A"]), (["A"], [""])]
    pd.testing.assert_series_equal(excess(more), excess([PAIR_A] * 4 + [PAIR_B]))


def test_nobody_reached_on_the_other_number():
    found = excess([PAIR_A] * 6)
    assert found.odds_ratio == np.inf
    assert found.ci_high == np.inf
    assert found.p_value == pytest.approx(1 / 64)
    # Clopper & Pearson: 6 of 6 at 95% has the lower end 0.025 ** (1 / 6).
    assert found.ci_low / (1 + found.ci_low) == pytest.approx(0.025 ** (1 / 6))


def test_thousands_of_people_do_not_lose_the_tail():
    found = excess([PAIR_A] * 3000 + [PAIR_B] * 1000)
    assert found.odds_ratio == pytest.approx(3)
    assert found.p_value == pytest.approx(stats.binom.sf(2999, 4000, 0.5), rel=1e-6)
    share = stats.binomtest(3000, 4000).proportion_ci(0.95, method="exact")
    assert found.ci_low == pytest.approx(share.low / (1 - share.low), rel=1e-6)


def test_all_operators_by_default():
    found = paired_excess([["A"], ["B"]], [["C"], ["A"]])
    assert found["operator"].tolist() == ["A", "B", "C"]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one entry a person"):
        paired_excess([["A"]], [])


SHARES, PORTED = {"A": 0.45, "B": 0.35, "C": 0.2}, (4.0, 62.8)


def posterior(people, **more):
    return paired_posterior([r for r, _ in people], [o for _, o in people], SHARES, PORTED, **more)


def integrated(people):
    """Every choice of as many numbers from each person's, with the product of their weights, integrated adaptively."""

    def likelihood(share, away, s):
        b = SHARES[s]
        weight = {name: (1 - share) + share * (1 - away) / b if name == s else (1 - share) + share * away / (1 - b)
                  for name in SHARES}  # fmt: skip
        chance = 1.0
        for reached, others in people:
            choices = combinations([weight[name] for name in reached + others], len(reached))
            chance *= np.prod([weight[name] for name in reached]) / sum(np.prod(choice) for choice in choices)
        return chance

    belief = stats.beta(*PORTED)
    evidence = {"": likelihood(0.0, 0.5, "A")}
    for s in SHARES:
        value, _ = dblquad(lambda a, w, s=s: likelihood(w, a, s) * belief.pdf(a), 0, 1, 0, 0.5, epsabs=0, epsrel=1e-5)
        evidence[s] = value
    return evidence


@pytest.mark.parametrize(
    "people",
    [
        [PAIR_A] * 7 + [PAIR_B] * 2 + [(["C"], ["A"]), (["B"], ["C"])],
        [(["A"], ["B", "C"]), (["A", "A"], ["B"]), (["A", "C"], ["B", "A", "B"]), (["B"], ["B"])],
        [PAIR_B] * 4 + [(["B", "C"], ["A", "C"])],
    ],
)
def test_posterior_equals_direct_integration(people):
    evidence = integrated(people)
    for no_leak in (0.5, 0.9):
        joint = {name: (1 - no_leak) / 3 * value if name else no_leak * value for name, value in evidence.items()}
        expected = {name: value / sum(joint.values()) for name, value in joint.items()}
        assert posterior(people, prior_no_leak=no_leak) == pytest.approx(expected, abs=1e-5)


three = st.lists(st.tuples(*[st.lists(st.sampled_from("ABC"), max_size=3)] * 2), max_size=6)


@given(three, st.permutations("ABC"), st.randoms())
@settings(max_examples=40, deadline=None)
def test_posterior_sums_to_one_and_follows_the_names(people, names, random):
    found = posterior(people)
    assert list(found) == ["", "A", "B", "C"]
    assert sum(found.values()) == pytest.approx(1)
    new = dict(zip("ABC", names, strict=True))
    shares = {new[name]: 50 * share for name, share in SHARES.items()}
    renamed = [([new[name] for name in r], [new[name] for name in o]) for r, o in people]
    random.shuffle(renamed)
    again = paired_posterior([r for r, _ in renamed], [o for _, o in renamed], shares, PORTED)
    assert {name: again[new.get(name, "")] for name in found} == pytest.approx(found, abs=1e-9)


@given(three)
@settings(max_examples=40, deadline=None)
def test_people_with_all_or_nothing_reached_change_no_posterior(people):
    silent = [(["A", "B"], []), ([], ["C", "A"]), (["A"], ["A"]), (["A"], [""])]
    assert posterior([*people, *silent]) == pytest.approx(posterior(people))


def test_posterior_is_the_prior_without_pairs():
    assert posterior([], prior_no_leak=0.4) == pytest.approx({"": 0.4, "A": 0.2, "B": 0.2, "C": 0.2})


def test_posterior_with_more_pairs_names_the_operator():
    of_a = [posterior([PAIR_A] * n)["A"] for n in (0, 2, 5, 10, 30, 3000)]
    assert (np.diff(of_a) > 0).all()
    assert of_a[-2] > 0.95
    even = posterior([PAIR_A, PAIR_B, (["A"], ["C"]), (["C"], ["A"]), (["B"], ["C"]), (["C"], ["B"])] * 40)
    assert even[""] > 0.9


def test_numbers_of_other_operators_count_as_not_leaked():
    found = posterior([(["A"], ["elsewhere"])] * 8)
    assert found["A"] > 0.8
    assert found["B"] == pytest.approx(found[""] / 3, rel=1e-6)


@pytest.mark.parametrize(
    ("shares", "ported", "more", "said"),
    [
        ({"A": 1.0}, PORTED, {}, "at least two"),
        ({"A": 1.0, "B": 0.0}, PORTED, {}, "positive share"),
        ({"A": 0.5, "": 0.5}, PORTED, {}, "named operators"),
        (SHARES, (0.0, 3.0), {}, "Beta distribution"),
        (SHARES, PORTED, {"prior_no_leak": 1.0}, "not between 0 and 1"),
    ],
)
def test_posterior_of_what_cannot_be(shares, ported, more, said):
    with pytest.raises(ValueError, match=said):
        paired_posterior([["A"]], [["B"]], shares, ported, **more)

"""Two SIMs of one person."""

from importlib import import_module
from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import dblquad, quad
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.contingency_tables import mcnemar

from tasrib.numbering.market import MarketShares
from tasrib.report.narrative import narrate
from tasrib.tracing import trace
from tasrib.tracing.methods.paired import paired_beside_controls, paired_excess, paired_posterior
from tasrib.tracing.stats.stratified import stratified_excess

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


def beside(people, controls, operators="A", **more):
    sides = [r for r, _ in people], [o for _, o in people], ([r for r, _ in controls], [o for _, o in controls])
    return paired_beside_controls(*sides, list(operators), **more)


def test_people_with_two_numbers_beside_controls_with_the_same_is_fishers_test():
    found = beside([PAIR_A] * 14 + [PAIR_B] * 6 + [(["A"], ["C"])] * 9, [PAIR_A] * 20 + [PAIR_B] * 25).iloc[0]
    exact = stats.fisher_exact([[14, 6], [20, 25]], alternative="greater")
    assert found.p_value == pytest.approx(exact.pvalue)
    # The nine with C cannot be compared with anybody.
    assert found[["n_pairs", "observed", "n_controls", "controls_observed"]].tolist() == [20, 14, 45, 20]
    assert found.expected == pytest.approx(20 * 20 / 45)


def test_each_pair_of_operators_and_each_stratum_is_compared_by_itself():
    three = (["A"], ["B", "C"]), (["B"], ["C", "A"])
    people = [PAIR_A] * 7 + [PAIR_B] * 3 + [(["A"], ["C"])] * 5 + [(["C"], ["A"])] * 2 + [three[0]] * 4 + [three[1]]
    controls = (
        [PAIR_A] * 9 + [PAIR_B] * 8 + [(["A"], ["C"])] * 6 + [(["C"], ["A"])] * 6 + [three[0]] * 2 + [three[1]] * 4
    )
    found = beside(people, controls).iloc[0]
    exact = stratified_excess([7, 5, 4], [10, 7, 5], [9, 6, 2], [17, 12, 6])
    assert found.p_value == pytest.approx(exact.p_value)
    assert found.odds_ratio == pytest.approx(exact.odds_ratio)
    # A stratum without controls says nothing.
    north = ["north"] * 10 + ["south"] * 12
    split = beside(people, controls, strata=(north, ["north"] * len(controls))).iloc[0]
    assert split.p_value == pytest.approx(stratified_excess([7], [10], [9], [17]).p_value)


@given(three, st.randoms())
@settings(max_examples=30, deadline=None)
def test_order_of_people_and_controls_does_not_matter(people, random):
    one = [(r[:1], o) for r, o in people]
    controls = [(r[:1], o) for r, o in reversed(people)] + [PAIR_A, PAIR_B]
    shuffled, others = random.sample(one, len(one)), random.sample(controls, len(controls))
    pd.testing.assert_frame_equal(beside(one, controls, "ABC"), beside(shuffled, others, "ABC"))


def test_several_reached_numbers_are_refused_beside_controls():
    with pytest.raises(ValueError, match="several reached numbers"):
        beside([(["A", "B"], ["C"])], [PAIR_A])


def test_posterior_beside_controls_equals_direct_integration():
    people, controls = [PAIR_A] * 9 + [PAIR_B] * 2, [PAIR_A] * 12 + [PAIR_B] * 8
    belief = stats.beta(*PORTED)

    def likelihood(share, away, everyday):
        b = SHARES["A"]
        ratio = ((1 - share) + share * (1 - away) / b) / ((1 - share) + share * away / (1 - b))
        odds = everyday / (1 - everyday) * ratio
        return everyday**12 * (1 - everyday) ** 8 * (odds / (1 + odds)) ** 9 / (1 + odds) ** 2

    def of(share, away):
        return quad(lambda everyday: likelihood(share, away, everyday), 0, 1, epsabs=0, epsrel=1e-7)[0]

    none = of(0.0, 0.5)
    leak, _ = dblquad(lambda a, w: of(w, a) * belief.pdf(a), 0, 1, 0, 0.3, epsabs=0, epsrel=1e-4)
    found = paired_posterior(
        [r for r, _ in people], [o for _, o in people], {"A": 0.45, "B": 0.55}, PORTED,
        controls=([r for r, _ in controls], [o for _, o in controls]),
    )  # fmt: skip
    assert found["A"] / found[""] == pytest.approx(leak / none / 2, rel=2e-3)


def test_an_everyday_number_alone_makes_no_posterior():
    everyday = [PAIR_A] * 60 + [PAIR_B] * 20
    assert posterior(everyday)["A"] > 0.99
    controls = [r for r, _ in everyday * 3], [o for _, o in everyday * 3]
    assert posterior(everyday, controls=controls)[""] > 0.65
    # Where the controls' everyday number is the other one, as many reached on A say much.
    turned = [o for _, o in everyday * 3], [r for r, _ in everyday * 3]
    assert posterior(everyday, controls=turned)["A"] > 0.99


def test_posterior_without_a_control_of_the_same_operators_is_the_prior():
    found = posterior([PAIR_A] * 30, controls=([["A"]], [["C"]]), prior_no_leak=0.4)
    assert found == pytest.approx({"": 0.4, "A": 0.2, "B": 0.2, "C": 0.2})


def complaints(rng, n, campaign, on_a):
    """People with a number of A and one of B or C, reached on that of A as often as said."""
    first = rng.random(n) < on_a
    other = rng.choice(["B", "C"], n)
    name = "vote" if campaign else "sale"
    return scored_frame(
        n, text=name, recipient=[f"{name}-{i}" for i in range(n)], category="political_campaign" if campaign else "commercial",
        decision="campaign" if campaign else "not_campaign", campaign_id="c-1" if campaign else "", channel="sms",
        received_at="2021-09-01", operator_allocated=np.where(first, "A", other), other_operators=np.where(first, other, "A"),
    )  # fmt: skip


@pytest.fixture
def market(monkeypatch):
    """Operators of no country."""
    made_up = MarketShares(SHARES, (), "made up", ())
    monkeypatch.setattr(import_module("tasrib.tracing.background"), "market_shares", lambda at, country: made_up)


def found_among(n_controls, reached_on_a, everyday=0.75):
    rng = np.random.default_rng(3)
    scored = [complaints(rng, 90, True, reached_on_a), complaints(rng, n_controls, False, everyday)]
    findings = trace(pd.concat(scored, ignore_index=True), replicates=99).findings
    return findings[findings["comparison"] == "pairs"].set_index("name")


def test_an_everyday_sim_is_no_leak_and_a_leak_is_still_found(market):
    for everyday in (0.65, 0.75, 0.8):
        assert set(found_among(270, everyday, everyday)["evidence"]) == {"none"}
    leaked = found_among(270, 0.98)
    assert leaked.loc["A", "evidence"] == "strong"
    assert set(leaked.drop("A")["evidence"]) == {"none"}
    assert leaked.loc["A", ["n_reached", "n_controls"]].tolist() == [90, 270]
    assert "270 people" in narrate(leaked.loc["A"].to_dict() | {"name": "A"}, "en")


def test_with_too_few_control_pairs_mcnemar_stays_and_is_weak_at_most(market):
    few = found_among(9, 0.98)
    assert few.loc["A", "p_value"] < 1e-9
    assert few.loc["A", "evidence"] == "weak"
    (caveat,) = [each for each in few.loc["A", "caveats"] if each == "everyday_number"]
    assert caveat.values == {"n_controls": 9}
    assert "McNemar" in few.loc["A", "method"]

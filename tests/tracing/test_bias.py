"""How wrong one would have to be: the examples of the paper, and simulation."""

from math import inf, isnan, log, nan, sqrt

import numpy as np
import pytest

from tasrib.tracing.stats.bias import BIAS_COLUMNS, adjust_for_bias, bias_figures, confounder_strength

FINDING = {
    "odds_ratio": 2.4, "ci_low": 1.5, "ci_high": 3.84, "observed": 45, "n_reached": 80, "controls_observed": 140, "n_controls": 400,
}  # fmt: skip


@pytest.mark.parametrize(
    ("ratio", "limit", "of_ratio", "of_limit"),
    [
        (3.9, 1.8, 7.26, 3.0),  # bottle-feeding and death from respiratory infection
        (0.80, 0.91, 1.81, 1.43),  # breast-feeding and childhood leukaemia
        (0.5, 0.8, 3.41, 1.81),  # breast-feeding and ovarian cancer
        (10.73, 8.02, 20.95, 15.52),  # smoking and lung cancer: Ding and VanderWeele 2016
    ],
)
def test_the_papers_examples(ratio, limit, of_ratio, of_limit):
    # The limit is the end of the interval that is nearer to 1.
    assert confounder_strength(ratio) == pytest.approx(of_ratio, abs=0.006)
    assert confounder_strength(limit) == pytest.approx(of_limit, abs=0.006)


def test_a_confounder_of_that_strength_explains_the_ratio_exactly():
    # The bounding factor of Ding and VanderWeele 2016, equation 1, with both associations equal.
    strength = confounder_strength(2.4)
    assert strength * strength / (2 * strength - 1) == pytest.approx(2.4)


def test_a_frequent_outcome_takes_the_square_root():
    assert confounder_strength(4.0, rare=False) == pytest.approx(2 + sqrt(2))


def test_an_interval_that_holds_one_needs_no_confounder():
    found = bias_figures(FINDING | {"odds_ratio": 1.2, "ci_low": 0.9, "ci_high": 1.4})
    assert found["confounder_strength_low"] == confounder_strength(1) == 1


def test_the_closed_form_is_what_simulation_gives():
    rng = np.random.default_rng(4)
    log_odds, error, spread = log(2.4), 0.24, 0.35
    drawn = np.exp(rng.normal(log_odds, error, 400_000)) / np.exp(rng.normal(0, spread, 400_000))
    found = adjust_for_bias(log_odds, error, spread)
    assert (found.odds_ratio, found.low, found.high) == pytest.approx(np.quantile(drawn, [0.5, 0.025, 0.975]), rel=0.01)
    assert found.chance == pytest.approx((drawn > 1).mean(), abs=0.001)


def test_without_spread_the_interval_is_that_of_the_odds_ratio():
    found = bias_figures(FINDING, 0.0)
    assert found["bias_low"] == pytest.approx(1.5, rel=1e-3)
    assert found["bias_high"] == pytest.approx(3.84, rel=1e-3)
    wider = bias_figures(FINDING, 0.4)
    assert wider["bias_low"] < 1 < found["bias_low"]


def test_a_finding_gets_all_figures():
    found = bias_figures(FINDING, 0.2)
    assert tuple(found) == BIAS_COLUMNS
    assert (found["bias_factor"], found["bias_factor_low"]) == (2.4, 1.5)
    assert found["confounder_strength"] == confounder_strength(2.4)
    assert found["confounder_strength_low"] == confounder_strength(1.5)


def test_where_there_is_no_excess_there_is_nothing_to_explain():
    found = bias_figures(FINDING | {"odds_ratio": 0.6, "ci_low": 0.4, "ci_high": 0.9})
    assert [found[name] for name in BIAS_COLUMNS[:4]] == [1, 1, 1, 1]
    assert found["bias_low"] < 0.6 < found["bias_high"]


def test_an_empty_cell_leaves_figures_that_can_be_told():
    whole = {"odds_ratio": inf, "ci_low": 12.0, "ci_high": inf, "observed": 40, "n_reached": 40}
    found = bias_figures(FINDING | whole)
    assert (found["bias_factor"], found["bias_factor_low"], found["confounder_strength"]) == (inf, 12, inf)
    assert 5 < found["bias_low"] < found["bias_high"] < inf
    none = bias_figures(FINDING | {"odds_ratio": 0.0, "ci_low": 0.0, "ci_high": 0.2, "observed": 0})
    assert 0 < none["bias_low"] < none["bias_high"] < 1


def test_without_an_odds_ratio_all_is_missing():
    assert all(isnan(value) for value in bias_figures(FINDING | {"odds_ratio": nan}).values())


def test_wrong_figures_are_told():
    with pytest.raises(ValueError, match="above 0"):
        confounder_strength(0)
    for error, spread in ((-1, 0.2), (0.2, -1), (0, 0), (nan, 0.2)):
        with pytest.raises(ValueError, match="spread"):
            adjust_for_bias(0.5, error, spread)

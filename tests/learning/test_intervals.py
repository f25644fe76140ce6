import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from tasrib.classify import CAMPAIGN, CATEGORIES
from tasrib.learning.compare import TEST_SPLIT, HeldOut, compare_models, reasons_worse
from tasrib.learning.intervals import interval, resampling_weights, weighted_measures

DECISIONS = ["campaign", "review", "not_campaign"]
rows = st.lists(
    st.tuples(
        st.sampled_from(CATEGORIES),
        st.sampled_from(CATEGORIES),
        st.sampled_from([0.0, 0.01, 0.3, 0.5, 0.97, 1.0]),
        st.sampled_from(DECISIONS),
    ),
    min_size=1,
    max_size=30,
)


def calibration_error(probability, positive, bins=15):
    """Guo et al., "On calibration of modern neural networks", ICML 2017, equation 3, bin by bin."""
    bin_of = np.minimum((np.asarray(probability) * bins).astype(int), bins - 1)
    inside = [bin_of == each for each in range(bins)]
    return sum(abs(np.sum(probability[rows]) - np.sum(positive[rows])) for rows in inside) / len(bin_of)


def measured_calibration_error(probability, positive):
    """What `weighted_measures` says of one table."""
    truth = np.where(positive, CAMPAIGN, "news")
    table = pd.DataFrame({"category": truth, "probability": probability, "decision": "review"})
    return weighted_measures(truth, table, np.ones((1, len(truth)), np.float32))["calibration_error"][0]


@pytest.mark.parametrize("error", [calibration_error, measured_calibration_error])
def test_calibration_error_of_known_tables(error):
    assert error(np.array([0.9] * 10), np.array([1] * 9 + [0])) == pytest.approx(0, abs=1e-6)
    assert error(np.array([0.9] * 10), np.array([1] * 5 + [0] * 5)) == pytest.approx(0.4)
    half = np.array([0.05] * 5 + [0.95] * 5)
    assert error(half, np.array([0] * 5 + [1] * 5)) == pytest.approx(0.05)


def measures(truth, predicted):
    """The same measures of one table, by scikit-learn and by counting."""
    campaign = np.asarray(truth) == CAMPAIGN
    decision, probability = predicted["decision"].to_numpy(), predicted["probability"].to_numpy()
    called = decision == "campaign"

    def share(values):
        return float(np.mean(values)) if len(values) else np.nan

    return {
        "macro_f1": f1_score(truth, predicted["category"], average="macro", zero_division=0),
        "campaign_precision": share(campaign[called]),
        "campaign_recall": share(called[campaign]),
        "campaign_f1": f1_score(campaign, called, zero_division=0),
        "review_share": share(decision == "review"),
        "missed": share(decision[campaign] == "not_campaign"),
        "average_precision": average_precision_score(campaign, probability) if campaign.any() else np.nan,
        "calibration_error": calibration_error(probability, campaign),
    }


@settings(max_examples=30, deadline=None)
@given(rows)
def test_the_first_resample_is_what_the_measures_say(table):
    truth, category, probability, decision = zip(*table, strict=True)
    predicted = pd.DataFrame({"category": category, "probability": probability, "decision": decision})
    found = weighted_measures(truth, predicted, resampling_weights(np.arange(len(truth)), 100))
    for name, value in measures(truth, predicted).items():
        # Where nothing is campaign and nothing was called so, scikit-learn says 0 and we say nothing.
        if not np.isnan(value) and not (name == "campaign_f1" and np.isnan(found[name][0])):
            assert found[name][0] == pytest.approx(value, abs=1e-6), name


def test_the_interval_of_a_share_covers_as_often_as_it_says():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(120):
        truth = np.where(rng.random(150) < 0.8, "political_campaign", "news")
        predicted = pd.DataFrame({"category": truth, "probability": 0.9, "decision": "campaign"}, index=range(150))
        weights = resampling_weights(np.arange(150), 300, seed=int(rng.integers(1e6)))
        _, low, high = interval(weighted_measures(truth, predicted, weights)["campaign_precision"])
        covered += low <= 0.8 <= high
    assert 0.88 <= covered / 120 <= 0.99


def test_rows_of_one_group_make_a_wider_interval():
    rng = np.random.default_rng(1)
    hit = np.repeat(rng.random(20) < 0.6, 10)
    truth = np.where(hit, "political_campaign", "news")
    predicted = pd.DataFrame({"category": truth, "probability": 0.9, "decision": "campaign"}, index=range(200))
    widths = []
    for groups in (np.arange(200), np.repeat(np.arange(20), 10)):
        _, low, high = interval(weighted_measures(truth, predicted, resampling_weights(groups))["campaign_precision"])
        widths.append(high - low)
    assert widths[1] > 2 * widths[0]


def held_out(n, flip_new, flip_shipped, seed=0):
    rng = np.random.default_rng(seed)
    truth = np.where(np.arange(n) % 2 == 0, "political_campaign", "news")
    tables = []
    for flip in (flip_new, flip_shipped):
        wrong = rng.random(n) < flip
        p = np.where((truth == "political_campaign") ^ wrong, 0.95, 0.05)
        said = np.where(p > 0.5, "campaign", "not_campaign")
        tables.append(pd.DataFrame({"category": truth, "probability": p, "decision": said}))
    return HeldOut(TEST_SPLIT, truth, np.arange(n), *tables)


def test_worse_and_not_worse():
    assert reasons_worse(compare_models([held_out(400, 0.0, 0.0)])) == []
    assert reasons_worse(compare_models([held_out(400, 0.01, 0.2)])) == []
    said = " ".join(reasons_worse(compare_models([held_out(400, 0.2, 0.01)])))
    assert "log loss" in said
    assert "precision" in said


def test_a_model_that_finds_nothing_is_worse():
    held = held_out(100, 0.0, 0.0)
    held.new["decision"] = "not_campaign"
    assert any("never decides" in reason for reason in reasons_worse(compare_models([held])))

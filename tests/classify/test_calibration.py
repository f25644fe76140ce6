import numpy as np
import pytest
from scipy.special import expit, logit

from tasrib.classify.calibration import choose_thresholds, fit_sigmoid


def test_sigmoid_recovers_the_one_that_made_the_labels():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 3, 40_000)
    positive = rng.random(40_000) < expit(1.7 * scores - 0.6)
    slope, intercept = fit_sigmoid(scores, positive)
    assert slope == pytest.approx(1.7, abs=0.08)
    assert intercept == pytest.approx(-0.6, abs=0.08)


def test_thresholds_keep_precision_and_recall():
    probability = np.array([0.99, 0.98, 0.97, 0.9, 0.8, 0.6, 0.3, 0.2, 0.1, 0.05])
    positive = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 0], bool)
    lower, upper = choose_thresholds(probability, positive, precision=1.0, recall=1.0)
    assert 0.9 < upper < 0.97
    assert upper == pytest.approx(expit((logit(0.97) + logit(0.9)) / 2))
    assert 0.2 < lower < 0.3


def test_no_threshold_reaches_the_precision():
    probability, positive = np.array([0.9, 0.8]), np.array([False, True])
    lower, upper = choose_thresholds(probability, positive, precision=0.99, recall=1.0)
    assert upper == 0.99
    assert lower < 0.8

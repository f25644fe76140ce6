import numpy as np
import pandas as pd
import pytest

from tasrib.classify import CAMPAIGN
from training.compare import summary
from training.evaluate import recall_at_precision
from training.external import read_external
from training.goals import Goal
from training.paths import EXTERNAL
from training.second_reading import agreement, check_settled


def test_recall_at_a_precision_by_hand():
    probability = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    positive = np.array([True, True, False, True, False])
    weights = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 2, 1, 1]], float)
    # All rows: 2 of 3 before the first error; without the error all 3; with it twice still 2.
    np.testing.assert_allclose(recall_at_precision(probability, positive, weights, 0.99), [2 / 3, 1, 2 / 3])
    np.testing.assert_allclose(recall_at_precision(probability, positive, weights, 0.75)[0], 1)


def test_a_tie_is_not_split():
    probability, positive = np.array([0.9, 0.9, 0.1]), np.array([True, False, True])
    assert recall_at_precision(probability, positive, np.ones((1, 3)), 0.99)[0] == 0


def test_peers_are_summed_up_by_the_same_rules():
    truth = pd.Series([CAMPAIGN, CAMPAIGN, "news", "news"])
    scores = (
        np.array([3.0, 1.0, 2.0, 0.0]),
        np.array([True, False, True, False]),
        np.array([CAMPAIGN, "news", CAMPAIGN, "news"]),
    )
    found = summary(truth, scores)
    assert found["error"] == 0.5
    assert found["R@P99"] == 0.5
    assert found["macro-F1"] == pytest.approx(0.5)
    assert found["AUC-PR"] == pytest.approx((1 + 2 / 3) / 2)


def test_kappa_of_cohens_own_kind_of_table():
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed agreement 0.7, expected 0.5, kappa 0.4.
    cells = [(CAMPAIGN, CAMPAIGN, 20), (CAMPAIGN, "news", 5), ("news", CAMPAIGN, 10), ("news", "news", 15)]
    rows = [(a, b) for a, b, n in cells for _ in range(n)]
    found = agreement(pd.DataFrame(rows, columns=["first", "second"]))
    assert found["kappa"] == pytest.approx(0.4)
    assert found["disagreements"] == 15
    assert found["by_pair"] == {f"news / {CAMPAIGN}": 15}


def test_a_label_that_was_settled_otherwise_is_named():
    readings = pd.DataFrame({"id": ["a", "b"], "settled": ["news", "scam"]})
    corpus = pd.DataFrame({"id": ["a", "b", "c"], "category": ["news", "news", "news"]})
    assert check_settled(readings, corpus) == ["c has no second reading", "b is news, but was settled otherwise"]


@pytest.mark.parametrize(("value", "met", "short"), [(0.99, True, 0), (0.97, False, 0.02)])
def test_a_goal_says_by_how_much_it_is_missed(value, met, short):
    line = Goal("precision", 0.99, True).line(value)
    assert line["met"] is met
    assert line["short"] == pytest.approx(short)


@pytest.mark.skipif(not EXTERNAL.is_dir(), reason="the text from outside is not here")
def test_the_text_from_outside_is_read_whole():
    sizes = {name: len(texts) for name, texts in read_external().items()}
    assert sizes == {"MSAC.arff": 2000, "darija_offensive.csv": 20402, "sms_spam_collection_fr.csv": 5572}


def test_no_text_from_outside_is_no_error(tmp_path):
    assert read_external(tmp_path / "missing") == {}

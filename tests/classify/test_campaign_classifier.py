import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from tasrib.classify import CAMPAIGN, CampaignClassifier, judge


@pytest.fixture(scope="module")
def fitted(corpus):
    part = corpus.sample(400, random_state=0)
    return CampaignClassifier(bits=13, n_folds=3).fit(part["text"], part["category"])


def test_probabilities_sum_to_one_and_name_the_category(fitted, corpus):
    texts = corpus["text"].tail(200)
    probabilities = fitted.predict_proba(texts)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (fitted.classes_[probabilities.argmax(axis=1)] == fitted.predict(texts)).all()


def test_it_learns_more_than_the_commonest_category(fitted, corpus):
    part = corpus.drop(corpus.sample(400, random_state=0).index).sample(1_500, random_state=0)
    commonest = part["category"].value_counts(normalize=True).max()
    assert fitted.score(part["text"], part["category"]) > commonest + 0.2


def test_decisions_follow_the_review_band(fitted):
    lower, upper = fitted.thresholds_
    assert 0 < lower <= upper < 1
    probability = np.array([0, lower - 1e-6, lower, upper - 1e-6, upper, 1])
    expected = ["not_campaign", "not_campaign", "review", "review", "campaign", "campaign"]
    assert fitted.decide(probability).tolist() == expected


def test_fitting_twice_gives_the_same_weights(fitted, corpus):
    part = corpus.sample(400, random_state=0)
    again = clone(fitted).fit(part["text"], part["category"])
    np.testing.assert_array_equal(again.coef_, fitted.coef_)
    assert again.thresholds_ == fitted.thresholds_


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=4))
def test_reasons_add_up_to_the_score(fitted, texts):
    campaign = list(fitted.classes_).index(CAMPAIGN)
    probability = fitted.predict_proba(texts)[:, campaign]
    for text, p, explanation in zip(texts, probability, judge(fitted, texts, reasons="all").explanations, strict=True):
        assert explanation.log_odds == pytest.approx(explanation.base + sum(x.weight for x in explanation.pieces))
        assert expit(explanation.log_odds) == pytest.approx(p, abs=1e-5)
        for piece in explanation.pieces:
            assert text[piece.start : piece.end].strip() == piece.text


def test_one_string_is_no_sequence_of_messages(fitted):
    with pytest.raises(ValueError, match="wrap it in a list"):
        fitted.predict("صوتوا")


def test_a_missing_message_is_named(fitted):
    with pytest.raises(ValueError, match="message 1 is missing"):
        fitted.predict(["a", None])


def test_labels_without_campaign_are_refused():
    with pytest.raises(ValueError, match="political_campaign"):
        CampaignClassifier().fit(["a", "b"], ["news", "scam"])


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="2 texts but 1 labels"):
        CampaignClassifier().fit(["a", "b"], ["news"])


def test_unfitted_says_so():
    with pytest.raises(NotFittedError):
        CampaignClassifier().predict(["a"])


def test_scikit_learn_conventions():
    from sklearn.utils.estimator_checks import check_estimator

    check_estimator(CampaignClassifier())

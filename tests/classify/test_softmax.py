"""The regression against scikit-learn's, and that where it starts does not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from tasrib.classify import CampaignClassifier
from tasrib.classify.crossfit import Counted, cross_fit, fold_of
from tasrib.classify.fitting import Design, features_of
from tasrib.classify.softmax import Solution, fit_softmax
from tasrib.text import near_duplicate_groups


def problem(seed, n, m, k, density=0.2):
    rng = np.random.default_rng(seed)
    features = sparse.random(n, m, density, format="csc", random_state=rng)
    codes = np.append(np.arange(k), rng.integers(0, k, n - k))
    return features, codes


def scores_of(features, solution):
    return features @ (features.T @ solution.duals) + solution.intercept


def centred(scores):
    """Of intercepts only the differences count: nothing holds their mean."""
    return scores - scores.mean(axis=1, keepdims=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 6), st.sampled_from([0.1, 1.0, 30.0, 1000.0]))
def test_it_finds_what_scikit_learn_finds(seed, k, size):
    features, codes = problem(seed, 60, 150, k)
    found = fit_softmax(features, codes, k, regularisation=size)
    peer = LogisticRegression(C=size, tol=1e-9, max_iter=10_000).fit(features, codes)
    np.testing.assert_allclose(softmax(scores_of(features, found), axis=1), peer.predict_proba(features), atol=0.005)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_where_it_starts_does_not_matter(seed, far):
    features, codes = problem(seed, 60, 150, 4)
    rng = np.random.default_rng(seed)
    start = Solution(far * rng.normal(size=(60, 4)), far * rng.normal(size=4))
    cold = fit_softmax(features, codes, 4, regularisation=10.0)
    warm = fit_softmax(features, codes, 4, regularisation=10.0, start=start)
    np.testing.assert_allclose(centred(scores_of(features, warm)), centred(scores_of(features, cold)), atol=0.05)


@pytest.mark.parametrize("features", [sparse.csc_matrix((5, 3)), sparse.csc_matrix((5, 0))])
def test_of_messages_without_features_it_learns_how_many_there_are(features):
    found = fit_softmax(features, np.array([0, 0, 0, 1, 1]), 2, regularisation=1.0)
    assert found.intercept[0] - found.intercept[1] == pytest.approx(np.log(3 / 2), abs=1e-3)


def test_two_categories_are_penalised_as_scikit_learn_does():
    counts = sparse.random(80, 4 * 2**6, 0.1, format="csr", random_state=3, dtype=np.float32)
    counts.data[:] = 1
    labels = np.where(np.random.default_rng(3).random(80) < 0.4, "a", "b")
    design = Design(counts, labels, 1)
    coef, intercept = design.weights(design.solve(5.0))
    features = features_of(counts, design.idf)
    peer = LogisticRegression(C=5.0, tol=1e-9, max_iter=10_000).fit(features, labels)
    scores = features @ coef.T + intercept
    np.testing.assert_allclose(scores[:, 1] - scores[:, 0], peer.decision_function(features), atol=0.02)


@pytest.fixture(scope="module")
def counted(corpus):
    part = corpus.sample(700, random_state=2)
    texts, labels = part["text"].tolist(), part["category"].to_numpy(str)
    folds = fold_of(labels == "political_campaign", near_duplicate_groups(texts), 5, 0)
    return Counted(
        texts, labels, CampaignClassifier().count(texts), folds, np.ones(len(texts), bool), np.arange(len(texts))
    )


@pytest.fixture(scope="module")
def corpus_alone(counted):
    """All but the last hundred, which stand for a user's."""
    return cross_fit(counted, np.arange(600), regularisation=30.0, min_messages=2)


def test_fits_that_start_from_the_corpus_end_where_others_end(counted, corpus_alone):
    rows = np.arange(700)
    cold = cross_fit(counted, rows, regularisation=30.0, min_messages=2)
    warm = cross_fit(counted, rows, regularisation=30.0, min_messages=2, starts=corpus_alone.starts)
    assert np.abs(cold.held_out - corpus_alone.held_out.mean()).mean() > 1
    np.testing.assert_allclose(warm.held_out, cold.held_out, atol=0.05)
    features = features_of(counted.counts, cold.idf)
    difference = features @ (warm.coef - cold.coef).T + (warm.intercept - cold.intercept)
    np.testing.assert_allclose(centred(difference), 0, atol=0.05)


def test_no_fit_starts_from_what_it_is_to_be_measured_on(counted, corpus_alone):
    for part, start in corpus_alone.starts.items():
        assert not start.duals[600:].any()
        if part is not None:
            assert not start.duals[counted.folds == part].any()


def test_threads_change_no_bit(counted, corpus_alone):
    again = cross_fit(counted, np.arange(600), regularisation=30.0, min_messages=2, n_jobs=2)
    np.testing.assert_array_equal(again.coef, corpus_alone.coef)
    np.testing.assert_array_equal(again.held_out, corpus_alone.held_out)


def test_a_start_with_other_categories_is_none(counted, corpus_alone):
    rows = np.flatnonzero(counted.labels != "scam")
    found = cross_fit(counted, rows, regularisation=30.0, min_messages=2, starts=corpus_alone.starts)
    cold = cross_fit(counted, rows, regularisation=30.0, min_messages=2)
    np.testing.assert_array_equal(found.coef, cold.coef)

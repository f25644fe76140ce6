"""Tell varieties apart: the estimator that learns to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from tasrib.text.laid import Laid
from tasrib.text.normal_form import normalise
from tasrib.text.varieties import LENGTHS, PURE_VARIETIES, Varieties, words_of


class VarietyClassifier(ClassifierMixin, BaseEstimator, Varieties):
    """
    Tell Standard Arabic, Darija in either script, French, Tamazight and mixtures apart.

    A multinomial logistic regression over character n-grams of words is fitted on messages of one variety. As it is
    linear, it scores each word of a new message by itself; where a second family of varieties holds a
    real share of the letters, the message is ``mixed``.

    Parameters
    ----------
    bits : int
        The n-grams are hashed into ``2 ** bits`` columns.
    regularisation : float
        ``C`` of the logistic regression.
    neighbours : float
        Weight, 0 to 1, that a word gives to the words beside it: single words are ambiguous, runs are not.
    share : float
        Least share of the letters that a second family must hold for ``mixed``.

    Attributes
    ----------
    classes_ : numpy.ndarray of str
        The varieties seen in fitting, and ``mixed``.
    coef_ : numpy.ndarray of float32, shape (n_pure_classes, 2 ** bits)
        Log-odds weights of the n-grams.
    intercept_ : numpy.ndarray of float32, shape (n_pure_classes,)
        Log-odds at no evidence.

    Notes
    -----
    Character n-grams for closely related varieties: Zampieri et al., "Findings of the VarDial evaluation campaign",
    2017. Word-level identification in code-switched text: King & Abney, NAACL 2013.
    """

    def __init__(self, bits: int = 16, regularisation: float = 10.0, neighbours: float = 0.5, share: float = 0.25):
        self.bits = bits
        self.regularisation = regularisation
        self.neighbours = neighbours
        self.share = share

    def fit(self, X: Iterable[str], y: ArrayLike) -> VarietyClassifier:
        """
        Learn from messages and their varieties; messages labelled ``mixed`` are left out.

        Parameters
        ----------
        X : sequence of str
            Messages.
        y : sequence of str
            Their varieties.

        Returns
        -------
        VarietyClassifier
            Itself.

        Raises
        ------
        ValueError
            When fewer than two varieties are there to tell apart.
        """
        texts, labels = list(X), np.asarray(y, dtype=str)
        pure = np.flatnonzero(np.isin(labels, PURE_VARIETIES))
        if len(np.unique(labels[pure])) < 2:
            raise ValueError(f"messages of at least two of {', '.join(PURE_VARIETIES)} are needed")
        features = self._features([words_of(normalise(texts[i])) for i in pure])
        model = LogisticRegression(C=self.regularisation, class_weight="balanced", max_iter=300)
        with threadpool_limits(1, user_api="blas"):  # as in tasrib.classify.campaign
            model.fit(features, labels[pure])
        self.pure_classes_ = model.classes_.astype(str)
        # Of two classes scikit-learn keeps one row, for the second against the first.
        two = len(model.classes_) == 2
        coef, intercept = (np.concatenate([-w / 2, w / 2]) if two else w for w in (model.coef_, model.intercept_))
        self.coef_, self.intercept_ = coef.astype(np.float32), intercept.astype(np.float32)
        self.classes_ = np.append(self.pure_classes_, "mixed")
        return self

    def predict(self, X: Iterable[str], normalised: Sequence[str] | None = None) -> np.ndarray:
        """As `Varieties.predict`."""
        check_is_fitted(self)
        return super().predict(X, normalised)

    def _features(self, messages: list[list[str]]) -> sparse.csr_matrix:
        sizes = [len(words) for words in messages]
        flat = list(chain.from_iterable(messages))
        columns, word = Laid(flat, [1] * len(flat)).characters(LENGTHS, self.bits)
        message = np.repeat(np.arange(len(messages)), sizes)[word]
        ones = np.ones(len(columns), np.float32)
        counts = sparse.csr_matrix((ones, (message, columns)), (len(messages), 2**self.bits))
        # Divided by the root of the number of words: a long message is surer, but not in proportion.
        lengths = np.sqrt(np.maximum(sizes, 1)).astype(np.float32)
        return sparse.diags_array(1 / lengths, dtype=np.float32) @ counts

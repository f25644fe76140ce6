"""Which variety a message is written in, word by word, so that a mixture shows as one."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from tasrib.text.fold import FOLD
from tasrib.text.messages import as_texts
from tasrib.text.normal_form import normalise

PURE_VARIETIES = ("ar", "ary", "ary-Latn", "fr", "zgh")
VARIETIES = (*PURE_VARIETIES, "mixed")
# Standard Arabic and Darija share a script and most words: between them the whole message decides, and their
# mingling is the rule, not a mixture. The others are told apart word by word.
_FAMILY = {"ar": 0, "ary": 0, "ary-Latn": 1, "fr": 2, "zgh": 3}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TYPED = re.compile(r"\b(?:URL|EMAIL|PHONE|DATE|TIME|AMOUNT|PERCENT|CODE|NUM)\b")


class VarietyClassifier(ClassifierMixin, BaseEstimator):
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
        features = self._features([_words(texts[i]) for i in pure])
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

    def predict(self, X: Iterable[str]) -> np.ndarray:
        """
        Variety of each message.

        Parameters
        ----------
        X : sequence of str
            Messages.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            One of ``VARIETIES``; ``""`` for a message without words.
        """
        check_is_fitted(self)
        messages = [_words(text) for text in as_texts(X)]
        flat = [[word] for words in messages for word in words]
        if not flat:
            return np.full(len(messages), "", dtype="<U8")
        scores = self._features(flat) @ self.coef_.T
        bounds = np.cumsum([0] + [len(words) for words in messages])
        return np.asarray(
            [self._decide(words, scores[a:b]) for words, a, b in zip(messages, bounds[:-1], bounds[1:], strict=True)],
            dtype="<U8",
        )

    def _decide(self, words: list[str], scores: np.ndarray) -> str:
        if not words:
            return ""
        letters = np.array([len(word) for word in words], float)
        padded = np.pad(scores, ((1, 1), (0, 0)))
        smooth = scores + self.neighbours * (padded[:-2] + padded[2:])
        families = np.array([_FAMILY[name] for name in self.pure_classes_])
        # A family speaks with the voice of its best variety.
        voices = np.stack([smooth[:, families == f].max(axis=1) for f in sorted(set(families))], axis=1)
        held = np.bincount(voices.argmax(axis=1), weights=letters, minlength=voices.shape[1]) / letters.sum()
        ranked = np.sort(held)[::-1]
        if len(ranked) > 1 and ranked[1] >= self.share and len(words) > 3:
            return "mixed"
        within = sorted(set(families))[int(held.argmax())] == families
        whole = scores.sum(axis=0) / np.sqrt(len(words)) + self.intercept_
        return str(self.pure_classes_[within][whole[within].argmax()])

    def _features(self, messages: list[list[str]]) -> sparse.csr_matrix:
        counter = HashingVectorizer(
            n_features=2**self.bits, analyzer="char_wb", ngram_range=(1, 4), lowercase=False, norm=None,
            alternate_sign=False, dtype="float32",
        )  # fmt: skip
        counts = counter.transform(" ".join(words) for words in messages)
        # Divided by the root of the number of words: a long message is surer, but not in proportion.
        lengths = np.sqrt(np.maximum([len(words) for words in messages], 1)).astype(np.float32)
        return sparse.diags_array(1 / lengths, dtype=np.float32) @ counts


def _words(text: str) -> list[str]:
    # Links and numbers say nothing of the language; letters stay accented forms folded, digits of Arabizi stay.
    return _WORD.findall(_TYPED.sub(" ", normalise(text)))


def script_shares(text: str) -> dict[str, float]:
    """
    Share of the letters in Arabic, Latin and Tifinagh script.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    dict of str to float
        Keys ``arabic``, ``latin``, ``tifinagh``; all 0 where the text has no such letter.
    """
    folded = text.translate(FOLD)
    counts = {
        "arabic": len(re.findall(r"[\u0600-\u06ff]", folded)),
        "latin": len(re.findall(r"[a-z]", folded)),
        "tifinagh": len(re.findall(r"[\u2d30-\u2d7f]", folded)),
    }
    total = sum(counts.values()) or 1
    return {script: count / total for script, count in counts.items()}

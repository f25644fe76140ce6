"""Which variety a message is written in, word by word, so that a mixture shows as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from tasrib.text.fold import FOLD
from tasrib.text.laid import Laid
from tasrib.text.messages import as_texts
from tasrib.text.normal_form import normalise

PURE_VARIETIES = ("ar", "ary", "ary-Latn", "fr", "zgh")
VARIETIES = (*PURE_VARIETIES, "mixed")
# Standard Arabic and Darija share a script and most words: between them the whole message decides, and their
# mingling is the rule, not a mixture. The others are told apart word by word.
_FAMILY = {"ar": 0, "ary": 0, "ary-Latn": 1, "fr": 2, "zgh": 3}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LENGTHS = (1, 4)
# Messages at a time, as in tasrib.text.features.
_BATCH = 500
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
        features = self._features([_words(normalise(texts[i])) for i in pure])
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
        """
        Variety of each message.

        Parameters
        ----------
        X : sequence of str
            Messages.
        normalised : sequence of str, optional
            The same as `tasrib.text.normalise` rewrites them, where that was done already.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            One of ``VARIETIES``; ``""`` for a message without words.
        """
        check_is_fitted(self)
        plain = [normalise(text) for text in as_texts(X)] if normalised is None else normalised
        parts = [self._decide(plain[start : start + _BATCH]) for start in range(0, len(plain), _BATCH)]
        return np.concatenate([np.empty(0, "<U8"), *parts])

    def _decide(self, plain: Sequence[str]) -> np.ndarray:
        """Of normalised messages."""
        messages = [_words(text) for text in plain]
        found = np.full(len(messages), "", "<U8")
        several = np.array([len(words) for words in messages])
        named = np.flatnonzero(several)
        if not len(named):
            return found
        several, flat = several[named], list(chain.from_iterable(messages))
        distinct = {word: n for n, word in enumerate(dict.fromkeys(flat))}
        scores = self._score(list(distinct))[[distinct[word] for word in flat]]
        letters = np.array([len(word) for word in flat], float)
        message = np.repeat(np.arange(len(named)), several)
        beside = np.zeros_like(scores)
        inside = (message[1:] == message[:-1])[:, None]
        beside[1:] += scores[:-1] * inside
        beside[:-1] += scores[1:] * inside
        smooth = scores + self.neighbours * beside
        families = np.array([_FAMILY[name] for name in self.pure_classes_])
        kinds = np.unique(families)
        # A family speaks with the voice of its best variety.
        voices = np.stack([smooth[:, families == kind].max(axis=1) for kind in kinds], axis=1)
        held = np.bincount(message * len(kinds) + voices.argmax(axis=1), letters, len(named) * len(kinds))
        held = held.reshape(len(named), len(kinds))
        held /= held.sum(axis=1, keepdims=True)
        whole = np.add.reduceat(scores, np.cumsum(several) - several) / np.sqrt(several)[:, None] + self.intercept_
        whole[families[None, :] != kinds[held.argmax(axis=1)][:, None]] = -np.inf
        variety = self.pure_classes_[whole.argmax(axis=1)].astype("<U8")
        if len(kinds) > 1:
            variety[(np.sort(held, axis=1)[:, -2] >= self.share) & (several > 3)] = "mixed"
        found[named] = variety
        return found

    def _score(self, words: Sequence[str]) -> np.ndarray:
        columns, word = Laid(words, [1] * len(words)).characters(_LENGTHS, self.bits)
        weights = self.coef_.T[columns]
        return np.stack([np.bincount(word, weight, len(words)) for weight in weights.T], axis=1)

    def _features(self, messages: list[list[str]]) -> sparse.csr_matrix:
        sizes = [len(words) for words in messages]
        flat = list(chain.from_iterable(messages))
        columns, word = Laid(flat, [1] * len(flat)).characters(_LENGTHS, self.bits)
        message = np.repeat(np.arange(len(messages)), sizes)[word]
        ones = np.ones(len(columns), np.float32)
        counts = sparse.csr_matrix((ones, (message, columns)), (len(messages), 2**self.bits))
        # Divided by the root of the number of words: a long message is surer, but not in proportion.
        lengths = np.sqrt(np.maximum(sizes, 1)).astype(np.float32)
        return sparse.diags_array(1 / lengths, dtype=np.float32) @ counts


def _words(plain: str) -> list[str]:
    # Links and numbers say nothing of the language; letters stay accented forms folded, digits of Arabizi stay.
    return _WORD.findall(_TYPED.sub(" ", plain))


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

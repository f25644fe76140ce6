"""What n-grams say of messages, found by NumPy or, where much is to be read and numba is there, by compiled functions: the same to the bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from tasrib.classify.scorer import Scorer
from tasrib.classify.weighing import SHORT_MESSAGE, add_up, log_counts, unknown_share, weigh
from tasrib.text.compiled.chunks_met import met_chunks
from tasrib.text.compiled.loading import Compiled, compiled
from tasrib.text.grid import ROUNDER
from tasrib.text.ngrams import KINDS, Ngrams

# Bounds within which no order of adding up squared weights matters: each is a whole number of 2 ** -23, and their sum is below 2 ** 30.
_LEAST_IDF, _MOST_IDF = 1.0, 32.0
_LONGEST_RUN = 100


class Weighed(Protocol):
    """
    Messages of which each n-gram was weighed.

    Attributes
    ----------
    scores : numpy.ndarray of float, shape (n, n_classes)
        What the n-grams of each add up to for each category.
    strange : numpy.ndarray of float, shape (n,)
        Share of the n-grams of each that the classifier does not know.
    """

    scores: np.ndarray
    strange: np.ndarray

    def known(self, rows: np.ndarray) -> np.ndarray:
        """
        Tell how much of the characters of messages was met in training.

        Parameters
        ----------
        rows : numpy.ndarray of int, shape (n_rows,)
            Which messages, in any order, some several times.

        Returns
        -------
        numpy.ndarray of float, shape (n_rows,)
            Share of all occurrences of n-grams of characters that have a weight for any category; 0 where there are none.
        """

    def share_out(self, slope: float, against: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
        """
        Give what each n-gram adds to the chunks it stands in, the runs between blanks.

        Parameters
        ----------
        slope : float
            By which weights are multiplied.
        against : numpy.ndarray of float, shape (n_rows, n_classes)
            How much a weight for each category counts in each of the messages.
        rows : numpy.ndarray of int, shape (n_rows,)
            Which messages, ascending.

        Returns
        -------
        list of numpy.ndarray of float
            For each of `rows` the weight of each of its chunks.
        """


def weigh_messages(classifier: Scorer, plain: Sequence[str]) -> Weighed:
    """
    Weigh the n-grams of messages.

    Parameters
    ----------
    classifier : Scorer
        A fitted classifier.
    plain : sequence of str
        Normalised messages.

    Returns
    -------
    Weighed
        What was found.
    """
    functions = compiled()
    if functions is None or not _can_be_compiled(classifier):
        return _ByNumpy(classifier, plain)
    return _ByCompiled(classifier, plain, functions)


def _can_be_compiled(classifier: Scorer) -> bool:
    coef, idf = classifier.coef_, classifier.idf_
    return bool(
        coef.dtype == idf.dtype == np.float32
        # As a stored model has it; to turn the weights of one just fitted round for every batch would cost what it gains.
        and coef.flags.f_contiguous
        and idf.flags.c_contiguous
        and idf.min() >= _LEAST_IDF
        and idf.max() < _MOST_IDF
        and classifier.word_range[1] <= _LONGEST_RUN
    )


class _ByNumpy:
    def __init__(self, classifier: Scorer, plain: Sequence[str]) -> None:
        self._classifier = classifier
        self._ngrams = Ngrams(plain, classifier.char_range, classifier.word_range, classifier.bits)
        counts = self._counts = self._ngrams.counts
        self._features = weigh(counts, classifier.idf_)
        self.scores = add_up(counts, self._features, classifier.coef_)
        self.strange = unknown_share(counts, classifier.idf_)

    def known(self, rows: np.ndarray) -> np.ndarray:
        counts, n = self._counts, self._counts.shape[0]
        of_characters = counts.indices < counts.shape[1] // KINDS
        row, times = np.repeat(np.arange(n), np.diff(counts.indptr))[of_characters], counts.data[of_characters]
        asked_about = np.zeros(n, bool)
        asked_about[rows] = True
        mine = asked_about[row]
        row, times = row[mine], times[mine]
        met = self._classifier.coef_.T.take(counts.indices[of_characters][mine], axis=0).any(axis=1)
        known = np.bincount(row, times * met, minlength=n) / np.maximum(np.bincount(row, times, minlength=n), 1)
        return known[rows]

    def share_out(self, slope: float, against: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
        counts = self._counts
        size = np.diff(counts.indptr)
        wanted = np.zeros(len(size), bool)
        wanted[rows] = True
        entries = np.repeat(wanted, size)
        nth = np.repeat(np.arange(len(rows)), size[rows])
        coef = self._classifier.coef_.T.take(counts.indices[entries], axis=0)
        weight = np.zeros(len(nth))
        # One category after the other: a product of matrices adds them in an order that depends on the machine.
        for label in range(coef.shape[1]):
            weight += against[:, label][nth] * coef[:, label]
        found = np.zeros(len(counts.data))
        # Of one occurrence: the n-gram's part of the score, divided by how often it occurs in the message.
        found[entries] = np.float32(slope) * self._features[entries] * weight / counts.data[entries]
        return self._ngrams.share_out(found, rows)


class _ByCompiled:
    def __init__(self, classifier: Scorer, plain: Sequence[str], functions: Compiled) -> None:
        n = len(plain)
        self._functions, self._coef = functions, classifier.coef_.T
        self._counted = met_chunks(tuple(classifier.char_range), tuple(classifier.word_range), classifier.bits).count(
            plain, functions
        )
        counted = self._counted
        self._features = np.empty(len(counted.columns), np.float32)
        self.scores, self.strange, self._known = np.zeros((n, self._coef.shape[1])), np.empty(n), np.empty(n)
        functions.weigh(
            counted.bounds, counted.columns, counted.times, log_counts(counted.most), classifier.idf_,
            classifier.idf_.max(), SHORT_MESSAGE, self._coef, KINDS, classifier.bits, self._features, ROUNDER,
            self.scores, self.strange, self._known,
        )  # fmt: skip

    def known(self, rows: np.ndarray) -> np.ndarray:
        return self._known[rows]

    def share_out(self, slope: float, against: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
        counted = self._counted
        totals = np.zeros(counted.first_chunk[-1])
        weights = np.empty(np.diff(counted.bounds).max(initial=0))
        self._functions.share_out(
            rows, np.ascontiguousarray(against), np.float32(slope), counted.bounds, counted.columns, counted.times,
            self._features, self._coef, weights, counted.shares, ROUNDER, totals,
        )  # fmt: skip
        bounds = counted.first_chunk
        return [totals[bounds[row] : bounds[row + 1]] for row in rows.tolist()]

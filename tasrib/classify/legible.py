"""Which messages a classifier cannot read: none of its n-grams tells it anything, so that its low probability says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from tasrib.classify.reading import Reading
from tasrib.classify.scorer import Scorer
from tasrib.complaints.common_words import known_words
from tasrib.text.illegible import unreadable
from tasrib.text.scripts import script_shares

# Share of the n-grams of characters that must have been met in training. Of the test messages of all countries fewer than 1 in 1,000 have less,
# of French and Moroccan text from elsewhere with the bound below 1 in 70; of French in a cipher of its letters 19 in 20, of Arabic all.
LEAST_KNOWN = 0.86
# Where several words are there and none of them is a common one, more must be known.
_LEAST_KNOWN_WITHOUT_WORDS, _LEAST_WORDS = 0.9, 5
# Of a shorter message the share says little.
_LEAST_LETTERS = 16
_LETTER = re.compile(r"[^\W\d_]")


def cannot_read(classifier: Scorer, reading: Reading, texts: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """
    Tell the messages on which the classifier's word counts for nothing.

    Parameters
    ----------
    classifier : Scorer
        A fitted classifier.
    reading : Reading
        What it found in the messages.
    texts : sequence of str, shape (n,)
        The messages as received.
    rows : numpy.ndarray of int, shape (n_rows,)
        Which of them are asked about.

    Returns
    -------
    numpy.ndarray of bool, shape (n_rows,)
        True where the text is unreadable by itself (`tasrib.text.illegible.unreadable`), or too few of its n-grams of characters were met in
        training.
    """
    normalised, known = reading.normalised, reading.weighed.known(reading.of[rows])
    asked = zip(rows.tolist(), known.tolist(), strict=True)
    return np.array(
        [
            unreadable(texts[row], normalised[row]) or _strange(texts[row], normalised[row], share)
            for row, share in asked
        ],
        bool,
    )


def _strange(text: str, plain: str, known: float) -> bool:
    # Of Tamazight in its own letters little was met in training, and it is read all the same.
    if (
        known >= _LEAST_KNOWN_WITHOUT_WORDS
        or len(_LETTER.findall(text)) < _LEAST_LETTERS
        or script_shares(text)["tifinagh"] > 0.5
    ):
        return False
    common, words = known_words(plain)
    return known < LEAST_KNOWN or (words >= _LEAST_WORDS and not common)

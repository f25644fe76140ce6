"""What a model sees of a message: hashed n-grams of its characters and words, as written and as consonants."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from tasrib.text.messages import in_batches
from tasrib.text.ngrams import KINDS, Ngrams
from tasrib.text.normal_form import normalise


def hashed_ngrams(
    texts: Iterable[str],
    *,
    char_range: tuple[int, int] = (2, 5),
    word_range: tuple[int, int] = (1, 2),
    bits: int = 18,
) -> sparse.csr_matrix:
    """
    Count the n-grams of messages in a table of fixed width.

    Parameters
    ----------
    texts : iterable of str
        Messages, as received.
    char_range : (int, int)
        Shortest and longest character n-grams, taken within words padded by a blank. Those of skeletons are one shorter.
    word_range : (int, int)
        Shortest and longest runs of words; signs and emoji count as words.
    bits : int
        Each of the `KINDS` kinds has ``2 ** bits`` columns.

    Returns
    -------
    scipy.sparse.csr_matrix of float32, shape (n_texts, KINDS * 2 ** bits)
        Counts: characters, words, then both again of the consonant skeletons, which make Darija in Arabic and in Latin
        letters one (`tasrib.text.skeleton`). The columns of a row ascend.

    Notes
    -----
    Hashing: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009. The hashed features bear
    the words themselves, so that a weight can be traced back to the text (`Ngrams.share_out`).
    """
    rewritten = [normalise(text) for text in texts]
    parts = []
    for rows in in_batches(rewritten):
        counts = Ngrams(rewritten[rows], char_range, word_range, bits).counts
        parts.append(sparse.csr_matrix((counts.data, counts.indices, counts.indptr), counts.shape))
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, KINDS * 2**bits), dtype=np.float32)

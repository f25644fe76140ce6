"""What a model sees of a message: hashed character n-grams within words, and hashed words and word pairs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scipy import sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer

from tasrib.text.normalise import normalise

WORD = r"(?u)[^\W_]+|[^\w\s]"


def _vectoriser(n_features: int, **settings) -> HashingVectorizer:
    # Text arrives normalised; signs are not alternated, so that each weight keeps one meaning when it is shown.
    return HashingVectorizer(
        n_features=n_features, lowercase=False, norm=None, alternate_sign=False, dtype="float32", **settings
    )


def hashed_ngrams(
    texts: Iterable[str],
    *,
    char_range: tuple[int, int] = (2, 5),
    word_range: tuple[int, int] = (1, 2),
    bits: int = 18,
    normalised: bool = False,
) -> sparse.csr_matrix:
    """
    Count the n-grams of messages in a table of fixed width.

    Parameters
    ----------
    texts : iterable of str
        Messages, as received.
    char_range : (int, int)
        Shortest and longest character n-grams, taken within words padded by a blank.
    word_range : (int, int)
        Shortest and longest runs of words; signs and emoji count as words.
    bits : int
        Each of the two halves has ``2 ** bits`` columns.
    normalised : bool
        The texts went through `tasrib.text.normalise` already.

    Returns
    -------
    scipy.sparse.csr_matrix of float32, shape (n_texts, 2 ** (bits + 1))
        Counts; character n-grams in the first half, words in the second.

    Notes
    -----
    Hashing: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
    """
    rewritten = list(texts) if normalised else [normalise(text) for text in texts]
    characters = _vectoriser(2**bits, analyzer="char_wb", ngram_range=char_range)
    words = _vectoriser(2**bits, analyzer="word", token_pattern=WORD, ngram_range=word_range)
    return sparse.hstack([characters.transform(rewritten), words.transform(rewritten)], format="csr")


def chunk_ngrams(
    texts: Sequence[str],
    *,
    char_range: tuple[int, int] = (2, 5),
    word_range: tuple[int, int] = (1, 2),
    bits: int = 18,
) -> tuple[list[list[tuple[int, int]]], sparse.csr_matrix]:
    """
    Share the n-grams of each message out among its chunks, the runs between blanks.

    Parameters
    ----------
    texts : sequence of str
        Normalised messages.
    char_range, word_range, bits
        As in `hashed_ngrams`.

    Returns
    -------
    places : list of list of (int, int)
        For each message, where its chunks begin and end.
    counts : scipy.sparse.csr_matrix, shape (n_chunks_of_all_texts, 2 ** (bits + 1))
        A run of several words counts in equal parts for the chunks it joins, so that the rows of one message's chunks
        add up to its row in `hashed_ngrams`.
    """
    places = [[match.span() for match in re.finditer(r"\S+", text)] for text in texts]
    chunks = [text[a:b] for text, spans in zip(texts, places, strict=True) for a, b in spans]
    characters = _vectoriser(2**bits, analyzer="char_wb", ngram_range=char_range)
    hasher = FeatureHasher(2**bits, input_type="pair", alternate_sign=False, dtype="float32")
    shares = [share for text in texts for share in _word_shares(text, word_range)]
    if not chunks:
        return places, sparse.csr_matrix((0, 2 ** (bits + 1)), dtype="float32")
    return places, sparse.hstack([characters.transform(chunks), hasher.transform(shares)], format="csr")


def _word_shares(text: str, word_range: tuple[int, int]) -> list[list[tuple[str, float]]]:
    """For each chunk of one text, its runs of words and the part of each that it holds."""
    words = [(word, i) for i, chunk in enumerate(text.split()) for word in re.findall(WORD, chunk)]
    shares: list[list[tuple[str, float]]] = [[] for _ in text.split()]
    for n in range(word_range[0], word_range[1] + 1):
        for first in range(len(words) - n + 1):
            run = words[first : first + n]
            name = " ".join(word for word, _ in run)
            for _, chunk in run:
                shares[chunk].append((name, 1 / n))
    return shares

"""What a model sees of a message: hashed n-grams of its characters and words, as written and as consonants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from scipy import sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer

from tasrib.text.normal_form import normalise
from tasrib.text.skeleton import skeleton_tokens

KINDS = 4
"""Kinds of n-grams, each in a table of its own: characters, words, skeleton characters, skeleton words."""

_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_CHUNK = re.compile(r"\S+")


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
        Shortest and longest character n-grams, taken within words padded by a blank. Those of skeletons are one shorter.
    word_range : (int, int)
        Shortest and longest runs of words; signs and emoji count as words.
    bits : int
        Each of the `KINDS` kinds has ``2 ** bits`` columns.
    normalised : bool
        The texts went through `tasrib.text.normalise` already.

    Returns
    -------
    scipy.sparse.csr_matrix of float32, shape (n_texts, KINDS * 2 ** bits)
        Counts: characters, words, then both again of the consonant skeletons, which make Darija in Arabic and in Latin
        letters one (`tasrib.text.skeleton`).

    Notes
    -----
    Hashing: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009. The hashed features bear
    the words themselves, so that a weight can be traced back to the text (`chunk_ngrams`).
    """
    rewritten = list(texts) if normalised else [normalise(text) for text in texts]
    if not rewritten:
        # scikit-learn's vectorisers refuse to transform nothing.
        return sparse.csr_matrix((0, KINDS * 2**bits), dtype="float32")
    bare = [" ".join(skeleton_tokens(text)) for text in rewritten]
    tables = [
        _characters(char_range, bits).transform(rewritten),
        _vectoriser(bits, analyzer=_runs(_WORD.findall, word_range)).transform(rewritten),
        _characters(_shorter(char_range), bits).transform(bare),
        _vectoriser(bits, analyzer=_runs(str.split, word_range)).transform(bare),
    ]
    return sparse.hstack(tables, format="csr")


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
    counts : scipy.sparse.csr_matrix, shape (n_chunks_of_all_texts, KINDS * 2 ** bits)
        A run of several words counts in equal parts for the chunks it joins, so that the rows of one message's chunks
        add up to its row in `hashed_ngrams`.
    """
    places = [[match.span() for match in _CHUNK.finditer(text)] for text in texts]
    chunks = [text[a:b] for text, spans in zip(texts, places, strict=True) for a, b in spans]
    if not chunks:
        return places, sparse.csr_matrix((0, KINDS * 2**bits), dtype="float32")
    bare = [" ".join(skeleton_tokens(chunk)) for chunk in chunks]
    hasher = FeatureHasher(2**bits, input_type="pair", alternate_sign=False, dtype="float32")
    tables = [
        _characters(char_range, bits).transform(chunks),
        hasher.transform(_shares(places, [_WORD.findall(chunk) for chunk in chunks], word_range)),
        _characters(_shorter(char_range), bits).transform(bare),
        hasher.transform(_shares(places, [tokens.split() for tokens in bare], word_range)),
    ]
    return places, sparse.hstack(tables, format="csr")


def _vectoriser(bits: int, **settings) -> HashingVectorizer:
    # Text arrives normalised; signs are not alternated, so that each weight keeps one meaning when it is shown.
    return HashingVectorizer(
        n_features=2**bits, lowercase=False, norm=None, alternate_sign=False, dtype="float32", **settings
    )


def _characters(char_range: tuple[int, int], bits: int) -> HashingVectorizer:
    return _vectoriser(bits, analyzer="char_wb", ngram_range=char_range)


def _shorter(char_range: tuple[int, int]) -> tuple[int, int]:
    # Without vowels, as much of a word is in fewer letters.
    return char_range[0], max(char_range[0], char_range[1] - 1)


def _runs(split: Callable[[str], list[str]], word_range: tuple[int, int]) -> Callable[[str], list[str]]:
    def analyse(text: str) -> list[str]:
        words = split(text)
        return [
            " ".join(words[first : first + n])
            for n in range(word_range[0], word_range[1] + 1)
            for first in range(len(words) - n + 1)
        ]

    return analyse


def _shares(
    places: list[list[tuple[int, int]]], words_of_chunks: list[list[str]], word_range: tuple[int, int]
) -> list[list[tuple[str, float]]]:
    """For each chunk of each text, its runs of words and the part of each that it holds."""
    shares: list[list[tuple[str, float]]] = [[] for _ in words_of_chunks]
    first_chunk = 0
    for spans in places:
        own = range(first_chunk, first_chunk + len(spans))
        words = [(word, chunk) for chunk in own for word in words_of_chunks[chunk]]
        for n in range(word_range[0], word_range[1] + 1):
            for first in range(len(words) - n + 1):
                run = words[first : first + n]
                name = " ".join(word for word, _ in run)
                for _, chunk in run:
                    shares[chunk].append((name, 1 / n))
        first_chunk += len(spans)
    return shares

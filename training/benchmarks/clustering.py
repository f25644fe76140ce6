"""
Time of finding near-duplicates against `datasketch` and `rensa`: `python -m training.benchmarks.clustering [COUNT …]`.

The messages are like those of a case: 70% are copies of some hundred campaign messages with another greeting, town or link. All get the same
normalised texts and look for pairs at Jaccard 0.45 of character 5-grams in 42 bands of 3. The peers make signatures from sets of 5-grams, put
them into their index and ask it for each message, whose candidates are joined without a look; tasrib checks each pair. What that is worth is
measured against the exact answer, all pairs compared with all: recall is the share of the pairs at 0.45 or more that end in one group,
precision that of the pairs of one group that are in one by the exact answer too.

The peers are no part of the project's environment. Where they are not installed, the script says so: `pip install datasketch rensa`.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.attribute.campaigns import SIMILARITY
from tasrib.text import near_duplicate_groups, normalise
from tasrib.text.shingles import SHINGLE, shingles
from training.corpus import load_corpus

COUNTS, PEERS_UP_TO, EXACT_UP_TO = (10_000, 100_000, 300_000), 10_000, 10_000
COPIES = 0.7
_BANDS, _ROWS, _BLOCK = 42, 3, 500
_GREETINGS = ("سي محمد، ", "السلام عليكم، ", "Chère Fatima, ", "Bonjour Hamid, ", "خويا ")
_TOWNS = ("الرباط", "Casa", "سلا", "Fès", "مراكش", "Tanger", "أكادير", "Oujda")


def messages(count: int, seed: int = 0) -> list[str]:
    """
    Invent the messages of a case.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    list of str
        Normalised; no two the same.
    """
    rng = random.Random(seed)
    corpus = load_corpus()["text"].drop_duplicates().tolist()
    rng.shuffle(corpus)
    templates = [text for text in corpus if len(text) > 60][: max(20, count // 100)]
    # Few campaigns send most of the messages.
    weights = [1 / place for place in range(1, len(templates) + 1)]
    found: dict[str, None] = {}
    alone = int(count * (1 - COPIES))
    while len(found) < count:
        if len(found) < alone:
            first, second = rng.sample(corpus, 2)
            text = (
                f"{first[: len(first) // 2]} {second[len(second) // 2 :]}" if len(found) >= len(corpus) // 2 else first
            )
        else:
            words = rng.choices(templates, weights)[0].split(" ")
            words[rng.randrange(len(words))] = rng.choice(_TOWNS)
            text = rng.choice(_GREETINGS) + " ".join(words) + " " + "".join(rng.choices("abcdefghijkl", k=8))
        found[normalise(text)] = None
    texts = list(found)
    rng.shuffle(texts)
    return texts


def exact_pairs(texts: list[str]) -> np.ndarray:
    """
    Compare all with all.

    Parameters
    ----------
    texts : list of str
        Normalised messages.

    Returns
    -------
    numpy.ndarray of int, shape (n_pairs, 2)
        Those whose similarity reaches the threshold.
    """
    sets = shingles(texts, normalised=True)
    # Of two thousand million columns some hundred thousand are in use.
    used, columns = np.unique(sets.indices, return_inverse=True)
    sets = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, sets.indptr), shape=(len(texts), len(used)))
    sizes, turned, pairs = np.diff(sets.indptr), sets.T.tocsr(), []
    for start in range(0, len(texts), _BLOCK):
        shared = (sets[start : start + _BLOCK] @ turned).tocoo()
        left, right = shared.row + start, shared.col
        enough = (left < right) & (shared.data >= SIMILARITY * (sizes[left] + sizes[right] - shared.data))
        pairs.append(np.column_stack([left[enough], right[enough]]))
    return np.concatenate(pairs)


def joined(pairs: np.ndarray, count: int) -> np.ndarray:
    """
    Number the groups that pairs make.

    Parameters
    ----------
    pairs : numpy.ndarray of int, shape (n_pairs, 2)
        Messages by their place.
    count : int
        Messages.

    Returns
    -------
    numpy.ndarray of int, shape (count,)
        Group of each message.
    """
    links = sparse.coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return connected_components(links, directed=False)[1]


def _sets(texts: list[str]) -> list[list[str]]:
    return [list({text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))}) for text in texts]


def by_datasketch(package: Any, texts: list[str]) -> np.ndarray:
    """
    Group messages by `datasketch.MinHashLSH`.

    Parameters
    ----------
    package : module
        ``datasketch``.
    texts : list of str
        Normalised messages.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Group of each message.
    """
    index = package.MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    pairs = []
    grams = ([gram.encode() for gram in grams] for grams in _sets(texts))
    for number, signature in enumerate(package.MinHash.generator(grams, num_perm=_BANDS * _ROWS)):
        pairs += [(number, other) for other in index.query(signature)]
        index.insert(number, signature, check_duplication=False)
    return joined(np.array(pairs, dtype=int).reshape(-1, 2), len(texts))


def by_rensa(package: Any, texts: list[str]) -> np.ndarray:
    """
    Group messages by `rensa.RMinHashLSH`.

    Parameters
    ----------
    package : module
        ``rensa``.
    texts : list of str
        Normalised messages.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Group of each message.
    """
    index = package.RMinHashLSH(threshold=SIMILARITY, num_perm=_BANDS * _ROWS, num_bands=_BANDS)
    pairs = []
    for number, grams in enumerate(_sets(texts)):
        signature = package.RMinHash(num_perm=_BANDS * _ROWS, seed=0)
        signature.update(grams)
        pairs += [(number, other) for other in index.query(signature)]
        index.insert(number, signature)
    return joined(np.array(pairs, dtype=int).reshape(-1, 2), len(texts))


PEERS: dict[str, Callable[[Any, list[str]], np.ndarray]] = {"datasketch": by_datasketch, "rensa": by_rensa}


def agreement(group: np.ndarray, pairs: np.ndarray) -> str:
    """
    Say how near groups are to the exact answer.

    Parameters
    ----------
    group : numpy.ndarray of int, shape (n,)
        Group of each message.
    pairs : numpy.ndarray of int, shape (n_pairs, 2)
        From `exact_pairs`.

    Returns
    -------
    str
        Recall and precision.
    """
    exact = joined(pairs, len(group))
    recall = (group[pairs[:, 0]] == group[pairs[:, 1]]).mean()
    both, mine = (
        pd.Series(of).value_counts().to_numpy(dtype=float) for of in (list(zip(exact, group, strict=True)), group)
    )
    precision = (both * (both - 1)).sum() / (mine * (mine - 1)).sum()
    return f"recall {recall:.4%}, precision {precision:.2%}"


def _timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def main(*counts: int) -> None:
    """
    Print the time of each a message, ratios, and how near each is to the exact answer.

    Parameters
    ----------
    *counts : int
        Messages.
    """
    for count in counts or COUNTS:
        texts = messages(count)
        pairs = exact_pairs(texts) if count <= EXACT_UP_TO else None
        mine, group = _timed(partial(near_duplicate_groups, texts, SIMILARITY, normalised=True))
        said = "" if pairs is None else f"; {agreement(group, pairs)}"
        print(f"{count:,} messages: tasrib {mine / count * 1e6:.1f} µs of CPU a message{said}", flush=True)
        for name, work in PEERS.items() if count <= PEERS_UP_TO else ():
            try:
                package = importlib.import_module(name)
            except ImportError:
                print(f"  {name} is not installed, so that nothing is compared with it")
                continue
            theirs, group = _timed(partial(work, package, texts))
            said = "" if pairs is None else f"; {agreement(group, pairs)}"
            print(f"  {name} {theirs / count * 1e6:.1f} µs, {theirs / mine:.1f} times as much{said}", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))

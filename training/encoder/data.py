"""What fine-tuning reads: the vocabulary that stays, and messages in disguise."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from tokenizers import Tokenizer

from tasrib.classify.tokens import write_readably
from training.encoder.package import tokenizer_json
from training.obfuscate import OBFUSCATIONS, obfuscate

_SPECIAL = 4
_COMMON = 8_000
_SCRIPTS = {"Arab": ((0x0600, 0x0700),), "Latin": ((0x20, 0x250),), "Tifinagh": ((0x2D30, 0x2D80),)}


def choose_pieces(pieces: list[tuple[str, float]], texts: list[str]) -> np.ndarray:
    """
    Choose the pieces of the vocabulary that stay.

    Parameters
    ----------
    pieces : list of (str, float)
        The whole vocabulary.
    texts : list of str
        Normalised messages, disguised ones too.

    Returns
    -------
    numpy.ndarray of int
        Ids, sorted: the special ones, all that segment `texts`, all single characters, and of the Arabic and Latin
        pieces the likeliest, so that words the corpus lacks are still met in few pieces.
    """
    tokenizer = Tokenizer.from_str(tokenizer_json(pieces))
    used: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(texts):
        used.update(encoding.ids)
    kept = set(range(_SPECIAL)) | set(used)
    room = dict.fromkeys(_SCRIPTS, _COMMON)
    for number, (piece, _) in enumerate(pieces):  # likeliest first
        bare = piece.strip("▁")
        script = next((name for name, spans in _SCRIPTS.items() if bare and _within(bare, spans)), None)
        if len(bare) <= 1 and (script or not bare or not bare.isalpha()):
            kept.add(number)
        elif script and piece.lower() == piece and room[script]:
            kept.add(number)
            room[script] -= 1
    return np.array(sorted(kept))


def _within(text: str, spans: tuple[tuple[int, int], ...]) -> bool:
    return all(any(a <= ord(c) < b for a, b in spans) for c in text)


def disguise(texts: list[str], seed: int) -> dict[int, str]:
    """Disguise a random third of the messages; only disguises that survive `write_readably` are given, by their places."""
    rng, names = random.Random(seed), sorted(OBFUSCATIONS)
    found = {}
    for place in rng.sample(range(len(texts)), len(texts) // 3):
        hidden = write_readably(obfuscate(texts[place], rng.choice(names), 1))
        if hidden != write_readably(texts[place]):
            found[place] = hidden
    return found

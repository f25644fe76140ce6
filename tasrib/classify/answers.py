"""The encoder's answers about the corpus, computed once for all who train beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from tasrib.classify.encoder import ENCODER_FILES, Encoder
from tasrib.classify.tokens import write_readably
from tasrib.errors import ModelRefused

ANSWERS = "answers.npz"


def store_answers(encoder: Encoder, texts: Iterable[str], file: str | Path) -> None:
    """
    Ask an encoder about messages, and write down what it says.

    Parameters
    ----------
    encoder : Encoder
        It is asked.
    texts : iterable of str
        Messages as received. None of them is stored, only hashes.
    file : path
        A ``.npz`` file to be written: ``keys``, ascending, ``scores`` of each, and the hash of the encoder.
    """
    # The encoder is given the messages themselves: it writes them readably, and what is written so twice is another message.
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(write_readably(text), text)
    keys = _keys(list(first))
    order = np.argsort(keys)
    scores = encoder.scores(list(first.values())).astype(np.float32)
    np.savez_compressed(file, keys=keys[order], scores=scores[order], encoder=np.array(_digest(encoder)))


def stored_answers(encoder: Encoder, texts: Iterable[str], file: str | Path) -> dict[str, np.ndarray]:
    """
    Look up what an encoder said of messages.

    Parameters
    ----------
    encoder : Encoder
        That is asked about these messages.
    texts : iterable of str
        Messages as received.
    file : path
        From `store_answers`.

    Returns
    -------
    dict of str to numpy.ndarray
        For `Encoder.remember`. Only of messages that are there, by what the encoder reads of them: a changed message is not answered
        for. Nothing where the answers are another encoder's.

    Raises
    ------
    ModelRefused
        When the file holds no answers.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            keys, scores, of = archive["keys"], archive["scores"], str(archive["encoder"])
        fits = keys.dtype == np.uint64 and scores.shape == (*keys.shape, len(encoder.classes))
    except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise ModelRefused(f"{file}: no answers of an encoder ({error}); make the model anew") from None
    if not fits:
        raise ModelRefused(f"{file}: its answers do not fit the encoder's categories; make the model anew")
    if of != _digest(encoder) or not len(keys):
        return {}
    read = list(dict.fromkeys(map(write_readably, texts)))
    wanted = _keys(read)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return {text: scores[place] for text, place, key in zip(read, places, wanted, strict=True) if keys[place] == key}


def _keys(read: list[str]) -> np.ndarray:
    digests = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in read)
    return np.frombuffer(b"".join(digests), np.uint64)


def _digest(encoder: Encoder) -> str:
    digest = hashlib.sha256()
    for name in ENCODER_FILES:
        digest.update((encoder.folder / name).read_bytes())
    return digest.hexdigest()

"""Which variety a message is written in, word by word, so that a mixture shows as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from weakref import WeakKeyDictionary

import numpy as np

from tasrib._fitted import Fitted
from tasrib.text.compiled.loading import Compiled, compiled
from tasrib.text.compiled.words_met import MetWords
from tasrib.text.grid import on_grid
from tasrib.text.messages import as_texts, in_batches
from tasrib.text.normal_form import normalise
from tasrib.text.word_columns import word_columns

PURE_VARIETIES = ("ar", "ary", "ary-Latn", "fr", "zgh")
VARIETIES = (*PURE_VARIETIES, "mixed")
# Standard Arabic and Darija share a script and most words: between them the whole message decides, and their
# mingling is the rule, not a mixture. The others are told apart word by word.
_FAMILY = {"ar": 0, "ary": 0, "ary-Latn": 1, "fr": 2, "zgh": 3}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
LENGTHS = (1, 4)
_TYPED = re.compile(r"\b(?:URL|EMAIL|PHONE|DATE|TIME|AMOUNT|PERCENT|CODE|NUM)\b")

# What compiled functions know of words, by who weighs them: not among the attributes, which travel to other processes.
_REMEMBERED: WeakKeyDictionary[Varieties, tuple[np.ndarray, MetWords]] = WeakKeyDictionary()


class Varieties(Fitted):
    """
    Fitted weights of the n-grams of words for each variety: what `VarietyClassifier` is to those who only ask it.
    """

    bits: int
    neighbours: float
    share: float
    pure_classes_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray

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
        plain = [normalise(text) for text in as_texts(X)] if normalised is None else normalised
        parts = [self._decide(plain[rows]) for rows in in_batches(plain)]
        return np.concatenate([np.empty(0, "<U8"), *parts])

    def _decide(self, plain: Sequence[str]) -> np.ndarray:
        """Of normalised messages."""
        functions = compiled()
        return self._by_numpy(plain) if functions is None else self._by_compiled(plain, functions)

    def _by_compiled(self, plain: Sequence[str], functions: Compiled) -> np.ndarray:
        remembered = _REMEMBERED.get(self)
        # Fitted anew, it knows other weights.
        if remembered is None or remembered[0] is not self.coef_:
            words = MetWords(words_of, partial(_score, coef=self.coef_, bits=self.bits), len(self.coef_))
            remembered = _REMEMBERED[self] = (self.coef_, words)
        _, families = np.unique([_FAMILY[name] for name in self.pure_classes_], return_inverse=True)
        found = remembered[1].vote(plain, functions, families, self.intercept_, self.neighbours, self.share)
        # Of none the last, and before it that of several.
        return np.array([*self.pure_classes_, "mixed", ""], "<U8")[found]

    def _by_numpy(self, plain: Sequence[str]) -> np.ndarray:
        messages = [words_of(text) for text in plain]
        found = np.full(len(messages), "", "<U8")
        several = np.array([len(words) for words in messages])
        named = np.flatnonzero(several)
        if not len(named):
            return found
        several, flat = several[named], list(chain.from_iterable(messages))
        distinct = {word: n for n, word in enumerate(dict.fromkeys(flat))}
        scores = _score(list(distinct), self.coef_, self.bits)[[distinct[word] for word in flat]]
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
        letters_of = np.bincount(message * len(kinds) + voices.argmax(axis=1), letters, len(named) * len(kinds))
        held = letters_of.reshape(len(named), len(kinds))
        held = held / held.sum(axis=1, keepdims=True)
        whole = np.add.reduceat(scores, np.cumsum(several) - several) / np.sqrt(several)[:, None] + self.intercept_
        whole[families[None, :] != kinds[held.argmax(axis=1)][:, None]] = -np.inf
        variety = self.pure_classes_[whole.argmax(axis=1)].astype("<U8")
        if len(kinds) > 1:
            variety[(np.sort(held, axis=1)[:, -2] >= self.share) & (several > 3)] = "mixed"
        found[named] = variety
        return found


def _score(words: Sequence[str], coef: np.ndarray, bits: int) -> np.ndarray:
    columns, word = word_columns(LENGTHS, bits).of(words)
    weights = coef.T.take(columns, axis=0)
    return on_grid(np.stack([np.bincount(word, weight, len(words)) for weight in weights.T], axis=1))


def words_of(plain: str) -> list[str]:
    """
    Take the words that tell a variety.

    Parameters
    ----------
    plain : str
        A normalised message.

    Returns
    -------
    list of str
        In their order.
    """
    # Links and numbers say nothing of the language; letters stay accented forms folded, digits of Arabizi stay.
    return _WORD.findall(_TYPED.sub(" ", plain))

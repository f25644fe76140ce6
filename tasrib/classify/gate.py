"""Which messages the encoder is asked about: those in which the words leave a doubt, on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Share of campaign among the messages that are not shown to the encoder because their words are far from it, at most; and of what is no
# campaign among those whose words are surely campaign.
MISSED, ALARMS = 0.005, 0.0025


@dataclass(frozen=True)
class Gate:
    """
    Where the encoder is asked, and what stands in for its answer elsewhere.

    Attributes
    ----------
    lowest, highest : float
        It is asked about scores of the n-grams from `lowest` to `highest`; infinite where that side has no end.
    below, above : float
        Log-odds of campaign that it is taken to give outside.
    """

    lowest: float = -np.inf
    highest: float = np.inf
    below: float = 0.0
    above: float = 0.0

    def asked(self, words: np.ndarray) -> np.ndarray:
        """
        Tell which messages are in doubt.

        Parameters
        ----------
        words : numpy.ndarray, shape (n,)
            Log-odds of campaign by the n-grams.

        Returns
        -------
        numpy.ndarray of bool, shape (n,)
            Whether the encoder is asked.
        """
        return (words >= self.lowest) & (words <= self.highest)

    def stand_in(self, words: np.ndarray) -> np.ndarray:
        """
        Give what is taken for the encoder's answer where it is not asked.

        Parameters
        ----------
        words : numpy.ndarray, shape (n,)
            Log-odds of campaign by the n-grams.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            Its log-odds of campaign outside; of no meaning where it is asked.
        """
        return np.where(words < self.lowest, self.below, self.above)

    def stored(self) -> list[float | None]:
        """As a list for JSON, which has no infinity: None for an end that is not there."""
        ends = [end if np.isfinite(end) else None for end in (self.lowest, self.highest)]
        return [*ends, self.below, self.above]

    @classmethod
    def of(cls, stored: list | None) -> Gate:
        """From such a list; from None or the two numbers that models had before they had an upper end, as they meant it."""
        if stored is None:
            return cls()
        if len(stored) == 2:
            return cls(lowest=stored[0], below=stored[1])
        lowest, highest, below, above = stored
        return cls(-np.inf if lowest is None else lowest, np.inf if highest is None else highest, below, above)


def fit_gate(words: np.ndarray, positive: np.ndarray, some: np.ndarray, whole: np.ndarray) -> Gate:
    """
    Choose where the words leave no doubt.

    Parameters
    ----------
    words : numpy.ndarray, shape (n,)
        Log-odds of campaign by n-grams that were not fitted on these messages.
    positive : numpy.ndarray of bool, shape (n,)
        What was true.
    some, whole : numpy.ndarray, shape (m,)
        Of the messages that the encoder has not seen, log-odds by the n-grams and by the encoder.

    Returns
    -------
    Gate
        Below it at most `MISSED` of the messages are campaign, above it at most `ALARMS` are not; no end where the encoder was shown
        nothing beyond it.
    """
    lowest, below = _end(words, positive, some, whole, MISSED)
    highest, above = _end(-words, ~positive, -some, whole, ALARMS)
    return Gate(lowest, -highest, below, above)


def _end(
    words: np.ndarray, wrong: np.ndarray, some: np.ndarray, whole: np.ndarray, share: float
) -> tuple[float, float]:
    """Below which score at most a share of messages is on the wrong side, and what the encoder says of those on average."""
    order = np.argsort(words, kind="stable")
    clear = np.flatnonzero(np.cumsum(wrong[order]) / np.arange(1, len(order) + 1) <= share)
    beyond = some < words[order[clear[-1]]] if len(clear) else np.zeros(len(some), bool)
    if not beyond.any():
        return -np.inf, 0.0
    return float(words[order[clear[-1]]]), float(whole[beyond].mean())

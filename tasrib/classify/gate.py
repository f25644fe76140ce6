"""Which messages the encoder is asked about: those in which the words leave a doubt, on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Of the messages that are not dismissed when the encoder is asked about all, this share at most is dismissed because it was not. For each that is called
# campaign then, so many more are called so: fewer, for what words alone are too sure of is a false accusation, and the more so in strange batches.
DISMISSED, CALLED = 0.005, 0.002


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


def fit_gate(words: np.ndarray, whole: np.ndarray, log_odds: np.ndarray, thresholds: tuple[float, float]) -> Gate:
    """
    Choose where asking hardly ever changes what is decided.

    Parameters
    ----------
    words, whole : numpy.ndarray, shape (n,)
        Log-odds of campaign by the n-grams and by the encoder, of messages that neither was fitted on.
    log_odds : numpy.ndarray, shape (n,)
        What both together say.
    thresholds : (float, float)
        Lower and upper end of the review band, as log-odds.

    Returns
    -------
    Gate
        Below it at most `DISMISSED` and above it at most `CALLED` of the decisions fall otherwise. An end is left open where there are too few messages
        to tell: with one more that changes than were seen to, the share must still hold.
    """
    lower, upper = thresholds
    seen, called = log_odds >= lower, log_odds >= upper
    lowest, below = _end(words, whole, seen, DISMISSED * seen.sum())
    highest, above = _end(-words, whole, ~called, CALLED * called.sum())
    return Gate(lowest, -highest, below, above)


def _end(words: np.ndarray, whole: np.ndarray, changed: np.ndarray, most: float) -> tuple[float, float]:
    """Below which score asking changes few decisions, and what the encoder says there on average."""
    order = np.argsort(words, kind="stable")
    clear = np.flatnonzero(np.cumsum(changed[order]) + 1 <= most)
    if not len(clear) or not (beyond := words < words[order[clear[-1]]]).any():
        return -np.inf, 0.0
    return float(words[order[clear[-1]]]), float(whole[beyond].mean())

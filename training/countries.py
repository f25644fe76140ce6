"""
Does what one country's hands wrote help with another's? `python -m training.countries`.

By the n-grams alone (as `--fast` goes by), since the encoder would have to be fine-tuned anew for each line. Two tables. *Left out*: a country's messages,
judged by a model that learnt from all but that country, beside one that learnt from its other hands too (by halves of its hands). *Added*: some countries are
kept aside; the others are added to the corpus some at a time, those with most messages first, and the countries kept aside are judged.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.metrics import average_precision_score
from threadpoolctl import threadpool_limits

from tasrib.classify import CAMPAIGN, CampaignClassifier
from tasrib.classify.blend import campaign_log_odds
from tasrib.classify.fitting import Design, features_of
from training.corpus import load_corpus
from training.world import load_world

LEFT_OUT = ("FR", "TN", "SN", "KW", "LB")
KEPT_ASIDE = ("CH", "MR", "IQ", "GA", "CI", "JO")
STEPS = (0, 1, 3, 6, 10, 15, 25)
# Share of other messages that may be called campaign where a recall is given.
_ALARMS = 0.02


def measures(scores: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """
    Hold scores against the truth.

    Parameters
    ----------
    scores : numpy.ndarray of float, shape (n,)
        Log-odds of campaign.
    true : numpy.ndarray of bool, shape (n,)
        Which are campaign.

    Returns
    -------
    (float, float)
        Average precision, and recall where 2% of the others are called campaign.
    """
    threshold = np.quantile(scores[~true], 1 - _ALARMS)
    return float(average_precision_score(true, scores)), float((scores[true] > threshold).mean())


class Fits:
    """Fits the n-grams on some messages and scores others, all counted once."""

    def __init__(self, messages: pd.DataFrame) -> None:
        self.classifier = CampaignClassifier()
        self.labels = messages["category"].to_numpy().astype(str)
        self.counts: sparse.csr_matrix = self.classifier.count(messages["text"])

    def scores(self, fit_on: np.ndarray, held: np.ndarray) -> np.ndarray:
        """Log-odds of campaign of the rows `held`, fitted on the rows `fit_on`."""
        with threadpool_limits(1, user_api="blas"):
            design = Design(self.counts[fit_on], self.labels[fit_on], self.classifier.min_messages)
            coef, intercept = design.weights(design.solve(self.classifier.regularisation))
            return campaign_log_odds(features_of(self.counts[held], design.idf) @ coef.T + intercept, design.classes)


def left_out(fits: Fits, country: np.ndarray, batch: np.ndarray) -> pd.DataFrame:
    """One row a country of `LEFT_OUT`: judged without it, and with its other hands."""
    rows = []
    true, half = fits.labels == CAMPAIGN, np.array([hash_of(name) % 2 for name in batch])
    for name in LEFT_OUT:
        mine = np.flatnonzero(country == name)
        without = fits.scores(np.flatnonzero(country != name), mine)
        with_others = np.empty(len(mine))
        for part in (0, 1):
            held = half[mine] == part
            with_others[held] = fits.scores(np.flatnonzero((country != name) | (half != part)), mine[held])
        rows.append([name, len(mine), *measures(without, true[mine]), *measures(with_others, true[mine])])
    names = [
        "country",
        "n",
        "AP without it",
        "recall without it",
        "AP with its other hands",
        "recall with its other hands",
    ]
    return pd.DataFrame(rows, columns=names)


def added(fits: Fits, country: np.ndarray) -> pd.DataFrame:
    """One row a step: how the countries of `KEPT_ASIDE` are judged when so many others were learnt from."""
    aside = np.isin(country, KEPT_ASIDE)
    others = pd.Series(country[(country != "corpus") & ~aside]).value_counts()
    true, held, rows = fits.labels == CAMPAIGN, np.flatnonzero(aside), []
    for n in STEPS:
        learnt = ["corpus", *others.index[:n]]
        fit_on = np.flatnonzero(np.isin(country, learnt))
        rows.append([min(n, len(others)), len(fit_on), *measures(fits.scores(fit_on, held), true[held])])
    return pd.DataFrame(rows, columns=["countries added", "messages", "AP", "recall"])


def hash_of(name: str) -> int:
    """A number that a name always has."""
    return int.from_bytes(name.encode(), "big") % 1_000_003


def main() -> None:
    """Print both tables."""
    world = load_world()
    # Morocco's hands in it are of the corpus's country.
    world = world[world["country"] != "MA"]
    messages = pd.concat([load_corpus().assign(country="corpus"), world], ignore_index=True)
    country, batch = messages["country"].to_numpy().astype(str), messages["batch"].to_numpy().astype(str)
    fits = Fits(messages)
    print(f"recall where {_ALARMS:.0%} of the other messages are called campaign; n-grams alone\n")
    print(left_out(fits, country, batch).round(3).to_string(index=False), "\n")
    print(f"kept aside: {', '.join(KEPT_ASIDE)}, {int(np.isin(country, KEPT_ASIDE).sum())} messages\n")
    print(added(fits, country).round(3).to_string(index=False))


if __name__ == "__main__":
    main()

"""What is known before the campaigns are looked at: operators, market shares, ported numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering import PORTED_UNKNOWN, market_shares, portability
from tasrib.tracing.people import People
from tasrib.tracing.rows import Rows
from tasrib.tracing.stats.ported import PortedBelief, count_declared, update_ported

# People err about their own operator: two in a hundred, a judgement.
MISDECLARED = 0.02
# So many people who declare weigh as much as the published share of ported numbers; below the least parameter it would be certain that
# none is.
_WORTH, _LEAST = 15.5, 1.5


@dataclass(frozen=True)
class Background:
    """
    What comparisons start from.

    Attributes
    ----------
    at : pandas.Timestamp
        The middle of the campaigns: the day whose market counts.
    operators : list of str
        The operators that have a market share; those that were seen where none is known.
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares, summing to 1.
    market_method, market_sources : str, tuple of str
        How they were read, or why there are none.
    ported : PortedBelief
        Share of an operator's customers whose number was allocated to another.
    ported_sources : tuple of str
        Where its prior comes from.
    """

    at: pd.Timestamp
    operators: list[str]
    market: np.ndarray | None
    market_method: str
    market_sources: tuple[str, ...]
    ported: PortedBelief
    ported_sources: tuple[str, ...]

    def to_settings(self) -> dict:
        """As ``TraceResult.settings`` states it."""
        found = {
            "at": self.at.date().isoformat(), "ported_beta": (self.ported.beta_a, self.ported.beta_b),
            "ported_mean": self.ported.mean, "ported_low": self.ported.low, "ported_high": self.ported.high,
            "ported_sources": self.ported_sources, "n_declared": self.ported.n_declared,
            "n_declared_differs": self.ported.n_differs, "misdeclared": MISDECLARED,
            "market_method": self.market_method, "market_sources": self.market_sources,
        }  # fmt: skip
        if self.market is None:
            return found
        return found | {"market_shares": dict(zip(self.operators, self.market.tolist(), strict=True))}


def find_background(scored: Rows, people: People, country: str) -> Background:
    """
    Look up market shares and portability of the days of the campaigns.

    Parameters
    ----------
    scored : Rows
        Scored complaints.
    people : People
        Their people; what they declare sharpens the belief about ported numbers.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    Background
        Without market shares where none are known for the country and the day.
    """
    # When the campaigns were, not when people complained of other things.
    received = scored["received_at"][scored["decision"] == "campaign"].dropna()
    at = received.median() if len(received) else pd.Timestamp.now("UTC")
    ported, sources = _ported(at, country, people)
    try:
        known = market_shares(at, country)
    except TasribError as error:
        seen = people.frame.loc[people.frame["operator"] != "", "operator"]
        return Background(at, sorted(seen.unique()), None, f"no market shares: {error}", (), ported, sources)
    shares = np.array(list(known.shares.values()))
    return Background(at, list(known.shares), shares, known.method, known.sources, ported, sources)


def _widened(beta_a: float, beta_b: float) -> tuple[float, float]:
    """
    Take a published share of ported numbers for no more people than it is worth here.

    A national figure says little of those who complain. As sure as it is published, and with nobody declaring, it makes intervals of λ miss
    where more numbers are ported (`docs/operating_characteristics.md`).
    """
    worth = min(_WORTH, beta_a + beta_b)
    first = max(beta_a / (beta_a + beta_b) * worth, min(_LEAST, beta_a))
    return first, worth - first


def _ported(at: pd.Timestamp, country: str, people: People) -> tuple[PortedBelief, tuple[str, ...]]:
    try:
        known = portability(at, country)
        prior, sources = _widened(known.beta_a, known.beta_b), known.sources
    except TasribError as error:
        prior, sources = PORTED_UNKNOWN, (f"assumed, mean 10%, since {error}",)
    said = people.frame[(people.frame["serving"] != "") & (people.frame["operator"] != "")].drop_duplicates("person")
    declared = count_declared(said["operator"], said["serving"])
    return update_ported(prior, *declared, misdeclared=MISDECLARED), sources

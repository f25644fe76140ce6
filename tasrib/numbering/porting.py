"""How many numbers have left the operator that their prefix tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tasrib.errors import TasribError
from tasrib.numbering.plan import HOME_COUNTRIES, check_country
from tasrib.numbering.reference import as_day, read_reference

_COLUMNS = (
    "country",
    "date",
    "ported",
    "share_low",
    "share_mean",
    "share_high",
    "beta_a",
    "beta_b",
    "destination",
    "source",
    "note",
)
_MEAN_TOLERANCE = 0.001


@dataclass(frozen=True, slots=True)
class Portability:
    """
    What is believed of the share of ported numbers among the active ones.

    Attributes
    ----------
    mean, low, high : float
        Mean, and the ends of the interval that holds 95% of the belief; fractions.
    beta_a, beta_b : float
        Parameters of the Beta prior with that mean.
    sources : tuple of str
        Where the row comes from.
    """

    mean: float
    low: float
    high: float
    beta_a: float
    beta_b: float
    sources: tuple[str, ...]


def portability(at: object, country: str = "MA") -> Portability:
    """
    The belief about ported numbers on a day.

    Parameters
    ----------
    at, country
        As in `tasrib.numbering.market_shares`.

    Returns
    -------
    Portability
        Of the last row up to that day for destination ``any``; of the first row before it.

    Raises
    ------
    TasribError, BadReferenceData
        As in `tasrib.numbering.market_shares`, of ``portability.csv``.
    """
    iso, day = check_country(country), as_day(at)
    rows = load_portability().get(iso)
    if not rows:
        name = HOME_COUNTRIES[iso]
        raise TasribError(f"no portability of {name} in data/reference/portability.csv; add rows")
    past = [known for known in rows if known <= day]
    return rows[max(past) if past else min(rows)]


@lru_cache(maxsize=8)
def load_portability(path: Path | None = None) -> dict[str, dict[date, Portability]]:
    """
    Rows of ``portability.csv`` for all destinations together, checked.

    Parameters
    ----------
    path : Path, optional
        As in `tasrib.numbering.market.load_market_shares`.

    Returns
    -------
    dict
        Country to date to belief.

    Raises
    ------
    BadReferenceData
        When a cell is wrong, the interval is out of order or the Beta prior has another mean.
    """
    found: dict[str, dict[date, Portability]] = {}
    for row in read_reference("portability.csv", _COLUMNS, path):
        country, day, source = row.text("country"), row.day(), row.text("source")
        low, mean, high = (row.number(f"share_{end}", 0, 1) for end in ("low", "mean", "high"))
        a, b = (row.number(f"beta_{end}", 1e-6, 1e9) for end in ("a", "b"))
        if row.cells["ported"]:
            row.number("ported", 0, 1e10)
        if not low <= mean <= high:
            raise row.wrong("share_mean", f"{mean} does not lie between share_low and share_high")
        if abs(a / (a + b) - mean) > _MEAN_TOLERANCE:
            raise row.wrong("beta_a", f"the Beta prior has mean {a / (a + b):.4f}, not {mean}")
        if row.text("destination") != "any":
            continue
        if day in found.setdefault(country, {}):
            raise row.wrong("date", f"{day} stands twice for {country}")
        found[country][day] = Portability(mean, low, high, a, b, (source,))
    return found

"""How many numbers have left the operator that their prefix tells, and what that does to a prefix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from tasrib.errors import TasribError
from tasrib.numbering.plan import COUNTRY_NAMES, check_country
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
    at : date, datetime or str
        The day (UTC).
    country : {"MA", "DZ", "TN", "MR", "FR"}, optional
        The home country.

    Returns
    -------
    Portability
        Of the last row up to that day for destination ``any``; of the first row before it.

    Raises
    ------
    TasribError
        When ``at`` is no date, ``country`` is not a home country or has no row.
    BadReferenceData
        When ``portability.csv`` breaks its rules.
    """
    iso, day = check_country(country), as_day(at)
    rows = load_portability().get(iso)
    if not rows:
        name = COUNTRY_NAMES[iso]
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
        Another file to read instead.

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


def share_matrix(operators: Sequence[str], portability_mean: float, shares: Mapping[str, float]) -> np.ndarray:
    """
    Chance that a number served by one operator was allocated to another.

    ``M[s, a] = P(allocated to a | served by s)``: a number was ported with chance ``portability_mean``,
    and then came from another operator in proportion to that operator's market share.

    Parameters
    ----------
    operators : sequence of str
        Order of rows (serving) and columns (allocated).
    portability_mean : float
        Share of ported numbers, from 0 to 1.
    shares : mapping
        Market share of each operator; any positive scale.

    Returns
    -------
    numpy.ndarray
        Square; every row sums to 1. An operator whose rivals have no share at all keeps its whole row.

    Raises
    ------
    TasribError
        When an operator has no share, stands twice, or a figure is out of range.
    """
    if not 0 <= portability_mean <= 1:
        raise TasribError(f"portability {portability_mean} is not between 0 and 1")
    if len(set(operators)) != len(operators):
        raise TasribError("an operator stands twice in the list of operators")
    for operator in operators:
        if not np.isfinite(shares.get(operator, np.nan)) or shares[operator] < 0:
            raise TasribError(f"no market share for {operator}; give one for each operator")
    size = len(operators)
    weights = np.array([shares[operator] for operator in operators], dtype=float)
    others = np.tile(weights, (size, 1))
    np.fill_diagonal(others, 0.0)
    totals = others.sum(axis=1, keepdims=True)
    origin = np.divide(others, totals, out=np.eye(size), where=totals > 0)
    return (1 - portability_mean) * np.eye(size) + portability_mean * origin

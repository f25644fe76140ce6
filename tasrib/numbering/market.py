"""Market shares at a date, as the regulators report them and between two reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tasrib.errors import TasribError
from tasrib.numbering.plan import HOME_COUNTRIES, check_country
from tasrib.numbering.reference import Row, as_day, read_reference

_COLUMNS = ("country", "date", "operator", "share", "source", "note")
# Reports round to two decimals or one; more than this off is a typing error.
_SUM_TOLERANCE = 0.2


@dataclass(frozen=True, slots=True)
class MarketShares:
    """
    Shares of the mobile subscriptions of a country.

    Attributes
    ----------
    shares : dict
        Operator to share, a fraction; together 1.
    rows : tuple of datetime.date
        The date or the two dates of the reports behind the figures.
    method : str
        ``as reported``, ``interpolated linearly between A and B`` or ``nearest: …``.
    sources : tuple of str
        Who reported the rows used.
    """

    shares: dict[str, float]
    rows: tuple[date, ...]
    method: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Report:
    """Shares in percent at one date."""

    percent: dict[str, float]
    sources: tuple[str, ...]


def market_shares(at: object, country: str = "MA") -> MarketShares:
    """
    Market shares on a day.

    Parameters
    ----------
    at : date, datetime or str
        The day (UTC).
    country : str, optional
        One of `HOME_COUNTRIES`.

    Returns
    -------
    MarketShares
        As reported on a day with a report; between two reports linear in days, an operator absent from one of
        them counting 0 there; before the first or after the last report, that report.

    Raises
    ------
    TasribError
        When ``at`` is no date, ``country`` is not a home country or has no report.
    BadReferenceData
        When ``market_shares.csv`` breaks its rules.
    """
    iso, day = check_country(country), as_day(at)
    reports = load_market_shares().get(iso)
    if not reports:
        name = HOME_COUNTRIES[iso]
        raise TasribError(f"no market shares of {name} in data/reference/market_shares.csv; add rows")
    days = sorted(reports)
    if day in reports:
        return _shares(reports, (day,), (1.0,), "as reported")
    if day < days[0]:
        return _shares(reports, (days[0],), (1.0,), f"nearest: before the first row, {days[0]}")
    if day > days[-1]:
        return _shares(reports, (days[-1],), (1.0,), f"nearest: after the last row, {days[-1]}")
    before = max(known for known in days if known < day)
    after = min(known for known in days if known > day)
    weight = (day - before) / (after - before)
    method = f"interpolated linearly between {before} and {after}"
    return _shares(reports, (before, after), (1 - weight, weight), method)


def _shares(
    reports: dict[date, _Report], days: tuple[date, ...], weights: tuple[float, ...], method: str
) -> MarketShares:
    """Weighted shares; each report is brought to sum 1 first, since rounding leaves 99.99 or 100.01."""
    shares: dict[str, float] = {}
    for day, weight in zip(days, weights, strict=True):
        total = sum(reports[day].percent.values())
        for operator, percent in reports[day].percent.items():
            shares[operator] = shares.get(operator, 0.0) + weight * percent / total
    sources = dict.fromkeys(source for day in days for source in reports[day].sources)
    return MarketShares(shares, days, method, tuple(sources))


@lru_cache(maxsize=8)
def load_market_shares(path: Path | None = None) -> dict[str, dict[date, _Report]]:
    """
    Every report of ``market_shares.csv``, checked.

    Parameters
    ----------
    path : Path, optional
        Another file to read instead.

    Returns
    -------
    dict
        Country to date to report.

    Raises
    ------
    BadReferenceData
        When a cell is wrong or the shares of a date do not sum to 100 (to within 0.2).
    """
    groups: dict[tuple[str, date], list[Row]] = {}
    for row in read_reference("market_shares.csv", _COLUMNS, path):
        groups.setdefault((row.text("country"), row.day()), []).append(row)
    reports: dict[str, dict[date, _Report]] = {}
    for (country, day), rows in groups.items():
        percent: dict[str, float] = {}
        for row in rows:
            operator = row.text("operator")
            if operator in percent:
                raise row.wrong("operator", f"{operator} stands twice for {country} at {day}")
            percent[operator] = row.number("share", 0, 100)
        sources = tuple(dict.fromkeys(row.text("source") for row in rows))
        if abs(sum(percent.values()) - 100) > _SUM_TOLERANCE + 1e-9:
            what = f"the shares of {country} at {day} sum to {sum(percent.values()):.2f}, not 100"
            raise rows[-1].wrong("share", what)
        reports.setdefault(country, {})[day] = _Report(percent, sources)
    return reports

"""A power analysis before the case: how many people must report, and what could a number of them show?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering import PORTED_UNKNOWN, canonical_operator, market_shares, operators_of, portability
from tasrib.numbering.reference import as_day
from tasrib.tracing.stats.likelihood import allocated_share
from tasrib.tracing.stats.power import controls_for
from tasrib.tracing.stats.word_power import WordTest, detectable_by_word, people_for_word, word_power

_TABLE_PEOPLE = (10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)
_TABLE_CONTROLS = (0.0, 1.0, 2.0, 4.0)
_CURVE_POINTS = 36
_CURVE_PEOPLE = (10, 1000)


@dataclass(frozen=True)
class OperatorShare:
    """
    An operator's share of a country's numbers on a day, and what may hide its customers.

    Attributes
    ----------
    operator : str
        Name, or words for an operator of whom only the share is given.
    baseline : float
        Share of the numbers, 0 to 1.
    baseline_from : str
        How the share is known.
    n_operators : int
        Operators of the country that are tested.
    ported : float
        Mean share of an operator's customers whose number was allocated to another operator.
    ported_from : str
        How that is known.
    country, at : str
        ISO code and day.
    given : bool
        Whether the share was given, not looked up.
    """

    operator: str
    baseline: float
    baseline_from: str
    n_operators: int
    ported: float
    ported_from: str
    country: str
    at: str
    given: bool


@dataclass(frozen=True)
class PowerDesign:
    """
    What is asked of a power analysis.

    Attributes
    ----------
    source : OperatorShare
        The operator from which the list may have leaked.
    leak_share : float
        Share of the campaign's list that came from it, 0 to 1.
    controls_per_case : float
        Controls for each person reached; 0 to compare with market shares only.
    confidence : float
        One minus the rate of false alarms over all operators.
    power : float
        Wanted chance that the leak is found moderate or strong; above that rate.
    campaigns : int
        Campaigns that are tested in the same report.
    people : int, optional
        A number of people of which to say what they could show.
    senders : int
        Of whose messages the controls complained.
    """

    source: OperatorShare
    leak_share: float
    controls_per_case: float = 2.0
    confidence: float = 0.95
    power: float = 0.8
    people: int | None = None
    campaigns: int = 1
    senders: int = 10

    @property
    def exposed_share(self) -> float:
        """Share of the people reached who would have the operator's numbers."""
        return allocated_share(self.source.baseline, self.leak_share, self.source.ported)

    @property
    def test(self) -> WordTest:
        """What a finding would be tested for."""
        return WordTest(self.source.ported, self.source.n_operators, 1 - self.confidence, self.campaigns, self.senders)


@dataclass(frozen=True, eq=False)
class PowerAnalysis:
    """
    What a power analysis found.

    Attributes
    ----------
    design : PowerDesign
        What was asked.
    people_needed : int or None
        People from whom on the wanted power is reached; None where none are enough.
    table : pandas.DataFrame
        Power, one row a number of people, one column a number of controls.
    detectable : pandas.Series
        Least share found with the wanted power, by number of people; NaN where not even a whole list would show.
    """

    design: PowerDesign
    people_needed: int | None
    table: pd.DataFrame
    detectable: pd.Series

    @property
    def power_of_people(self) -> float | None:
        """Chance that the people asked about find the leak moderate or strong; None where none were named."""
        people = self.design.people
        return None if people is None else float(self.table.loc[people, self.design.controls_per_case])

    @property
    def detectable_share(self) -> float | None:
        """Least share that the people asked about find; None where there is none, or no people were named."""
        people = self.design.people
        return None if people is None else _or_none(self.detectable[people])

    def curve(self) -> pd.DataFrame:
        """
        Power along a line of numbers of people.

        Returns
        -------
        pandas.DataFrame
            As `table`, with the people spaced evenly on a logarithmic scale, to twice those needed.
        """
        first, least = _CURVE_PEOPLE
        last = max(least, 2 * (self.people_needed or 0), self.design.people or 0)
        people = sorted({int(n) for n in np.geomspace(first, last, _CURVE_POINTS).round()})
        return power_table(self.design, people, list(self.table.columns))

    def to_dict(self) -> dict[str, Any]:
        """
        All of it as plain values.

        Returns
        -------
        dict
            For JSON: what cannot be found is None.
        """
        design, source = self.design, asdict(self.design.source)
        del source["given"]
        return {
            **source,
            "leak_share": design.leak_share,
            "exposed_share": design.exposed_share,
            "confidence": design.confidence,
            "power": design.power,
            "controls_per_case": design.controls_per_case,
            "campaigns": design.campaigns,
            "control_senders": design.senders,
            "people_needed": self.people_needed,
            "people": design.people,
            "power_of_people": self.power_of_people,
            "detectable_share": self.detectable_share,
            "table": self.table.stack().rename("power").reset_index().to_dict("records"),
            "detectable": [
                {"n_people": n, "detectable_share": _or_none(share)} for n, share in self.detectable.to_dict().items()
            ],
        }


def power_table(design: PowerDesign, people: Sequence[int], controls_per_case: Sequence[float]) -> pd.DataFrame:
    """
    Power for several numbers of people and of controls.

    Parameters
    ----------
    design : PowerDesign
        What is asked.
    people : sequence of int
        Numbers of people reached.
    controls_per_case : sequence of float
        Controls for each of them.

    Returns
    -------
    pandas.DataFrame
        `word_power`, one row a number of people (index ``n_people``), one column a number of controls
        (``controls_per_case``). Column 0 compares with the market shares alone: it supposes that these hold for people who
        complain, which nobody knows, so it looks better than it is: such a finding is never more than ``weak``.

    Raises
    ------
    ValueError
        As `word_power`.
    """
    power = [
        [
            word_power(n, controls_for(n, ratio), design.leak_share, design.source.baseline, design.test)
            for ratio in controls_per_case
        ]
        for n in people
    ]
    return pd.DataFrame(
        power,
        index=pd.Index(people, name="n_people", dtype=int),
        columns=pd.Index(controls_per_case, name="controls_per_case", dtype=float),
    )


def find_operator_share(operator: str | float, at: object, country: str = "MA") -> OperatorShare:
    """
    Find an operator's share of the numbers and how many of them are ported.

    Parameters
    ----------
    operator : str or float
        A name in any spelling, or the share itself, between 0 and 1.
    at : date, datetime or str
        The day.
    country : str
        ISO code of the home country.

    Returns
    -------
    OperatorShare
        A share that is given does without known market shares; without figures on ported numbers, `PORTED_UNKNOWN` is assumed.

    Raises
    ------
    TasribError
        When the day or the country cannot be read, or a named operator has no known market share.
    """
    day = as_day(at).isoformat()
    if isinstance(operator, str):
        share, name, method, n_operators = _known_share(operator, day, country)
    else:
        share, name, method = operator, f"an operator with {operator:.1%}", "as given"
        n_operators = _n_operators(day, country)
    ported, ported_from = _ported(day, country)
    return OperatorShare(
        name, share, method, n_operators, ported, ported_from, country, day, given=not isinstance(operator, str)
    )


def analyse_power(design: PowerDesign) -> PowerAnalysis:
    """
    Say how many people must report a campaign before a leak shows, and what numbers of them could show.

    Parameters
    ----------
    design : PowerDesign
        What is asked.

    Returns
    -------
    PowerAnalysis
        With a table of usual numbers of people and of controls, and those of the design.

    Raises
    ------
    ValueError
        As `tasrib.tracing.stats.word_power.people_for_word`.
    """
    baseline, ratio = design.source.baseline, design.controls_per_case
    needed = people_for_word(design.leak_share, baseline, design.test, power=design.power, controls_per_case=ratio)
    people = sorted({*_TABLE_PEOPLE} | ({design.people} if design.people else set()))
    table = power_table(design, people, sorted({*_TABLE_CONTROLS, ratio}))
    least = [detectable_by_word(n, controls_for(n, ratio), baseline, design.test, power=design.power) for n in people]
    return PowerAnalysis(design, needed, table, pd.Series(least, index=table.index, name="detectable_share"))


def _known_share(operator: str, day: str, country: str) -> tuple[float, str, str, int]:
    known = market_shares(day, country)
    present = sorted(name for name, share in known.shares.items() if share > 0)
    name = canonical_operator(operator, country)
    if name not in present:
        what = f"no market share of {name} at {day}" if name else f"operator '{operator}' is not known"
        raise TasribError(f"{what}; known: {', '.join(present)}, or give its share of the numbers, such as 0.3")
    return known.shares[name], name, known.method, len(present)


def _n_operators(day: str, country: str) -> int:
    try:
        return sum(share > 0 for share in market_shares(day, country).shares.values())
    except TasribError:
        return len(operators_of(country))


def _ported(day: str, country: str) -> tuple[float, str]:
    try:
        known = portability(day, country)
    except TasribError as error:
        a, b = PORTED_UNKNOWN
        return a / (a + b), f"assumed, since {error}"
    return known.mean, "; ".join(known.sources)


def _or_none(share: float) -> float | None:
    return None if math.isnan(share) else float(share)

"""What a comparison is: what it is given, what it gives back, and how the report shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from tasrib.tracing.caveats import Caveat, Shown
from tasrib.tracing.controls import ControlCounts, stratum_names
from tasrib.tracing.lists import AmongLists
from tasrib.tracing.people import People

Finding = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """
    What all comparisons of one run share.

    Attributes
    ----------
    country : str
        ISO 3166 code of the home country.
    operators : list of str
        Names, in the order of all counts.
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares, summing to 1; None where they are unknown.
    ported : (float, float)
        Parameters of the Beta distribution of the share of ported numbers.
    min_people : int
        Smaller campaigns are not compared; as many controls are needed for a comparison with controls.
    prior_no_leak, prior_pairs : float
        Prior probability that a list came from no operator, and from two.
    canaries : pandas.DataFrame or None
        ``number`` and ``holder``, and ``given_at`` where known; for comparisons of a whole batch only.
    pseudonym : callable or None
        Makes the pseudonym of a number in E.164 form; for comparisons of a whole batch only.
    replicates, seed : int
        Random draws, and the seed of all of them.
    n_campaigns : int
        Campaigns that are compared.
    """

    country: str
    operators: list[str]
    market: np.ndarray | None
    ported: tuple[float, float]
    min_people: int
    prior_no_leak: float
    prior_pairs: float
    canaries: pd.DataFrame | None = None
    pseudonym: Callable[[str], str] | None = None
    replicates: int = 9_999
    seed: int = 0
    n_campaigns: int = 1

    @property
    def shares(self) -> np.ndarray:
        """Market shares, or even ones where they are unknown."""
        if self.market is not None:
            return self.market
        return np.full(len(self.operators), 1 / max(len(self.operators), 1))


@dataclass(frozen=True)
class Case:
    """
    A campaign that is compared.

    Attributes
    ----------
    campaign_id : str
        Its name.
    people : pandas.DataFrame
        Everyone it reached, one row a person, as from `People.reached`.
    counts : ControlCounts
        They and their controls, by stratum and operator.
    controls : pandas.DataFrame
        Some of the controls, one row a person, for comparisons that look at persons.
    controlled : bool
        Whether there are enough controls to compare with.
    among : AmongLists or None
        How it stands among the other lists of its months and channels; None without controls.
    """

    campaign_id: str
    people: pd.DataFrame
    counts: ControlCounts
    controls: pd.DataFrame
    controlled: bool
    among: AmongLists | None = None

    def strata(self) -> tuple[np.ndarray, np.ndarray]:
        """Stratum of each of `people` and of each of `controls`, by what `counts` was divided by; all the same where it was not."""
        return tuple(stratum_names(rows, self.counts.strata) for rows in (self.people, self.controls))  # type: ignore[return-value]


@dataclass(frozen=True)
class Batch:
    """
    All campaigns of a run.

    Attributes
    ----------
    people : People
        Who was reached by what.
    campaigns : pandas.DataFrame
        One row a campaign, as from `describe`: ``campaign_id``, ``party``, ``first`` and the rest.
    messages : pandas.DataFrame or None
        One row a complaint of a campaign, as from `campaign_messages`: ``campaign_id``, ``person``, ``text``.
    """

    people: People
    campaigns: pd.DataFrame
    messages: pd.DataFrame | None = None


@dataclass(frozen=True)
class Found:
    """
    What a comparison gives back.

    Attributes
    ----------
    findings : list of Finding
        One a hypothesis: ``name``, ``p_value``, ``p_within`` (adjusted for the other hypotheses of the campaign),
        ``baseline``, and what else of ``FINDING_COLUMNS`` is known. A comparison of a whole batch adds ``campaign_id``. What holds a finding
        down: ``p_between_within``, a p-value for the spread between lists, adjusted within the campaign, which has to be as small; ``at_most``,
        a word of `tasrib.tracing.evidence.LEVELS` that it cannot exceed, and ``doubts``, a tuple of `Caveat` that says why. ``n_looked_at``
        where a campaign in which there is nothing gets no finding: campaigns looked at, all of them.
    table : pandas.DataFrame or None
        What is worth keeping beside the findings: rows of ``TraceResult.tables[comparison.side.name]``.
    of_campaign : dict of str to float
        Figures of the campaign as a whole: columns of ``TraceResult.campaigns``.
    """

    findings: list[Finding] = field(default_factory=list)
    table: pd.DataFrame | None = None
    of_campaign: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """
    A column of a comparison's table in the report.

    Attributes
    ----------
    heading : str
        Its head: a wording ``[column.…]`` of ``data/reference/report_words.toml``.
    fields : tuple of str
        Columns of the row that the cell shows.
    form : str
        How: ``text``, ``word`` (a value that has a wording), ``said`` (English sentences), ``label`` (what the finding points to), ``of`` (first of
        second), ``ratio``, ``interval`` (first, second to third), ``p_value``, ``posterior``.
    """

    heading: str
    fields: tuple[str, ...]
    form: Literal["text", "word", "said", "label", "of", "ratio", "interval", "p_value", "posterior"] = "text"


@dataclass(frozen=True)
class Line:
    """
    What one line says of findings or verdicts that show nothing.

    Attributes
    ----------
    values : mapping of str to int or str
        Values of the wording, beside ``p``, the smallest adjusted p-value.
    variant : str
        Which of the comparison's lines it is: ``[comparison.KEY.line_VARIANT]``, or ``[comparison.KEY.line]``.
    """

    values: Mapping[str, int | str]
    variant: str = ""


@dataclass(frozen=True)
class Told:
    """
    What the wording of a verdict is filled with.

    Attributes
    ----------
    p_value, p_adjusted : float or None
        Before and after adjustment; the latter None where the former is adjusted already. None or NaN where unknown.
    values : mapping of str to (str, value)
        Values of the wording, each with its kind: ``campaign`` (id and party), ``word`` (a wording of the comparison's group), or a
        noun of ``[count]`` in ``narratives.toml``.
    expected : float or None
        What chance would make; None where that is not said.
    """

    p_value: float | None
    p_adjusted: float | None
    values: Mapping[str, tuple[str, Any]]
    expected: float | None = None


class Aliases(Protocol):
    """Other names for operators, and for what would lead to them."""

    def operator(self, name: str) -> str:
        """Of an operator."""

    def places(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Of a place in the numbering plan, from the country down."""

    def block(self, block: str, prefix: str) -> str:
        """Of a block of numbers, whose operator its prefix tells."""

    def words(self, text: str) -> str:
        """Of operators named in a text."""


def _whole(table: pd.DataFrame, *_: Any) -> pd.DataFrame:
    return table


def _nothing(*_: Any) -> list:
    return []


def _never(row: Mapping[str, Any]) -> bool:
    return False


def _no_doubts(table: pd.DataFrame) -> dict[str, Caveat]:
    return {}


@dataclass(frozen=True)
class SideTable:
    """
    What a comparison keeps beside its findings.

    Attributes
    ----------
    name : str
        Its key in ``TraceResult.tables`` and in ``findings.json``.
    sheet, columns : str, tuple of str
        Its sheet in the workbook, and the columns of that.
    tell : callable, optional
        Where each row is a verdict, on a campaign or on two: what its wording is filled with. Such a table has the column
        ``p_adjusted``, and ``campaign_id``, or ``campaign_a`` and ``campaign_b`` with their parties.
    of_two : bool
        Whether a verdict is on two campaigns.
    is_found : callable
        Whether a verdict says that there is something. It alone decides, and sees rows that may lack values.
    finish : callable
        Completes the table of all campaigns, given their parties: adjusts across campaigns.
    doubts : callable
        Campaigns of which comparisons between people can say little, with the caveat that says why.
    write : callable
        Adds lists as text, for ``findings.json`` and the workbook.
    alias : callable
        Renames operators.
    places : callable
        Places of the numbering plan that it names.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    tell: Callable[[Mapping[str, Any]], Told] | None = None
    of_two: bool = False
    is_found: Callable[[Mapping[str, Any]], bool] = _never
    finish: Callable[[pd.DataFrame, pd.Series], pd.DataFrame] = _whole
    doubts: Callable[[pd.DataFrame], dict[str, Caveat]] = _no_doubts
    write: Callable[[pd.DataFrame], pd.DataFrame] = _whole
    alias: Callable[[pd.DataFrame, Aliases], pd.DataFrame] = _whole
    places: Callable[[pd.DataFrame], Iterable[tuple[str, ...]]] = _nothing


@dataclass(frozen=True)
class Comparison:
    """
    One way to compare the people that campaigns reached: a file in ``tasrib/tracing/comparisons/``.

    The engine and the report loop over the registry and know no comparison by name: what is special about one stands
    here. Its wordings are tables of ``data/reference/narratives.toml``: of each subject ``points_to``, ``source_of`` and ``pattern``
    (``[points_to.operator]``; of a comparison within people the pattern is that of its group), of its group ``alternatives``. Where it
    gives verdicts, of its group ``pattern``, ``found``, ``none``, ``alternatives`` and ``settle`` (``[overlap.pattern]``). Those of the page are
    tables ``[comparison.KEY.…]`` of ``data/reference/report_words.toml``: ``title``, ``by`` (its name in the table of findings), ``method`` (how it
    compares, may name ``{market_method}``), ``line`` (one line where nothing is found) and, where something else than people is counted, ``unit``.
    On the first page stands ``[first.found.GROUP]``, of verdicts ``[first.sign.GROUP]``.

    Attributes
    ----------
    key : str
        ``finding["comparison"]``.
    method_values : mapping of str to (str, float)
        What the wording of its method is filled with, each with its kind: ``number``, ``percent`` or ``limit``.
    compare : callable, optional
        Compares one campaign; may run in another process.
    compare_batch : callable, optional
        Prepares the comparison of all campaigns at once; what it gives back makes it, perhaps in another process.
    compare_union : callable, optional
        Compares campaigns taken together (`find_unions`) as one; its findings stand with the campaign of most people.
    subjects : tuple of str
        Kinds of things that its findings may point to: ``operator``, ``prefix``, ``block``, ``organisation``, ``canary``. All
        findings of one comparison are one family when p-values are adjusted across campaigns.
    which : callable, optional
        Chooses one of several subjects for a finding.
    names : str
        What ``name`` holds: an ``operator``, ``places`` of the numbering plan from the country down, or ``words`` of people.
    within_people : bool
        Whether numbers of one person are compared with each other, which needs neither controls nor strata.
    group : str
        Suffix of its wordings.
    chance : str
        What the text says of chance: ``plain`` (how often), ``odds`` (with the adjusted odds ratio), ``likelihood`` (the
        likelihood ratio).
    leads : bool
        Whether its findings open a campaign's section, those of none too.
    sizes_share : bool
        Whether a finding of none is told with the share that could have been detected.
    caveats : callable
        What to bear in mind beside a finding. Verdicts have none.
    columns : tuple of Column
        Its table in the report.
    listed : callable
        Rows of that table, from the campaign's findings or verdicts and the campaign's rows of the side table.
    line : callable, optional
        What one line says where nothing was found, from the findings or verdicts; how many were compared by default.
    side : SideTable or None
        What it keeps beside its findings.
    """

    key: str
    method_values: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    compare: Callable[[Case, Setting], Found] | None = None
    compare_batch: Callable[[Batch, Setting], Callable[[], Found]] | None = None
    compare_union: Callable[[Case, Setting], Found] | None = None
    subjects: tuple[str, ...] = ("operator",)
    which: Callable[[Mapping[str, Any]], str] | None = None
    names: Literal["operator", "places", "words"] = "operator"
    within_people: bool = False
    group: str = "operator"
    chance: Literal["plain", "odds", "likelihood"] = "plain"
    leads: bool = False
    sizes_share: bool = True
    caveats: Callable[[Finding, Shown], list[Caveat]] = _nothing
    columns: tuple[Column, ...] = ()
    listed: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] = _whole
    line: Callable[[pd.DataFrame], Line] | None = None
    side: SideTable | None = None

    @property
    def beside_controls(self) -> bool:
        """Whether its findings rest on controls: what these lack holds them down."""
        return not self.within_people and (self.compare is not None or self.compare_union is not None)

    def subject(self, finding: Mapping[str, Any]) -> str:
        """Kind of thing that a finding points to."""
        return self.subjects[0] if self.which is None else self.which(finding)

    def hypothesis(self, finding: Mapping[str, Any]) -> str:
        """What a finding points to, for those who read ``findings.json`` by machine."""
        return f"{self.subject(finding)}:{label(finding)}"


def is_below(p: float | None, limit: float) -> bool:
    """Whether a p-value is known and below a limit."""
    return p is not None and not pd.isna(p) and 0 <= p < limit


def label(finding: Mapping[str, Any]) -> str:
    """
    Name what a finding points to by its last word.

    Parameters
    ----------
    finding : mapping
        With ``name``.

    Returns
    -------
    str
        The name, or of a place its own label.
    """
    name = finding["name"]
    return name if isinstance(name, str) else name[-1]

"""Organisations that hold the number, as exposures: each alone, then all of them and the operators at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse.csgraph import connected_components

from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.logistic import LogisticFit, centre_within, cosines, is_independent
from tasrib.tracing.stats.stratified import stratified_excess

HOLDER_COLUMNS = (
    "organisation",
    "cases_exposed",
    "cases",
    "controls_exposed",
    "controls",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "adjusted_odds_ratio",
    "adjusted_low",
    "adjusted_high",
    "adjusted_p",
    "unadjusted",
    "note",
)
# Correlation from which two exposures are called hard, and impossible, to tell apart.
NEAR, SAME = 0.9, 0.999
_PEOPLE_PER_COEFFICIENT = 5
_ADJUSTED = ("adjusted_odds_ratio", "adjusted_low", "adjusted_high", "adjusted_p")
# An excess among people alike in all else stands where the model has no finite estimate.
_SETTLED = 0.05


@dataclass(frozen=True)
class Holders:
    """
    Result of `holder_excess`.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an organisation, least p-value first; columns as in `HOLDER_COLUMNS`. ``unadjusted``: whether it may have an excess that
        could not be held against what the others and the operators explain.
    unknown_cases, unknown_controls : int
        People who listed no organisation at all, left out.
    model : str
        ``conditional logistic``, ``logistic``, ``logistic with strata``, or empty when none could be fitted.
    collinear : tuple of tuple of str
        Groups that the data hardly tell apart, operators as ``operator:NAME``.
    """

    table: pd.DataFrame
    unknown_cases: int
    unknown_controls: int
    model: str
    collinear: tuple[tuple[str, ...], ...]


def operator_label(name: str) -> str:
    """Name an operator among the exposures."""
    return f"operator:{name or 'unknown'}"


def holder_excess(
    is_case: ArrayLike,
    exposures: pd.DataFrame,
    *,
    strata: ArrayLike | None = None,
    operator: ArrayLike | None = None,
    answered: ArrayLike | None = None,
    screen: float = 0.2,
    confidence: float = 0.95,
) -> Holders:
    """
    Compare people reached with controls, organisation by organisation, then all organisations and operators at once.

    Parameters
    ----------
    is_case : sequence of bool, shape (n_people,)
        Whether the campaign reached the person.
    exposures : pandas.DataFrame of bool, shape (n_people, n_organisations)
        Whether the organisation holds the person's number; missing where unknown.
    strata : sequence, shape (n_people,), optional
        Stratum of each person; comparisons are made within strata.
    operator : sequence of str, shape (n_people,), optional
        Operator of each number, to adjust for.
    answered : sequence of bool, shape (n_people,), optional
        Whether the person said who holds the number. Unless given, those who listed at least one organisation did.
    screen : float
        Organisations with a p-value below it enter the model.
    confidence : float
        Of the intervals.

    Returns
    -------
    Holders
        ``odds_ratio``, ``ci_low``, ``ci_high``, ``p_value`` are exact, one organisation at a time, one-sided for excess,
        ``p_adjusted`` over the organisations (Holm). ``adjusted_*`` come from the model, with intervals and one-sided
        p-values from the profile likelihood; missing where ``note`` says why.

    Raises
    ------
    ValueError
        When lengths differ.

    Notes
    -----
    An outbreak investigation with the organisation as the food (Gross, "Oswego County revisited", Public Health Reports
    1976). Without strata Fisher's exact test, with strata the exact test of a common odds ratio. The model is
    conditional logistic regression (Breslow & Day, "Statistical Methods in Cancer Research" I, 1980, ch. 7) when strata
    are small, logistic regression with an indicator for each stratum when on average at least ten cases and ten controls
    are in one, so that the bias of the indicators is small (their section 7.1). Profile intervals: Venzon & Moolgavkar,
    Applied Statistics 1988. Infinite estimates (separation: Albert & Anderson, Biometrika 1984) are found by linear
    programming (Konis, "Linear programming algorithms for detecting separated data", 2007) and noted; their interval
    has one finite end, and the exact test stands. At least five cases and controls a coefficient, else the organisations
    of the largest p-values stay out.
    """
    case = np.asarray(is_case, bool)
    n = len(case)
    group = np.zeros(n, int) if strata is None else pd.factorize(np.asarray(strata), use_na_sentinel=False)[0]
    by = None if operator is None else pd.Series(np.asarray(operator, object)).fillna("").astype(str).to_numpy()
    known = exposures.fillna(False).to_numpy(bool).any(axis=1) if answered is None else np.asarray(answered, bool)
    if {len(exposures), len(group), len(known), n if by is None else len(by)} != {n}:
        raise ValueError(f"exposures, strata, operator and answered need one entry for each of the {n} people")
    unknown_cases, unknown_controls = int((case & ~known).sum()), int((~case & ~known).sum())
    case, group, by = case[known], group[known], None if by is None else by[known]
    held = exposures[known].astype("boolean")
    rows = [(str(name), *_alone(case, held[name], group, confidence)) for name in held.columns]
    table = pd.DataFrame(rows, columns=list(HOLDER_COLUMNS[:9]))
    table["p_adjusted"] = holm(table["p_value"])
    table[list(_ADJUSTED)] = np.nan
    table["unadjusted"], table["note"] = False, ""
    table.index = held.columns
    table = table.sort_values("p_value", kind="stable")
    answers = _Answers(case, held, group, strata is not None, by)
    model, collinear = _adjust(table, answers, screen, confidence)
    return Holders(table.reset_index(drop=True), unknown_cases, unknown_controls, model, collinear)


def _alone(case: np.ndarray, column: pd.Series, group: np.ndarray, confidence: float) -> tuple:
    told = column.notna().to_numpy()
    has, y = column[told].to_numpy(bool), case[told]
    counts = (int((has & y).sum()), int(y.sum()), int((has & ~y).sum()), int((~y).sum()))
    found = stratified_excess(*strata_counts(y, has, group[told]), confidence=confidence)
    return (*counts, found.odds_ratio, found.ci_low, found.ci_high, found.p_value)


def strata_counts(
    case: np.ndarray, has: np.ndarray, stratum: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """
    Count cases and controls, with the exposure and all, stratum by stratum.

    Parameters
    ----------
    case, has : numpy.ndarray of bool, shape (n_people,)
        Whether the campaign reached the person; whether the person has the exposure.
    stratum : numpy.ndarray of int, shape (n_people,)
        From 0.

    Returns
    -------
    exposed_cases, cases, exposed_controls, controls : numpy.ndarray of int, shape (n_strata,)
        As `tasrib.tracing.stats.stratified.stratified_excess` takes them.
    """
    size = int(stratum.max(initial=-1)) + 1

    def count(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(stratum[chosen], minlength=size)

    return count(case & has), count(case), count(~case & has), count(~case)


@dataclass(frozen=True)
class _Answers:
    """People who said who holds their number: what a model of the cases is fitted to."""

    case: np.ndarray
    held: pd.DataFrame
    strata: np.ndarray
    stratified: bool
    operator: np.ndarray | None


@dataclass(frozen=True)
class _Exposures:
    """Columns of a model, organisations first, then operators; less their means within strata."""

    case: np.ndarray
    columns: np.ndarray
    strata: np.ndarray
    organisations: list
    operators: list[str]

    @property
    def labels(self) -> list[str]:
        return [*map(str, self.organisations), *map(operator_label, self.operators)]


def _adjust(
    table: pd.DataFrame, answers: _Answers, screen: float, confidence: float
) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """Fill in the adjusted columns and the notes; name the model and what cannot be told apart."""
    entering = [name for name in table.index if table.at[name, "p_value"] < screen]
    exposures = _exposures(answers, entering)
    notes, collinear = _look_alikes(exposures.columns, exposures.labels, len(entering))
    columns = _independent_columns(exposures, notes)
    model = ""
    apart = {j for j in columns if j < len(entering) and not any(note.startswith("cannot") for note in notes[j])}
    if any(j < len(entering) for j in columns) and len(set(exposures.case.tolist())) == 2:
        fit = LogisticFit(exposures.case, exposures.columns[:, columns], exposures.strata, answers.stratified)
        model = fit.name
        for at, j in enumerate(columns):
            if j < len(entering):
                table.loc[entering[j], list(_ADJUSTED)] = fit.profile(at, confidence)
                if fit.separated[at]:
                    notes[j].append("separated: no finite adjusted estimate, rely on the exact test")
                    # The likelihood ratio is least to be trusted here: with one organisation that nearly all customers of the leaking
                    # operator named, it rang in 7 of 100 campaigns.
                    if _among_alike(answers, entering, entering[j]) >= _SETTLED:
                        apart.discard(j)
    for j, name in enumerate(entering):
        table.at[name, "note"] = "; ".join(notes[j])
        table.at[name, "unadjusted"] = j not in apart
    for name in table.index.difference(entering, sort=False):
        table.at[name, "note"] = "not adjusted: no excess in the first comparison"
    return model, collinear


def _among_alike(answers: _Answers, entering: list, name: Any) -> float:
    """Exact p-value of an organisation among people of one stratum and operator who named the same others."""
    told = answers.held[entering].notna().all(axis=1).to_numpy()
    held = answers.held.loc[told, entering].astype(bool)
    others = held.drop(columns=name).to_numpy()
    of = np.zeros(len(held), int) if answers.operator is None else pd.factorize(answers.operator[told])[0]
    alike = np.unique(np.column_stack([answers.strata[told], of, others]), axis=0, return_inverse=True)[1].ravel()
    return stratified_excess(*strata_counts(answers.case[told], held[name].to_numpy(), alike)).p_value


def _exposures(answers: _Answers, entering: list) -> _Exposures:
    """What the people who answered for all these organisations are exposed to."""
    told = answers.held[entering].notna().all(axis=1).to_numpy()
    strata, columns, operators = answers.strata[told], [answers.held.loc[told, entering].to_numpy(bool)], []
    if answers.operator is not None:
        of = answers.operator[told]
        operators = [*pd.Series(of).value_counts().index]
        columns += [of[:, None] == name for name in operators]
    full = centre_within(np.column_stack(columns).astype(float), strata)
    return _Exposures(answers.case[told], full, strata, entering, operators)


def _independent_columns(exposures: _Exposures, notes: list[list[str]]) -> list[int]:
    """Columns that a model can tell apart, operators before organisations; says in the notes why others stay out."""
    y, full, n_entering = exposures.case, exposures.columns, len(exposures.organisations)
    # One operator is the reference: the first, of most people.
    order = [*range(n_entering + 1, full.shape[1]), *range(n_entering)]
    columns: list[int] = []
    room = max(1, min(y.sum(), (~y).sum()) // _PEOPLE_PER_COEFFICIENT)
    for j in order:
        if is_independent(full[:, j], full[:, columns]):
            if j >= n_entering or len(columns) < room:
                columns.append(j)
            else:
                notes[j].append("not adjusted: too few people for so many organisations")
        elif j < n_entering:
            notes[j].append(
                "not adjusted: " + ("" if notes[j] else "the same for all, or ") + "settled by the other exposures"
            )
    return columns


def _look_alikes(
    columns: np.ndarray, labels: Sequence[str], n_organisations: int
) -> tuple[list[list[str]], tuple[tuple[str, ...], ...]]:
    """Notes for each column on which others it goes with, and the groups of these."""
    alike = cosines(columns)
    notes: list[list[str]] = [[] for _ in labels]
    for j in range(n_organisations):
        others = [i for i in range(len(labels)) if i != j]
        # With two operators, to go with one is to go against the other: only the first is worth saying.
        near = [i for i in others if alike[j, i] >= NEAR] or [i for i in others if alike[j, i] <= -NEAR]
        if near:
            word = "cannot" if max(abs(alike[j, i]) for i in near) >= SAME else "can hardly"
            against = "" if alike[j, near[0]] > 0 else "the absence of "
            notes[j].append(f"{word} be told apart from {against}" + ", ".join(labels[i] for i in near))
    number, of = connected_components(alike >= NEAR, directed=False)
    members = [tuple(labels[i] for i in np.flatnonzero(of == part).tolist()) for part in range(number)]
    return notes, tuple(names for names in members if len(names) > 1)

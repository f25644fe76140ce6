"""Logistic regression with or without strata: maximum, profile intervals, and estimates that are infinite."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, sparse, special, stats
from statsmodels.discrete.discrete_model import Logit

# A stratum of so many cases and controls, or of so many people, may have an indicator: what that biases is about 1 in the people of it.
_EACH_PER_STRATUM, _PEOPLE_PER_STRATUM = 10, 60
# A log odds ratio that stands for infinity in the likelihood.
_INFINITY = 10.0


class LogisticFit:
    """
    A logistic likelihood, its maximum and its profiles, infinite estimates included.

    Parameters
    ----------
    y : numpy.ndarray of bool, shape (n_people,)
        True for a case.
    x : numpy.ndarray of float, shape (n_people, n_columns)
        Exposures; none may be a linear combination of the others within strata.
    strata : numpy.ndarray of int, shape (n_people,)
        Stratum of each person, numbered from 0. Strata with only cases or only controls are left out.
    stratified : bool
        Whether the strata are real: then small ones call for the conditional likelihood.

    Attributes
    ----------
    name : str
        ``conditional logistic``, ``logistic with strata`` or ``logistic``.
    separated : numpy.ndarray of bool, shape (n_columns,)
        Exposures whose estimate is infinite.

    Notes
    -----
    Conditional likelihood of small strata: Breslow & Day, "Statistical Methods in Cancer Research" I, 1980, ch. 7; with ten cases and ten
    controls, or sixty people, an indicator for the stratum does as well (their section 7.1), in a fraction of the time. The product of both
    is a likelihood again, since strata are independent. Separation: Albert & Anderson, Biometrika 1984.
    """

    def __init__(self, y: np.ndarray, x: np.ndarray, strata: np.ndarray, stratified: bool):
        informs = (np.bincount(strata, y)[strata] > 0) & (np.bincount(strata, ~y)[strata] > 0)
        y, x, strata = y[informs], x[informs], np.unique(strata[informs], return_inverse=True)[1]
        cases, controls = np.bincount(strata, y), np.bincount(strata, ~y)
        small = (
            (np.minimum(cases, controls) < _EACH_PER_STRATUM) & (cases + controls < _PEOPLE_PER_STRATUM) & stratified
        )
        self.separated = _separated(y, x, np.eye(len(cases))[strata])
        self.name = "conditional logistic" if small.any() else "logistic with strata" if stratified else "logistic"
        few = small[strata]
        self._few = (
            ConditionalLikelihood(y[few], x[few], np.unique(strata[few], return_inverse=True)[1]) if few.any() else None
        )
        self._many, extra = None, int((~small).sum())
        if extra:
            indicators = np.eye(extra)[np.unique(strata[~few], return_inverse=True)[1]]
            self._many = Logit(y[~few].astype(float), np.column_stack([x[~few], indicators]))
        # What the indicators of the strata add up to may lie far out; only the exposures can be infinite.
        self._bounds = [(-_INFINITY, _INFINITY)] * x.shape[1] + [(None, None)] * extra
        self._top, self._at = self._maximum({})

    def profile(self, column: int, confidence: float) -> tuple[float, float, float, float]:
        """
        Odds ratio of one exposure, by the profile likelihood.

        Parameters
        ----------
        column : int
            Which exposure.
        confidence : float
            Of the interval, between 0 and 1.

        Returns
        -------
        odds_ratio, low, high, p_value : float
            Estimate, ends of its interval, and the one-sided p-value for an excess.

        Notes
        -----
        Venzon & Moolgavkar, Applied Statistics 1988.
        """
        estimate = float(self._at[column])
        infinite = bool(self.separated[column])
        fallen = np.sqrt(stats.chi2.ppf(confidence, 1) / 2)
        known = {estimate: self._at}

        def drop(beta: float) -> float:
            # From the nearest point of the profile that is known, few steps are left.
            top, known[beta] = self._maximum({column: beta}, known[min(known, key=lambda there: abs(there - beta))])
            return max(0.0, self._top - top)

        # The root of the drop is nearly straight, so that its zero is found in few steps.
        def short(beta: float) -> float:
            return float(np.sqrt(drop(beta))) - fallen

        low = -np.inf if infinite and estimate < 0 else _end(short, estimate, -1.0)
        high = np.inf if infinite and estimate > 0 else _end(short, estimate, 1.0)
        p_value = float(stats.norm.sf(np.sign(estimate) * np.sqrt(2 * drop(0.0))))
        point = np.copysign(np.inf, estimate) if infinite else estimate
        return float(np.exp(point)), float(np.exp(low)), float(np.exp(high)), p_value

    def _value(self, beta: np.ndarray) -> tuple[float, np.ndarray]:
        """Log-likelihood and score."""
        value, score = 0.0, np.zeros(len(beta))
        if self._many is not None:
            value, score = self._many.loglike(beta), self._many.score(beta)
        if self._few is not None:
            n = self._few.x.shape[-1]
            few, of_few = self._few(beta[:n])
            value, score = value + few, score + np.pad(of_few, (0, len(beta) - n))
        return value, score

    def _maximum(self, fixed: dict[int, float], start: np.ndarray | None = None) -> tuple[float, np.ndarray]:
        """Largest log-likelihood with some coefficients fixed, and where it is."""
        bounds = [(fixed[j], fixed[j]) if j in fixed else bound for j, bound in enumerate(self._bounds)]
        start = np.zeros(len(bounds)) if start is None else start.copy()
        for j, value in fixed.items():
            start[j] = value
        found = optimize.minimize(
            lambda beta: tuple(-part for part in self._value(beta)),
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"ftol": 1e-12, "gtol": 1e-6, "maxiter": 500},
        )
        return -float(found.fun), found.x


class ConditionalLikelihood:
    """
    Log-likelihood and score of conditional logistic regression, all strata at once.

    Parameters
    ----------
    y : numpy.ndarray of bool, shape (n_people,)
        True for a case.
    x : numpy.ndarray of float, shape (n_people, n_columns)
        Exposures.
    strata : numpy.ndarray of int, shape (n_people,)
        Stratum of each person; every one from 0 on holds a case and a control.

    Notes
    -----
    The same as `statsmodels.discrete.conditional_models.ConditionalLogit`, which recurses in Python over people and cases:
    fifty times as slow at 150 strata of ten, and profiles take hundreds of evaluations.
    """

    def __init__(self, y: np.ndarray, x: np.ndarray, strata: np.ndarray):
        order = np.argsort(strata, kind="stable")
        sizes = np.bincount(strata)
        place = np.arange(len(y)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self.inside = np.arange(sizes.max()) < sizes[:, None]
        self.x = np.zeros((*self.inside.shape, x.shape[1]))
        self.x[strata[order], place] = x[order]
        self.cases = np.bincount(strata, weights=y).astype(int)
        self.centre = np.log(self.cases / (sizes - self.cases))
        self.sizes, self.of_cases = sizes, x[y].sum(axis=0)

    def __call__(self, beta: np.ndarray) -> tuple[float, np.ndarray]:
        """
        Evaluate at one vector of coefficients.

        Parameters
        ----------
        beta : numpy.ndarray, shape (n_columns,)
            Log odds ratios.

        Returns
        -------
        value : float
            Log-likelihood.
        score : numpy.ndarray, shape (n_columns,)
            Its first derivatives.
        """
        eta = self.x @ beta
        # Any shift within a stratum cancels; this one makes the number of cases a likely sum of coin tosses, so that
        # nothing overflows in the recursion over people.
        shift = self.centre - eta.sum(axis=1) / self.sizes
        eta = np.where(self.inside, eta + shift[:, None], -np.inf)
        heads = special.expit(eta)
        p = np.zeros((len(eta), self.cases.max() + 1))
        p[:, 0] = 1
        sums = np.zeros((*p.shape, len(beta)))
        for i in range(eta.shape[1]):
            h = heads[:, i, None]
            add = sums[:, :-1] + p[:, :-1, None] * self.x[:, i, None, :]
            sums *= (1 - h)[..., None]
            sums[:, 1:] += h[..., None] * add
            moved = h * p[:, :-1]
            p *= 1 - h
            p[:, 1:] += moved
        at = np.arange(len(eta)), self.cases
        ways = np.log(p[at]) + np.logaddexp(0, eta).sum(axis=1) - self.cases * shift
        return float(self.of_cases @ beta - ways.sum()), self.of_cases - (sums[at] / p[at][:, None]).sum(axis=0)


def centre_within(columns: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """
    Take from each column its mean within strata: what is left is what a comparison within strata sees.

    Parameters
    ----------
    columns : numpy.ndarray of float, shape (n_people, n_columns)
        Exposures, 0 or 1.
    strata : numpy.ndarray of int, shape (n_people,)
        Stratum of each person, from 0.

    Returns
    -------
    numpy.ndarray of float, shape (n_people, n_columns)
        Deviations from the stratum's mean.
    """
    if not len(columns):
        return columns
    sums = np.zeros((strata.max() + 1, columns.shape[1]))
    np.add.at(sums, strata, columns)
    return columns - (sums / np.maximum(np.bincount(strata), 1)[:, None])[strata]


def is_independent(column: np.ndarray, others: np.ndarray) -> bool:
    """
    Tell whether a column is no linear combination of others.

    Parameters
    ----------
    column : numpy.ndarray of float, shape (n_people,)
        From `centre_within`.
    others : numpy.ndarray of float, shape (n_people, n_others)
        The same; may have no column.

    Returns
    -------
    bool
        False also where the column is the same for all people of every stratum.
    """
    size = float(column @ column)
    if size < 1e-9:
        return False
    if not others.shape[1]:
        return True
    rest = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
    return float(rest @ rest) > 1e-8 * size


def cosines(columns: np.ndarray) -> np.ndarray:
    """
    Cosine of the angle between any two columns: their correlation, when they are centred.

    Parameters
    ----------
    columns : numpy.ndarray of float, shape (n_people, n_columns)
        From `centre_within`.

    Returns
    -------
    numpy.ndarray of float, shape (n_columns, n_columns)
        From -1 to 1; 0 for a column that does not vary.
    """
    size = np.sqrt((columns**2).sum(axis=0))
    unit = columns / np.where(size > 0, size, 1)
    return unit.T @ unit


def _end(short: Callable[[float], float], estimate: float, step: float) -> float:
    """Where the profile has fallen far enough, looking from the estimate in the direction of the step."""
    before, here = estimate, estimate + step
    while abs(here) < 2 * _INFINITY:
        if short(here) > 0:
            return float(optimize.brentq(short, min(before, here), max(before, here), xtol=1e-5))
        before, step = here, step * 1.5
        here += step
    return float(np.copysign(np.inf, step))


def _separated(y: np.ndarray, x: np.ndarray, indicators: np.ndarray) -> np.ndarray:
    """
    Columns whose estimate is infinite: the likelihood never falls along a direction that has them in it.

    By linear programming: Konis, "Linear programming algorithms for detecting separated data", 2007.
    """
    signed = np.where(y, 1.0, -1.0)[:, None] * np.column_stack([x, indicators])
    bounds = [(-1.0, 1.0)] * x.shape[1] + [(None, None)] * indicators.shape[1]
    found = optimize.linprog(-signed.sum(axis=0), A_ub=sparse.csr_array(-signed), b_ub=np.zeros(len(y)), bounds=bounds)
    return np.abs(found.x[: x.shape[1]]) > 1e-7 if found.status == 0 else np.zeros(x.shape[1], bool)

"""Points and weights of the posterior's integrals: over baselines, shares of the list and ported numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import betainccinv, betaincinv, expit, log_expit, logit

_TAIL, _NOBODY, _NOTHING = 1e-8, 1e-3, -1e300


@dataclass(frozen=True)
class BetaCounts:
    """
    What tells of a baseline, the share of an operator among people who complain.

    Attributes
    ----------
    prior, prior_others : numpy.ndarray, shape (n_weights,)
        Parameters of the Beta priors: of the operator, of all others.
    controls, all_controls : int
        Controls of the operator, all controls.
    people, all_people : int
        The same of controls and people reached together: the latter tell of the baseline too where nothing leaked.
    """

    prior: np.ndarray
    prior_others: np.ndarray
    controls: int
    all_controls: int
    people: int
    all_people: int

    @property
    def worth(self) -> np.ndarray:
        """What each prior is worth, in people."""
        return self.prior + self.prior_others

    def under(self, priors: np.ndarray) -> BetaCounts:
        """The same counts under some of the priors."""
        return replace(self, prior=self.prior[priors], prior_others=self.prior_others[priors])


@dataclass(frozen=True)
class Spacing:
    """
    How finely a baseline is integrated over.

    Attributes
    ----------
    apart : float
        Distance of the points, in standard deviations of the narrowest distribution that the baseline can have.
    most : int
        Points a prior at most.
    """

    apart: float
    most: int


def baselines(counts: BetaCounts, spacing: Spacing) -> tuple[np.ndarray, np.ndarray]:
    """
    Points of a baseline under several priors, and their mass.

    Parameters
    ----------
    counts : BetaCounts
        Priors and people.
    spacing : Spacing
        Of the points.

    Returns
    -------
    b : numpy.ndarray, shape (n_points,)
        Values of the baseline; priors that make it known about as well share theirs.
    log_mass : numpy.ndarray, shape (n_weights, n_points)
        Logarithm of b^(prior + controls) (1 - b)^(prior_others + all_controls - controls) times the spacing, without the
        prior's normalising constant.

    Notes
    -----
    Trapezoidal rule in the log-odds. On a bell it errs by 2 exp(-2 π² / apart²): Trefethen & Weideman, "The exponentially
    convergent trapezoidal rule", SIAM Review 2014.
    """
    groups = group_alike(counts.worth, counts.all_people)
    found = [points(counts.under(group), spacing) for group in groups]
    mass = [spread_over(len(counts.prior), group, part) for group, (_, part) in zip(groups, found, strict=True)]
    return expit(np.concatenate([log_odds for log_odds, _ in found])), np.concatenate(mass, axis=1)


def points(counts: BetaCounts, spacing: Spacing) -> tuple[np.ndarray, np.ndarray]:
    """
    Log-odds of a baseline under priors that need no different points, and their mass.

    Parameters
    ----------
    counts : BetaCounts
        Priors and people.
    spacing : Spacing
        Of the points.

    Returns
    -------
    log_odds : numpy.ndarray, shape (n_points,)
        Evenly spaced.
    log_mass : numpy.ndarray, shape (n_weights, n_points)
        As of `baselines`.
    """
    a, rest, y, own, size = counts.prior, counts.prior_others, counts.controls, counts.people, counts.all_people
    start = logit(betaincinv(a + y, rest + size - y, _TAIL)).min()
    end = logit(betainccinv(a + own, rest + size - own, _TAIL)).max()
    known = float(counts.worth.max() + size)
    # Beyond, not one person is to be expected, and the mass falls off exponentially.
    far = np.log(known / _NOBODY)
    start, end = max(float(start), -far), min(float(end), far)
    b = expit(np.clip(0.0, start, end))
    # In standard deviations of the narrowest bell; where hardly anything is known, the density is smooth over 1.
    wanted = (end - start) / (spacing.apart * min(1.0, 1 / np.sqrt(known * b * (1 - b))))
    log_odds, step = np.linspace(start, end, int(np.ceil(min(wanted, spacing.most))) + 1, retstep=True)
    up, down = (a + y)[:, None], (rest + counts.all_controls - y)[:, None]
    log_mass = up * log_expit(log_odds) + down * log_expit(-log_odds) + np.log(step)
    log_mass[:, :1] += np.log(0.5 + 1 / (up * step))
    log_mass[:, -1:] += np.log(0.5 + 1 / (down * step))
    return log_odds, log_mass


def group_alike(weights: np.ndarray, size: int) -> list[np.ndarray]:
    """
    Group priors under which a baseline is known about as well, so that the same points do.

    Parameters
    ----------
    weights : numpy.ndarray, shape (n_weights,)
        What each prior is worth, in people.
    size : int
        People who tell of the baseline.

    Returns
    -------
    list of numpy.ndarray of int
        Numbers of the priors in each group.
    """
    of = np.floor(np.log(size + weights) / np.log(2.2))
    return [np.flatnonzero(of == one) for one in np.unique(of)]


def spread_over(n_weights: int, group: np.ndarray, log_mass: np.ndarray) -> np.ndarray:
    """
    Spread the masses of some priors over all: the others have none at these points.

    Parameters
    ----------
    n_weights : int
        All priors.
    group : numpy.ndarray of int, shape (n_group,)
        Numbers of those with a mass.
    log_mass : numpy.ndarray, shape (n_group, n_points)
        Its logarithm.

    Returns
    -------
    numpy.ndarray, shape (n_weights, n_points)
        Logarithms.
    """
    out = np.full((n_weights, log_mass.shape[1]), _NOTHING)
    out[group] = log_mass
    return out


def pad(parts: Sequence[tuple[np.ndarray, np.ndarray]], n_weights: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Put the points of several strata in one array.

    Parameters
    ----------
    parts : sequence of (numpy.ndarray, numpy.ndarray)
        One a stratum, from `baselines`.
    n_weights : int
        Priors.

    Returns
    -------
    b, log_mass : numpy.ndarray, shapes (n_strata, n_points), (n_strata, n_weights, n_points)
        Filled up with points that have no mass.
    """
    most = max((len(b) for b, _ in parts), default=1)
    values, masses = np.full((len(parts), most), 0.5), np.full((len(parts), n_weights, most), _NOTHING)
    for at, (b, log_mass) in enumerate(parts):
        values[at, : len(b)], masses[at, :, : len(b)] = b, log_mass
    return values, masses


@dataclass(frozen=True)
class Mass:
    """
    The mass of a baseline's points under several priors, as `integrate` takes it.

    Attributes
    ----------
    highest : numpy.ndarray, shape (..., 1, n_points)
        Logarithm of the largest mass of each point under any prior.
    relative : numpy.ndarray, shape (..., n_points, n_weights)
        The mass under each prior as a part of that.
    """

    highest: np.ndarray
    relative: np.ndarray

    @classmethod
    def of(cls, log_mass: np.ndarray) -> Mass:
        """Take apart the logarithms, of shape (..., n_weights, n_points), that `baselines` gives."""
        highest = log_mass.max(-2)[..., None, :]
        return cls(highest, np.exp(log_mass - highest).swapaxes(-1, -2))

    def of_strata(self, some: slice) -> Mass:
        """That of some strata, where the first axis is of strata."""
        return Mass(self.highest[some], self.relative[some])


def integrate(exponent: np.ndarray, mass: Mass) -> np.ndarray:
    """
    Integrate over a baseline under each prior.

    Parameters
    ----------
    exponent : numpy.ndarray, shape (..., n_points)
        Logarithm of the integrand.
    mass : Mass
        Of the points.

    Returns
    -------
    numpy.ndarray, shape (..., n_weights)
        Logarithm of the sum over the points of exp(exponent) times the mass.
    """
    # One product of matrices for all weights: an exponential for each would take most of the time.
    values = exponent + mass.highest
    top = values.max(-1, keepdims=True)
    values -= top
    np.exp(values, out=values)
    with np.errstate(divide="ignore"):
        return np.log(values @ mass.relative) + top


@lru_cache
def _legendre_rule(size: int) -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(size)


def legendre(low: float, high: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Nodes and weights of Gauss and Legendre.

    Parameters
    ----------
    low, high : float
        Ends of the range.
    size : int
        Nodes.

    Returns
    -------
    nodes, weights : numpy.ndarray, shape (size,)
        The weights sum to the length of the range.
    """
    nodes, weights = _legendre_rule(size)
    return low + (high - low) * (nodes + 1) / 2, (high - low) * weights / 2


def beta_rule(a: float, b: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Nodes and weights that integrate against a Beta density, exactly for polynomials up to degree 2 size - 1.

    Parameters
    ----------
    a, b : float
        Parameters of the density.
    size : int
        Nodes.

    Returns
    -------
    nodes, weights : numpy.ndarray, shape (size,)
        The weights sum to 1.

    Notes
    -----
    Golub & Welsch, "Calculation of Gauss quadrature rules", Mathematics of Computation 1969.
    """
    # Recurrence of the Jacobi polynomials (Abramowitz & Stegun 22.7), moved from [-1, 1] to [0, 1]; scipy's roots_jacobi
    # overflows at the parameters that a thousand controls make.
    k = np.arange(1, size)
    t = 2 * k + a + b - 2
    middle = np.append(a / (a + b), 0.5 + (a - b) * (a + b - 2) / (2 * t * (t + 2)))
    k, t = k[1:], t[1:]
    later = k * (k + a - 1) * (k + b - 1) * (k + a + b - 2) / ((t - 1) * (t + 1) * t**2)
    side = np.append(a * b / ((a + b) ** 2 * (a + b + 1)), later)
    nodes, vectors = eigh_tridiagonal(middle, np.sqrt(side))
    return nodes, vectors[0] ** 2

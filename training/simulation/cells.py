"""The cells of the study, and how one campaign of a cell is drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

# Shares of three operators, rounded from the Moroccan market of 2021; named A, B, C, since nobody leaked anything here.
MARKET = np.array([0.39, 0.335, 0.275])
MARKET_DAY = "2021-09-30"
# Log odds by which the mix of operators differs from region to region.
_REGIONS = np.array([[0.6, 0.0, -0.4], [-0.5, 0.4, 0.0], [0.0, -0.6, 0.5], [0.1, 0.2, -0.1]])
_REGION_SIZES = np.array([0.4, 0.3, 0.2, 0.1])
DECLARED, MISDECLARED = 0.3, 0.02


@dataclass(frozen=True)
class Cell:
    """
    One cell of the study.

    Attributes
    ----------
    n : int
        People reached (of a paired cell: people with two numbers, one of them reached).
    share : float
        λ, the share of the list that came from the operator.
    operator : int
        Whose list: 0, 1, 2 for A, B, C.
    bias : float
        How many times as often B's customers complain, of anything.
    ported : float
        Share of ported numbers; tasrib is told the reference prior, mean 6%, and what 30% of the people declare.
    per_case : int
        Controls for each person reached.
    regions : int
        1, or 4 regions with different mixes of operators, told to tasrib as strata.
    paired : bool
        Whether people are compared with themselves (two SIMs) and not with controls.
    """

    n: int
    share: float = 0.0
    operator: int = 2
    bias: float = 1.0
    ported: float = 0.06
    per_case: int = 2
    regions: int = 1
    paired: bool = False

    @property
    def name(self) -> str:
        """All settings in one word: the name of the cell's file."""
        return "-".join(f"{field.name}{getattr(self, field.name)}" for field in fields(self))


def all_cells() -> list[Cell]:
    """
    List the cells.

    Returns
    -------
    list of Cell
        The core (n × λ), then one thing changed at a time, with and without a leak.
    """
    found = [Cell(n, share) for n in (15, 30, 100, 400) for share in (0.0, 0.15, 0.3, 0.5)]
    found += [Cell(n, share, operator) for n in (30, 100) for share in (0.3,) for operator in (0, 1)]
    found += [Cell(n, share, bias=bias) for bias in (1.5, 2.5) for n in (30, 100, 400) for share in (0.0, 0.3)]
    found += [Cell(n, share, ported=ported) for ported in (0.0, 0.15) for n in (30, 100) for share in (0.0, 0.3)]
    found += [Cell(n, share, per_case=per_case) for per_case in (0, 1) for n in (30, 100) for share in (0.0, 0.3)]
    found += [Cell(n, share, bias=1.5, per_case=0) for n in (100,) for share in (0.0,)]
    found += [
        Cell(n, share, bias=1.5, regions=4) for n in (30, 100, 400) for share in (0.0, 0.3) if n != 400 or share == 0
    ]
    found += [Cell(n, share, bias=1.5, ported=0.15, regions=4) for n in (100,) for share in (0.0,)]
    found += [Cell(n, share, bias=2.5, paired=True) for n in (30, 100) for share in (0.0, 0.3)]
    return found


@dataclass(frozen=True)
class Campaign:
    """
    One simulated campaign.

    Attributes
    ----------
    reached, controls : numpy.ndarray of int, shape (n_regions, 3)
        People by allocated operator.
    declared, differs : int
        People who say which operator serves them, and those of them whose number is of another.
    pairs : tuple of (numpy.ndarray, numpy.ndarray)
        In a paired cell, the operator of each person's reached number and of the other one.
    """

    reached: np.ndarray
    controls: np.ndarray
    declared: int = 0
    differs: int = 0
    pairs: tuple[np.ndarray, np.ndarray] | None = None


def region_sizes(cell: Cell) -> np.ndarray:
    """Shares of the people in each region: shape (n_regions,)."""
    return _REGION_SIZES[: cell.regions] / _REGION_SIZES[: cell.regions].sum()


def baselines(cell: Cell) -> np.ndarray:
    """Shares of the operators among complainants, by region: shape (n_regions, 3)."""
    mix = np.log(MARKET) + (_REGIONS[: cell.regions] if cell.regions > 1 else 0)
    shares = np.exp(np.atleast_2d(mix)) * np.array([1.0, cell.bias, 1.0])
    return shares / shares.sum(1, keepdims=True)


def allocated(baseline: np.ndarray, operator: int, ported: float) -> np.ndarray:
    """M[s]: shares of the prefixes among one operator's customers; ported numbers come from the others as they are common."""
    row = baseline.copy()
    row[..., operator] = 0.0
    row *= ported / row.sum(-1, keepdims=True)
    row[..., operator] = 1 - ported
    return row


def mixture(cell: Cell) -> np.ndarray:
    """Shares of the prefixes among the people reached, by region."""
    b = baselines(cell)
    return (1 - cell.share) * b + cell.share * allocated(b, cell.operator, cell.ported)


def draw(cell: Cell, rng: np.random.Generator) -> Campaign:
    """
    Draw a campaign.

    Parameters
    ----------
    cell : Cell
        Its settings.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    Campaign
        What a case worker would have.
    """
    b, p = baselines(cell), mixture(cell)
    if cell.paired:
        return _draw_pairs(cell, b[0], rng)
    sizes = region_sizes(cell)
    n, m = rng.multinomial(cell.n, sizes), rng.multinomial(cell.per_case * cell.n, sizes)
    reached = np.array([rng.multinomial(k, row) for k, row in zip(n, p, strict=True)])
    controls = np.array([rng.multinomial(k, row) for k, row in zip(m, b, strict=True)])
    declared = int(rng.binomial(n.sum() + m.sum(), DECLARED))
    looks_ported = cell.ported * (1 - MISDECLARED) + (1 - cell.ported) * MISDECLARED
    return Campaign(reached, controls, declared, int(rng.binomial(declared, looks_ported)))


def _draw_pairs(cell: Cell, b: np.ndarray, rng: np.random.Generator) -> Campaign:
    """Two numbers a person, by how common operators are; the list prefers the leaking one's."""
    sims = rng.choice(len(b), (cell.n, 2), p=b)
    weight = mixture(cell)[0] / b
    chance = weight[sims[:, 0]] / weight[sims].sum(1)
    first = rng.random(cell.n) < chance
    reached, other = np.where(first, sims[:, 0], sims[:, 1]), np.where(first, sims[:, 1], sims[:, 0])
    counts = np.bincount(reached, minlength=len(b))[None, :]
    return Campaign(counts, np.zeros_like(counts), pairs=(reached, other))

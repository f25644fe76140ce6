"""The core of the study: cases and controls from one baseline, where peers and an oracle can be asked too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from training.simulation.scene import OPERATORS, REGION_SIZES, REGIONS, baseline
from training.simulation.world import World


def core_worlds() -> list[World]:
    """
    List the core.

    Returns
    -------
    list of World
        Without a leak, then with one: n and λ, then one thing changed at a time. What the earlier study flagged, with counts drawn and the joint
        test called by itself, is kept beside each leak: power must not be lost where lists do not differ and controls are clean.
    """
    found = [_core(n) for n in (15, 30, 100, 400)]
    found += [_core(n, bias=2.5) for n in (30, 100)]
    found += [_core(100, ported=0.15), _core(100, per_case=1), _core(100, per_case=0, bias=1.5)]
    found += [_core(100, bias=1.5, ported=0.15, regions=4), _core(400, bias=1.5, regions=4)]
    found += [_core(100, bias=2.5, paired=True)]
    found += [
        _core(n, 0.3, operator, earlier=earlier)
        for n, operator, earlier in (
            (30, 0, 0.3085), (30, 1, 0.396), (30, 2, 0.4955), (100, 0, 0.8015), (100, 1, 0.89), (100, 2, 0.9425),
        )
    ]  # fmt: skip
    found += [_core(15, 0.3, earlier=0.26), _core(30, 0.5, earlier=0.88)]
    found += [_core(100, 0.15, earlier=0.4265), _core(400, 0.15, earlier=0.938)]
    found += [_core(30, 0.3, bias=2.5, earlier=0.435), _core(100, 0.3, bias=2.5, earlier=0.9715)]
    found += [_core(30, 0.3, ported=0.0, earlier=0.5425), _core(100, 0.3, ported=0.15, earlier=0.8705)]
    found += [_core(100, 0.3, per_case=1, earlier=0.8845), _core(100, 0.3, bias=1.5, regions=4, earlier=0.9725)]
    # The earlier paired cell had no controls; people are now held against the pairs of controls, so it is no measure of this one.
    return [*found, _core(100, 0.3, bias=2.5, paired=True)]


def _core(
    n: int,
    share: float = 0.0,
    operator: int = 2,
    *,
    bias: float = 1.0,
    ported: float = 0.06,
    per_case: int = 2,
    regions: int = 1,
    paired: bool = False,
    earlier: float = float("nan"),
) -> World:
    said = [f"n {n}", f"λ {share:g} {'ABC'[operator]}" if share else "no leak"]
    said += [f"bias {bias:g}"] if bias != 1 else []
    said += [f"ported {ported:.0%}"] if ported != 0.06 else []
    said += [f"{per_case} controls a case"] if per_case != 2 else []
    said += [f"{regions} regions"] if regions > 1 else []
    said += ["two SIMs"] if paired else []
    return World(
        f"core: {', '.join(said)}", "two sims" if paired else "plain", n, per_case * n, leaking=int(share > 0), share=share,
        operator=operator, bias=bias, ported=ported, regions=regions, kind="even" if paired else "",
        goal="power" if share else "clean", core=True, earlier=earlier,
    )  # fmt: skip


def allocated(shares: np.ndarray, operator: int, ported: float) -> np.ndarray:
    """M[s]: shares of the prefixes among one operator's customers; ported numbers come from the others as they are common."""
    row = shares.copy()
    row[..., operator] = 0.0
    row *= ported / row.sum(-1, keepdims=True)
    row[..., operator] = 1 - ported
    return row


def mixture(world: World) -> np.ndarray:
    """Shares of the prefixes among the people reached, by region."""
    b = baseline(world.regions, world.bias)
    return (1 - world.share) * b + world.share * allocated(b, world.operator, world.ported)


def region_sizes(world: World) -> np.ndarray:
    """Shares of the people in each region: shape (n_regions,)."""
    return REGION_SIZES[: world.regions] / REGION_SIZES[: world.regions].sum()


def counts(scored: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """
    Count the people of a case of one campaign, for peers that see nothing but counts.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints of people who each complain once.

    Returns
    -------
    reached, controls : numpy.ndarray of int, shape (n_regions, 3)
        By region and operator of the prefix; one row where no regions are told.
    """
    region = pd.Index(REGIONS).get_indexer(scored["region"]).clip(0)
    cell = region * len(OPERATORS) + pd.Index(OPERATORS).get_indexer(scored["operator_allocated"])
    rows = region.max() + 1 if len(region) else 1
    is_case = (scored["decision"] == "campaign").to_numpy()
    return tuple(
        np.bincount(cell[mine], minlength=rows * len(OPERATORS)).reshape(rows, -1) for mine in (is_case, ~is_case)
    )  # type: ignore[return-value]

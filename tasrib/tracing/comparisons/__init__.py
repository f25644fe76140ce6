"""
The comparisons that are made of each campaign, one file each.

A new comparison is a new module here with a ``COMPARISON``, its wordings in ``data/reference/narratives.toml``, and a line in
``COMPARISONS``. The engine and the report loop over the registry.
"""

from functools import cache

from tasrib.tracing.comparison import Comparison
from tasrib.tracing.comparisons import canaries, dialling, holders, naming, operators, overlap, pairs, tree, unions

# In the order in which a report shows them.
COMPARISONS: tuple[Comparison, ...] = (
    operators.COMPARISON,
    unions.COMPARISON,
    pairs.COMPARISON,
    holders.COMPARISON,
    tree.COMPARISON,
    canaries.COMPARISON,
    dialling.COMPARISON,
    naming.COMPARISON,
    overlap.COMPARISON,
)
# What they keep beside their findings, in the same order.
SIDES = tuple(comparison.side for comparison in COMPARISONS if comparison.side is not None)


@cache
def by_key() -> dict[str, Comparison]:
    """Find comparisons by ``finding["comparison"]``."""
    return {comparison.key: comparison for comparison in COMPARISONS}

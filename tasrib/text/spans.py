"""Parts of a text by where they begin and end."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int, float]


def merged_spans(spans: Iterable[Span]) -> list[Span]:
    """
    Join parts that share characters.

    Parameters
    ----------
    spans : iterable of (int, int, float)
        Where each part begins and ends, and its weight.

    Returns
    -------
    list of (int, int, float)
        In order and apart from each other; a joined part has the sum of the weights. Parts that only touch stay two.
    """
    merged: list[Span] = []
    for start, end, weight in sorted(spans):
        if merged and start < merged[-1][1]:
            first, last, so_far = merged[-1]
            merged[-1] = (first, max(last, end), so_far + weight)
        else:
            merged.append((start, end, weight))
    return merged

"""The chunks of a normalised message, its runs between blanks, and what of the message as received each stands for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tasrib.text.by_word import parts_by_word
from tasrib.text.normal_form import align
from tasrib.text.remembered import Remembered

_CHUNK = re.compile(r"\S+")


def places_of_chunks(text: str, normalised: str, wanted: Sequence[int]) -> list[tuple[int, int]]:
    """
    Find the originals of some chunks.

    Parameters
    ----------
    text : str
        The message as received.
    normalised : str
        The same as `tasrib.text.normalise` rewrites it.
    wanted : sequence of int
        Which chunks, counted from 0.

    Returns
    -------
    list of (int, int)
        Where each begins and ends in `text`.
    """
    parts, plain = parts_by_word(text)
    # What is rewritten over several words has to be followed through the whole message.
    if " ".join(plain).split() != normalised.split():
        places = [place for _, place in _chunks(text)]
        return [places[chunk] for chunk in wanted]
    # One blank stands behind each part.
    ends = list(accumulate(map(len, parts), initial=0))
    firsts = list(accumulate(map(len, map(str.split, plain)), initial=0))
    found = []
    # Of a long part nothing is remembered beyond this message.
    of_part: dict[int, list[tuple[str, tuple[int, int]]]] = {}
    for chunk in wanted:
        at = bisect_right(firsts, chunk) - 1
        if at not in of_part:
            of_part[at] = _CHUNKS_OF_PART[parts[at]]
        start, stop = of_part[at][chunk - firsts[at]][1]
        begin = ends[at] + at
        found.append((begin + start, begin + stop))
    return found


def _chunks(text: str) -> list[tuple[str, tuple[int, int]]]:
    aligned = align(text)
    return [(match.group(), aligned.span(*match.span())) for match in _CHUNK.finditer(aligned.text)]


_CHUNKS_OF_PART = Remembered(_chunks, 1 << 16)

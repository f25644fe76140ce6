"""Where the bubbles of a conversation stand on a picture: rectangles of one colour on another, told from bars, pills and lines of text by their shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Pixels = NDArray[np.uint8]
Ink = NDArray[np.float32]

# Cells of the grid on which rectangles are looked for: at most as many in the width as a telephone has points.
_GRID = 380
# Levels by which one colour may differ in a picture that was compressed; a bubble differs from the page by some 8.
_SAME = 4
_LEAST_SHARE = 0.002  # of the picture, for a colour
_COLOURS = 12
# A bubble's least size in parts of the picture's width, and how much of its rectangle it fills but for round corners.
_LEAST_WIDTH, _LEAST_HEIGHT, _FILLED = 0.08, 0.055, 0.81
_FULL = 0.97  # of the width: a bar, or the page itself
_CENTRED, _PILL, _CARD = 0.035, 0.62, 0.80
# A rectangle without letters is a picture or a button.
_INKED = 0.004
_FAINT = 0.25


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, counted from the upper left corner."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    def holds(self, other: Box) -> bool:
        """Whether another one lies within it."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom

    def meets(self, other: Box) -> bool:
        """Whether both cover a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def of(self, pixels: Pixels) -> Pixels:
        """The part of a picture."""
        return pixels[self.y : self.bottom, self.x : self.right]


@dataclass(frozen=True)
class Block:
    """
    A rectangle of one colour with something written in it.

    Attributes
    ----------
    box : Box
        Where.
    colour : tuple of int
        Red, green, blue, 0 to 255.
    place : str
        ``left``, ``right``, ``pill`` (centred and narrow) or ``card`` (nearly the whole width).
    """

    box: Box
    colour: tuple[int, int, int]
    place: str


@dataclass(frozen=True)
class Scene:
    """
    What is drawn on a picture.

    Attributes
    ----------
    page : tuple of int
        The colour on which bubbles lie.
    blocks : list of Block
        From above.
    """

    page: tuple[int, int, int]
    blocks: list[Block]


def look(pixels: Pixels) -> Scene:
    """
    Find rectangles.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        A picture.

    Returns
    -------
    Scene
        Without blocks where there are none.
    """
    height, width = pixels.shape[:2]
    step = max(1, -(-width // _GRID))
    grid = _grid(pixels, step)
    found: list[Block] = []
    colours = _colours(grid)
    for colour in colours:
        mask = np.abs(grid - np.asarray(colour, np.int16)).max(axis=2) <= _SAME
        for box in _rectangles(mask, step, width, height):
            if _is_written(pixels, box, colour):
                found.append(Block(box, colour, _place(box, width)))
    page = _page(grid, colours)
    # A short bubble after hard compression has no colour of its own, but is none of the page's.
    for box in _rectangles(np.abs(grid - np.asarray(page, np.int16)).max(axis=2) > _SAME, step, width, height):
        middle = np.median(box.of(pixels).reshape(-1, 3), axis=0)
        colour = (int(middle[0]), int(middle[1]), int(middle[2]))
        if not any(box.meets(block.box) for block in found) and _is_written(pixels, box, colour):
            found.append(Block(box, colour, _place(box, width)))
    outer = [block for block in found if not any(other is not block and other.box.holds(block.box) for other in found)]
    return Scene(page, sorted(outer, key=lambda block: (block.box.y, block.box.x)))


def _grid(pixels: Pixels, step: int) -> NDArray[np.int16]:
    """The picture in cells, each of its middle colour: thin strokes vanish, and so does what compression added."""
    if step == 1:
        return pixels.astype(np.int16)
    rows, columns = pixels.shape[0] // step, pixels.shape[1] // step
    cells = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step, 3)
    return np.median(cells.transpose(0, 2, 1, 3, 4).reshape(rows, columns, -1, 3), axis=2).astype(np.int16)


def _colours(grid: NDArray[np.int16]) -> list[tuple[int, int, int]]:
    """The colours of which there is much, the most frequent first."""
    flat = grid.reshape(-1, 3).astype(np.int32)
    codes = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    values, counts = np.unique(codes, return_counts=True)
    each = np.stack([values >> 16, (values >> 8) & 255, values & 255], axis=1)
    found: list[tuple[int, int, int]] = []
    left = counts.copy()
    while len(found) < _COLOURS and left.max(initial=0) > 0:
        centre = each[left.argmax()]
        near = (np.abs(each - centre).max(axis=1) <= _SAME) & (left > 0)
        if left[near].sum() < _LEAST_SHARE * len(flat):
            break
        found.append((int(centre[0]), int(centre[1]), int(centre[2])))
        left[near] = 0
    return found


def _rectangles(mask: NDArray[np.bool_], step: int, width: int, height: int) -> Iterator[Box]:
    labels, _ = ndimage.label(mask)
    sizes = np.bincount(labels.ravel())
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        rows, columns = place
        w, h = (columns.stop - columns.start) * step, (rows.stop - rows.start) * step
        if w < _LEAST_WIDTH * width or h < _LEAST_HEIGHT * width or w > _FULL * width:
            continue
        if sizes[number] * step * step < 0.2 * w * h:
            continue
        whole = ndimage.binary_fill_holes(labels[place] == number)
        if whole.mean() >= _FILLED:
            x, y = columns.start * step, rows.start * step
            yield Box(x, y, min(w, width - x), min(h, height - y))


def _is_written(pixels: Pixels, box: Box, colour: tuple[int, int, int]) -> bool:
    return float((ink_of(box.of(pixels), colour)[2:-2, 2:-2] > 0.5).mean()) >= _INKED


def _place(box: Box, width: int) -> str:
    before, behind = box.x, width - box.right
    if abs(before - behind) <= _CENTRED * width:
        if box.w >= _CARD * width:
            return "card"
        if box.w <= _PILL * width:
            return "pill"
    return "left" if before < behind else "right"


def _page(grid: NDArray[np.int16], colours: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    """The colour that most of the two edges have, where bubbles do not reach."""
    edge = max(1, grid.shape[1] // 60)
    sides = np.concatenate([grid[:, :edge].reshape(-1, 3), grid[:, -edge:].reshape(-1, 3)])
    shares = [float((np.abs(sides - np.asarray(colour, np.int16)).max(axis=1) <= _SAME).mean()) for colour in colours]
    if not shares:
        middle = np.median(sides, axis=0)
        return int(middle[0]), int(middle[1]), int(middle[2])
    return colours[int(np.argmax(shares))]


def ink_of(pixels: Pixels, colour: tuple[int, int, int]) -> Ink:
    """
    How much each pixel differs from what it lies on.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        Part of a picture.
    colour : tuple of int
        What is written on.

    Returns
    -------
    array of float32, shape (height, width)
        0 for that colour, 1 for what differs from it most; whether letters are dark or light is all the same.
    """
    apart = np.abs(pixels.astype(np.int16) - np.asarray(colour, np.int16)).max(axis=2).astype(np.float32)
    if not apart.size:
        return apart
    strongest = max(float(np.percentile(apart, 99.5)), 24.0)
    apart[apart < _SAME * 2] = 0
    return np.clip(apart / strongest, 0, 1)


def ink_within(pixels: Pixels, block: Block) -> Ink:
    """
    The letters in a rectangle.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        The picture.
    block : Block
        The rectangle.

    Returns
    -------
    array of float32, shape (block.box.h, block.box.w)
        As from `ink_of`, without the page, which shows in round corners.
    """
    ink = ink_of(block.box.of(pixels), block.colour)
    labels, _ = ndimage.label(ink > 0)
    corners = {int(labels[row, column]) for row in (0, -1) for column in (0, -1)}
    outer = (corners | set(np.unique(labels[:, 0])) | set(np.unique(labels[:, -1]))) - {0}
    return np.where(np.isin(labels, list(outer)), 0, ink) if outer else ink


def lines_of(ink: Ink, *, gap: float = 0.18) -> list[tuple[int, int]]:
    """
    Find lines of text.

    Parameters
    ----------
    ink : array of float32
        From `ink_of`.
    gap : float
        Rows without ink that a line may have, between a letter and its dots or accents, in parts of the usual line's height.

    Returns
    -------
    list of tuple of int
        First row of each, and the first one below it.
    """
    runs = _runs((ink > _FAINT).sum(axis=1) > 0)
    if not runs:
        return []
    usual = float(np.percentile([stop - start for start, stop in runs], 75))
    joined = [runs[0]]
    for start, stop in runs[1:]:
        if start - joined[-1][1] <= gap * usual and min(stop - start, joined[-1][1] - joined[-1][0]) < 0.5 * usual:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def groups_of(ink: Ink, gap: float) -> list[tuple[int, int]]:
    """
    Find what stands apart within a line.

    Parameters
    ----------
    ink : array of float32
        The line.
    gap : float
        Columns without ink between two groups, at least.

    Returns
    -------
    list of tuple of int
        First column of each, and the first one behind it.
    """
    joined: list[tuple[int, int]] = []
    for start, stop in _runs((ink > _FAINT).sum(axis=0) > 0):
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _runs(on: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]

"""Columns of Arrow, in any of its types, as the strings a person would have typed."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasrib.tables.raw import cell_text

# From here on a binary float of this type has no room for each whole number, and so many of its decimal digits are certain.
_SHORT_FLOATS = {pa.float16(): (2**11, 3), pa.float32(): (2**24, 7)}
_INFINITE = "#NUM!"  # what a spreadsheet shows for it


def texts(column: pa.ChunkedArray) -> tuple[list[str], list[int]]:
    """
    A column as text.

    Parameters
    ----------
    column : ChunkedArray
        Of any type.

    Returns
    -------
    tuple of list of str and list of int
        One string a row, "" for a missing value; the positions of numbers too long for the column's type, which come as ``2.126612E+11``,
        with the digits that are certain. A moment beyond the calendar comes as the count that is stored.
    """
    found: list[str] = []
    rounded: list[int] = []
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            # Each distinct value once: a long text that stands in every row is held in memory but once.
            words, lossy = _plain_texts(chunk.dictionary)
            places, uncertain = chunk.indices.to_pylist(), set(lossy)
            lossy = [at for at, place in enumerate(places) if place in uncertain]
            words = ["" if place is None else words[place] for place in places]
        else:
            words, lossy = _plain_texts(chunk)
        rounded.extend(len(found) + at for at in lossy)
        found.extend(words)
    return found, rounded


def size(array: pa.Array) -> int:
    """
    Bytes that an array takes once each of its values stands for itself.

    Parameters
    ----------
    array : Array
        Of any type; its dictionaries are not unpacked for the answer.

    Returns
    -------
    int
        About as many bytes as its texts have.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        if not _is_text(kind.value_type):
            return len(array) * 8
        lengths = pc.take(pc.binary_length(array.dictionary), array.indices)
        return (pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0) + 8 * len(array)
    if pa.types.is_struct(kind):
        return sum(size(array.field(place)) for place in range(kind.num_fields))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return size(array.flatten()) + 8 * len(array)
    if pa.types.is_map(kind):
        return size(array.keys) + size(array.items) + 8 * len(array)
    return array.nbytes


def _is_text(kind: pa.DataType) -> bool:
    tests: tuple[Callable[[Any], bool], ...] = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _plain_texts(array: pa.Array) -> tuple[list[str], list[int]]:
    kind = array.type
    if kind in _SHORT_FLOATS:
        return _short_floats(array, *_SHORT_FLOATS[kind])
    if pa.types.is_decimal(kind):
        return [_decimal_text(value) for value in array.to_pylist()], []
    if pa.types.is_floating(kind):
        return [
            _INFINITE if value is not None and math.isinf(value) else cell_text(value) for value in array.to_pylist()
        ], []
    if pa.types.is_temporal(kind):
        return _moments(array), []
    return [cell_text(value) for value in array.to_pylist()], []


def _short_floats(array: pa.Array, exact: int, digits: int) -> tuple[list[str], list[int]]:
    found, rounded = [], []
    for at, value in enumerate(pc.cast(array, pa.float64()).to_pylist()):
        lost = value is not None and abs(value) >= exact
        if lost:
            rounded.append(at)
        if lost and math.isfinite(value):
            found.append(f"{value:.{digits - 1}E}")
        elif lost:
            found.append(_INFINITE)
        elif value is None or value.is_integer() or math.isnan(value):
            found.append(cell_text(value))
        else:
            # 0.1 as float32 is 0.10000000149…; what was meant has no more digits than are certain.
            found.append(f"{value:.{digits}g}")
    return found, rounded


def _decimal_text(value: Decimal | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == value.to_integral_value() else format(value, "f")


def _moments(array: pa.Array) -> list[str]:
    """Python knows years 1 to 9999 and microseconds; a count outside of them may still be read by whoever knows what it counts."""
    if pa.types.is_timestamp(array.type):
        # Cut by hand: a cast refuses what it cannot keep, and nanoseconds are no part of when a message came.
        if array.type.unit == "ns":
            counts = pc.divide(array.cast(pa.int64()), 1000)
            array = counts.cast(pa.timestamp("us", array.type.tz))
    elif pa.types.is_time64(array.type) and array.type.unit == "ns":
        array = array.cast(pa.time64("us"), safe=False)
    elif pa.types.is_duration(array.type) and array.type.unit == "ns":
        array = array.cast(pa.duration("us"), safe=False)
    try:
        return [cell_text(value) for value in array.to_pylist()]
    except Exception:  # OverflowError, ValueError, or what a time zone's library raises
        return [_moment(value) for value in array]


def _moment(value: pa.Scalar) -> str:
    try:
        return cell_text(value.as_py())
    except Exception:
        return str(value.value)

"""One JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tasrib.errors import UnreadableInput
from tasrib.tables.decoding import ZERO_BYTES, Text, decode
from tasrib.tables.notes import of_rows
from tasrib.tables.raw import CHARACTERS, BadRow, HeaderTest, RawTable, Source, Stream, cell_text, check_width

SUFFIXES = (".jsonl", ".ndjson")
_LOST_BYTES = re.compile("[\udc80-\udcff]")


def streams(source: Source, headers: HeaderTest) -> list[Stream]:
    """
    Read JSON Lines; the columns are all keys met, in order.

    Raises
    ------
    UnreadableInput
        When it is not text, or no line is a JSON object.
    """
    text = decode(source)
    columns: dict[str, None] = {}
    has_object, reason = False, ""
    for _, line in _filled(text):
        try:
            columns.update(dict.fromkeys(_parse(line.replace("\x00", ""))))
            has_object = True
            check_width(source.name, len(columns))
        except UnreadableInput:
            raise
        except (ValueError, RecursionError) as error:
            reason = reason or _reason(error)
    if not has_object:
        raise UnreadableInput(f"{source.name}: no line is a JSON object ({reason}); write one object a line")
    return [Stream(list(columns), lambda size: _slices(text, list(columns), size))]


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """Read all rows that `streams` gives."""
    return [stream.whole() for stream in streams(source, headers)]


def _lines(text: Text) -> Iterator[tuple[int, str]]:
    # Not splitlines(): a message may hold U+2028 and its like.
    rest, number = "", 0
    for piece in text.pieces():
        *lines, rest = (rest + piece).split("\n")
        yield from enumerate(lines, start=number + 1)
        number += len(lines)
    yield number + 1, rest


def _filled(text: Text) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in _lines(text) if line.replace("\x00", "").strip())


def _slices(text: Text, columns: list[str], size: int) -> Iterator[RawTable]:
    table, notes = RawTable(columns, [], []), text.notes
    blank, passed, zeros = list[int](), list[int](), list[int]()
    characters = 0

    def filled() -> RawTable:
        table.notes.extend(notes)
        table.notes.extend(of_rows("left_out", "blank_rows", "empty, left out", blank))
        table.notes.extend(of_rows("mended", "zero_bytes", ZERO_BYTES, zeros))
        return table

    for number, line in _lines(text):
        has_zeros = "\x00" in line
        line = line.replace("\x00", "")
        if line.strip():
            if len(table.rows) + len(table.bad) >= size or characters > size * CHARACTERS:
                yield filled()
                table, notes, blank, zeros, characters = RawTable(columns, [], []), [], [], [], 0
            # Blank lines at the end are none.
            blank += passed
            passed = []
            characters += len(line)
            _add(table, number, line)
        else:
            passed.append(number)
        if has_zeros:
            zeros.append(number)
    yield filled()


def _add(table: RawTable, number: int, line: str) -> None:
    try:
        record = _parse(line)
    except (ValueError, RecursionError) as error:
        shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        table.bad.append(BadRow(number, _reason(error), json.dumps({"line": shown}, ensure_ascii=False)))
        return
    table.rows.append([cell_text(record.get(column)) for column in table.columns])
    table.row_numbers.append(number)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, _LineError) else "not valid JSON"


class _LineError(ValueError):
    """JSON, but not what one line should hold."""


def _parse(line: str) -> dict[str, Any]:
    """One object; a repeated key would silently lose a value."""
    if _LOST_BYTES.search(line):
        raise _LineError("some bytes are not UTF-8 like the rest of the file")
    value = json.loads(line, object_pairs_hook=_no_repeats)
    if not isinstance(value, dict):
        raise _LineError("the line is JSON, but not an object")
    return value


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a key twice."""
    if len(dict(pairs)) < len(pairs):
        raise _LineError("the object names a key twice")
    return dict(pairs)

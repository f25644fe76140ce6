"""One JSON object a line."""

from __future__ import annotations

import json
import re
from typing import Any

from tasrib.errors import UnreadableInput
from tasrib.tables.decoding import ZERO_BYTES, decode
from tasrib.tables.notes import of_rows
from tasrib.tables.raw import BadRow, HeaderTest, RawTable, Source, cell_text, check_width

SUFFIXES = (".jsonl", ".ndjson")
_LOST_BYTES = re.compile("[\udc80-\udcff]")


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read JSON Lines; the columns are all keys met, in order.

    Raises
    ------
    UnreadableInput
        When it is not text, or no line is a JSON object.
    """
    text, notes = decode(source)
    columns: dict[str, None] = {}
    objects: list[tuple[int, dict[str, Any]]] = []
    bad: list[BadRow] = []
    blank, zeros = [], []
    # Not splitlines(): a message may hold U+2028 and its like.
    for number, line in enumerate(text.split("\n"), start=1):
        if "\x00" in line:
            zeros.append(number)
            line = line.replace("\x00", "")
        if not line.strip():
            blank.append(number)
            continue
        try:
            objects.append((number, _parse(line)))
            columns.update(dict.fromkeys(objects[-1][1]))
            check_width(source.name, len(columns))
        except UnreadableInput:
            raise
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, _LineError) else "not valid JSON"
            shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            bad.append(BadRow(number, reason, json.dumps({"line": shown}, ensure_ascii=False)))
    if not objects:
        raise UnreadableInput(f"{source.name}: no line is a JSON object ({bad[0].reason}); write one object a line")
    rows = [[cell_text(record.get(column)) for column in columns] for _, record in objects]
    last = max(objects[-1][0], bad[-1].row if bad else 0)
    notes += of_rows("left_out", "blank_rows", "empty, left out", (number for number in blank if number < last))
    notes += of_rows("mended", "zero_bytes", ZERO_BYTES, zeros)
    return [RawTable(list(columns), rows, [number for number, _ in objects], bad, notes=notes)]


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

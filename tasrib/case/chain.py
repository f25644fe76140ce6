"""
A log that only grows: one JSON object a line, each with the SHA-256 of the line before.

A line that was changed, taken out, put in or moved breaks the chain at the next line. What the chain cannot show by itself is that its end
was cut off or its last line changed: for that `head` has to be kept elsewhere, in a report or in a sealed list of hashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasrib.errors import TasribError, UnreadableInput
from tasrib.tables.files import replace_file

NUMBER, AT, PREVIOUS = "number", "at", "previous"
# What the first line names as the one before it.
GENESIS = "0" * 64
_OWN = (NUMBER, AT, PREVIOUS)


@dataclass(frozen=True)
class Break:
    """
    Where a chain is broken.

    Attributes
    ----------
    line : int
        The first line that does not follow from those before it, counted from 1.
    why : str
        What is wrong with it.
    """

    line: int
    why: str


def append(path: str | Path, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Add records to a log.

    Parameters
    ----------
    path : str or Path
        The log; made where missing, readable by its owner only.
    records : iterable of mapping
        What JSON can hold; `number`, `at` and `previous` are the chain's own.

    Returns
    -------
    list of dict
        The records as they now stand in the log: with their number, the moment in UTC and the hash of the line before.

    Raises
    ------
    UnreadableInput
        When what is there is no unbroken log: nothing is added to one that was tampered with.
    TasribError
        When a record uses a name of the chain's own, or the file cannot be written.

    Notes
    -----
    The log with the new lines is written aside and takes the old one's place as a whole, so that no kill and no full disk leaves half a
    line. Two programs that add at one time wait for each other where the system has locks (not on Windows).
    """
    path = Path(path)
    moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    added: list[dict[str, Any]] = []
    with _alone_in(path.parent):
        data = _bytes(path) if os.path.lexists(path) else b""
        before = _checked(path, data)
        previous = _hash_of_last(data)
        lines = []
        for number, record in enumerate(records, start=len(before) + 1):
            taken = [name for name in _OWN if name in record]
            if taken:
                raise TasribError(f"a record of a log has the field {taken[0]!r}, which is the chain's own")
            added.append({NUMBER: number, AT: moment, **record, PREVIOUS: previous})
            line = json.dumps(added[-1], ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
            previous = hashlib.sha256(line).hexdigest()
            lines.append(line + b"\n")
        if lines:
            replace_file(path, data + b"".join(lines), private=True)
    return added


def read(path: str | Path) -> list[dict[str, Any]]:
    """
    Read a log whose chain holds.

    Parameters
    ----------
    path : str or Path
        The log.

    Returns
    -------
    list of dict
        Its records, oldest first, with ``number``, ``at`` and ``previous``.

    Raises
    ------
    UnreadableInput
        When it cannot be read, or its chain is broken: the error names the line.
    """
    return _checked(path, _bytes(path))


def verify(path: str | Path) -> Break | None:
    """
    Look for the first break of a log's chain.

    Parameters
    ----------
    path : str or Path
        The log.

    Returns
    -------
    Break or None
        None where every line follows from the one before.

    Raises
    ------
    UnreadableInput
        When it cannot be read.
    """
    return _parsed(_bytes(path))[1]


def head(path: str | Path) -> str:
    """
    Say what to keep elsewhere, so that a cut-off end shows too.

    Parameters
    ----------
    path : str or Path
        The log.

    Returns
    -------
    str
        SHA-256 of its last line; 64 zeros where there is no log yet.

    Raises
    ------
    UnreadableInput
        When it is there and cannot be read.
    """
    return _hash_of_last(_bytes(path)) if os.path.lexists(path) else GENESIS


def is_chain(path: str | Path) -> bool:
    """
    Tell a log from other files.

    Parameters
    ----------
    path : str or Path
        Any file.

    Returns
    -------
    bool
        Whether its first line is a record of a chain.
    """
    try:
        if not Path(path).is_file():
            # A pipe that was looked into is not there any more for who reads it.
            return False
        with Path(path).open("rb") as file:
            first = json.loads(file.readline(1_000_000))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and set(_OWN) <= first.keys()


def _bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise UnreadableInput(f"{path}: no such file") from None
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}") from None


def _checked(path: str | Path, data: bytes) -> list[dict[str, Any]]:
    records, broken = _parsed(data)
    if broken is not None:
        raise UnreadableInput(
            f"{path}, line {broken.line}: {broken.why}; each line bears the hash of the one before, so the file was changed by other "
            "means than tasrib; put an untouched copy in its place, or move it away"
        )
    return records


def _parsed(data: bytes) -> tuple[list[dict[str, Any]], Break | None]:
    records: list[dict[str, Any]] = []
    previous = GENESIS
    *lines, rest = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return records, Break(number, "is no JSON object")
        if not isinstance(record, dict) or not set(_OWN) <= record.keys():
            return records, Break(number, "is no record of a log")
        if record[NUMBER] != number or record[PREVIOUS] != previous:
            return records, Break(number, "does not follow from the line before it")
        previous = hashlib.sha256(line).hexdigest()
        records.append(record)
    return records, Break(len(lines) + 1, "ends within the line") if rest else None


def _hash_of_last(data: bytes) -> str:
    last = data.rstrip(b"\n").rpartition(b"\n")[2]
    return hashlib.sha256(last).hexdigest() if last else GENESIS


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """A lock on the folder, which leaves no file behind and ends with the process; none where there are no such locks."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

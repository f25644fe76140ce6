"""What was done of a long work: complaints that are judged, in memory or each few of them in a file of its own."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tasrib.complaints.quarantine import REJECTED
from tasrib.errors import TasribError
from tasrib.tables.files import replace_file
from tasrib.tables.notes import Note

_TOLD = b"tasrib"


@dataclass(frozen=True)
class Part:
    """
    Some rows of a table, and what came of them.

    Attributes
    ----------
    table : int
        The place of their table.
    span : tuple of int
        How many rows they were, and the first and last number among them.
    judged : DataFrame
        Their complaints, as from `tasrib.pipeline.parts.judged`, with the ids that the file gave.
    rejected : DataFrame
        Those that are none, as a quarantine.
    notes : tuple of Note
        What was done to them.
    passed : tuple of (str, int)
        Ids of complaints that were left out because another table has them, and their rows.
    """

    table: int
    span: tuple[int, int, int]
    judged: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[Note, ...]
    passed: tuple[tuple[str, int], ...] = ()


class Parts(Protocol):
    """Parts by their number, from 0."""

    def put(self, number: int, part: Part) -> None:
        """Keep a part."""

    def get(self, number: int, columns: Sequence[str] | None = None) -> Part | None:
        """Give a part, with some columns of its complaints or all; None where there is none."""

    def scratch(self) -> BinaryIO:
        """Make a file for what is needed until the work ends, where the parts are."""
        ...

    def __len__(self) -> int:
        """How many there are."""
        ...


class InMemory:
    """Parts in memory."""

    def __init__(self) -> None:
        self._parts: dict[int, Part] = {}

    def put(self, number: int, part: Part) -> None:
        """Keep a part."""
        self._parts[number] = part

    def get(self, number: int, columns: Sequence[str] | None = None) -> Part | None:
        """Give a part, with some columns of its complaints or all; None where there is none."""
        part = self._parts.get(number)
        return part if part is None or columns is None else replace(part, judged=part.judged[list(columns)])

    def scratch(self) -> BinaryIO:
        """Make a file in memory."""
        return io.BytesIO()

    def __len__(self) -> int:
        return len(self._parts)


class InFolder:
    """
    Parts in files, each complete or not there at all.

    Parameters
    ----------
    folder : pathlib.Path
        Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, number: int, part: Part) -> None:
        """Keep a part."""
        told = {
            "table": part.table,
            "span": part.span,
            "rejected": part.rejected.to_numpy(dtype=object).tolist(),
            "notes": [_record(note) for note in part.notes],
            "passed": part.passed,
        }
        table = pa.Table.from_pandas(part.judged, preserve_index=False)
        about = {**(table.schema.metadata or {}), _TOLD: json.dumps(told, ensure_ascii=True).encode()}
        buffer = io.BytesIO()
        pq.write_table(table.replace_schema_metadata(about), buffer, compression="zstd")
        replace_file(self._path(number), buffer.getvalue(), private=True)

    def get(self, number: int, columns: Sequence[str] | None = None) -> Part | None:
        """Give a part, with some columns of its complaints or all; None where there is none."""
        path = self._path(number)
        if not path.exists():
            return None
        try:
            # Not mapped into memory: it would count as the program's.
            table = pq.read_table(path, columns=None if columns is None else list(columns), memory_map=False)
            told = json.loads(table.schema.metadata[_TOLD])
            rejected = pd.DataFrame(told["rejected"], columns=list(REJECTED))
            rejected = rejected.astype({name: "int64" if name == "row" else "str" for name in REJECTED})
            notes = tuple(Note(**{**note, "rows": tuple(note["rows"])}) for note in told["notes"])
            passed = tuple((given, row) for given, row in told["passed"])
            return Part(told["table"], tuple(told["span"]), table.to_pandas(), rejected, notes, passed)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TasribError(f"{path} is damaged, so that the run cannot go on; remove it and try again") from error

    def scratch(self) -> BinaryIO:
        """Make a file that nobody else sees and that is gone once it is closed, however the program ends."""
        # Without a buffer: mostly little is read here and there.
        return cast(BinaryIO, tempfile.TemporaryFile(dir=self._folder, buffering=0))

    def __len__(self) -> int:
        return sum(1 for _ in self._folder.glob(f"{PREFIX}*{SUFFIX}"))

    def _path(self, number: int) -> Path:
        return self._folder / f"{PREFIX}{number:06d}{SUFFIX}"


PREFIX, SUFFIX = "part-", ".parquet"


def _record(note: Note) -> Mapping[str, Any]:
    return {**vars(note), "rows": tuple(note.rows)}


def all_parts(parts: Parts, columns: Sequence[str] | None = None) -> Iterator[Part]:
    """
    Give all parts.

    Parameters
    ----------
    parts : Parts
        Complete.
    columns : sequence of str, optional
        Those of the complaints that are asked for; all by default.

    Yields
    ------
    Part
        In their order.
    """
    for number in range(len(parts)):
        part = parts.get(number, columns)
        if part is None:
            raise TasribError("a part of the work is missing, so that it cannot be ended; run tasrib score again")
        yield part

"""
A database of an iPhone, opened so that nothing is written to it or beside it, wherever it lies: as a file, in memory, or encrypted in a backup.

SQLite reads files. So what is decrypted, and too large to be held in memory, lies in a private folder while it is read; so does a database with
the file of newer changes beside it (``-wal``), which SQLite would move into it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from tasrib.tables.raw import Source

MAGIC = b"SQLite format 3\x00"
# Bytes that are decrypted in memory; SQLite holds them once more.
IN_MEMORY = 50_000_000
_BLOCK = 1 << 20
_AES_BLOCK = 16


@dataclass(frozen=True)
class Plain:
    """A file that is legible as it lies."""

    path: Path

    def blocks(self) -> Iterator[bytes]:
        """Its content, some at a time."""
        with self.path.open("rb") as opened:
            yield from iter(lambda: opened.read(_BLOCK), b"")

    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size


@dataclass(frozen=True)
class Locked(Plain):
    """
    An encrypted file of a backup: AES in chains (CBC), of which no block is needed but the one before.

    Attributes
    ----------
    key : bytes
        Its own key.
    """

    key: bytes

    def blocks(self) -> Iterator[bytes]:
        """
        Give its content, decrypted some at a time.

        Raises
        ------
        ValueError
            When it is no whole number of blocks, or does not end as whatever is encrypted so does.
        """
        from Crypto.Cipher import AES

        cipher = AES.new(self.key, AES.MODE_CBC, iv=bytes(_AES_BLOCK))
        with self.path.open("rb") as opened:
            held = b""
            while block := opened.read(_BLOCK):
                if held:
                    yield held
                held = cipher.decrypt(block)
            yield _without_padding(held)


def _without_padding(data: bytes) -> bytes:
    count = data[-1] if data else 0
    if not 1 <= count <= _AES_BLOCK or data[-count:] != bytes([count]) * count:
        raise ValueError("no padding")
    return data[:-count]


@dataclass(frozen=True)
class Place:
    """
    Where a database lies.

    Attributes
    ----------
    at : Source or Plain
        Itself.
    log : Plain or None
        The newer changes, where there are any.
    """

    at: Source | Plain
    log: Plain | None = None

    def begins_as_database(self) -> bool:
        """Whether its first bytes are those of a database."""
        if isinstance(self.at, Source):
            with self.at.open() as opened:
                return opened.read(len(MAGIC)) == MAGIC
        return next(self.at.blocks(), b"").startswith(MAGIC)

    def needs_folder(self) -> bool:
        """Whether it is copied to a private folder for the time of the reading."""
        if isinstance(self.at, Source):
            return self.log is not None and self.at.path is not None
        return self.log is not None or self.at.size() > IN_MEMORY

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """
        Open it.

        Raises
        ------
        sqlite3.Error, OSError, ValueError
            When it is damaged.
        """
        with contextlib.ExitStack() as stack:
            if self.needs_folder():
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasrib-")))
                path, how = folder / "m.db", "mode=rw"
                at = Plain(self.at.path) if isinstance(self.at, Source) and self.at.path is not None else self.at
                for part, name in ((at, path.name), (self.log, f"{path.name}-wal")):
                    if isinstance(part, Plain):
                        with (folder / name).open("xb") as written:
                            _write(part, written)
            elif isinstance(self.at, Source) and self.at.path is not None:
                path, how = self.at.path, "mode=ro&immutable=1"
            else:
                data = self.at.data if isinstance(self.at, Source) else b"".join(self.at.blocks())
                database = sqlite3.connect(":memory:")
                stack.callback(database.close)
                database.deserialize(without_log(data))
                yield _lenient(database)
                return
            database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?{how}", uri=True)
            stack.callback(database.close)
            yield _lenient(database)


def _write(part: Plain, written: BinaryIO) -> None:
    for block in part.blocks():
        written.write(block)


def _lenient(database: sqlite3.Connection) -> sqlite3.Connection:
    # Bytes that are no UTF-8 cost their letters and not the message.
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    return database


def without_log(data: bytes) -> bytes:
    """
    Take the mark off a database that a file of newer changes may lie beside it: in memory there is none, and it would not open.

    Parameters
    ----------
    data : bytes
        A database of SQLite.

    Returns
    -------
    bytes
        The same, to be read from memory.
    """
    return data[:18] + b"\x01\x01" + data[20:] if data[18:20] == b"\x02\x02" else data

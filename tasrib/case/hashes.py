"""Hashes of files, and records in JSON that bear their own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasrib.errors import TasribError

LAST_HASH = "last_hash"
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Digest:
    """
    What tells one content from every other.

    Attributes
    ----------
    sha256 : str
        64 hexadecimal digits.
    size : int
        Bytes.
    """

    sha256: str
    size: int

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """Digest of a content."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))

    @classmethod
    def of_file(cls, path: Path) -> Digest:
        """
        Digest of a file.

        Raises
        ------
        TasribError
            When it cannot be read.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                return cls(digest, file.tell())
        except OSError as error:
            raise TasribError(f"{path} cannot be read: {error.strerror}") from None

    @classmethod
    def read(cls, record: Any) -> Digest:
        """
        Read a digest from a record.

        Raises
        ------
        ValueError
            When it is none.
        """
        if not isinstance(record, Mapping):
            raise ValueError("no hash of a file")
        sha256, size = record.get("sha256"), record.get("size")
        if not (isinstance(sha256, str) and _HASH.fullmatch(sha256)) or type(size) is not int or size < 0:
            raise ValueError("no hash of a file")
        return cls(sha256, size)

    def record(self) -> dict[str, Any]:
        """The digest as a part of a record."""
        return {"sha256": self.sha256, "size": self.size}


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """
    Put the hash of a record at its end.

    Parameters
    ----------
    record : mapping
        What JSON can hold.

    Returns
    -------
    dict
        The same with `last_hash`: see `own_hash`.
    """
    return {**record, LAST_HASH: own_hash(record)}


def own_hash(record: Mapping[str, Any]) -> str:
    """
    Hash what a record says.

    Parameters
    ----------
    record : mapping
        With or without `last_hash`, which does not count.

    Returns
    -------
    str
        SHA-256 of its canonical JSON: keys in order, no spaces, UTF-8. Whoever has a JSON library in any language can compute it.
    """
    told = {name: value for name, value in record.items() if name != LAST_HASH}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def encode(record: Mapping[str, Any]) -> bytes:
    """
    Write a record as the file that people read.

    Parameters
    ----------
    record : mapping
        What JSON can hold.

    Returns
    -------
    bytes
        One way only for each record: a file that differs was written by another program.
    """
    return (json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8", "surrogatepass")


def decode(data: bytes) -> dict[str, Any]:
    """
    Read a record back.

    Parameters
    ----------
    data : bytes
        Content of its file, line ends and a byte order mark as other programs left them.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    ValueError
        When it is no JSON object.
    """
    try:
        record = json.loads(data.decode("utf-8-sig"), parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(record, dict):
        raise ValueError("no object")
    return record


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")

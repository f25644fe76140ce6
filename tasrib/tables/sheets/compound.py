"""Containers of Microsoft's older programs (MS-CFB): files and folders within a file, in chains of sectors that must have an end."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasrib.tables.sheets.package import Damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # what is no sector's number begins here
_NOBODY = 0xFFFFFFFF
_STREAM = 2
_ENTRY, _SMALL_SECTOR = 128, 64


@dataclass
class Entry:
    """
    A stream or folder of a container.

    Attributes
    ----------
    name : str
        As written.
    is_stream : bool
        Whether it has content; a folder has entries.
    content : bytes
        Of a stream.
    children : list of Entry
        Of a folder.
    """

    name: str
    is_stream: bool
    content: bytes = b""
    children: list[Entry] = field(default_factory=list)

    def find(self, name: str) -> bytes | None:
        """The content of a stream in this folder, its name without regard to capitals; None where there is none."""
        return next((each.content for each in self.children if each.is_stream and each.name.casefold() == name.casefold()), None)  # fmt: skip


@dataclass(frozen=True)
class Container:
    """
    A container.

    Attributes
    ----------
    entries : list of Entry
        All streams, in the order in which they are listed.
    root : Entry
        The outermost folder.
    """

    entries: list[Entry]
    root: Entry


def read_container(data: bytes) -> Container:
    """
    Take a container apart.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Container
        All chains of it have an end.

    Raises
    ------
    Damaged
        When a chain has none, or leads out of the file.
    struct.error
        When the file is too short.
    """
    sector = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    directory, minimum, mini_start, _, more, _ = struct.unpack_from("<IxxxxIIIII", data, 48)
    listed = list(struct.unpack_from("<109I", data, 76))
    for _ in range(len(data) // sector + 1):
        if more >= _LAST_SECTOR:
            break
        block = _sector(data, more, sector)
        *numbers, more = struct.unpack(f"<{len(block) // 4}I", block)
        listed.extend(numbers)
    else:
        raise Damaged("a chain without end")
    table: list[int] = []
    for number in listed:
        if number < _LAST_SECTOR:
            block = _sector(data, number, sector)
            table.extend(struct.unpack(f"<{len(block) // 4}I", block))
    listing = _joined(data, _chain(directory, table), sector)
    mini_block = _joined(data, _chain(mini_start, table), sector)
    mini_table = list(struct.unpack(f"<{len(mini_block) // 4}I", mini_block))
    root = b""
    entries: list[Entry] = []
    links: list[tuple[int, int, int]] = []
    for at in range(0, len(listing) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", listing, at + 64)
        start, size = struct.unpack_from("<II", listing, at + 116)
        name = listing[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        content = b""
        if at == 0:
            root = _joined(data, _chain(start, table), sector)
        elif kind == _STREAM:
            small = size < minimum
            chain = _chain(start, mini_table if small else table)
            content = (_pieces(root, chain, _SMALL_SECTOR) if small else _joined(data, chain, sector))[:size]
        entries.append(Entry(name, kind == _STREAM, content))
        links.append(struct.unpack_from("<III", listing, at + 68))
    streams = [entry for entry in entries if entry.is_stream]
    if not entries:
        raise Damaged("a container without entries")
    _grow(entries, links)
    return Container(streams, entries[0])


def _grow(entries: list[Entry], links: Sequence[tuple[int, int, int]]) -> None:
    """Give each folder what is in it; an entry that is named twice stays where it was named first."""
    met = {0}
    todo = [(links[0][2], 0)]
    while todo:
        number, folder = todo.pop()
        if number == _NOBODY or number >= len(entries) or number in met:
            continue
        met.add(number)
        entries[folder].children.append(entries[number])
        left, right, child = links[number]
        todo += [(left, folder), (right, folder)]
        if not entries[number].is_stream:
            todo.append((child, number))


def _chain(start: int, table: Sequence[int]) -> list[int]:
    chain: list[int] = []
    while start < _LAST_SECTOR:
        if start >= len(table) or len(chain) > len(table):
            raise Damaged("a chain without end")
        chain.append(start)
        start = table[start]
    return chain


def _sector(data: bytes, number: int, size: int) -> bytes:
    block = data[(number + 1) * size : (number + 2) * size]
    if len(block) < size and len(block) % 4:
        raise Damaged("a sector is cut short")
    return block


def _joined(data: bytes, chain: Sequence[int], size: int) -> bytes:
    return b"".join(_sector(data, number, size) for number in chain)


def _pieces(data: bytes, chain: Sequence[int], size: int) -> bytes:
    return b"".join(data[number * size : (number + 1) * size] for number in chain)

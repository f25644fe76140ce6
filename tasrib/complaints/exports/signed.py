"""
Signed and encrypted e-mail (S/MIME, RFC 8551): of a signed one what was signed is the message, an encrypted one nobody can read here.

What is signed lies within a structure of CMS (RFC 5652), in BER: kind, length, content, one within the other. No signature is checked.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

_KINDS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OID, _OCTETS, _PARTS, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_LONG, _MULTI_BYTE = 0x80, 0x1F
_MOST_ELEMENTS = 100_000
_DEEPEST = 8
_PARSER = BytesParser(EmailMessage, policy=default)

ENCRYPTED = "the e-mail is encrypted; open it in the program that reads it, and copy its text into the table"


class Encrypted(Exception):
    """An e-mail that only its recipient's key opens."""


def opened(message: EmailMessage) -> EmailMessage:
    """
    Give what a signed e-mail says.

    Parameters
    ----------
    message : EmailMessage
        Any e-mail.

    Returns
    -------
    EmailMessage
        What was signed under the head of the one round it; any other as it is.

    Raises
    ------
    Encrypted
        When it is encrypted.
    """
    kind = message.get_content_type()
    if kind == "multipart/encrypted":
        raise Encrypted
    if kind not in _KINDS:
        return message
    data = message.get_payload(decode=True)
    inner = signed_content(data) if isinstance(data, bytes) else None
    if inner is None:
        raise Encrypted
    return _under_head(_PARSER.parsebytes(inner), message)


def _under_head(inner: EmailMessage, outer: EmailMessage) -> EmailMessage:
    there = {name.casefold() for name in inner.keys()}  # noqa: SIM118 -- a message is iterated by its lines
    for name, value in outer.raw_items():
        if name.casefold() not in there and not name.casefold().startswith("content-"):
            inner.set_raw(name, value)
    return inner


def signed_content(data: bytes) -> bytes | None:
    """
    Take out of a structure what was signed.

    Parameters
    ----------
    data : bytes
        As `smime.p7m` holds it.

    Returns
    -------
    bytes or None
        None for what is encrypted, holds no content, or is damaged.
    """
    try:
        outer = _inside(data, 0, len(data), _SEQUENCE)
        kind, at = _element(data, *outer)
        if kind != (_OID, _SIGNED_DATA):
            return None
        explicit = _inside(data, at, outer[1], _EXPLICIT)
        at, end = _inside(data, *explicit, _SEQUENCE)
        # Its version and the ways of signing stand before it.
        for _ in range(2):
            at = _element(data, at, end)[1]
        at, end = _inside(data, at, end, _SEQUENCE)
        at = _element(data, at, end)[1]
        return _octets(data, *_inside(data, at, end, _EXPLICIT), 0)
    except (IndexError, ValueError, RecursionError):
        return None


def _head(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The kind of an element, where its content begins, and its length; -1 where its end is marked."""
    kind, at = data[at], at + 1
    if kind & _MULTI_BYTE == _MULTI_BYTE:
        raise ValueError
    size, at = data[at], at + 1
    if size == _LONG:
        return kind, at, -1
    if size > _LONG:
        n_bytes = size & 0x7F
        size, at = int.from_bytes(data[at : at + n_bytes], "big"), at + n_bytes
    if at + size > end:
        raise ValueError
    return kind, at, size


def _end(data: bytes, at: int, end: int, depth: int = 0) -> int:
    """Where elements whose end is marked end."""
    for _ in range(_MOST_ELEMENTS):
        if data[at] == data[at + 1] == 0:
            return at
        _, start, size = _head(data, at, end)
        if depth > _DEEPEST:
            raise ValueError
        at = start + size if size >= 0 else _end(data, start, end, depth + 1) + 2
    raise ValueError


def _element(data: bytes, at: int, end: int) -> tuple[tuple[int, bytes], int]:
    """An element, and where the next begins."""
    kind, start, size = _head(data, at, end)
    if size >= 0:
        return (kind, data[start : start + size]), start + size
    stop = _end(data, start, end)
    return (kind, data[start:stop]), stop + 2


def _inside(data: bytes, at: int, end: int, kind: int) -> tuple[int, int]:
    """Where the content of an element begins and ends."""
    found, start, size = _head(data, at, end)
    if found != kind:
        raise ValueError
    return start, start + size if size >= 0 else _end(data, start, end)


def _octets(data: bytes, at: int, end: int, depth: int) -> bytes:
    """A string of bytes, whole or in parts."""
    kind, start, size = _head(data, at, end)
    if kind == _OCTETS and size >= 0:
        return data[start : start + size]
    if kind != _PARTS or depth > _DEEPEST:
        raise ValueError
    stop = start + size if size >= 0 else _end(data, start, end)
    parts, at = [], start
    while at < stop:
        (kind, part), after = _element(data, at, stop)
        parts.append(part if kind == _OCTETS else _octets(data, at, stop, depth + 1))
        at = after
    return b"".join(parts)

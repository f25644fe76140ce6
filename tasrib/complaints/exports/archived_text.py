"""
The words of an ``NSAttributedString`` as iPhones archive it: a quarter of their messages have no other text.

A typed stream (``streamtyped``, of NeXTSTEP) names the class ``NSString`` and later has the sign ``+``, the length of the text and its bytes
in UTF-8. A length below 128 is one byte; 0x81 stands before one of two bytes, 0x82 before one of four, the lowest first. Newer programs
write a keyed archive, a binary property list.
"""

from __future__ import annotations

import plistlib

_STREAM = b"streamtyped"
_CLASSES = (b"NSMutableString", b"NSString")
_SIGN = b"+"
_NEAR = 24  # bytes between the name of the class and its content
_WIDE = {0x81: 2, 0x82: 4}
_PLAIN = 0x80
_KEYED = b"bplist00"


def text_of(data: bytes) -> str | None:
    """
    Read the words of an archived text.

    Parameters
    ----------
    data : bytes
        As in the column ``attributedBody``.

    Returns
    -------
    str or None
        None for what is no such archive, or is damaged.
    """
    if data.startswith(_KEYED):
        return _of_keyed(data)
    if _STREAM not in data[:32]:
        return None
    for name in _CLASSES:
        at = data.find(name)
        if at < 0:
            continue
        start = at + len(name)
        sign = data.find(_SIGN, start, start + _NEAR)
        if sign >= 0:
            return _of_length(data, sign + 1)
    return None


def _of_length(data: bytes, at: int) -> str | None:
    if at >= len(data):
        return None
    length, start = data[at], at + 1
    if length in _WIDE:
        start += _WIDE[length]
        length = int.from_bytes(data[at + 1 : start], "little")
    elif length >= _PLAIN:
        return None
    text = data[start : start + length]
    if len(text) < length:
        return None
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _of_keyed(data: bytes) -> str | None:
    try:
        objects = plistlib.loads(data)["$objects"]
        holder = next(each for each in objects if isinstance(each, dict) and "NSString" in each)
        text = objects[holder["NSString"].data]
        text = text.get("NS.string") if isinstance(text, dict) else text
        # A text may itself be kept elsewhere.
        text = objects[text.data] if isinstance(text, plistlib.UID) else text
        return text if isinstance(text, str) else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration, OverflowError, RecursionError):
        return None

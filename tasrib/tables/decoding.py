"""Bytes to text, in whichever encoding a Moroccan office computer saved it."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import EmptyFile, Source

_MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old or protected Office file",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
}
_SAMPLE = 200_000
_HIGH_RUN = re.compile(r"[^\W\d_]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A UTF-8 file may lose a byte in transport; more damage than this and it was never UTF-8.
_DAMAGE = 0.1


def decode(source: Source) -> str:
    """
    Text of a file whose encoding nobody stated.

    UTF-8, UTF-16 (with or without byte order mark), Windows-1256 and Windows-1252 are told apart.
    Bytes that break an otherwise sound UTF-8 file come out as lone surrogates (``surrogateescape``), for
    the reader to quarantine their row.

    Raises
    ------
    UnreadableInput
        When the content is not text, or has a line over the limit.
    """
    data = source.data
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableInput(f"{source.name} is {kind} inside, not text; export it as CSV or name it rightly")
    source.check_lines()
    text = _decode_bytes(data)
    if text is None or _mostly_controls(text):
        raise UnreadableInput(f"{source.name} is not text (binary content); export it as CSV")
    if not text.strip("\ufeff \t\r\n"):
        raise EmptyFile(f"{source.name} is empty")
    return text


def _decode_bytes(data: bytes) -> str | None:
    """None for what no listed encoding explains."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        if b"\x00" in data[:_SAMPLE]:
            return _utf16_without_mark(data)
    except UnicodeDecodeError:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8-sig", "surrogateescape")
    broken = len(re.findall(r"[\udc80-\udcff]", lenient))
    sound = sum(map(len, re.findall(r"[^\x00-\x7f\udc80-\udcff]+", lenient)))
    if broken < _DAMAGE * sound:
        return lenient
    return data.decode(_windows_code_page(data), "replace")


def _utf16_without_mark(data: bytes) -> str | None:
    """Digits, separators and line ends have a zero byte, always on the same side of the pair."""
    even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if max(even, odd) < 5 * min(even, odd) or len(data) % 2:
        return None
    text = data.decode("utf-16-be" if even > odd else "utf-16-le")
    letters = sum(unicodedata.category(char)[0] in "LNPZMS" or char in "\t\r\n" for char in text[:2000])
    return text if letters > 0.9 * min(len(text), 2000) else None


def _windows_code_page(data: bytes) -> str:
    """
    ``cp1256`` (Arabic, and French in lower case) or ``cp1252`` (Western).

    The two share the bytes of é, è, à, ç… What differs is decisive in words: read as 1256, Arabic gives
    whole words of Arabic letters, while French capitals (É, À) give an Arabic letter inside a Latin word.
    charset-normalizer decides where the words do not.
    """
    arabic = mixed = 0
    for word in _HIGH_RUN.findall(data.decode("cp1256", "replace")):
        letters = sum("\u0600" <= char <= "\u06ff" for char in word)
        arabic += letters == len(word) > 1
        mixed += 0 < letters < len(word)
    if arabic == mixed:
        best = from_bytes(data[:_SAMPLE], cp_isolation=["cp1252", "cp1256"]).best()
        return best.encoding if best else "cp1252"
    return "cp1256" if arabic > mixed else "cp1252"


def _mostly_controls(text: str) -> bool:
    """A text holds hardly any control characters, a program or picture is full of them."""
    sample = text[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > 0.3 * len(sample)

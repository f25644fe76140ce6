"""Bytes to text, in whichever encoding a Moroccan office computer saved it, each line in its own where a file is mixed."""

from __future__ import annotations

import codecs
import re

from tasrib.errors import UnreadableInput
from tasrib.tables.code_pages import best_page, merit, page_name
from tasrib.tables.notes import Note
from tasrib.tables.raw import EmptyFile, Source

ZERO_BYTES = "holds bytes of value zero, which are damage; they were left out"
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
# Latin and Arabic letters, signs and emoji: bytes of something else, taken for UTF-16, make Chinese ones.
_OURS = re.compile(r"[\t\r\n\u0020-\u077f\u1e00-\u2bff\ufb50-\ufeff\U0001f000-\U0001ffff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN, _SOUND = re.compile(r"[\udc80-\udcff]"), re.compile(r"[^\x00-\x7f\udc80-\udcff]+")
# UTF-8 may lose a byte in transport; a line with more damage than this never was UTF-8.
_DAMAGE = 0.1
# Before a quote or a number it is no part of a text.
_MARK = re.compile(r'(?<=[\r\n])\ufeff(?=["+\d])')
# The bytes of the letters that French words have in the Western page of Windows, each by itself.
_FRENCH = re.compile(
    "(?<![\udc80-\udcff])[\udcc0\udcc7-\udcca\udce0\udce7-\udceb\udcee\udcf4\udcf9](?![\udc80-\udcff])"
)
# Among lines of UTF-8, one with fewer such bytes is a damaged one rather than one in a code page.
_LEAST_BYTES = 3
# A text may have caught some zero bytes; of bytes by chance, as in a picture, more than a tenth are control characters.
_FEW_CONTROLS = 0.08
# Of UTF-16 each line end and separator has one.
_LEAST_NULS = 0.02


def decode(source: Source) -> tuple[str, list[Note]]:
    """
    Text of a file, in the encoding that the user states or else the one it shows.

    UTF-8, UTF-16 (with or without byte order mark) and the code pages of `tasrib.tables.code_pages` are told apart, line by line where
    not all of a file is UTF-8. Bytes that break otherwise sound UTF-8 come out as lone surrogates (``surrogateescape``), for the reader to
    quarantine their row.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    tuple of str and list of Note
        The text, and how it was taken where it is not UTF-8.

    Raises
    ------
    UnreadableInput
        When the content is not text, not in the stated encoding, or has a line over the limit.
    """
    data = source.data
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableInput(f"{source.name} is {kind} inside, not text; export it as CSV or name it rightly")
    source.check_lines()
    text, notes = _stated(source) if source.encoding else _found_out(data)
    if text is None or _mostly_controls(text):
        raise UnreadableInput(f"{source.name} is not text (binary content); export it as CSV")
    # Files put together keep the mark of each, DOS marks the end with a sign of its own.
    ended = text.rstrip("\x1a\r\n")
    text = (f"{ended}\n" if "\x1a" in text[len(ended) :] else text).removeprefix("\ufeff")
    headings = text.partition("\n")[0]
    text = _MARK.sub("", text.replace(f"\n\ufeff{headings}", f"\n{headings}"))
    if not text.strip("\ufeff \t\r\n"):
        raise EmptyFile(f"{source.name} is empty")
    return text, notes


def _stated(source: Source) -> tuple[str, list[Note]]:
    name = str(source.encoding)
    try:
        return source.data.decode(name), [_note(f"read as {name}, as stated")]
    except UnicodeDecodeError as error:
        line = source.data[: error.start].count(b"\n") + 1
        raise UnreadableInput(
            f"{source.name} is not in the encoding {name} (line {line}); leave --encoding out, or name another"
        ) from None
    except (LookupError, ValueError):
        # Python also has encodings that are none of a text, each with an error of its own.
        raise UnreadableInput(
            f"'{name}' is no encoding; write one such as utf-8, cp1256, cp1252 or iso8859-6"
        ) from None


def _note(said: str) -> Note:
    return Note("read", "encoding", said)


def _found_out(data: bytes) -> tuple[str | None, list[Note]]:
    """None for what no listed encoding explains."""
    try:
        # First the longer mark: the shorter one is its beginning.
        if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return data.decode("utf-32"), [_note("read as UTF-32")]
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), [_note("read as UTF-16")]
        if b"\x00" in data:
            wide = _utf16_without_mark(data)
            if wide is not None:
                return wide, [_note("read as UTF-16")]
            # Some programs fill their last block with them.
            data = data.rstrip(b"\x00")
            if len(_CONTROL_BYTES.findall(data)) > _FEW_CONTROLS * len(data):
                return None, []
    except UnicodeDecodeError:
        return None, []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        return _by_line(data)


def _utf16_without_mark(data: bytes) -> str | None:
    """Digits, separators and line ends have a zero byte, always on the same side of the pair."""
    even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if max(even, odd) < 5 * min(even, odd) or len(data) % 2 or even + odd < _LEAST_NULS * len(data[:_SAMPLE]):
        return None
    text = data.decode("utf-16-be" if even > odd else "utf-16-le")
    return text if len(_OURS.findall(text[:2000])) > 0.9 * min(len(text), 2000) else None


def _by_line(data: bytes) -> tuple[str, list[Note]]:
    """Lines that are UTF-8 as such, damaged ones with their damage, all others in the code page that suits them together."""
    lines = data.splitlines(keepends=True)
    texts = [line.decode("utf-8", "surrogateescape") for line in lines]
    other = [at for at, text in enumerate(texts) if _is_not_utf8(text)]
    page = best_page(b"".join(lines[at] for at in other))
    is_mixed = len(other) < sum(not text.isascii() for text in texts)
    taken = []
    for at in other:
        read = lines[at].decode(page, "replace")
        if not is_mixed or (merit(read) > 0 and _is_meant(texts[at])):
            texts[at] = read
            taken.append(at)
    if not taken:
        return "".join(texts), []
    if not is_mixed:
        return "".join(texts), [_note(f"read as {page_name(page)}")]
    lines_are = "1 line is" if len(taken) == 1 else f"{len(taken):,} lines are"
    said = f"{lines_are} in {page_name(page)} (the first is line {taken[0] + 1}), the others in UTF-8"
    return "".join(texts), [_note(said)]


def _is_meant(text: str) -> bool:
    """Whether bytes that are no UTF-8 are rather letters of a code page than damage: there are several, or é stands among Latin letters."""
    broken = _BROKEN.findall(text)
    return len(broken) >= _LEAST_BYTES or (len(broken) == len(_FRENCH.findall(text)) and not _SOUND.search(text))


def _is_not_utf8(text: str) -> bool:
    broken = len(_BROKEN.findall(text))
    return bool(broken) and broken >= _DAMAGE * sum(map(len, _SOUND.findall(text)))


def _mostly_controls(text: str) -> bool:
    """A text holds hardly any control characters, a program or picture is full of them."""
    sample = text[:_SAMPLE]
    return len(_CONTROLS.findall(sample)) > 0.3 * len(sample)

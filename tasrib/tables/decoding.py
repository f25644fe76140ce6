"""Bytes to text, in whichever encoding a Moroccan office computer saved it, each line in its own where a file is mixed."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from tasrib.errors import UnreadableInput
from tasrib.tables.code_pages import SAMPLE, best_page, merit, page_name
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
_MARKED = (
    ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32", "read as UTF-32"),
    ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16", "read as UTF-16"),
)
_SAMPLE = 200_000
_LONG = 2**21  # characters without a line feed, after which returns are taken for line ends
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


@dataclass(frozen=True)
class Text:
    """
    The text of a file, read some lines at a time, any number of times.

    Attributes
    ----------
    notes : list of Note
        How it was taken, where it is not UTF-8.
    pieces : callable
        Gives the text in pieces of whole lines.
    """

    notes: list[Note]
    pieces: Callable[[], Iterator[str]]


_Pieces: TypeAlias = Callable[[], Iterator[str]]


def decode(source: Source) -> Text:
    """
    Text of a file, in the encoding that the user states or else the one it shows.

    UTF-8, UTF-16 (with or without byte order mark) and the code pages of `tasrib.tables.code_pages` are told apart, line by line where
    not all of a file is UTF-8. Bytes that break otherwise sound UTF-8 come out as lone surrogates (``surrogateescape``), for the reader to
    quarantine their row.

    Parameters
    ----------
    source : Source
        The file; read several times from its beginning to its end, and never held as a whole.

    Returns
    -------
    Text
        The text, and how it was taken where it is not UTF-8.

    Raises
    ------
    UnreadableInput
        When the content is not text, not in the stated encoding, or has a line over the limit.
    """
    with source.open() as opened:
        head = opened.read(_SAMPLE)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            raise UnreadableInput(f"{source.name} is {kind} inside, not text; export it as CSV or name it rightly")
    source.check_lines()
    found = _stated(source) if source.encoding else _found_out(source, head)
    if found is None or _mostly_controls("".join(_first(found.pieces(), _SAMPLE))):
        raise UnreadableInput(f"{source.name} is not text (binary content); export it as CSV")
    if not any(piece.strip("\ufeff \t\r\n") for piece in _without_marks(found.pieces())):
        raise EmptyFile(f"{source.name} is empty")
    return Text(found.notes, lambda: _without_marks(found.pieces()))


def _without_marks(pieces: Iterator[str]) -> Iterator[str]:
    """Files put together keep the mark of each, DOS marks the end with a sign of its own."""
    headings, before = None, ""
    for piece in whole_lines(_without_end(pieces)):
        if headings is None:
            piece = piece.removeprefix("\ufeff")
            headings = piece.partition("\n")[0]
        if "\ufeff" in piece:
            marked = (before + piece).replace(f"\n\ufeff{headings}", f"\n{headings}")
            piece = _MARK.sub("", marked)[len(before) :]
        if piece:
            yield piece
            before = piece[-1]


def _without_end(pieces: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    for piece in pieces:
        kept = piece.rstrip("\x1a\r\n")
        if kept:
            yield from held
            yield kept
            held = []
        held.append(piece[len(kept) :])
    end = "".join(held)
    yield "\n" if "\x1a" in end else end


def whole_lines(pieces: Iterable[Any]) -> Iterator[Any]:
    """
    Cut pieces of a text anew, so that each ends where a line ends.

    Parameters
    ----------
    pieces : iterable of str, or of bytes
        In any lengths.

    Yields
    ------
    str or bytes
        The same text; only in one whose lines end with returns alone is a piece cut after one of these.
    """
    kept: list[Any] = []
    length = 0
    for piece in pieces:
        line, back = ("\n", "\r") if isinstance(piece, str) else (b"\n", b"\r")
        cut = piece.rfind(line) + 1
        length += len(piece)
        if not cut and length > _LONG:
            piece = piece[:0].join([*kept, piece])
            kept = []
            # The last sign may be the first half of a line end.
            cut = piece[:-1].rfind(back) + 1
        if cut:
            yield piece[:0].join([*kept, piece[:cut]])
            kept, length = [], len(piece) - cut
        kept.append(piece[cut:])
    if any(kept):
        yield kept[0][:0].join(kept)


def _first(pieces: Iterable[str], most: int) -> Iterator[str]:
    for piece in pieces:
        yield piece[:most]
        most -= len(piece)
        if most <= 0:
            return


def _incrementally(blocks: Callable[[], Iterator[bytes]], name: str) -> _Pieces:
    def pieces() -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(name)()
        for block in blocks():
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)

    return pieces


def _stated(source: Source) -> Text:
    name = str(source.encoding)
    n_lines = read = 0

    def counted() -> Iterator[bytes]:
        nonlocal n_lines, read
        for block in source.blocks():
            yield block
            n_lines, read = n_lines + block.count(b"\n"), read + len(block)

    try:
        # Python also has encodings that are none of a text: to take some bytes for such a one fails in a way of its own.
        with contextlib.suppress(UnicodeDecodeError):
            b"text".decode(name)
        pieces = _incrementally(source.blocks, name)
        for _ in _incrementally(counted, name)():
            pass
    except UnicodeDecodeError as error:
        # The codec's bytes begin with those that it held back, and end with the block that was not yet counted.
        line = n_lines + error.object[: error.start].count(b"\n") + 1
        raise UnreadableInput(
            f"{source.name} is not in the encoding {name} (line {line}); leave --encoding out, or name another"
        ) from None
    except (LookupError, ValueError, TypeError):
        raise UnreadableInput(
            f"'{name}' is no encoding; write one such as utf-8, cp1256, cp1252 or iso8859-6"
        ) from None
    return Text([_note(f"read as {name}, as stated")], pieces)


def _note(said: str) -> Note:
    return Note("read", "encoding", said)


def _found_out(source: Source, head: bytes) -> Text | None:
    """None for what no listed encoding explains."""
    # First the longer mark: the shorter one is its beginning.
    for marks, name, said in _MARKED:
        if head.startswith(marks):
            return _sound(Text([_note(said)], _incrementally(source.blocks, name)))
    blocks = source.blocks
    if any(b"\x00" in block for block in blocks()):
        wide = _utf16_without_mark(source, head)
        if wide is not None:
            found = _sound(Text([_note("read as UTF-16")], wide))
            # As bytes of UTF-16 that break do, those that are none of our letters say that it is something else.
            if found is None or _mostly_ours("".join(_first(wide(), 2_000))):
                return found

        # Some programs fill their last block with them.
        def blocks() -> Iterator[bytes]:
            return _without_nuls(source.blocks())

        n, controls = 0, 0
        for block in blocks():
            n, controls = n + len(block), controls + len(_CONTROL_BYTES.findall(block))
        if controls > _FEW_CONTROLS * n:
            return None
    return _sound(Text([], _incrementally(blocks, "utf-8"))) or _by_line(lambda: whole_lines(blocks()))


def _sound(text: Text) -> Text | None:
    """The text, if its bytes are of its encoding to the last one."""
    try:
        for _ in text.pieces():
            pass
    except UnicodeDecodeError:
        return None
    return text


def _without_nuls(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """All but those at the end."""
    held: list[bytes] = []
    for block in blocks:
        kept = block.rstrip(b"\x00")
        if kept:
            yield from held
            yield kept
            held = []
        held.append(block[len(kept) :])


def _mostly_ours(text: str) -> bool:
    return len(_OURS.findall(text)) > 0.9 * len(text)


def _utf16_without_mark(source: Source, head: bytes) -> _Pieces | None:
    """Digits, separators and line ends have a zero byte, always on the same side of the pair."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 5 * min(even, odd) or source.state()[0] % 2 or even + odd < _LEAST_NULS * len(head):
        return None
    return _incrementally(source.blocks, "utf-16-be" if even > odd else "utf-16-le")


def _by_line(pieces: Callable[[], Iterator[bytes]]) -> Text:
    """Lines that are UTF-8 as such, damaged ones with their damage, all others in the code page that suits them together."""
    n_other, n_beyond_ascii, sample = 0, 0, b""
    for line in _lines(pieces()):
        text = line.decode("utf-8", "surrogateescape")
        n_beyond_ascii += not text.isascii()
        if _is_not_utf8(text):
            n_other += 1
            if len(sample) < SAMPLE:
                sample += line
    page = best_page(sample)
    is_mixed = n_other < n_beyond_ascii

    def read(line: bytes) -> tuple[str, bool]:
        """The line, and whether it was taken in the code page."""
        text = line.decode("utf-8", "surrogateescape")
        if not _is_not_utf8(text):
            return text, False
        paged = line.decode(page, "replace")
        is_paged = not is_mixed or (merit(paged) > 0 and _is_meant(text))
        return (paged if is_paged else text), is_paged

    def texts() -> Iterator[str]:
        for piece in pieces():
            yield "".join(read(line)[0] for line in piece.splitlines(keepends=True))

    if not is_mixed:
        return Text([_note(f"read as {page_name(page)}")] if n_other else [], texts)
    first, n_taken = 0, 0
    for number, line in enumerate(_lines(pieces()), start=1):
        if read(line)[1]:
            first, n_taken = first or number, n_taken + 1
    if not n_taken:
        return Text([], texts)
    lines_are = "1 line is" if n_taken == 1 else f"{n_taken:,} lines are"
    said = f"{lines_are} in {page_name(page)} (the first is line {first}), the others in UTF-8"
    return Text([_note(said)], texts)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from piece.splitlines(keepends=True)


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

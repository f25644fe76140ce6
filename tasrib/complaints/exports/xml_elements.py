"""A long XML file as its small elements, one at a time: a broken one costs itself and not what follows, and nothing is declared."""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from tasrib.tables.code_pages import best_page
from tasrib.tables.raw import Source, mend

# Attachments stand in attributes, as base64; no word of any language is so long.
_LONGEST_WORD = 8_192
_LONGEST = 4_000_000  # characters of an element without its attachments
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_ATTACHMENT = re.compile(rf"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/=]{{{_LONGEST_WORD},}}")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})""")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_VALUE = re.compile("""=\\s?(?:"[^"]*"|'[^']*')""")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD = 262_144  # bytes in which the encoding is told
_MARK = 12  # characters in which the beginning of an element is surely told
_ASIDE = {"<!--": "-->", "<![CDATA[": "]]>"}


@dataclass
class Element:
    """An element: its name, attributes and elements within it."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)


def head_of(source: Source, length: int = 65_536) -> str:
    """The beginning of a file as text, whatever its encoding, without what no text has."""
    with source.open() as opened:
        head = opened.read(length)
    return head.decode(_encoding(head), "replace").lstrip("\ufeff \t\r\n\x00")


def pieces_of(source: Source) -> Iterator[str]:
    """
    Read a file of XML as text, without attachments, comments and sections that are not parsed.

    Parameters
    ----------
    source : Source
        The file.

    Yields
    ------
    str
        Some of it; bytes that break its encoding are U+FFFD.
    """
    with source.open() as opened:
        head = opened.read(_HEAD)
    encoding = _encoding(head)
    # A program that edits text may save it as the system's, whatever the file says of itself.
    if encoding == "utf-8" and not _is_utf8(head):
        encoding = best_page(head)

    def decoded() -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        for block in source.blocks():
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)

    return _without_asides(_without_attachments(decoded()))


def _is_utf8(head: bytes) -> bool:
    """A byte that was spoilt costs its letter; text of another page breaks the rules wherever it is no ASCII."""
    text = head.decode("utf-8", "replace")
    return text.count("\ufffd") <= sum(sign > "\x7f" for sign in text) / 2


def _encoding(head: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
                       (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be")):  # fmt: skip
        if head.startswith(mark):
            return name
    declared = _DECLARED.search(head)
    if declared:
        try:
            # In the encoding that a file names, its own name is legible: it is no UTF-16.
            if head[:5].decode(declared[1].decode()) == "<?xml":
                return codecs.lookup(declared[1].decode()).name
        except (LookupError, UnicodeError, ValueError):
            pass
    return "utf-8"


def _without_attachments(pieces: Iterable[str]) -> Iterator[str]:
    held, is_inside = "", False
    for piece in pieces:
        text = held + piece
        if is_inside:
            text = text.lstrip(_BASE64)
            if not text:
                continue
        # What the piece ends with may go on in the next; it is held back, or dropped where it is no word already.
        kept = text.rstrip(_BASE64)
        is_inside = len(text) - len(kept) >= _LONGEST_WORD
        held = "" if is_inside else text[len(kept) :]
        yield _ATTACHMENT.sub("", kept)
    yield held


def _without_asides(pieces: Iterable[str]) -> Iterator[str]:
    held, closing = "", ""
    for piece in pieces:
        text, at, kept = held + piece, 0, list[str]()
        while at < len(text):
            if closing:
                end = text.find(closing, at)
                if end < 0:
                    # The mark of its end may be cut through.
                    at = max(at, len(text) - 2)
                    break
                at, closing = end + len(closing), ""
                continue
            starts = {mark: text.find(mark, at) for mark in _ASIDE}
            mark = min((each for each in starts if starts[each] >= 0), key=starts.__getitem__, default="")
            if not mark:
                last = text.rfind("<", at)
                cut = last if last >= len(text) - 9 and last >= at else len(text)
                kept.append(text[at:cut])
                at = cut
                break
            kept.append(text[at : starts[mark]])
            at, closing = starts[mark] + len(mark), _ASIDE[mark]
        held = text[at:]
        yield "".join(kept)
    yield "" if closing else held


def elements(pieces: Iterable[str], names: Iterable[str], root: str) -> Generator[Element | None, None, bool]:
    """
    Take elements out of a text that holds one after the other.

    Parameters
    ----------
    pieces : iterable of str
        The text, as from `pieces_of`.
    names : iterable of str
        The elements that are wanted; none of them stands within another.
    root : str
        The element round them, whose end is theirs.

    Yields
    ------
    Element or None
        None for one that is not well-formed. Nothing is declared in it, so that a reference to an entity is a fault.

    Returns
    -------
    bool
        Whether the end of the root was there.
    """
    start = re.compile(rf"<(?:(?:{'|'.join(names)})(?=[\s/>])|/{root}(?=[\s>]))")
    held, is_in, is_closed = "", False, False
    for piece in pieces:
        held += piece
        begin = 0
        for match in start.finditer(held):
            # The first may be the one that began in an earlier piece.
            if is_in and match.start() > 0:
                yield _parse(held[begin : match.start()])
            begin, is_in = match.start(), match[0][1] != "/"
            is_closed = is_closed or not is_in
        if not is_in:
            mark = held.rfind("<", max(0, len(held) - _MARK))
            begin = len(held) if mark < 0 else mark
        held = held[begin:]
        if len(held) > _LONGEST:
            yield None
            held, is_in = "", False
    if is_in:
        yield _parse(held)
    return is_closed


def _parse(text: str) -> Element | None:
    """One element; of what follows it up to the next, nothing. Programs that do not escape what they should are understood."""
    legal = _legal(text)
    found = _well_formed(legal)
    return found if found is not None else _well_formed(_VALUE.sub(_escaped, legal))


def _well_formed(text: str) -> Element | None:
    root = Element("", {})
    stack = [root]

    def begin(name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes)
        stack[-1].children.append(element)
        stack.append(element)

    def end(name: str) -> None:
        stack.pop()

    parser = ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(f"<r>{text}</r>".encode(), True)
    except ExpatError:
        return None
    return root.children[0].children[0]


def _escaped(match: re.Match[str]) -> str:
    return _BARE.sub("&amp;", match[0]).replace("<", "&lt;")


def _legal(text: str) -> str:
    """Halves of a character written as two references put together, references and controls that XML forbids taken out."""
    if "&#" in text:
        text = mend(_REFERENCE.sub(_character, text))
    return _CONTROLS.sub("", text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if 0xD800 <= code <= 0xDFFF:
        return chr(code)
    if code > 0x10FFFF or _CONTROLS.fullmatch(chr(code)):
        return ""
    return match[0]

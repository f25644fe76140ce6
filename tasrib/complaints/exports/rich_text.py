"""
Texts that Outlook keeps in RTF alone: packed (MS-OXRTFCP), and often a page of HTML within (MS-OXRTFEX).

Libraries for RTF leave the page out or are not free to be used, so the few rules that a message needs stand here. What is hidden is left out.
"""

from __future__ import annotations

import codecs
import re
import struct
import zlib
from dataclasses import dataclass, replace

from tasrib.complaints.exports.mail_text import words_of
from tasrib.tables.raw import mend

_PACKED, _PLAIN = b"LZFu", b"MELA"
_MOST = 20_000_000  # bytes of a text
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4_096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_LINK = re.compile(r"HYPERLINK[^\"]{0,40}\"(https?://[^/\"?#\s]{1,255})", re.IGNORECASE)
# By the number of a font's character set.
_PAGES = {
    0: "cp1252", 77: "mac_roman", 81: "mac_arabic", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
}  # fmt: skip
_SIGNS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": " ", "nestcell": " ", "emdash": "\u2014", "endash": "\u2013",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "~": "\u00a0", "_": "\u2011", "-": "",
    "rtlmark": "\u200f", "ltrmark": "\u200e", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
# Groups that hold no words of the message.
_ASIDE = frozenset([
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
    "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "generator", "pntext", "bkmkstart", "bkmkend", "annotation", "atnid",
])  # fmt: skip


class NotLegible(Exception):
    """Bytes that are no RTF, or damaged."""


def unpacked(data: bytes) -> bytes:
    """
    Unpack what Outlook packed.

    Parameters
    ----------
    data : bytes
        The property ``PidTagRtfCompressed``.

    Returns
    -------
    bytes
        RTF.

    Raises
    ------
    NotLegible
        When it is damaged, or too large.
    """
    if len(data) < 16:
        raise NotLegible
    n_packed, size, kind, check = struct.unpack_from("<II4sI", data)
    body = data[16 : n_packed + 4]
    if kind == _PLAIN:
        return body[:size]
    if kind != _PACKED or size > _MOST or (zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF) != check:
        raise NotLegible
    ring = bytearray(_KNOWN.ljust(_RING, b"\0"))
    at, write, out = 0, len(_KNOWN), bytearray()
    while at < len(body) and len(out) <= size:
        control, at = body[at], at + 1
        for bit in range(8):
            if at + (control >> bit & 1) >= len(body):
                return bytes(out[:size])
            if control >> bit & 1:
                token, at = int.from_bytes(body[at : at + 2], "big"), at + 2
                place, length = token >> 4, (token & 15) + 2
                if place == write:
                    return bytes(out[:size])
            else:
                place, length, ring[write], at = write, 1, body[at], at + 1
            for step in range(length):
                ring[write] = byte = ring[(place + step) % _RING]
                out.append(byte)
                write = (write + 1) % _RING
    return bytes(out[:size])


@dataclass(frozen=True)
class _State:
    """What holds within a group."""

    kind: str = ""
    is_aside: bool = False
    is_hidden: bool = False
    is_twin: bool = False
    n_skipped: int = 1
    font: int = -1


class _Reader:
    def __init__(self) -> None:
        self.page, self.is_of_html = "cp1252", False
        self._fonts: dict[int, str] = {}
        self._defined = -1
        self._state, self._around = _State(), list[_State]()
        self._out, self._aside = list[str](), list[str]()
        self._bytes = bytearray()
        self._links = list[str]()
        self._to_skip = 0
        self._is_new = self._is_optional = False

    @property
    def text(self) -> str:
        self._flush()
        return mend("".join(self._out))

    def feed(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            match = _TOKEN.match(data, at)
            if match is None:
                at += 1
                continue
            at = match.end()
            word, number, code, sign, brace, text = match.groups()
            if word:
                if word == b"bin":
                    at += max(int(number or 0), 0)
                    continue
                self._word(word.decode(), None if number is None else int(number))
            elif code:
                self._take(bytes.fromhex(code.decode()))
            elif sign:
                self._sign(sign)
            elif brace:
                self._brace(brace)
                if not self._around:
                    return
            elif text:
                self._take(text)
            self._is_new = brace == b"{" or (sign == b"*" and self._is_new)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._around.append(self._state)
            self._state = replace(self._state, kind="")
            return
        left, self._state = self._state, self._around.pop() if self._around else _State()
        if left.kind == "fldinst":
            found = _LINK.search("".join(self._aside))
            self._links.append(found[1] if found else "")
            self._aside.clear()
        elif left.kind == "field" and self._links:
            link = self._links.pop()
            self._out += [f" <{link}>"] if link not in "".join(self._out[-8:]) else []

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._say(chr(number % 0x10000))
            self._to_skip = self._state.n_skipped
            return
        self._flush()
        self._to_skip = 0
        optional, self._is_optional = self._is_optional, False
        if self._is_new and word in ("htmltag", "fldinst", "field"):
            self._state = replace(self._state, kind=word, is_aside=self._state.is_aside or word == "fldinst")
        elif self._is_new and (word in _ASIDE or optional):
            self._state = replace(self._state, kind=word, is_aside=True)
        elif word == "f" and number is not None:
            self._defined = number
            self._state = replace(self._state, font=number)
        elif word == "fcharset" and number is not None:
            self._fonts[self._defined] = _PAGES.get(number, "")
        elif word == "ansicpg" and number is not None:
            self.page = _page(f"cp{number}") or self.page
        elif word == "deff" and number is not None:
            self._state = replace(self._state, font=number)
        elif word == "fromhtml":
            self.is_of_html = number != 0
        elif word == "htmlrtf":
            self._state = replace(self._state, is_twin=number != 0)
        elif word == "v":
            self._state = replace(self._state, is_hidden=number != 0)
        elif word == "uc":
            self._state = replace(self._state, n_skipped=min(max(number or 0, 0), 10))
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_optional = self._is_new
        elif sign in b"\\{}":
            self._take(sign)
        elif sign in b"\r\n":
            self._say("\n")
        elif (named := sign.decode("latin-1")) in _SIGNS:
            self._say(_SIGNS[named])

    def _take(self, data: bytes) -> None:
        skipped, self._to_skip = min(self._to_skip, len(data)), max(self._to_skip - len(data), 0)
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            page = self._fonts.get(self._state.font) or self.page
            data, self._bytes = bytes(self._bytes), bytearray()
            self._say(data.decode(page, "replace"))

    def _say(self, text: str) -> None:
        self._flush()
        state = self._state
        if state.kind == "fldinst":
            self._aside.append(text)
        if state.is_aside or (state.is_twin and self.is_of_html and state.kind != "htmltag"):
            return
        # Of a page its own marks tell what is hidden.
        if not state.is_hidden or self.is_of_html:
            self._out.append(text)


def _page(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def text_of_rtf(data: bytes) -> str:
    """
    Read the words of an RTF.

    Parameters
    ----------
    data : bytes
        As from `unpacked`.

    Returns
    -------
    str
        Lines as they are seen; behind a link the host that it leads to.

    Raises
    ------
    NotLegible
        When it is no RTF.
    """
    if not data.lstrip().startswith(rb"{\rtf"):
        raise NotLegible
    reader = _Reader()
    reader.feed(data.lstrip()[:_MOST])
    if reader.is_of_html:
        return words_of(reader.text)
    return "\n".join(line.strip() for line in reader.text.split("\n")).strip("\n")

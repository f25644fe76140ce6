"""Letters that stand as codes: entities, backslashes, percent signs, mail and SMS encodings. Each function of `UNDO` undoes one kind, or nothing."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import json
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

_ENTITY = re.compile(r"&(?:#\d{2,7};?|#[xX][0-9a-fA-F]{2,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_BREAK = re.compile(r"[ \t]{0,9}<(?:br|/p|/div|/li|/tr|/h[1-6]|hr)\b[^<>]{0,200}>[ \t]*", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,300}?\bhref\s{0,3}=\s{0,3}[\"']?(?P<to>[^\"'<>\s]{1,500})[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|b|i|u|em|strong|small|big|font|center|a|li|ul|ol|h[1-6]|table|tbody|tr|td|th|img|body|html|blockquote)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_BACKSLASHED = re.compile(
    r"\\{1,8}u\{([0-9a-fA-F]{2,6})\}|\\{1,8}u([0-9a-fA-F]{4})|\\{1,8}U([0-9a-fA-F]{8})|%u([0-9a-fA-F]{4})|<U\+([0-9A-F]{4,6})>|\bU\+([0-9A-F]{4,6})(?: ?(?=U\+)|\b)"
)
_BYTES = re.compile(r"(?:\\{1,8}x[0-9a-fA-F]{2}){2,}|(?:\\{1,8}[0-3][0-7]{2}){2,}")
_ONE_BYTE = re.compile(r"\\{1,8}(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))")
_NO_BACKSLASH = re.compile(
    r"(?:u00[c-fC-F][0-9a-fA-F]|u0[67][0-9a-fA-F]{2}|ufb[5-9a-fA-F][0-9a-fA-F]|ufe[7-9a-fA-F][0-9a-fA-F])+"
)
_NO_BACKSLASH_RUN = re.compile(
    r"(?:u[0-9a-fA-F]{4}){2,}|u00[c-fC-F][0-9a-fA-F]|(?<![A-Za-z])u0[67][0-9a-fA-F]{2}(?![A-Za-z0-9])"
)
_U_CODE = re.compile(r"u([0-9a-fA-F]{4})")
_ENCODED_WORD = re.compile(r"=\?([\w.:-]{2,40})\?([BbQq])\?([^?\s]{0,2000})\?=(?:\s+(?==\?))?")
_QUOTED = re.compile(r"(?:=[0-9A-Fa-f]{2}(?:=\r?\n)?)+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}|(?<=[0-9A-Fa-f])[ +](?=%))+")
_PERCENT_BACKSLASH = re.compile("%5[Cc]u[0-9a-fA-F]{4}")
_LINKED = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S{1,253}\.\w{2,10}/\S*")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x|\\x)?((?:[0-9A-Fa-f]{2}\s?){8,})(?![0-9A-Za-z])")
# Parts of a long SMS begin with a header that says which part they are.
_PART = re.compile(r"050003[0-9A-F]{6}|060804[0-9A-F]{8}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_BLANKS = re.compile(r"\s+")
_UTF7 = re.compile(r"\+([A-Za-z0-9+/]{3,})(?:-|(?![A-Za-z0-9+/]))")
_ARABIC = re.compile("[\u0621-\u064a]")


def _undo_entities(text: str) -> str:
    """Character references of HTML, with or without their semicolon where they are numbers; pairs of surrogates too."""
    return _joined(_ENTITY.sub(lambda m: _entity(m.group()), text)) if "&" in text else text


def _undo_tags(text: str) -> str:
    """Line breaks for the tags that break lines; the address beside what it was a link on; nothing for tags of looks."""
    if "<" not in text:
        return text
    broken = _BREAK.sub("\n", text)
    # One such tag may be quoted, or be a name; one that is closed again, or stands beside a line break, is markup.
    if broken == text and len(_TAG.findall(text)) < 2:
        return text
    return _TAG.sub("", _LINK.sub(lambda m: f"{m['to']} ", broken)).strip()


def _undo_backslashes(text: str) -> str:
    r"""Escapes of JSON, JavaScript, Python and C: ``\u0635``, ``\xd8\xb5``, ``\330\265``, ``%u0635``, ``U+0635``, ``u0635u0648``."""
    if not ("\\" in text or "%u" in text or "u0" in text or "U+" in text) or _PERCENT_BACKSLASH.search(text):
        return text
    bare = text.strip()
    if len(bare) > 2 and bare[0] == bare[-1] == '"' and "\\" in bare:
        try:
            found = json.loads(bare)
            return _joined(found) if isinstance(found, str) else text
        except ValueError:
            pass
    better = _BACKSLASHED.sub(lambda m: chr(min(int(next(filter(None, m.groups())), 16), 0x10FFFF)), text)
    better = _BYTES.sub(lambda m: _decoded(_byte_values(m.group()), m.group()), better)
    if sum(len(run) for run in _NO_BACKSLASH.findall(better)) >= 10:
        better = _NO_BACKSLASH_RUN.sub(
            lambda m: _U_CODE.sub(lambda code: chr(int(code.group(1), 16)), m.group()), better
        )
    better = _joined(better)
    if better == text or not _fit(better, text):
        return text
    # Where letters stood as codes, quotes and line ends did as well.
    better = (
        better.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\/", "/")
    )
    stripped = better.strip()
    for opening, closing in (('"', '"'), ("b'", "'"), ('b"', '"')):
        if stripped.startswith(opening) and stripped.endswith(closing) and len(stripped) > 3:
            return stripped[len(opening) : -1]
    return better


def _undo_encoded_words(text: str) -> str:
    """Headers of mail, RFC 2047: ``=?UTF-8?B?…?=``; a letter may be parted between two of them."""
    if "=?" not in text:
        return text
    out, done, pending, charset = [], 0, b"", ""

    def flush() -> str:
        nonlocal pending
        raw, pending = pending, b""
        return raw.decode(charset, "replace") if raw else ""

    for match in _ENCODED_WORD.finditer(text):
        raw = _word_bytes(match.group(2), match.group(3))
        name = match.group(1).partition("*")[0].lower()
        if raw is None or not _known_charset(name):
            continue
        if match.start() > done or name != charset:
            out += [flush(), text[done : match.start()]]
        charset, done = name, match.end()
        pending += raw
    out += [flush(), text[done:]]
    better = "".join(out)
    return better if _fit(better, text) else text


def _undo_quoted_printable(text: str) -> str:
    """Bodies of mail: ``=D8=B5``, with the line ends that the encoding put in."""
    if not any(_beyond_ascii(_hex_bytes(run, "=")) for run in _QUOTED.findall(text)):
        return text
    raw = quopri.decodestring(text.encode("utf-8", "surrogatepass"))
    better = _decoded(raw, text)
    return better if _fit(better, text) else text


def _undo_percent(text: str) -> str:
    """Codes of addresses, where they are no part of an address: ``%D8%B5``."""
    if "%" not in text:
        return text
    if _PERCENT_BACKSLASH.search(text):
        return unquote_to_bytes(text).decode("utf-8", "replace")
    links = [match.span() for match in _LINKED.finditer(text)]
    spelt_with_plus = " " not in text.strip() and "+" in text

    def one(match: re.Match[str]) -> str:
        if any(a <= match.start() < b for a, b in links):
            return match.group()
        raw = unquote_to_bytes(match.group().replace("+", " "))
        return _decoded(raw, match.group()) if _beyond_ascii(raw) else match.group()

    better = _PERCENT.sub(one, text)
    if better == text or not _fit(better, text):
        return text
    better = re.sub(
        r"%(?:20|0[AaDd]|2[1-9A-Fa-f]|3[A-Fa-f])", lambda m: unquote_to_bytes(m.group()).decode("ascii"), better
    )
    return better.replace("+", " ") if spelt_with_plus else better


def _undo_hex(text: str) -> str:
    """What SMS gateways write: the letters' numbers in hexadecimal, UCS-2 or UTF-8, in one run or in pairs."""
    return _HEX.sub(lambda m: _from_hex(m.group(1)) or m.group(), text)


def _undo_base64(text: str) -> str:
    """A message that is base64 of text as a whole."""
    bare = _BLANKS.sub("", text)
    if not _BASE64.fullmatch(bare) or len(bare) % 4 or bare.isdigit():
        return text
    raw = base64.b64decode(bare)
    for page in ("utf-8", "utf-16-be", "utf-16-le"):
        try:
            better = raw.decode(page).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        letters = sum(c.isalpha() for c in better)
        # Sixteen letters of any word are base64 of something: it is a text when it has Arabic letters, or words.
        sensible = _ARABIC.search(better) or (" " in better and all(c < "\u0180" for c in better))
        if _plain(better) and 2 * letters > len(better) and sensible:
            return better
    return text


def _undo_utf7(text: str) -> str:
    """UTF-7, as old mail gateways write it: ``+BjUGSAYq-``."""

    def one(match: re.Match[str]) -> str:
        try:
            better = match.group().encode("ascii").decode("utf-7")
        except UnicodeDecodeError:
            return match.group()
        arabic = all(_ARABIC.match(c) or not c.isalnum() for c in better) and _ARABIC.search(better)
        accent = len(better) == 1 and "\u00c0" <= better <= "\u017f" and match.group().endswith("-")
        return better if arabic or accent else match.group()

    return _UTF7.sub(one, text) if "+" in text else text


def _undo_surrogates(text: str) -> str:
    """Halves of a picture that were read as two characters."""
    return _joined(text)


UNDO: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("surrogates", _undo_surrogates),
    ("backslash_u", _undo_backslashes),
    ("entities", _undo_entities),
    ("tags", _undo_tags),
    ("encoded_word", _undo_encoded_words),
    ("quoted_printable", _undo_quoted_printable),
    ("percent", _undo_percent),
    ("ucs2_hex", _undo_hex),
    ("base64", _undo_base64),
    ("utf7", _undo_utf7),
)
"""Code and function of each kind, in the order in which they are tried."""


def _entity(written: str) -> str:
    if written[1] != "#":
        return html.unescape(written)
    number = written[2:].rstrip(";")
    value = int(number[1:], 16) if number[0] in "xX" else int(number)
    if value in _HIGH or value in _LOW:
        return chr(value)
    found = html.unescape(written.rstrip(";") + ";")
    return found if _plain(found) else written


def _joined(text: str) -> str:
    return _PAIR.sub(lambda m: m.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)


def _word_bytes(kind: str, content: str) -> bytes | None:
    try:
        if kind in "bB":
            return base64.b64decode(content + "=" * (-len(content) % 4))
        return quopri.decodestring(content.encode("ascii"), header=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def _known_charset(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _from_hex(written: str) -> str:
    digits = (
        _PART.sub("", _BLANKS.sub("", written).upper(), count=1)
        if written[:2] in ("05", "06")
        else _BLANKS.sub("", written)
    )
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return ""
    for page in ("utf-16-be", "utf-16-le", "utf-8"):
        if page != "utf-8" and len(raw) % 2:
            continue
        try:
            better = raw.decode(page).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        letters = len(_ARABIC.findall(better))
        latin = sum(c.isascii() and (c.isalpha() or c == " ") for c in better)
        # Numbers of all kinds are hexadecimal too: four letters of one alphabet do not come about by chance, in digits alone not five.
        least = 5 if digits.isdigit() else 4
        if not _plain(better) or letters + latin < least:
            continue
        if (letters >= 4 and 2 * (letters + latin) > len(better)) or (latin > 0.8 * len(better) and len(better) >= 12):
            return better
    return ""


def _byte_values(run: str) -> bytes:
    return bytes(int(h, 16) if h else int(o, 8) for h, o in _ONE_BYTE.findall(run))


def _hex_bytes(run: str, sign: str) -> bytes:
    return bytes.fromhex(re.sub(rf"[{sign}\r\n]", "", run))


def _beyond_ascii(raw: bytes) -> bool:
    if raw.isascii():
        return False
    return _decoded(raw, "") != ""


def _decoded(raw: bytes, otherwise: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return otherwise


def _fit(better: str, text: str) -> bool:
    return all(_plain(c) or c in text for c in better)


def _plain(letters: Iterable[str]) -> bool:
    return all(c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cn", "Co", "Cs") for c in letters)

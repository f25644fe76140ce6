"""The words of an e-mail, whatever it was packed in: encodings that are named wrongly or not at all, HTML, heads that break the rules."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser

from tasrib.tables.code_pages import best_page
from tasrib.tables.raw import mend

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "hr",
        "center",
        "pre",
        "td",
        "th",
        "dt",
        "dd",
    ]
)
_UNSEEN = frozenset(["script", "style", "head", "title", "template", "noscript"])
_VOID = frozenset(
    ["br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"]
)
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|font-size\s{0,9}:\s{0,9}0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w.-]{1,40})""", re.IGNORECASE)
_LINK = re.compile(r"https?://([^/\s?#]{1,255})", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_NOT_OF_ADDRESS = re.compile(r"[\[\]<>()\s]")
# "To see this message use a program that shows HTML": so much shorter than the message is no version of it.
_STUB = 5
_BEFORE = b"\xef\xbb\xbf\r\n"  # what editors put before the head
_COUNTED = re.compile(rb"(\d{1,12})[ \t]{0,40}\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


def as_sent(data: bytes) -> bytes:
    """
    Undo what programs do to the file of an e-mail.

    Parameters
    ----------
    data : bytes
        All of it, or its beginning.

    Returns
    -------
    bytes
        From its head on: without marks and empty lines before that, without the count of its bytes that Apple Mail puts there and what it puts
        behind; line ends that were doubled once more single, and UTF-16 as UTF-8.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.lstrip(_BEFORE)
    if counted := _COUNTED.match(data):
        data = data[counted.end() : counted.end() + int(counted[1])]
    return data.replace(b"\r\r\n", b"\r\n").lstrip(_BEFORE)


def header(message: EmailMessage, name: str) -> str:
    """
    Read a line of the head.

    Parameters
    ----------
    message : EmailMessage
        An e-mail.
    name : str
        Such as ``Subject``.

    Returns
    -------
    str
        Without folds, encoded words decoded, letters that nobody encoded in the page that suits them; empty where there is none.
    """
    raw = next((value for key, value in message.raw_items() if key.casefold() == name.casefold()), "")
    raw = " ".join(str(raw).split())
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError, TypeError):
        parts = [(raw, None)]
    words = (part if isinstance(part, str) else legible(part, charset or "") for part, charset in parts)
    text = "".join(words) if len(parts) == 1 else _joined(parts)
    if any("\udc80" <= sign <= "\udcff" for sign in text):
        text = legible(text.encode("utf-8", "surrogateescape"), "")
    return mend(" ".join(text.split()))


def _joined(parts: list[tuple[bytes | str, str | None]]) -> str:
    """Encoded words beside each other; those of one encoding may be cut within a letter."""
    runs: list[tuple[bytes, str]] = []
    for part, charset in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        name = charset or ""
        if runs and runs[-1][1] == name:
            runs[-1] = (runs[-1][0] + data, name)
        else:
            runs.append((data, name))
    return "".join(legible(data, name) for data, name in runs)


def address(value: str) -> str:
    """The address in a line such as ``Parti X <x@y.ma>``, the first of several; the line itself where there is none."""
    found = parseaddr(value)[1]
    # Names with commas, and links that a program wrote beside an address, break the rules that are asked first.
    if "@" not in found or _NOT_OF_ADDRESS.search(found):
        found = next(iter(re.findall(r"[\w.+-]{1,64}@[\w.-]{1,255}", value)), "")
    return found if "@" in found else value.strip()


def legible(data: bytes, charset: str) -> str:
    """
    Decode bytes of which the encoding may be named wrongly.

    Parameters
    ----------
    data : bytes
        Some text.
    charset : str
        What it is said to be; empty where nothing is said.

    Returns
    -------
    str
        In UTF-8 where it is that, which no other text is by chance; else as said, else in the code page that suits its words.
    """
    if (
        data.isascii()
        and b"\x1b" not in data
        and not charset.casefold().startswith(("utf-7", "utf-16", "hz", "iso-2022"))
    ):
        return data.decode("ascii")
    wide = charset.casefold().replace("_", "-").startswith(("utf-16", "utf-32", "utf-7", "iso-2022", "hz"))
    for name in (charset, "utf-8") if wide else ("utf-8", charset):
        try:
            # A code page of one byte a letter decodes anything: whether it suits is asked below.
            if name and (wide or name == "utf-8" or codecs.lookup(name).name not in _PAGES):
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    if not wide and (begun := _cut_within_letter(data)):
        return begun
    page = best_page(data)
    try:
        named = codecs.lookup(charset).name if charset else ""
        stated = data.decode(named) if named else ""
    except (LookupError, ValueError):
        named = stated = ""
    # Arabic that is named Western, as many programs do, shows itself by its words; anything else is believed.
    believed = stated and (page == named or not _is_arabic(data.decode(page, "replace")) or _is_arabic(stated))
    return stated if believed else data.decode(page, "replace")


def _cut_within_letter(data: bytes) -> str:
    """A text in UTF-8 that ends within a letter, and has whole ones before; empty for any other."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return ""
    return "" if text.isascii() else text


_PAGES = frozenset(
    codecs.lookup(name).name
    for name in (
        "cp1252",
        "latin-1",
        "iso8859-15",
        "cp1256",
        "iso8859-6",
        "cp1250",
        "cp1254",
        "ascii",
        "mac-roman",
        "cp850",
        "cp437",
    )
)


def _is_arabic(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return sum("\u0600" <= sign <= "\u06ff" for sign in letters) > len(letters) / 2


def body_of(message: EmailMessage) -> str:
    """
    Read what an e-mail says.

    Parameters
    ----------
    message : EmailMessage
        An e-mail.

    Returns
    -------
    str
        Its plain text; of one that has only HTML, or a mere hint beside it, the words of that.
    """
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in body_parts(message):
        kind = part.get_content_type()
        # Without the lines that should part it, it is one text.
        kind = "text/plain" if kind.startswith("multipart/") else kind
        texts[kind].append(_text_of(part, kind))
    plain = "\n".join(filter(None, map(str.strip, texts["text/plain"])))
    html = "\n".join(filter(None, texts["text/html"]))
    return html if len(html) > _STUB * len(plain) else plain


def body_parts(message: EmailMessage) -> list[EmailMessage]:
    """
    Find the parts that are what an e-mail says.

    Parameters
    ----------
    message : EmailMessage
        An e-mail.

    Returns
    -------
    list of EmailMessage
        Its texts; where there are none the pages of HTML that hang on it, for some programs send what they say as a file.
    """
    texts = [part for part in parts_of(message) if _is_text(part)]
    shown = [part for part in texts if not is_attached(part)]
    if any(content_of(part).strip() for part in shown):
        return shown
    return [*shown, *(part for part in texts if part not in shown and part.get_content_type() == "text/html")]


def _is_text(part: EmailMessage) -> bool:
    kind = part.get_content_type()
    return kind in ("text/plain", "text/html") or kind.startswith("multipart/")


def parts_of(message: EmailMessage) -> Iterator[EmailMessage]:
    """All parts but those of messages that hang on it."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, EmailMessage):
            yield from parts_of(part)


def is_attached(part: EmailMessage) -> bool:
    """Whether a part hangs on the message rather than being its text."""
    disposition = str(part.get("Content-Disposition", "")).casefold()
    return disposition.startswith("attachment") or (
        bool(file_name(part)) and not part.get_content_type().startswith("text/")
    )


def file_name(part: EmailMessage) -> str:
    """What an attachment is called."""
    try:
        return mend(part.get_filename() or "")
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""


def content_of(part: EmailMessage) -> bytes:
    """The bytes of a part; of one that was cut short those that are whole."""
    way = str(part.get("Content-Transfer-Encoding", ""))
    if way != way.strip():
        # With blanks behind it Python does not know it.
        part.replace_header("Content-Transfer-Encoding", way.strip())
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    if not isinstance(data, bytes):
        return b""
    raw = part.get_payload()
    packed = b"".join(data.split())
    # What was cut short within three bytes comes back as it was packed.
    if way.strip().casefold() == "base64" and len(packed.rstrip(b"=")) % 4 == 1 and isinstance(raw, str):
        is_packed = packed == b"".join(raw.encode("utf-8", "replace").split()) and not _NOT_BASE64.search(packed)
        return binascii.a2b_base64(packed[: len(packed) // 4 * 4]) if is_packed else data
    return data


def _text_of(part: EmailMessage, kind: str) -> str:
    data = content_of(part)
    charset = str(part.get_content_charset("") or "")
    if kind == "text/html":
        declared = _META.search(data[:4_096])
        text = legible(data, charset or (declared[1].decode() if declared else ""))
        return words_of(text)
    text = mend(legible(data, charset)).replace("\r\n", "\n")
    return _unfolded(text) if "flowed" in str(part.get("Content-Type", "")).casefold() else text


def _unfolded(text: str) -> str:
    """Lines that end with a blank go on in the next."""
    kept: list[str] = []
    for line in text.split("\n"):
        if kept and kept[-1].endswith(" ") and kept[-1].rstrip() not in ("", "--"):
            kept[-1] += line
        else:
            kept.append(line)
    return "\n".join(kept)


class _Words(HTMLParser):
    """What of a page is read by eye."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._unseen or tag in _UNSEEN or _HIDDEN.search(given.get("style", "")[:2_000]):
            if tag not in _VOID:
                self._unseen.append(tag)
            return
        if tag in ("br", "hr") or tag in _BLOCKS:
            self.parts.append("\n")
        if tag == "img":
            self.parts.append(f" {given.get('alt', '')} ")
        if tag == "a":
            self._links.append(given.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:
                while self._unseen.pop() != tag:
                    pass
            return
        if tag in _BLOCKS:
            self.parts.append("\n")
        if (
            tag == "a"
            and self._links
            and (found := _LINK.match(self._links.pop()))
            and found[1] not in "".join(self.parts[-4:])
        ):
            self.parts.append(f" <{found[0]}>")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data.replace("\n", " "))


def words_of(html: str) -> str:
    """
    Read a page of HTML.

    Parameters
    ----------
    html : str
        The page.

    Returns
    -------
    str
        Its words, a line a block; behind a link the host that it leads to. What is hidden from the eye is left out.
    """
    reader = _Words()
    try:
        reader.feed(html)
        reader.close()
    except (ValueError, AssertionError):
        # What was read of it until then.
        pass
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(reader.parts).split("\n"))
    return mend("\n".join(line for line in lines if line))

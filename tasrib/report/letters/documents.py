"""A template of Word filled in: what people wrote stays text, whatever is in it, and the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from tasrib.errors import TasribError
from tasrib.report.environment import printable

# What a zip can hold as the moment of a file.
_FIRST, _LAST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
_OVERRIDES = re.compile("[\u202a-\u202e]")
_ISOLATE = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
_LONE = re.compile("[\u2066-\u2069]")
_LTR, _RTL = "\u200e", "\u200f"
# The first letter of a strong direction: Hebrew, Arabic and their neighbours, or any other.
_STRONG = re.compile(r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])|[^\W\d_]")
# Behind an Arabic letter "09-08" would stand as "08-09", and in some programs "1 000" as "000 1".
_JOINED_DIGITS = re.compile(r"(?<![\w.,:/-])\d+(?:[-/\u00a0\u202f]\d+)+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_AUTHOR = "tasrib"
# Where a document says anything.
_BODY = "word/document.xml"
_BESIDE_BODY = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")


class Quoted(str):
    """What somebody else wrote: its digits stand as any program shows them."""

    __slots__ = ()


def plain(text: str) -> str:
    """
    Make a text fit to stand in a document of Word.

    Parameters
    ----------
    text : str
        Words of the catalogue, or what people wrote.

    Returns
    -------
    str
        The same without characters that XML does not allow and without overrides of the writing direction. Isolates, which Word does not
        know, become marks of direction around what they held.
    """
    said = printable(_OVERRIDES.sub("", re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)))
    around = _RTL if _ARABIC.search(_ISOLATE.sub("", said)) else _LTR
    found = 1
    while found:
        said, found = _ISOLATE.subn(lambda match: _marked(match.group(1), around), said)
    return _LONE.sub("", said)


def _marked(held: str, around: str) -> str:
    """A part between marks of its own direction; where the text around has the other one, what follows goes back to that."""
    # A whole number needs none, and some programs break a line at a mark.
    if held.isdecimal():
        return held
    first = _STRONG.search(held)
    mark = _RTL if first is not None and first.group(1) else _LTR
    return f"{mark}{held}{mark}{around if around != mark else ''}" if held else ""


def _as_text(value: Any) -> Any:
    """What a template prints. Braces are written as their numbers, so that nothing takes them for a placeholder after all."""
    if not isinstance(value, str):
        return value
    said = plain(value)
    if not isinstance(value, Quoted) and _ARABIC.search(said):
        said = _JOINED_DIGITS.sub(rf"{_LTR}\g<0>{_LTR}{_RTL}", said)
    return Markup(str(escape(said)).replace("{", "&#123;").replace("}", "&#125;"))


def filled(template: Path, content: Mapping[str, Any], *, title: str, language: str, made_at: datetime) -> bytes:
    """
    Fill in a template.

    Parameters
    ----------
    template : pathlib.Path
        A ``.docx`` with the placeholders of docxtpl.
    content : mapping
        What they stand for: strings, numbers, lists and mappings of these.
    title : str
        In the properties of the document.
    language : str
        ``ar`` or ``fr``.
    made_at : datetime.datetime
        The moment that its properties are dated with.

    Returns
    -------
    bytes
        The document, the same for the same arguments with one version of zlib.

    Raises
    ------
    TasribError
        When the template cannot be read, or asks for what there is not.
    """
    # Imported on use: it costs a tenth of a second, and few reports have letters.
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    # Sandboxed: a template may come from elsewhere.
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_as_text)
    document = DocxTemplate(template)
    try:
        document.render(dict(content), environment)
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise TasribError(
            f"{template} cannot be read as a document of Word ({error}); save it as .docx again"
        ) from None
    except TemplateError as error:
        raise TasribError(
            f"{template} asks for what a letter does not have: {error}; docs/letter.md lists what it has"
        ) from None
    moment = (made_at if made_at.tzinfo is None else made_at.astimezone(UTC)).replace(tzinfo=None, microsecond=0)
    properties = document.docx.core_properties
    properties.title, properties.language, properties.author = plain(title)[:255], language, _AUTHOR
    properties.last_modified_by, properties.comments, properties.revision = _AUTHOR, "", 1
    properties.created = properties.modified = moment
    buffer = io.BytesIO()
    document.save(buffer)
    return dated(buffer.getvalue(), moment)


def dated(data: bytes, moment: datetime) -> bytes:
    """
    Write a zip anew with one moment for all its files.

    Parameters
    ----------
    data : bytes
        A zip, such as a document of Word.
    moment : datetime.datetime
        In UTC, without a zone.

    Returns
    -------
    bytes
        The same files in the same order.
    """
    stamp = min(max(moment.timetuple()[:6], _FIRST), _LAST)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, old.read(name))
    return buffer.getvalue()


def paragraphs(data: bytes, *, beside: bool = False) -> list[str]:
    """
    Read what a document says.

    Parameters
    ----------
    data : bytes
        A document of Word.
    beside : bool
        Also what stands beside the text.

    Returns
    -------
    list of str
        The text of each paragraph that has any, those in tables at their places; with `beside` then those of headers, footers, notes and comments.

    Raises
    ------
    ValueError
        When it is no such document, or any part of it is damaged.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            damaged = file.testzip()
            names = [_BODY, *sorted(name for name in file.namelist() if beside and _BESIDE_BODY.fullmatch(name))]
            parser = etree.XMLParser(resolve_entities=False, huge_tree=False)
            trees = [etree.fromstring(file.read(name), parser) for name in names]
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, OSError, EOFError, etree.XMLSyntaxError) as error:
        raise ValueError(f"no document of Word ({error})") from None
    if damaged is not None:
        raise ValueError(f"no document of Word ({damaged} in it is damaged)")
    return [text for tree in trees for text in _said(tree) if text.strip()]


def _said(tree: Any) -> list[str]:
    w = f"{{{tree.nsmap.get('w', '')}}}"
    return ["".join(each.text or "" for each in paragraph.iter(f"{w}t")) for paragraph in tree.iter(f"{w}p")]

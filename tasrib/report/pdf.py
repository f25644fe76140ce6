"""The report on paper: PDF/A-3, tagged, with findings.json inside."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasrib.report.catalogue import say
from tasrib.report.fonts import FAMILIES, font_folder, showable
from tasrib.report.paper import Block, paper_blocks
from tasrib.tracing.caveats import isolated

if TYPE_CHECKING:
    import typst

_LAYOUT = Path(__file__).parent / "templates" / "report.typ"
# For archives, with all text readable by machine, and for those who have it read aloud.
_STANDARDS: Any = ["a-3a", "ua-1"]
_SHORT_HASH, _SHORT_TITLE = 16, 90
# Where the layout puts numbers of pages, and the hash.
_HERE, _ALL = "\x01", "\x02"


def render_pdf(
    page: str, *, title: str, language: str, made_at: datetime, attached: bytes, attached_name: str
) -> bytes:  # fmt: skip
    """
    Lay a page of the report out on A4.

    Parameters
    ----------
    page : str
        HTML of `tasrib.report.html.render_html`.
    title : str
        Heading of the report.
    language : str
        ``ar``, ``fr`` or ``en``.
    made_at : datetime.datetime
        The moment it is dated with.
    attached : bytes
        ``findings.json``, which goes into the file and whose hash stands on each page.
    attached_name : str
        Its name.

    Returns
    -------
    bytes
        A PDF/A-3a and PDF/UA-1 in fonts that travel with tasrib; the same for the same page, moment and version of typst.
    """
    import typst  # half of a second that only those wait for who want paper

    blocks, tables = paper_blocks(showable(page))
    first, rest = _first_page(blocks)
    digest, moment = hashlib.sha256(attached).hexdigest(), _in_seconds(made_at)
    heading = showable(title)
    report = {
        "title": heading,
        "short_title": heading if len(heading) <= _SHORT_TITLE else f"{heading[:_SHORT_TITLE]}…",
        "author": "tasrib",
        "date": {name: getattr(moment, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "fonts": list(FAMILIES),
        "language": language,
        "hash": digest,
        "short_hash": say(
            "paper.hash", language, file=isolated(attached_name, language), hash=isolated(f"{digest[:_SHORT_HASH]}…", language)
        ),
        "page": say("paper.page", language, page=_HERE, pages=_ALL),
        "at": say("paper.at", language, page=_HERE),
        "attached": say("paper.attached", language, file=isolated(attached_name, language), hash=_HERE),
        "attached_name": attached_name,
        "attached_description": say("paper.description", language),
        "tables_title": say("paper.tables", language),
        "first": first,
        "rest": rest,
        "tables": tables,
    }  # fmt: skip
    files: Any = {
        "main.typ": _LAYOUT.read_bytes(),
        "report.json": json.dumps(report, ensure_ascii=False).encode(),
        attached_name: attached,
    }
    made = typst.compile(files, font_paths=_fonts(), pdf_standards=_STANDARDS, timestamp=moment)
    assert isinstance(made, bytes)
    return made


def _first_page(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """What is read in a minute, and all else: from the second section on, and what is folded before it."""
    sections = [at for at, block in enumerate(blocks) if block["kind"] == "heading" and block["level"] == 1]
    end = sections[1] if len(sections) > 1 else len(blocks)
    opening = blocks[:end]
    return (
        [block for block in opening if "folded" not in block],
        [block for block in opening if "folded" in block] + blocks[end:],
    )


@cache
def _fonts() -> typst.Fonts:
    import typst

    # Those of the machine would make another file on each.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def _in_seconds(moment: datetime) -> datetime:
    """In UTC, and as exact as a PDF can say it."""
    return moment.replace(tzinfo=moment.tzinfo or UTC, microsecond=0).astimezone(UTC)

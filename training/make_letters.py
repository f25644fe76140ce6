"""
Make the templates of the draft complaint, ``data/letters/letter-ar.docx`` and ``letter-fr.docx``, of the sentences in ``letter_texts.toml``.

python-docx knows nothing of writing direction beyond the run, and a word processor turns round what is not marked in all of paragraph, run,
table and section; so these marks are set here. A federation edits the templates themselves.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tasrib.report.letters.documents import dated
from training.paths import ROOT

LANGUAGES = ("ar", "fr")
TEXTS = Path(__file__).parent / "letter_texts.toml"
FOLDER = ROOT / "data" / "letters"
# No moment of its own: a template made again is the same file.
_MOMENT = datetime(2026, 1, 1)
_FONT = "Arial"  # on every machine, with Arabic letters on all of them
_INK, _GREY, _PAPER = RGBColor(0x1F, 0x1F, 0x1F), "D0D0D0", "F3F3F0"
_LANGUAGE = {"ar": "ar-MA", "fr": "fr-FR"}
_WIDTH = 17.0  # centimetres between the margins of A4
_BLANK = re.compile(r"(\[[^\]]*\])")
# Style: size in points (more in the letter in Arabic, which is smaller at the same size), bold, space before and after.
_STYLES = {
    "Normal": (10.5, False, 0, 6), "Heading 1": (13, True, 14, 6), "Heading 2": (11, True, 10, 4), "Letter subject": (11, True, 10, 10),
    "Letter banner": (9, False, 0, 12), "Letter address": (10.5, False, 0, 4), "Letter note": (9.5, False, 4, 4),
    "Letter item": (10.5, False, 0, 3), "Letter message": (10, False, 2, 8), "Letter cell": (9.5, False, 1, 1),
    "Letter small": (7.5, False, 0, 0),
}  # fmt: skip
_STYLE_OF = {
    "banner": "Letter banner", "plain": "Normal", "right": "Letter address", "subject": "Letter subject", "heading": "Heading 1",
    "subheading": "Heading 2", "item": "Letter item", "note": "Letter note", "message_ltr": "Letter message",
    "message_rtl": "Letter message", "control": "Normal",
}  # fmt: skip
# What must follow `bidi` and `pBdr` in a paragraph's properties.
_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:outlineLvl", "w:rPr")  # fmt: skip
_AFTER_BORDER = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", *_AFTER_BIDI)


def make_template(language: str) -> bytes:
    """
    Make the template of one language.

    Parameters
    ----------
    language : str
        ``ar`` or ``fr``.

    Returns
    -------
    bytes
        The ``.docx``, the same whenever it is made.
    """
    texts = tomllib.loads(TEXTS.read_text("utf-8"))
    return _Letter(language).made(texts)


class _Letter:
    def __init__(self, language: str) -> None:
        self.language, self.rtl = language, language == "ar"
        self.document = Document()

    def made(self, texts: dict[str, Any]) -> bytes:
        self._page()
        for name, style in _STYLES.items():
            self._style(name, *style)
        for block in texts["block"]:
            if block["kind"] == "table":
                self._table(block)
            else:
                self._block(block)
        self._footer(texts["footer"][self.language])
        # A picture of another document comes with python-docx.
        relations = self.document.part.package.rels
        for name in [name for name, each in relations.items() if each.reltype.endswith("/thumbnail")]:
            del relations[name]
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = "tasrib"
        properties.title = properties.comments = ""
        properties.created = properties.modified = _MOMENT
        buffer = io.BytesIO()
        self.document.save(buffer)
        return dated(buffer.getvalue(), _MOMENT)

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - _WIDTH) / 2)
        section.top_margin = section.bottom_margin = Cm(2)
        if self.rtl:
            properties = section._sectPr
            properties.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid", "w:printerSettings")

    def _style(self, name: str, size: float, bold: bool, before: float, after: float) -> None:
        styles = self.document.styles
        known = name in {style.name for style in styles}
        style = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        font = style.font
        font.size, font.bold, font.cs_bold, font.color.rgb = Pt(size + (0.5 if self.rtl else 0)), bold, bold, _INK
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for each in list(fonts.attrib):
            del fonts.attrib[each]
        for part in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{part}"), _FONT)
        for old in properties.findall(qn("w:szCs")):
            properties.remove(old)
        large = OxmlElement("w:szCs")
        large.set(qn("w:val"), str(int(2 * (size + (1 if self.rtl else 0)))))
        properties.insert_element_before(large, "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang")  # fmt: skip
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "fr-FR")
        language.set(qn("w:bidi"), _LANGUAGE["ar"])
        properties.append(language)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        spacing.line_spacing = 1.1
        spacing.keep_with_next = name.startswith("Heading")
        if name == "Letter item":
            self._indent(style.element.get_or_add_pPr(), 0.6, -0.6)
        if name == "Letter address":
            self._indent(style.element.get_or_add_pPr(), 8.5, 0)
        if name == "Letter message":
            self._indent(style.element.get_or_add_pPr(), 0.6, 0)

    @staticmethod
    def _indent(properties: Any, start: float, first: float) -> None:
        indent = properties.get_or_add_ind()
        # In a paragraph from right to left Word takes "left" for where lines begin.
        indent.left, indent.first_line = Cm(start), Cm(first)

    def _block(self, block: dict[str, Any]) -> None:
        kind = block["kind"]
        text = block.get("text") or block[self.language]
        paragraph = self.document.add_paragraph(style=_STYLE_OF[kind])
        rtl = {"message_rtl": True, "message_ltr": False}.get(kind, self.rtl)
        paragraph.paragraph_format.keep_with_next = True if block.get("keep") else None
        if kind in ("banner", "message_ltr", "message_rtl"):
            self._framed(paragraph, kind == "banner")
        self._direct(paragraph, rtl)
        if kind == "item":
            self._run(paragraph, "–\t", rtl)
        for part, is_blank in _parts(text):
            run = self._run(paragraph, part, rtl)
            if is_blank:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if kind == "note" and block.get("keep"):
                run.font.bold = run.font.cs_bold = True

    def _table(self, block: dict[str, Any]) -> None:
        columns, widths = block["columns"], [Cm(_WIDTH * each / 100) for each in block["widths"]]
        has_head = self.language in columns[0]
        table = self.document.add_table(rows=0, cols=len(columns), style="Table Grid")
        table.autofit = False
        if self.rtl:
            table._tbl.tblPr.insert_element_before(
                OxmlElement("w:bidiVisual"), "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook",
            )  # fmt: skip
        self._borders(table)
        style = "Letter small" if block.get("small") else "Letter cell"
        if has_head:
            head = table.add_row()
            properties = head._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            properties.append(OxmlElement("w:tblHeader"))
            for cell, column in zip(head.cells, columns, strict=True):
                self._cell(cell, [(column[self.language], True)], style, self.rtl)
                _shade(cell._tc.get_or_add_tcPr())
        self._row_of_control(table, f"{{%tr for {block['of']} %}}", style)
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, column in zip(row.cells, columns, strict=True):
            lines = column["cell"].split("\n")
            bold = [
                bool(column.get("bold")) or (at == 0 and bool(column.get("bold_first"))) for at in range(len(lines))
            ]
            self._cell(cell, list(zip(lines, bold, strict=True)), style, self.rtl and not column.get("ltr"))
        self._row_of_control(table, "{%tr endfor %}", style)
        for each in table.rows:
            for cell, width in zip(each.cells, widths, strict=True):
                cell.width = width
        for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            grid.set(qn("w:w"), str(int(width.twips)))
        # Air below, and two tables in a row would become one.
        self._direct(self.document.add_paragraph(style="Letter small"), self.rtl)

    def _row_of_control(self, table: Any, text: str, style: str) -> None:
        self._cell(table.add_row().cells[0], [(text, False)], style, False)

    def _cell(self, cell: Any, lines: list[tuple[str, bool]], style: str, rtl: bool) -> None:
        for at, (text, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.style = self.document.styles[style]
            self._direct(paragraph, rtl)
            run = self._run(paragraph, text, rtl)
            run.font.bold = run.font.cs_bold = bold or None

    @staticmethod
    def _borders(table: Any) -> None:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _GREY)):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")

    @staticmethod
    def _framed(paragraph: Any, is_banner: bool) -> None:
        properties = paragraph._p.get_or_add_pPr()
        borders = OxmlElement("w:pBdr")
        for side in ("top", "left", "bottom", "right") if is_banner else ("left", "right"):
            line = OxmlElement(f"w:{side}")
            for name, value in (
                ("val", "single"),
                ("sz", "8"),
                ("space", "6"),
                ("color", "B8860B" if is_banner else _GREY),
            ):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        properties.insert_element_before(borders, *_AFTER_BORDER)
        _shade(properties, "FFF8DC" if is_banner else _PAPER, *_AFTER_BORDER[1:])

    @staticmethod
    def _direct(paragraph: Any, rtl: bool) -> None:
        """The direction of a paragraph, said where it is from left to right too: a message in a letter of the other direction keeps its own."""
        mark = OxmlElement("w:bidi")
        if not rtl:
            mark.set(qn("w:val"), "0")
        paragraph._p.get_or_add_pPr().insert_element_before(mark, *_AFTER_BIDI)

    def _run(self, paragraph: Any, text: str, rtl: bool) -> Any:
        run = paragraph.add_run(text)
        run.font.rtl = True if rtl else None
        return run

    def _footer(self, text: str) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = self.document.styles["Letter small"]
        self._direct(paragraph, self.rtl)
        self._run(paragraph, f"{text} ", self.rtl)
        for part, code in (("", "PAGE"), (" / ", "NUMPAGES")):
            if part:
                self._run(paragraph, part, self.rtl)
            for kind, instruction in (("begin", ""), ("", code), ("separate", ""), ("end", "")):
                run = self._run(paragraph, "", self.rtl)
                if kind:
                    field = OxmlElement("w:fldChar")
                    field.set(qn("w:fldCharType"), kind)
                else:
                    field = OxmlElement("w:instrText")
                    field.text = instruction
                run._r.append(field)


def _shade(properties: Any, colour: str = _PAPER, *before: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties.insert_element_before(
        shade, *(before or ("w:noWrap", "w:tcMar", "w:textDirection", "w:vAlign", "w:hideMark"))
    )


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """A text parted at its blanks, and whether each part is one."""
    for part in _BLANK.split(text):
        if part:
            yield part, part.startswith("[")


def main() -> None:
    """Write both templates."""
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        path = FOLDER / f"letter-{language}.docx"
        path.write_bytes(make_template(language))
        print(path)


if __name__ == "__main__":
    main()

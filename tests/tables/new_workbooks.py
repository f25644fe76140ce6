"""Workbooks part by part, as other programs than ours write them."""

import io
import zipfile

from tasrib.complaints.headers import Headers
from tasrib.tables.readers import read_tables

STRICT = "http://purl.oclc.org/ooxml"
TRANSITIONAL = "http://schemas.openxmlformats.org"


def text(words, reference=""):
    place = f' r="{reference}"' if reference else ""
    return f'<c{place} t="inlineStr"><is><t>{words}</t></is></c>'


def row(number, *cells):
    """A row of cells, which are markup or words."""
    place = "" if number is None else f' r="{number}"'
    return f"<row{place}>{''.join(cell if cell.startswith('<') else text(cell) for cell in cells)}</row>"


def sheet(*rows, after=""):
    return f"<sheetData>{''.join(rows)}</sheetData>{after}"


def xlsx(
    sheets,
    *,
    strings=(),
    formats=(),
    styles=(0,),
    book="",
    states=None,
    kinds=None,
    namespace=TRANSITIONAL,
    prefix="",
    absolute=False,
    part="xl/workbook.xml",
    changed=lambda name: name,
):
    """An .xlsx of sheets, title → markup inside its worksheet."""
    kind = f"{namespace}/officeDocument/2006/relationships"
    tag = f"{prefix}:" if prefix else ""
    colon = f":{prefix}" if prefix else ""
    parts = {"[Content_Types].xml": "<Types/>"}
    parts["_rels/.rels"] = (
        f'<Relationships><Relationship Id="a" Type="{kind}/officeDocument" Target="{part}"/></Relationships>'
    )
    listed, related = "", f'<Relationship Id="s" Type="{kind}/styles" Target="styles.xml"/>'
    if strings:
        related += f'<Relationship Id="t" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = f"<sst>{''.join(f'<si>{item}</si>' for item in strings)}</sst>"
    for number, (title, markup) in enumerate(sheets.items(), start=1):
        state = f' state="{states[title]}"' if states and title in states else ""
        listed += f'<{tag}sheet name="{title}" sheetId="{number}"{state} r:id="r{number}"/>'
        target = ("/xl/" if absolute else "") + f"worksheets/sheet{number}.xml"
        sort = (kinds or {}).get(title, "worksheet")
        related += f'<Relationship Id="r{number}" Type="{kind}/{sort}" Target="{target}"/>'
        if prefix:
            markup = markup.replace("</", "<//").replace("<", f"<{tag}").replace(f"<{tag}//", f"</{tag}")
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<{tag}worksheet xmlns{colon}="{namespace}/spreadsheetml/2006/main">{markup}</{tag}worksheet>'
        )
    parts[part] = (
        f'<{tag}workbook xmlns{colon}="{namespace}/spreadsheetml/2006/main" xmlns:r="{kind}">'
        f"{book}<{tag}sheets>{listed}</{tag}sheets></{tag}workbook>"
    )
    folder, _, file = part.rpartition("/")
    parts[f"{folder}/_rels/{file}.rels"] = f"<Relationships>{related}</Relationships>"
    codes = "".join(f'<numFmt numFmtId="{164 + place}" formatCode="{code}"/>' for place, code in enumerate(formats))
    xfs = "".join(f'<xf numFmtId="{number}"/>' for number in styles)
    parts["xl/styles.xml"] = (
        f"<styleSheet><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>"
    )
    return zipped({changed(name): data for name, data in parts.items()})


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def ods(sheets, *, hidden=(), manifest="", spreadsheet="", mimetype="application/vnd.oasis.opendocument.spreadsheet"):
    """An .ods of sheets, title → markup inside its table; bare words are cells of text."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style", "draw")
    )
    tables = "".join(
        f'<table:table table:name="{title}" table:style-name="{"h" if title in hidden else "v"}">{markup}</table:table>'
        for title, markup in sheets.items()
    )
    styles = (
        '<style:style style:name="v"><style:table-properties table:display="true"/></style:style>'
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    content = (
        f'<office:document-content{spaces} xmlns:calcext="urn:x-calcext"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{spreadsheet}{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_row(*cells, repeated=1):
    markup = "".join(cell if cell.startswith("<") else ods_cell(f"<text:p>{cell}</text:p>") for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{markup}</table:table-row>'


def ods_cell(content="", kind="string", **attributes):
    """A cell; attributes as office_value or table_formula."""
    told = "".join(f' {name.replace("_", ":", 1).replace("_", "-")}="{value}"' for name, value in attributes.items())
    sort = f' office:value-type="{kind}"' if kind else ""
    return f"<table:table-cell{sort}{told}>{content}</table:table-cell>"


def tables(folder, data, name="a.xlsx", **stated):
    (folder / name).write_bytes(data)
    return read_tables(folder / name, Headers(), **stated)[1]


def table(folder, data, name="a.xlsx"):
    (found,) = tables(folder, data, name)
    return found


def told(tables_or_one):
    found = tables_or_one if isinstance(tables_or_one, list) else [tables_or_one]
    return [(note.kind, note.code, note.sheet, note.rows, note.column) for each in found for note in each.notes]


def merges(*ranges):
    return "<mergeCells>" + "".join(f'<mergeCell ref="{ends}"/>' for ends in ranges) + "</mergeCells>"

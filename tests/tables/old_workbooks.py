"""Binary workbooks of a few cells, record by record, since nothing here writes them."""

import io
import struct
import zipfile

SECTOR = 512


def xls(sheets, *, records=b"", merged=None, names=("Workbook",), hidden=()):
    """An .xls of sheets, name → rows of texts, numbers, booleans and dates as ("date", serial), errors as ("error", code)."""
    bodies = [_xls_sheet(rows, (merged or {}).get(title, ()), records) for title, rows in sheets.items()]
    # Format 0 is general, 14 a date.
    styles = b"".join(_record(0x00E0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, 14))
    head = _bof(0x0005) + _record(0x0042, struct.pack("<H", 1200)) + styles
    entries = [struct.pack("<BBBB", title in hidden, 0, len(title), 1) + title.encode("utf-16-le") for title in sheets]
    start = len(head) + sum(len(entry) + 8 for entry in entries) + 4
    listed = b""
    for entry, body in zip(entries, bodies, strict=True):
        listed += _record(0x0085, struct.pack("<I", start) + entry)
        start += len(body)
    stream = head + listed + _record(0x000A, b"") + b"".join(bodies)
    return ole({name: stream for name in names})


def _xls_sheet(rows, merged, records):
    body = _bof(0x0010) + records
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, bool):
                body += _record(0x0205, place + struct.pack("<BB", value, 0))
            elif isinstance(value, str):
                text = value.encode("utf-16-le")
                body += _record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
            elif isinstance(value, tuple) and value[0] == "error":
                body += _record(0x0205, place + struct.pack("<BB", value[1], 1))
            elif isinstance(value, tuple):
                body += _record(0x0203, struct.pack("<HHHd", r, c, 1, value[1]))
            elif value is not None:
                body += _record(0x0203, place + struct.pack("<d", value))
    if merged:
        body += _record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *m) for m in merged))
    return body + _record(0x000A, b"")


def _record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind):
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0x07CC, 0, 6))


def ole(streams):
    """An OLE container of these streams, each padded to where it needs no small sectors."""
    contents = {name: data + bytes(max(4096 - len(data), 0)) for name, data in streams.items()}
    table, sectors = [0xFFFFFFFD], [b""]
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    for place, (name, data) in enumerate(contents.items(), start=1):
        data += bytes(-len(data) % SECTOR)
        start, count = len(sectors), len(data) // SECTOR
        table += [*range(start + 1, start + count), 0xFFFFFFFE]
        sectors += [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
        sibling = place + 1 if place < len(contents) else 0xFFFFFFFF
        directory += _entry(name, 2, start, len(contents[name]), right=sibling)
    directory += bytes(-len(directory) % SECTOR)
    first, count = len(sectors), len(directory) // SECTOR
    table += [*range(first + 1, first + count), 0xFFFFFFFE]
    sectors += [directory[at : at + SECTOR] for at in range(0, len(directory), SECTOR)]
    assert len(table) <= SECTOR // 4, "one sector of the table is enough for a test"
    sectors[0] = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + b"".join(sectors)


def _entry(name, kind, start, size, child=0xFFFFFFFF, right=0xFFFFFFFF):
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
    return entry.ljust(116, b"\0") + struct.pack("<IQ", start, size)


def xlsb(sheets, *, merged=None, strings=()):
    """An .xlsb of sheets, name → rows of texts, numbers, and shared strings as (index,)."""
    buffer = io.BytesIO()
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        f' Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    relations += '<Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.bin"/>'
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        count = struct.pack("<II", len(strings), len(strings))
        items = b"".join(_brt(19, b"\0" + _wide(item)) for item in strings)
        package.writestr("xl/sharedStrings.bin", _brt(159, count) + items + _brt(160, b""))
        package.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        listed = b"".join(
            _brt(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(title)) for n, title in enumerate(sheets, 1)
        )
        package.writestr("xl/workbook.bin", _brt(131, b"") + _brt(143, b"") + listed + _brt(144, b"") + _brt(132, b""))
        for n, (title, rows) in enumerate(sheets.items(), 1):
            package.writestr(f"xl/worksheets/sheet{n}.bin", _xlsb_sheet(rows, (merged or {}).get(title, ())))
    return buffer.getvalue()


def _xlsb_sheet(rows, merged):
    body = _brt(129, b"") + _brt(148, struct.pack("<4I", 0, len(rows), 0, 10)) + _brt(145, b"")
    for r, row in rows.items() if isinstance(rows, dict) else enumerate(rows):
        body += _brt(0, struct.pack("<I", r) + bytes(13))
        for c, value in row.items() if isinstance(row, dict) else enumerate(row):
            if isinstance(value, str):
                body += _brt(6, struct.pack("<II", c, 0) + _wide(value))
            elif isinstance(value, tuple):
                body += _brt(7, struct.pack("<III", c, 0, *value))
            elif value is not None:
                body += _brt(5, struct.pack("<IId", c, 0, value))
    body += _brt(146, b"")
    if merged:
        body += _brt(178, struct.pack("<I", len(merged)))
        body += b"".join(_brt(177, struct.pack("<4I", *ends)) for ends in merged) + _brt(179, b"")
    return body + _brt(130, b"")


def _brt(kind, body):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, number = b"", len(body)
    while number > 127:
        length += bytes([number & 0x7F | 0x80])
        number >>= 7
    return head + length + bytes([number]) + body


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")

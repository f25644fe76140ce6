"""Containers as Outlook saves them, made after MS-CFB and MS-OXMSG, and invented messages in them."""

import struct
from itertools import pairwise

VOTE = "صوتوا على لائحة الأمل يوم 8 شتنبر"
FREE, END, FAT, NOBODY = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SUBMITTED = (1_630_999_800 + 11_644_473_600) * 10**7  # 7 September 2021, 07:30 in UTC


def container(tree):
    """A container of a tree: names to bytes or to trees. All streams are kept in whole sectors."""
    entries, blocks = [("Root Entry", 5, b"", [])], []

    def add(name, content):
        number = len(entries)
        entries.append(
            (name, 2 if isinstance(content, bytes) else 1, content if isinstance(content, bytes) else b"", [])
        )
        if not isinstance(content, bytes):
            entries[number][3].extend(add(*each) for each in content.items())
        return number

    entries[0][3].extend(add(*each) for each in tree.items())
    sectors, table = [], []

    def put(data):
        parts = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        first = len(sectors)
        sectors.extend(parts)
        table.extend([first + at + 1 for at in range(len(parts) - 1)] + [END] if parts else [])
        return first if parts else END

    starts = [put(content) for _, _, content, _ in entries]
    links = [[NOBODY, NOBODY, NOBODY] for _ in entries]
    for number, (_, _, _, children) in enumerate(entries):
        if children:
            links[number][2] = children[0]
            for one, other in pairwise(children):
                links[one][1] = other
    listing = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, *links[number])
        + bytes(36)
        + struct.pack("<IQ", starts[number], len(content))
        for number, (name, kind, content, _) in enumerate(entries)
    )
    directory = put(listing)
    n_fat = 1
    while (len(sectors) + n_fat + 127) // 128 > n_fat:
        n_fat += 1
    fat = list(range(len(sectors), len(sectors) + n_fat))
    numbers = (table + [FAT] * n_fat + [FREE] * 128 * n_fat)[: 128 * n_fat]
    blocks = [struct.pack("<128I", *numbers[at * 128 : at * 128 + 128]) for at in range(n_fat)]
    # Nothing is small enough for the sectors of 64 bytes.
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, n_fat, directory, 0, 0, END, 0, END, 0) + struct.pack(
        "<109I", *(fat + [FREE] * 109)[:109]
    )
    return head + b"".join(sectors) + b"".join(blocks)


def properties(head=32, page=65_001):
    return bytes(head) + struct.pack("<IIQ", 0x00390040, 6, SUBMITTED) + struct.pack("<IIQ", 0x3FDE0003, 6, page)


def message(text=VOTE, subject="Appel", head=32, **more):
    wide = {"0037": subject, "1000": text, "5D01": "contact@espoir.ma", "0C1A": "Parti Y"} | more
    return {"__properties_version1.0": properties(head)} | {
        f"__substg1.0_{name}001F": value.encode("utf-16-le") for name, value in wide.items() if value
    }

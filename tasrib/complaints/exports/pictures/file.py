"""Pictures and PDF made of pictures, as arrays of pixels. What is one is told by its first bytes, before anything is imported for it."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INSTALL = "pip install 'tasrib[ocr]'"
_HEAD = 262_144
_PNG, _JPEG, _PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
_HEIF = (b"ftypheic", b"ftypheix", b"ftypheif", b"ftypmif1", b"ftypmsf1", b"ftyphevc")
_MOST_PIXELS = 60_000_000  # a long scrolled screenshot has 20 million
_SMALLEST = (160, 40)  # pixels; logos and icons are smaller, and letters in less cannot be read
_SCREEN_WIDTH, _SCREEN_RATIO = 300, 1.3  # of the oldest telephones, of tablets held upright
_MOST_PAGES = 200
# A PDF page of A4 at this scale has some 1,650 pixels in its width.
_PDF_SCALE = 200 / 72
_EXIF_MAKER = 0x010F


def kind_of(source: Source) -> str:
    """
    Tell whether a file is a picture.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    str
        ``picture``, ``heic`` or ``pdf``; empty for anything else, and for what can show no message: icons, what a camera took, and a file
        that bears no size.
    """
    with source.open() as opened:
        head = opened.read(_HEAD)
    if head.startswith(_PDF):
        return "pdf"
    if head[4:12] in _HEIF:
        return "heic"
    size = _size_of(head)
    return "picture" if size and all(map(int.__ge__, size, _SMALLEST)) and not _by_camera(head) else ""


def is_tall(content: bytes) -> bool:
    """
    Tell a picture of a telephone's screen from what adorns a text.

    Parameters
    ----------
    content : bytes
        A file.

    Returns
    -------
    bool
        Whether it is a picture, higher than wide, and as large as a screen at least.
    """
    size = _size_of(content[:_HEAD])
    return size is not None and size[0] >= _SCREEN_WIDTH and size[1] >= size[0] * _SCREEN_RATIO


def _size_of(head: bytes) -> tuple[int, int] | None:
    if head.startswith(_PNG) and head[12:16] == b"IHDR" and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if not head.startswith(_JPEG):
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        mark = head[at + 1]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + max(struct.unpack(">H", head[at + 2 : at + 4])[0], 2)
    return None


def _by_camera(head: bytes) -> bool:
    """Whether its EXIF names the maker of a camera, which no screenshot has."""
    start = head.find(b"Exif\x00\x00") + 6
    if start < 6:
        return False
    order = {b"II": "<", b"MM": ">"}.get(head[start : start + 2])
    try:
        if order is None:
            return False
        first = start + struct.unpack_from(f"{order}I", head, start + 4)[0]
        (count,) = struct.unpack_from(f"{order}H", head, first)
        tags = [struct.unpack_from(f"{order}H", head, first + 2 + 12 * at)[0] for at in range(count)]
    except struct.error:
        return False
    return _EXIF_MAKER in tags


def pages_of(source: Source, kind: str) -> Iterator[NDArray[np.uint8]]:
    """
    Decode the pictures of a file.

    Parameters
    ----------
    source : Source
        The file.
    kind : str
        From `kind_of`.

    Yields
    ------
    array of uint8, shape (height, width, 3)
        Each page; a picture has one.

    Raises
    ------
    UnreadableInput
        When what it takes is not installed, or the file is damaged or huge.
    """
    if kind == "heic":
        raise UnreadableInput(
            f"{source.name} is a HEIC picture, which is not read; save it as PNG or JPEG, or take a screenshot of it"
        )
    try:
        import PIL.Image
        import pypdfium2
    except ImportError:
        raise UnreadableInput(f"{source.name}: reading pictures takes more than is installed; {INSTALL}") from None
    yield from (_pdf_pages(source, pypdfium2) if kind == "pdf" else _picture(source, PIL.Image))


def _picture(source: Source, images: Any) -> Iterator[NDArray[np.uint8]]:
    import numpy as np
    from PIL import ImageOps

    try:
        with source.open() as opened, images.open(opened) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise UnreadableInput(
                    f"{source.name} has {image.width:,} by {image.height:,} pixels; cut it into screens"
                )
            shown = ImageOps.exif_transpose(image).convert("RGBA")
            # What is see-through is white, as on a page.
            flat = images.alpha_composite(images.new("RGBA", shown.size, "white"), shown)
            pixels = np.asarray(flat.convert("RGB"))
    except UnreadableInput:
        raise
    except Exception as error:
        # A damaged picture makes the library raise nearly anything.
        raise UnreadableInput(
            f"{source.name} is damaged and cannot be shown ({type(error).__name__}); ask for it again"
        ) from None
    yield pixels


def _pdf_pages(source: Source, pdfium: Any) -> Iterator[NDArray[np.uint8]]:
    import numpy as np

    with source.open() as opened:
        data = opened.read()
    try:
        document = pdfium.PdfDocument(io.BytesIO(data))
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).casefold()
        what = (
            "is a PDF that is locked by a password; save it without one"
            if locked
            else "is a PDF that is damaged and cannot be read; ask for it again"
        )
        raise UnreadableInput(f"{source.name} {what}") from None
    with document:
        if len(document) > _MOST_PAGES:
            raise UnreadableInput(
                f"{source.name} has {len(document):,} pages; keep those that show messages, {_MOST_PAGES} at most"
            )
        for page in document:
            scale = min(_PDF_SCALE, (_MOST_PIXELS / max(page.get_width() * page.get_height(), 1)) ** 0.5)
            try:
                yield np.ascontiguousarray(page.render(scale=scale).to_pil().convert("RGB"))
            except pdfium.PdfiumError:
                raise UnreadableInput(f"{source.name} is damaged and cannot be read; ask for it again") from None

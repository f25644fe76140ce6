"""
A case in one file: the report with its record, and what it was made of, as a zip that is the same for the same content.

Packs come back changed: Windows puts a folder around them, a Mac its own files beside, mail programs other names. So a pack is opened by where
its ``run.json`` lies, and what else is in it is named by whoever looks. Nothing in it may lead out of the folder it is opened in, or fill a disk.
"""

from __future__ import annotations

import io
import json
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from tasrib.errors import TasribError, UnreadableInput
from tasrib.report.write import RECORD_FILE
from tasrib.tables.places import check_file

INPUTS = "inputs"
# The first day that a zip can hold: when a pack was made, its record tells.
_DAY = (1980, 1, 1, 0, 0, 0)
_MOST_FILES = 1_000
_MOST_BYTES = 1_000_000_000  # unpacked: five times the largest file that tasrib reads
_PIECE = 1 << 20
# What Windows takes in no name.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# What a Mac puts beside each file of a zip.
_OF_MACS = "__MACOSX"


def encode_pack(contents: Mapping[str, bytes]) -> bytes:
    """
    Make a zip.

    Parameters
    ----------
    contents : mapping of str to bytes
        Content of each file by its path in the zip.

    Returns
    -------
    bytes
        The same for the same contents, with one version of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Said for all systems alike, lest the same pack made on Windows be another.
            entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o600) << 16
            file.writestr(entry, contents[name])
    return buffer.getvalue()


def names_in_pack(names: Iterable[str]) -> list[str]:
    """
    Find a place in a pack for each input.

    Parameters
    ----------
    names : iterable of str
        Names of the files, which may be alike but for their folders.

    Returns
    -------
    list of str
        A path for each, no two alike on any system.
    """
    taken: set[str] = set()
    places = []
    for name in (_NOT_IN_NAMES.sub("_", each) for each in names):
        path, number = PurePosixPath(name), 1
        place = f"{INPUTS}/{name}"
        while place.casefold() in taken:
            number += 1
            place = f"{INPUTS}/{path.stem}-{number}{path.suffix}"
        taken.add(place.casefold())
        places.append(place)
    return places


def check_pack(path: str | Path) -> None:
    """
    Refuse a file that a pack could not be written to, before any work.

    Parameters
    ----------
    path : str or Path
        The file; it may not exist.

    Raises
    ------
    TasribError
        When it cannot be written, is called otherwise than .zip, or is there and is no pack.
    """
    path = Path(path)
    if path.suffix.lower() != ".zip":
        raise TasribError(f"{path}: a pack is a zip; give it a name that ends in .zip")
    check_file(path)
    if path.exists() and not _is_pack(path):
        raise TasribError(f"{path} is not a pack of tasrib, and would be lost; name another file, or move it away")


def _is_pack(path: Path) -> bool:
    try:
        with open_pack(path) as folder:
            return str(json.loads((folder / RECORD_FILE).read_bytes())["made_by"]).startswith("tasrib ")
    except (TasribError, OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def open_pack(path: str | Path) -> Iterator[Path]:
    """
    Unpack a zip where nobody else sees it, for as long as it is looked at.

    Parameters
    ----------
    path : str or Path
        The zip.

    Yields
    ------
    pathlib.Path
        The folder in which its ``run.json`` lies.

    Raises
    ------
    UnreadableInput
        When it is no zip, damaged, protected by a password, leads out of its folder, is too large when unpacked, or holds no case.
    """
    with tempfile.TemporaryDirectory(prefix="tasrib-") as made:
        folder = Path(made)
        try:
            with zipfile.ZipFile(path) as file:
                _unpack(file, folder, str(path))
        except FileNotFoundError:
            raise UnreadableInput(f"{path}: no such file") from None
        except TasribError:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise UnreadableInput(f"{path} is no zip, or was damaged on its way ({error}); ask for it again") from None
        except (RuntimeError, OSError) as error:
            # A password, a way to pack that Python does not know, names that this disk does not take.
            raise UnreadableInput(
                f"{path} cannot be unpacked ({error}); unpack it yourself, and name the folder"
            ) from None
        yield _root(folder, str(path))


def _unpack(file: zipfile.ZipFile, folder: Path, name: str) -> None:
    entries = [entry for entry in file.infolist() if not entry.is_dir() and not entry.filename.endswith("\\")]
    if len(entries) > _MOST_FILES:
        raise UnreadableInput(f"{name} holds {len(entries):,} files; this is no pack of a case")
    places: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        # Some programs of Windows part folders by backslashes.
        place = entry.filename.replace("\\", "/")
        parts = PurePosixPath(place).parts
        leads_out = place.startswith("/") or ".." in parts or ":" in place or "\0" in place or not parts
        if leads_out or stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableInput(f"{name}: '{entry.filename[:80]}' in it leads out of the pack; nothing was unpacked")
        if place.casefold() in places:
            # Programs differ in which of two they show.
            raise UnreadableInput(f"{name} holds '{place[:80]}' twice; nothing was unpacked")
        places[place.casefold()] = entry
    left = _MOST_BYTES
    for place, entry in ((each.filename.replace("\\", "/"), each) for each in places.values()):
        target = folder.joinpath(*PurePosixPath(place).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        # The size that is said in a zip may be a lie.
        with file.open(entry) as source, target.open("xb") as out:
            while piece := source.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise UnreadableInput(
                        f"{name} is larger than {_MOST_BYTES // 10**9} GB when unpacked; this is no pack of a case"
                    )
                out.write(piece)


def _root(folder: Path, name: str) -> Path:
    found = [path.parent for path in folder.rglob(RECORD_FILE) if _OF_MACS not in path.relative_to(folder).parts]
    if not found:
        raise UnreadableInput(
            f"{name} holds no {RECORD_FILE}, so it is no pack of a case; name one that tasrib report --pack wrote"
        )
    depth = min(len(path.parts) for path in found)
    nearest = [path for path in found if len(path.parts) == depth]
    if len(nearest) > 1:
        raise UnreadableInput(f"{name} holds {len(nearest)} cases; unpack it, and name the folder of one")
    return nearest[0]

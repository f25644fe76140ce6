"""
A whole backup of an iPhone, as Finder, iTunes and the Apple Devices app make it: the file of it that holds messages, and the key to that.

A backup holds a life, so of all its files that one alone is opened, beside the lists that tell where its key is and whose number the phone has.
What is encrypted is decrypted in memory, or, where that would take much, in a private folder while it is read. Keys come from the passphrase by PBKDF2, and are wrapped (RFC 3394); the library
iphone-backup-decrypt knows how, and is imported where somebody has such a backup.
"""

from __future__ import annotations

import plistlib
import sqlite3
import struct
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers.expat import ExpatError

from tasrib.complaints.exports.iphone_database import MAGIC, Locked, Place, Plain
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.message import OnlyUserKnows
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

INSTALL = "pip install 'tasrib[iphone]'"
# How a backup calls HomeDomain-Library/SMS/sms.db: by the SHA-1 of that.
MESSAGES = "3d0d7e5fb2ce288813306e4d4636395e047a3d28"
# And HomeDomain-Library/SMS/sms.db-wal.
LOG = "cd47480f213dba9bc38ee792775d17e3f5a73a59"
_KEYS, _INFO = "Manifest.plist", "Info.plist"
_LIST, _OLD_LIST = "Manifest.db", "Manifest.mbdb"
_MOST_KEYS = 20_000_000  # bytes of what says where keys are


class PassphraseNeeded(OnlyUserKnows):
    """A backup is encrypted, and its passphrase is not known, or another."""


def beside_messages(names: Iterable[str]) -> set[str]:
    """
    Find the files of backups that hold no messages.

    Parameters
    ----------
    names : iterable of str
        Paths within a folder or archive.

    Returns
    -------
    set of str
        All files in folders of backups but the one that holds messages.
    """
    all_names = set(names)
    lists = (PurePosixPath(name).parent for name in all_names if PurePosixPath(name).name in (_LIST, _OLD_LIST))
    roots = {str(each) for each in lists if str(each / _KEYS) in all_names}
    if not roots:
        return set()
    kept = {str(PurePosixPath(root, *place)) for root in roots for place in ((MESSAGES[:2], MESSAGES), (MESSAGES,))}
    return {name for name in all_names - kept if any(str(parent) in roots for parent in PurePosixPath(name).parents)}


def folder_of(source: Source) -> Path | None:
    """
    Find the backup that a file is of.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    pathlib.Path or None
        The backup's folder, where the file is the one that holds messages.
    """
    if source.path is None or source.path.name != MESSAGES:
        return None
    return next((folder for folder in source.path.parents[:2] if (folder / _KEYS).is_file()), None)


def number_of(folder: Path) -> str:
    """
    Read the number of the phone.

    Parameters
    ----------
    folder : pathlib.Path
        A backup.

    Returns
    -------
    str
        Empty where the backup does not tell it.
    """
    try:
        number = str(_plist(folder / _INFO).get("Phone Number", ""))
    except (OSError, *_DAMAGE):
        return ""
    return number if is_ordinary_number(number) and "@" not in number else ""


def decrypted(source: Source, folder: Path, passphrase: str) -> Place:
    """
    Decrypt the messages of a backup.

    Parameters
    ----------
    source : Source
        The file that holds them.
    folder : pathlib.Path
        The backup.
    passphrase : str
        As its owner set it; empty where it is not known.

    Returns
    -------
    Place
        The database, and the newer changes where the backup has them.

    Raises
    ------
    PassphraseNeeded
        When it is empty or wrong.
    UnreadableInput
        When the library is not installed, or the backup is damaged.
    """
    try:
        from iphone_backup_decrypt import utils
    except ImportError:
        raise UnreadableInput(
            f"{source.name} is of an encrypted backup of an iPhone; {INSTALL}, or make a backup that is not encrypted"
        ) from None
    if not passphrase:
        raise PassphraseNeeded(
            f"{source.name} is of an encrypted backup of an iPhone; give --passphrase-file FILE, or call tasrib in a terminal, where it asks"
        )
    try:
        keys = _plist(folder / _KEYS)
        bag = utils.BackupKeyBag(keys["BackupKeyBag"])
        if not bag.unlock_with_passphrase(passphrase.encode("utf-8")):
            raise PassphraseNeeded(f"{source.name}: the passphrase is not that of the backup")
        listed = Plain(folder / _LIST)
        if not next(listed.blocks(), b"").startswith(MAGIC):
            wrapped = keys["ManifestKey"]
            listed = Locked(listed.path, bag.unwrap_key_for_class(struct.unpack("<l", wrapped[:4])[0], wrapped[4:]))
        found = {name: utils.FilePlist(about) for name, about in _listed(listed).items()}
        own = {
            name: bag.unwrap_key_for_class(each.protection_class, each.encryption_key) for name, each in found.items()
        }
        log = log_of(folder)
        at = Locked(source.path or folder / MESSAGES, own[MESSAGES])
        return Place(at, Locked(log, own[LOG]) if log is not None and LOG in own else None)
    except PassphraseNeeded:
        raise
    except (OSError, sqlite3.Error, *_DAMAGE):
        raise damaged(source.name) from None


def damaged(name: str) -> UnreadableInput:
    """What to say of a backup that cannot be decrypted."""
    return UnreadableInput(f"{name}: the backup is damaged or too old, and cannot be decrypted; make it again")


_DAMAGE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, MemoryError, struct.error, plistlib.InvalidFileException, ExpatError)  # fmt: skip


def _plist(path: Path) -> dict[str, Any]:
    with path.open("rb") as opened:
        found = plistlib.loads(opened.read(_MOST_KEYS))
    if not isinstance(found, dict):
        raise ValueError
    return found


def _listed(listed: Plain) -> dict[str, bytes]:
    """What the list of all files says of the messages: where their keys are."""
    with Place(listed).opened() as database:
        found = dict(database.execute("select fileID, file from Files where fileID in (?, ?)", (MESSAGES, LOG)))
    return {name: about for name, about in found.items() if isinstance(about, bytes)}


def log_of(folder: Path) -> Path | None:
    """
    Find the newer changes of the messages.

    Parameters
    ----------
    folder : pathlib.Path
        A backup.

    Returns
    -------
    pathlib.Path or None
        None where the backup has none, as most have.
    """
    paths = (folder / LOG[:2] / LOG, folder / LOG)
    return next((path for path in paths if path.is_file() and path.stat().st_size), None)

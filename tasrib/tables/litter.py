"""Unfinished files: how they are named, so that those of a run that was killed can be told from all others and swept away."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
# A process number comes back, in a container even in the next run.
_RUN = secrets.token_hex(4)
_OURS = re.compile(r"\.tasrib-([0-9a-f]{6})-([0-9]{1,10})-([0-9a-f]{8})-[0-9]+\.part")
_numbers = itertools.count(1)
# Seconds after which a file is nobody's any more, though its machine cannot be asked or its process number lives.
_ABANDONED = 7 * 24 * 3600


def unfinished_name(folder: Path) -> Path:
    """
    Name a file to be written aside.

    Parameters
    ----------
    folder : pathlib.Path
        Where the complete file shall stand; only there it can be moved into place at once.

    Returns
    -------
    pathlib.Path
        A name that no other run gives, short whatever the complete file is called.
    """
    return folder / f".tasrib-{_HOST}-{os.getpid()}-{_RUN}-{next(_numbers)}.part"


def sweep(folder: Path, names: Iterable[str] = ()) -> None:
    """
    Remove what killed runs of tasrib left unfinished in a folder, and nothing else.

    Parameters
    ----------
    folder : pathlib.Path
        Where something is about to be written.
    names : iterable of str
        Files to be written there: tasrib 0.4 and before named its unfinished files after them.
    """
    earlier = re.compile(rf"\.(?:{'|'.join(map(re.escape, names)) or '(?!)'})\.([0-9]{{1,10}})\.part")
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _is_litter(entry, earlier):
                _remove(entry)


def _is_litter(entry: os.DirEntry[str], earlier: re.Pattern[str]) -> bool:
    old = earlier.fullmatch(entry.name)
    if old:
        return not _alive(int(old[1]))
    ours = _OURS.fullmatch(entry.name)
    if not ours or ours[3] == _RUN:
        return False
    host, process = ours[1], int(ours[2])
    if host == _HOST and (process == os.getpid() or not _alive(process)):
        return True
    with contextlib.suppress(OSError):
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED
    return False


def _alive(process: int) -> bool:
    if os.name == "nt":
        # There os.kill ends what it asks about; only age tells.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _remove(entry: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            Path(entry.path).unlink()

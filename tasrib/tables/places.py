"""Where a command reads and where it writes: compared before any work, so that no input is ever written over."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from tasrib.errors import TasribError
from tasrib.tables.litter import unfinished_name

# What a file is to the command ("an input", "the key"), and the path as it was given.
Named: TypeAlias = tuple[str, str | Path]
_DEVICES = ("/dev/", "/proc/")


def is_stream(path: str | Path) -> bool:
    """
    Tell whether something is written to, not replaced: standard output, a pipe or a device.

    Parameters
    ----------
    path : str or Path
        An output as the user named it.

    Returns
    -------
    bool
        False for what is a file, or would become one.
    """
    if str(path) == "-":
        return True
    written = os.path.abspath(path)  # noqa: PTH100 - links must stay: /dev/stdout may be one to a file
    # A link of these names leads to what is open already; to replace it would be to replace the link's end behind the shell's back.
    if written.startswith(_DEVICES) and not written.startswith("/dev/shm/"):
        return os.path.exists(written)  # noqa: PTH110 - False, not an error, where a folder may not be looked into
    try:
        mode = os.stat(written).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def is_standard_output(path: str | Path) -> bool:
    """
    Tell whether an output is what is printed to.

    Parameters
    ----------
    path : str or Path
        An output as the user named it.

    Returns
    -------
    bool
        True for ``-``, ``/dev/stdout`` and ``/dev/fd/1``.
    """
    return str(path) in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def refuse_inputs(outputs: Iterable[str | Path], inputs: Iterable[Named], advice: str) -> None:
    """
    Refuse to write what is read.

    Files are one when their paths lead to one place or the file system says that they are one: a hard link, a symbolic link, another
    spelling of the name, a shell's redirection.

    Parameters
    ----------
    outputs : iterable of str or Path
        What would be written; ``-`` is standard output.
    inputs : iterable of tuple
        What each is to the command, and its path; ``-`` is standard input, and a folder stands for the files in it.
    advice : str
        What to do instead, such as ``name another file with -o``.

    Raises
    ------
    TasribError
        When an output is an input.
    """
    read = [(what, given, path) for what, given in inputs for path in _files_of(given)]
    for output in outputs:
        for what, given, path in read:
            if same_file(output, path):
                raise TasribError(
                    f"{output} is {what}{'' if str(output) == str(given) else f' ({given})'}, and would be lost; {advice}"
                )


def same_file(one: str | Path, other: str | Path) -> bool:
    """
    Tell whether two paths name one file.

    Parameters
    ----------
    one, other : str or Path
        A file to be written, which may not exist, and one that is read; ``-`` is standard output and standard input.

    Returns
    -------
    bool
        Pipes and devices are never one: nothing in them can be lost.
    """
    left, right = _stat(one, 1), _stat(other, 0)
    if left is not None and right is not None:
        return stat.S_ISREG(left.st_mode) and (left.st_dev, left.st_ino) == (right.st_dev, right.st_ino)
    if left is not None or right is not None or "-" in (str(one), str(other)):
        return False
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def check_file(path: str | Path) -> None:
    """
    Refuse a file that could not be written, before anything costly is done for it.

    Parameters
    ----------
    path : str or Path
        The file to be written.

    Raises
    ------
    TasribError
        When its folder is missing or may not be written to, it is a folder itself, or it is protected from writing.
    """
    if str(path) == "-":
        return
    if is_stream(path):
        if not os.access(path, os.W_OK):
            raise TasribError(f"{path} cannot be written: permission denied; name another file")
        return
    path = Path(path)
    check_folder(path)
    # Behind a link stands the file that will be replaced.
    target = Path(os.path.realpath(path))
    check_folder(target)
    try:
        found = target.stat()
    except FileNotFoundError:
        found = None
    except OSError as error:
        raise TasribError(f"{path} cannot be written: {error.strerror}; name another file") from None
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise TasribError(f"{path} is a folder; name a file in it")
    # An administrator may write anywhere; who took all right to write from a file meant everybody.
    if found is not None and (not found.st_mode & 0o222 or not os.access(target, os.W_OK)):
        raise TasribError(
            f"{path} is protected from writing; name another file, or give yourself the right to write it"
        )
    _check_may_write(target.parent, path)


def check_folder(path: str | Path) -> None:
    """
    Refuse a file whose folder is missing, before anything costly is done for it.

    Parameters
    ----------
    path : str or Path
        The file to be written.

    Raises
    ------
    TasribError
        When there is no such folder.
    """
    parent = Path(path).parent
    try:
        found = parent.is_dir()
    except OSError as error:
        raise TasribError(f"{path} cannot be written: {error.strerror}; name another folder") from None
    if not found:
        raise TasribError(f"{path}: the folder {parent} does not exist; create it first")


def make_folder(path: str | Path) -> list[Path]:
    """
    Make a folder for what is to be written, with those above it.

    Parameters
    ----------
    path : str or Path
        The folder; it may exist.

    Returns
    -------
    list of pathlib.Path
        The folders that were not there before, the innermost first.

    Raises
    ------
    TasribError
        When the path names a file, or the folder cannot be made.
    """
    path = Path(path)
    made: list[Path] = []
    try:
        missing = [each for each in (path, *path.parents) if not each.exists()]
        for each in reversed(missing):
            # Another run may make it meanwhile; then it is not ours to take away.
            with contextlib.suppress(FileExistsError):
                each.mkdir()
                made.insert(0, each)
        if not path.is_dir():
            raise TasribError(f"{path} is a file, not a folder; name another folder")
    except (OSError, ValueError) as error:
        remove_empty(made)
        if isinstance(error, TasribError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise TasribError(f"the folder {path} cannot be made: {reason}; name another folder") from error
    return made


def check_new_folder(path: str | Path, names: Iterable[str]) -> None:
    """
    Refuse a folder that could not be made or written to, before anything costly is done for it.

    Parameters
    ----------
    path : str or Path
        The folder; where it is missing it is missing afterwards too.
    names : iterable of str
        Files to be written in it.

    Raises
    ------
    TasribError
        When the path names a file, the folder cannot be made or written to, or one of the files cannot be replaced.
    """
    made = make_folder(path)
    try:
        _check_may_write(Path(path), path)
        for name in names:
            check_file(Path(path) / name)
    finally:
        remove_empty(made)


def remove_empty(folders: Iterable[Path]) -> None:
    """
    Take away folders that nothing was put into.

    Parameters
    ----------
    folders : iterable of pathlib.Path
        As from `make_folder`; those that hold something stay.
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _check_may_write(folder: Path, named: str | Path) -> None:
    """Try it: rights, lists of rights, quotas and read-only disks have no other common test."""
    try:
        if not folder.stat().st_mode & 0o222:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        probe = unfinished_name(folder)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise TasribError(
            f"{named} cannot be written: {error.strerror} in the folder {folder}; name another folder"
        ) from None


def _stat(path: str | Path, descriptor: int) -> os.stat_result | None:
    try:
        if str(path) == "-":
            stream = (sys.__stdin__, sys.__stdout__)[descriptor]
            return None if stream is None else os.fstat(descriptor)
        return os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None


def _files_of(given: str | Path) -> list[str | Path]:
    path = Path(given)
    try:
        return [*path.iterdir()] if str(given) != "-" and path.is_dir() else [given]
    except OSError:
        return [given]

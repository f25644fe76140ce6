"""Files and folders for what is written: a file is replaced whole or not at all, and what fails is said in one line."""

from __future__ import annotations

import os
from pathlib import Path

from tasrib.errors import TasribError


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
    path = Path(path)
    if not path.absolute().parent.is_dir():
        raise TasribError(f"{path}: the folder {path.parent} does not exist; create it first")


def replace_file(path: str | Path, data: bytes | str) -> None:
    """
    Put a complete file in the place of an earlier one.

    Parameters
    ----------
    path : str or Path
        The file. An earlier one stays as it was until the new one is complete.
    data : bytes or str
        The content; text is written as UTF-8, what UTF-8 cannot hold as a question mark.

    Raises
    ------
    TasribError
        When the folder is missing or the file cannot be written.
    """
    path = Path(path)
    check_folder(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        unfinished.replace(path)
    except OSError as error:
        raise TasribError(f"{path} cannot be written: {error.strerror}; is it open in another program?") from error
    finally:
        unfinished.unlink(missing_ok=True)


def make_folder(path: str | Path) -> None:
    """
    Make a folder for what is to be written, with those above it.

    Parameters
    ----------
    path : str or Path
        The folder; it may exist.

    Raises
    ------
    TasribError
        When the path names a file, or the folder cannot be made.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise TasribError(f"{path} is a file, not a folder; name another folder") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise TasribError(f"the folder {path} cannot be made: {reason}; name another folder") from error

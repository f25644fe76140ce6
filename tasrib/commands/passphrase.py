"""The passphrase of encrypted backups: from a file, or asked of who sits at the terminal; never on the command line, where others see it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from tasrib.complaints.exports.iphone_backup import PassphraseNeeded
from tasrib.errors import TasribError

_T = TypeVar("_T")
_TRIES = 3
_LONGEST = 10_000  # bytes


def with_passphrase(path: Path | None, open_with: Callable[[str], _T]) -> _T:
    """
    Open what may be encrypted.

    Parameters
    ----------
    path : Path or None
        The file that the user names; its first line is the passphrase.
    open_with : callable
        Opens with a passphrase, or an empty one.

    Returns
    -------
    object
        What it gives.

    Raises
    ------
    PassphraseNeeded
        When one is needed and there is nobody to ask, or it is wrong.
    """
    if path is not None:
        return open_with(_read(path))
    passphrase = ""
    for _ in range(_TRIES):
        try:
            return open_with(passphrase)
        except PassphraseNeeded as error:
            if not _somebody_is_there():
                raise
            click.echo(str(error).partition(";")[0], err=True)
            passphrase = click.prompt("Passphrase of the backup", hide_input=True, err=True)
    return open_with(passphrase)


def _somebody_is_there() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            text = opened.read(_LONGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise TasribError(f"{path} cannot be read as a passphrase; write it into a file of its own, as UTF-8") from None
    first = (text.splitlines() or [""])[0]
    if not first:
        raise TasribError(f"{path} has no passphrase in its first line")
    return first

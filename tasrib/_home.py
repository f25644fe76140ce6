"""Where tasrib keeps what belongs to the user: the pseudonym key, the name of the default model, and what went wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tasrib.errors import TasribError

HOME_VARIABLE = "TASRIB_HOME"
_ON_LINUX = sys.platform not in ("win32", "darwin")


def settings_folder() -> Path:
    """
    Tasrib's folder among the user's settings.

    Returns
    -------
    pathlib.Path
        ``~/.config/tasrib`` on Linux; it may not exist.

    Raises
    ------
    TasribError
        When the system does not say which folder is the user's home.
    """
    if not _ON_LINUX:
        return Path(click.get_app_dir("tasrib"))
    return _base("XDG_CONFIG_HOME", ".config") / "tasrib"


def state_folder() -> Path:
    """
    Tasrib's folder for what it notes while it runs.

    Returns
    -------
    pathlib.Path
        The folder of the environment variable ``TASRIB_HOME``, else ``~/.local/state/tasrib`` on Linux and the settings' folder
        elsewhere; it may not exist.

    Raises
    ------
    TasribError
        As `settings_folder`.
    """
    stated = os.environ.get(HOME_VARIABLE)
    if stated:
        return Path(stated)
    return _base("XDG_STATE_HOME", ".local/state") / "tasrib" if _ON_LINUX else settings_folder()


def make_own_folder(folder: Path) -> None:
    """
    Make a folder for the user alone, but never the home that it should lie in.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it may exist.

    Raises
    ------
    OSError
        When it cannot be made. What is put into a home that does not exist is not found again.
    """
    home = _home()
    if home is not None and home in folder.absolute().parents and not home.is_dir():
        raise FileNotFoundError(2, f"the home folder {home} does not exist")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _base(variable: str, below_home: str) -> Path:
    # One that is empty or relative counts as not set (XDG base directory specification 0.8): it would mean another folder each time.
    stated = os.environ.get(variable, "")
    if os.path.isabs(stated):  # noqa: PTH117
        return Path(stated)
    home = _home()
    if home is None:
        raise TasribError(
            f"your home folder is not known; set HOME, or name the key file with TASRIB_KEY_FILE and a folder with {HOME_VARIABLE}"
        )
    return home / below_home


def _home() -> Path | None:
    # An empty HOME would make the root of the disk the home.
    if os.environ.get("HOME") == "":
        try:
            import pwd

            return Path(pwd.getpwuid(os.getuid()).pw_dir)
        except (ImportError, KeyError):
            return None
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser raises where no home is known
    return home if home.is_absolute() else None

"""Where tasrib keeps what belongs to the user: the pseudonym key, the name of the default model, and what went wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tasrib.errors import TasribError

HOME_VARIABLE = "TASRIB_HOME"


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
    # An empty or relative one counts as not set (XDG base directory specification 0.8): it would mean another folder each time.
    if not os.path.isabs(os.environ.get("XDG_CONFIG_HOME", "/")):  # noqa: PTH117
        return _home() / ".config" / "tasrib"
    folder = Path(click.get_app_dir("tasrib"))
    if not folder.is_absolute():
        raise TasribError(
            f"your home folder is not known; set HOME, or name the key file with TASRIB_KEY_FILE and {HOME_VARIABLE}"
        )
    return folder


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
    if not sys.platform.startswith("linux"):
        return settings_folder()
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if os.path.isabs(state) else _home() / ".local" / "state") / "tasrib"  # noqa: PTH117


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
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser raises where no home is known
    if home in folder.absolute().parents and not home.is_dir():
        raise FileNotFoundError(2, f"the home folder {home} does not exist")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _home() -> Path:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    if not home.is_absolute():
        raise TasribError(
            f"your home folder is not known; set HOME, or name the key file with TASRIB_KEY_FILE and {HOME_VARIABLE}"
        )
    return home

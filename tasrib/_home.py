"""Where tasrib keeps what belongs to the user: the pseudonym key and the name of the default model."""

from __future__ import annotations

from pathlib import Path

import click


def settings_folder() -> Path:
    """
    Tasrib's folder among the user's settings.

    Returns
    -------
    pathlib.Path
        ``~/.config/tasrib`` on Linux; it may not exist.
    """
    return Path(click.get_app_dir("tasrib"))

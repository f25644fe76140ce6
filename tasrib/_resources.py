"""Where the shipped model and the reference data lie: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """
    Path of a file or folder that travels with tasrib.

    Parameters
    ----------
    *parts : str
        Names below ``model/`` or ``data/``, as in ``resource("reference", "parties.toml")`` or ``resource("model")``.

    Returns
    -------
    pathlib.Path
        The existing path.

    Raises
    ------
    FileNotFoundError
        When the installation lacks the file.
    """
    checkout = _PACKAGE.parent
    candidates = [_PACKAGE / "_data" / Path(*parts), checkout / Path(*parts), checkout / "data" / Path(*parts)]
    for path in candidates:
        if path.exists():
            return path
    raise FileNotFoundError(f"tasrib's own file {'/'.join(parts)} is missing; reinstall tasrib")

"""Where the shipped model and the reference data lie: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "TASRIB_DATA"
_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """
    Path of a file or folder that travels with tasrib.

    A folder named by the environment variable ``TASRIB_DATA`` is looked in first: what lies there, such as another ``model/`` or
    ``corpus/``, takes the place of what was installed.

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
    stated = os.environ.get(DATA_VARIABLE)
    candidates = [Path(stated, *parts)] if stated else []
    candidates += [_PACKAGE / "_data" / Path(*parts), checkout / Path(*parts), checkout / "data" / Path(*parts)]
    for path in candidates:
        if path.exists():
            return path
    raise FileNotFoundError(f"tasrib's own file {'/'.join(parts)} is missing; reinstall tasrib")

"""Words of the triage by key, for those who say and those who read them."""

from __future__ import annotations

from typing import Any

from tasrib.compliance.loading import common


def word(table: str, key: str, language: str) -> str:
    """
    Look a word up in ``data/reference/compliance.toml``.

    Parameters
    ----------
    table : str
        Such as ``value`` or ``verdict.sender``.
    key : str
        Which word of the table.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        The word; the key itself where there is none, as for a name.
    """
    found: Any = common()
    for part in table.split("."):
        found = found[part]
    return str(found[key][language]) if key in found else key

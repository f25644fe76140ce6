"""Where the pages of `templates/` are put together."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def page_environment() -> Environment:
    """
    Make the environment of the pages.

    Returns
    -------
    jinja2.Environment
        All text is escaped, and a name that the template does not get is an error.
    """
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

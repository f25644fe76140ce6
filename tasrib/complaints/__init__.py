"""Complaints as citizens and case workers write them down: reading, checking, quarantine, pseudonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrib._later import later

if TYPE_CHECKING:
    from tasrib.complaints.headers import parse_mapping, parse_values
    from tasrib.complaints.pseudonyms import load_key, pseudonym
    from tasrib.complaints.read import Read, read_complaints, read_files

__all__ = [
    "Read",
    "load_key",
    "parse_mapping",
    "parse_values",
    "pseudonym",
    "read_complaints",
    "read_files",
]

if not TYPE_CHECKING:
    # Whoever looks at one message reads no table.
    __getattr__ = later(
        __name__,
        {
            "Read": "read",
            "load_key": "pseudonyms",
            "parse_mapping": "headers",
            "parse_values": "headers",
            "pseudonym": "pseudonyms",
            "read_complaints": "read",
            "read_files": "read",
        },
    )

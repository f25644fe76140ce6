"""Complaints as citizens and case workers write them down: reading, checking, quarantine, pseudonyms."""

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

"""Complaints as citizens and case workers write them down: reading, checking, quarantine, pseudonyms."""

from tasrib.complaints.headers import parse_mapping
from tasrib.complaints.pseudonyms import load_key, pseudonym
from tasrib.complaints.read import read_complaints

__all__ = [
    "load_key",
    "parse_mapping",
    "pseudonym",
    "read_complaints",
]

"""Complaints as citizens and case workers write them down: reading, checking, quarantine, pseudonyms."""

from tasrib.complaints.headers import parse_mapping
from tasrib.complaints.pseudonyms import load_key, pseudonym
from tasrib.complaints.read import read_complaints
from tasrib.complaints.scored import read_scored
from tasrib.complaints.write import write_table, write_workbook

__all__ = [
    "load_key",
    "parse_mapping",
    "pseudonym",
    "read_complaints",
    "read_scored",
    "write_table",
    "write_workbook",
]

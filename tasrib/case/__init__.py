"""
A case on disk: what people decided, as a layer over what the model said, in a log that only grows; and what a report was made of, in a record
by which it can be verified and handed on.
"""

from tasrib.case.events import timesketch_events
from tasrib.case.exporting import case_export
from tasrib.case.layer import decisions_file, read_decisions
from tasrib.case.making import Written, write_case
from tasrib.case.overlay import decided
from tasrib.case.repacking import pack
from tasrib.case.settling import Applied, label_apply
from tasrib.case.verification import Verification, verify

__all__ = [
    "Applied",
    "Verification",
    "Written",
    "case_export",
    "decided",
    "decisions_file",
    "label_apply",
    "pack",
    "read_decisions",
    "timesketch_events",
    "verify",
    "write_case",
]

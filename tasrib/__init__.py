"""
tasrib: from unwanted messages to the question of where the list of numbers came from.

>>> import tasrib
>>> complaints, rejected = tasrib.read_complaints("complaints.xlsx")  # doctest: +SKIP
>>> scored = tasrib.score(complaints)  # doctest: +SKIP
>>> result = tasrib.trace(scored)  # doctest: +SKIP
>>> tasrib.write_report(scored, result, "case-042/")  # doctest: +SKIP
"""

from importlib.metadata import version

from tasrib.classify import CampaignClassifier, Model, explain, load_model, save_model
from tasrib.complaints import read_complaints, read_scored, write_table
from tasrib.errors import ModelRefused, TasribError, UnreadableInput
from tasrib.numbering import lookup
from tasrib.report import write_report
from tasrib.scoring import score
from tasrib.trace import TraceResult, trace

__version__ = version("tasrib")
__all__ = [
    "CampaignClassifier",
    "Model",
    "ModelRefused",
    "TasribError",
    "TraceResult",
    "UnreadableInput",
    "explain",
    "load_model",
    "lookup",
    "read_complaints",
    "read_scored",
    "save_model",
    "score",
    "trace",
    "write_report",
    "write_table",
]

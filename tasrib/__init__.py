"""
tasrib: from unwanted messages to the question of where the list of numbers came from.

>>> import tasrib
>>> complaints, rejected = tasrib.read_complaints("complaints.xlsx")  # doctest: +SKIP
>>> scored = tasrib.score(complaints)  # doctest: +SKIP
>>> result = tasrib.trace(scored)  # doctest: +SKIP
>>> tasrib.write_report(scored, result, "case-042/")  # doctest: +SKIP
"""

from importlib.metadata import version

from tasrib.classify import CampaignClassifier, Explained, Model, explain, load_model, save_model
from tasrib.complaints import read_complaints
from tasrib.errors import ModelRefused, TasribError, UnreadableInput
from tasrib.learning import (
    Drift,
    Imported,
    Trained,
    drift,
    evaluate,
    label_export,
    label_import,
    promote,
    read_labelled,
    train,
)
from tasrib.numbering import lookup
from tasrib.pipeline import score
from tasrib.report import write_report
from tasrib.scored import read_scored
from tasrib.tables import write_table
from tasrib.tracing import TraceResult, read_canaries, trace

__version__ = version("tasrib")
__all__ = [
    "CampaignClassifier",
    "Drift",
    "Explained",
    "Imported",
    "Model",
    "ModelRefused",
    "TasribError",
    "TraceResult",
    "Trained",
    "UnreadableInput",
    "drift",
    "evaluate",
    "explain",
    "label_export",
    "label_import",
    "load_model",
    "lookup",
    "promote",
    "read_canaries",
    "read_complaints",
    "read_labelled",
    "read_scored",
    "save_model",
    "score",
    "trace",
    "train",
    "write_report",
    "write_table",
]

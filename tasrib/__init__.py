"""
tasrib: from unwanted messages to the question of where the list of numbers came from.

>>> import tasrib
>>> complaints, rejected = tasrib.read_complaints("complaints.xlsx")  # doctest: +SKIP
>>> scored = tasrib.score(complaints)  # doctest: +SKIP
>>> result = tasrib.trace(scored)  # doctest: +SKIP
>>> tasrib.write_report(scored, result, "case-042/")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import TYPE_CHECKING, Any

# ONNX Runtime 1.32 writes a device id and what it was used for below the user's home, and looks up the name of a machine that gathers
# this. Nothing after its import stops that (`disable_telemetry_events` comes too late), so it is said here, before any module of
# tasrib can import it, and processes that are started from this one inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from tasrib.case import (
        Applied,
        Verification,
        Written,
        case_export,
        decided,
        label_apply,
        pack,
        read_decisions,
        timesketch_events,
        verify,
        write_case,
    )
    from tasrib.classify import CampaignClassifier, Explained, Model, explain, load_model, save_model
    from tasrib.complaints import read_complaints
    from tasrib.compliance import law_questions, law_rules, law_triage, read_facts
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
    from tasrib.tracing import CanaryPlan, TraceResult, plan_canaries, read_canaries, trace

    __version__: str

__all__ = [
    "Applied",
    "CampaignClassifier",
    "CanaryPlan",
    "Drift",
    "Explained",
    "Imported",
    "Model",
    "ModelRefused",
    "TasribError",
    "TraceResult",
    "Trained",
    "UnreadableInput",
    "Verification",
    "Written",
    "case_export",
    "decided",
    "drift",
    "evaluate",
    "explain",
    "label_apply",
    "label_export",
    "label_import",
    "law_questions",
    "law_rules",
    "law_triage",
    "load_model",
    "lookup",
    "pack",
    "plan_canaries",
    "promote",
    "read_canaries",
    "read_complaints",
    "read_decisions",
    "read_facts",
    "read_labelled",
    "read_scored",
    "save_model",
    "score",
    "timesketch_events",
    "trace",
    "train",
    "verify",
    "write_case",
    "write_report",
    "write_table",
]

# Where each public name lives. It is imported on first use: scikit-learn, pandas and statsmodels take seconds, and
# `tasrib --help` needs none of them.
_NAMES_OF = {
    "tasrib.case": (
        "Applied",
        "Verification",
        "Written",
        "case_export",
        "decided",
        "label_apply",
        "pack",
        "read_decisions",
        "timesketch_events",
        "verify",
        "write_case",
    ),
    "tasrib.classify": ("CampaignClassifier", "Explained", "Model", "explain", "load_model", "save_model"),
    "tasrib.complaints": ("read_complaints",),
    "tasrib.compliance": ("law_questions", "law_rules", "law_triage", "read_facts"),
    "tasrib.errors": ("ModelRefused", "TasribError", "UnreadableInput"),
    "tasrib.learning": (
        "Drift",
        "Imported",
        "Trained",
        "drift",
        "evaluate",
        "label_export",
        "label_import",
        "promote",
        "read_labelled",
        "train",
    ),
    "tasrib.numbering": ("lookup",),
    "tasrib.pipeline": ("score",),
    "tasrib.report": ("write_report",),
    "tasrib.scored": ("read_scored",),
    "tasrib.tables": ("write_table",),
    "tasrib.tracing": ("CanaryPlan", "TraceResult", "plan_canaries", "read_canaries", "trace"),
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any name for a public one.
    def __getattr__(name: str) -> Any:
        """Import a public name, or a module of tasrib, on its first use."""
        if name == "__version__":
            from importlib.metadata import version

            value = version("tasrib")
        elif name in _MODULE_OF:
            value = getattr(importlib.import_module(_MODULE_OF[name]), name)
        elif "." not in name and importlib.util.find_spec(f"{__name__}.{name}"):
            value = importlib.import_module(f"{__name__}.{name}")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})

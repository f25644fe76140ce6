"""Messages as text: normalisation, language variety, n-grams, near-duplicates."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tasrib.text.aligned import Aligned
from tasrib.text.illegible import unreadable
from tasrib.text.ngrams import KINDS, Ngrams
from tasrib.text.normal_form import align, normalise
from tasrib.text.scripts import script_shares

if TYPE_CHECKING:
    from tasrib.text.features import hashed_ngrams
    from tasrib.text.language import VarietyClassifier
    from tasrib.text.near_duplicates import near_duplicate_groups

__all__ = [
    "KINDS",
    "Aligned",
    "Ngrams",
    "VarietyClassifier",
    "align",
    "hashed_ngrams",
    "near_duplicate_groups",
    "normalise",
    "script_shares",
    "unreadable",
]

# Imported on first use: scikit-learn and SciPy take longer to import than a message takes to be read.
_MODULE_OF = {
    "VarietyClassifier": "tasrib.text.language",
    "hashed_ngrams": "tasrib.text.features",
    "near_duplicate_groups": "tasrib.text.near_duplicates",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(importlib.import_module(_MODULE_OF[name]), name)
        return value

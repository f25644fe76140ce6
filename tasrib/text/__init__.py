"""Messages as text: normalisation, language variety, n-grams, near-duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrib._later import later
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

if not TYPE_CHECKING:
    # scikit-learn and SciPy take longer to import than a message takes to be read.
    __getattr__ = later(
        __name__,
        {"VarietyClassifier": "language", "hashed_ngrams": "features", "near_duplicate_groups": "near_duplicates"},
    )

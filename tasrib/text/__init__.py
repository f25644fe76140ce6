"""Messages as text: normalisation, language variety, n-grams, near-duplicates."""

from tasrib.text.aligned import Aligned
from tasrib.text.features import hashed_ngrams
from tasrib.text.illegible import unreadable
from tasrib.text.language import VarietyClassifier, script_shares
from tasrib.text.near_duplicates import near_duplicate_groups
from tasrib.text.ngrams import KINDS, Ngrams
from tasrib.text.normal_form import align, normalise

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

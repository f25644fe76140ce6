"""What kind of message this is: the estimator, its judgement with reasons, its store, and which model is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasrib._later import later
from tasrib.classify.categories import CAMPAIGN, CATEGORIES, DECISIONS
from tasrib.classify.chosen import ChosenModel, choose_model, make_default, make_shipped_default
from tasrib.classify.encoder import Encoder
from tasrib.classify.judgement import Judgement, explain, judge
from tasrib.classify.reasons import Explained, Piece
from tasrib.classify.scorer import Scorer
from tasrib.classify.store import FAST, Model, load_model, save_model

if TYPE_CHECKING:
    from tasrib.classify.campaign import CampaignClassifier

__all__ = [
    "CAMPAIGN",
    "CATEGORIES",
    "DECISIONS",
    "FAST",
    "CampaignClassifier",
    "ChosenModel",
    "Encoder",
    "Explained",
    "Judgement",
    "Model",
    "Piece",
    "Scorer",
    "choose_model",
    "explain",
    "judge",
    "load_model",
    "make_default",
    "make_shipped_default",
    "save_model",
]

if not TYPE_CHECKING:
    # Who only scores does not wait for scikit-learn.
    __getattr__ = later(__name__, {"CampaignClassifier": "campaign"})

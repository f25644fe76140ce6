"""What kind of message this is: the estimator, its reasons, its store."""

from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.categories import CAMPAIGN, CATEGORIES, DECISIONS
from tasrib.classify.encoder import Encoder
from tasrib.classify.reasons import Explanation, Piece, explain
from tasrib.classify.store import Model, load_model, save_model

__all__ = [
    "CAMPAIGN",
    "CATEGORIES",
    "DECISIONS",
    "CampaignClassifier",
    "Encoder",
    "Explanation",
    "Model",
    "Piece",
    "explain",
    "load_model",
    "save_model",
]

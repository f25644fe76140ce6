"""Fit, measure and pack the shipped model: `python -m training.make_model` (`make model`)."""

from __future__ import annotations

import json
from pathlib import Path

from tasrib.classify import CampaignClassifier, save_model
from tasrib.text import VarietyClassifier
from training.corpus import load_corpus
from training.evaluate import evaluate, print_measures
from training.model_card import model_card

MODEL = Path(__file__).resolve().parent.parent / "model"


def main() -> None:
    """Write `model/`: weights, manifest and the cross-validated figures of the same recipe."""
    corpus = load_corpus()
    found = evaluate(corpus)
    print_measures(found)
    classifier = CampaignClassifier().fit(corpus["text"], corpus["category"])
    variety = VarietyClassifier().fit(corpus["text"].tolist(), corpus["language"])
    save_model(classifier, variety, MODEL)
    (MODEL / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    card = model_card(found, classifier.thresholds_)
    (MODEL / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(f"\nwrote {MODEL.name}/, review band {classifier.thresholds_[0]:.3f} to {classifier.thresholds_[1]:.3f}")


if __name__ == "__main__":
    main()

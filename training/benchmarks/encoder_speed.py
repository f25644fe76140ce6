"""How much slower scoring is with the encoder: `python -m training.benchmarks.encoder_speed [MESSAGES]`."""

from __future__ import annotations

import sys
import time

from sklearn.base import clone

from tasrib.classify import CampaignClassifier, Encoder, judge, load_model
from training.corpus import load_corpus


def rate(classifier: CampaignClassifier, texts: list[str]) -> float:
    """Messages scored and explained a second."""
    began = time.perf_counter()
    judge(classifier, texts, reasons="all")
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    """Score the same distinct messages with the shipped model, with and without its encoder, in turn."""
    texts = (
        load_corpus()["text"].drop_duplicates().sample(int(sys.argv[1]) if len(sys.argv) > 1 else 500, random_state=0)
    )
    whole = load_model().classifier
    if whole.encoder is None:
        raise SystemExit("the shipped model has no encoder")
    words = clone(whole).set_params(encoder=None)
    for name, value in vars(whole).items():
        if name.endswith("_"):
            setattr(words, name, value)
    words.encoder_weight_ = 0.0
    for _ in range(2):  # the first round opens the files
        whole.encoder = Encoder(whole.encoder.folder, threads=1)
        with_it, without = rate(whole, texts.tolist()), rate(words, texts.tolist())
    print(
        f"with the encoder, one thread {with_it:.0f} messages a second, without {without:.0f}; ratio {without / with_it:.1f}"
    )


if __name__ == "__main__":
    main()

"""
What asking the encoder costs, and how far its answers are from those that came with it: `python -m training.benchmarks.encoder_speed [MESSAGES]`.

The shipped model scores messages of the corpus's test batches, and a file of the shape of real complaints, with and without its encoder, on one
thread. Processor time, user and system. The stored answers were computed on the processor that the model was made on: here another may round
otherwise.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from sklearn.base import clone

from tasrib.classify import CAMPAIGN, CampaignClassifier, Encoder, judge, load_model
from tasrib.classify.answers import stored_answers
from tasrib.classify.tokens import write_readably
from tasrib.learning import is_test_batch
from training.asked import asked_of
from training.corpus import load_corpus

_MESSAGES = 500
# Of a file of complaints: near-copies, which differ in number and link, of so many messages for each hundred rows.
_COPIES, _COPIED_PER_100 = 0.7, 2


def real_shaped(texts: list[str], rows: int) -> list[str]:
    """
    Shape messages like a file of complaints.

    Parameters
    ----------
    texts : list of str
        Distinct messages, at least a third of `rows`.
    rows : int
        How many to give.

    Returns
    -------
    list of str
        70% near-copies of a few messages, each with a number and a link of its own, the rest as they are.
    """
    copied = texts[: max(1, rows * _COPIED_PER_100 // 100)]
    copies = int(rows * _COPIES)
    once = texts[len(copied) : len(copied) + rows - copies]
    return once + [f"{copied[i % len(copied)]} {30_000 + i} https://exemple.ma/{i}" for i in range(copies)]


def rate(classifier: CampaignClassifier, texts: list[str]) -> float:
    """Messages scored a second of processor time, without reasons."""
    began = time.process_time()
    judge(classifier, texts)
    return len(texts) / (time.process_time() - began)


def main() -> None:
    """Score both files with the shipped model, with and without its encoder, in turn."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else _MESSAGES
    corpus = load_corpus()
    test = corpus.loc[corpus["batch"].map(is_test_batch), "text"].drop_duplicates().sample(frac=1, random_state=0)
    whole = load_model().classifier
    if whole.encoder is None:
        raise SystemExit("the shipped model has no encoder")
    words = clone(whole).set_params(encoder=None)
    for name, value in vars(whole).items():
        if name.endswith("_"):
            setattr(words, name, value)
    words.encoder_weight_ = 0.0
    for title, texts in (
        ("messages of the test batches", test.tolist()[:rows]),
        ("a file of the shape of real complaints", real_shaped(test.tolist(), rows)),
    ):
        # It remembers nothing yet but a message that opens its files.
        whole.encoder = Encoder(whole.encoder.folder, threads=1)
        whole.encoder.scores([""])
        asked = asked_of(whole, texts)
        runs = len({write_readably(text) for text in asked})
        with_it, without = rate(whole, texts), rate(words, texts)
        each = 1000 * len(texts) * (1 / with_it - 1 / without) / max(runs, 1)
        print(
            f"{title}, {len(texts)} rows: encoder asked about {len(asked) / len(texts):.1%}, its network run on {runs / len(texts):.1%}, "
            f"{each:.2f} ms a run; with it {with_it:.0f} rows a second of CPU, without {without:.0f}, ratio {without / with_it:.1f}"
        )
    tell_distance(test.tolist()[:rows])


def tell_distance(texts: list[str]) -> None:
    """
    Print how far this processor's answers are from the stored ones.

    Parameters
    ----------
    texts : list of str
        Messages of the test batches.
    """
    model = load_model()
    encoder = model.scorer.encoder
    if encoder is None or model.answers is None:
        raise SystemExit("the shipped model has no encoder, or no answers came with it")
    stored = stored_answers(encoder, texts, model.answers)
    kept = np.array([stored[write_readably(text)] for text in texts])
    campaign = np.asarray(encoder.classes) == CAMPAIGN
    away = np.abs(np.exp(kept) - np.exp(encoder.scores(texts)))[:, campaign].ravel()
    print(
        f"{len(texts)} answers beside the stored ones, probability of campaign by the encoder alone: {(away < 1e-4).mean():.0%} the same to "
        f"four digits, on the average {away.mean():.4f} away, at most {away.max():.3f}"
    )


if __name__ == "__main__":
    main()

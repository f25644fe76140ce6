"""Which share of messages the encoder is asked about: `python -m training.asked`, with the shipped model."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tasrib.classify import CampaignClassifier, Model, load_model
from tasrib.classify.tokens import write_readably
from tasrib.learning import is_test_batch
from training.corpus import load_corpus
from training.external import read_external
from training.paths import MODEL, POOL

TEST = "test batches of the corpus"
# Messages of a file of the pool: enough for a share, and the whole pool takes minutes.
_MOST = 1_000


def read_pool(folder: Path = POOL) -> dict[str, list[str]]:
    """
    Draw real text from each file of the pool.

    Parameters
    ----------
    folder : pathlib.Path
        With the files that its README lists.

    Returns
    -------
    dict of str to list of str
        At most 1,000 texts a file, the same each time, by file name; empty where the folder is missing.
    """
    found = {}
    for file in sorted(folder.glob("*.tsv")) if folder.is_dir() else []:
        texts = pd.read_csv(file, sep="\t", quoting=3, keep_default_na=False, dtype=str)["text"]
        texts = texts.sample(min(len(texts), _MOST), random_state=0)
        found[file.name] = texts.str.replace("\\n", "\n", regex=False).tolist()
    return found


def asked_of(classifier: CampaignClassifier, texts: list[str]) -> list[str]:
    """
    Pick the messages that the encoder is asked about.

    Parameters
    ----------
    classifier : CampaignClassifier
        With an encoder.
    texts : list of str
        Messages as received.

    Returns
    -------
    list of str
        Those in which the words leave a doubt.
    """
    words = classifier.campaign_score(classifier.decision_function(texts))
    return [text for text, doubt in zip(texts, classifier.gate_.asked(words).tolist(), strict=True) if doubt]


def asked_shares(model: Model, test: list[str]) -> dict[str, dict[str, float]]:
    """
    Say how much of each set of messages reaches the encoder.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`; without an encoder nothing is asked.
    test : list of str
        Messages of the corpus's test batches.

    Returns
    -------
    dict of str to dict
        For the corpus and each file of text from outside that is there: ``n``; ``share`` of the messages asked about; ``runs``, how many
        the network is run on, a share too: what the encoder reads alike it reads once.
    """
    if model.classifier.encoder is None:
        return {}
    found = {}
    for name, texts in ({TEST: test} | read_external() | read_pool()).items():
        asked = asked_of(model.classifier, texts)
        runs = len({write_readably(text) for text in asked})
        found[name] = {"n": len(texts), "share": len(asked) / len(texts), "runs": runs / len(texts)}
    return found


def main() -> None:
    """Print the shares for the model in `model/`."""
    corpus = load_corpus()
    found = asked_shares(load_model(MODEL), corpus.loc[corpus["batch"].map(is_test_batch), "text"].tolist())
    print(pd.DataFrame(found).T.astype({"n": int}).round(3).to_string())


if __name__ == "__main__":
    main()

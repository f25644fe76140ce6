"""What people pick today instead of tasrib's model, and the steps between: each fits on texts and returns scores."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from tasrib.attribute import load_contest
from tasrib.classify import CAMPAIGN, CampaignClassifier
from tasrib.text import normalise
from training.obfuscate import OBFUSCATIONS, obfuscate

Scores = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Score of campaign (any scale that orders), whether it is called campaign, and the category ("" where it gives none)."""

_KEYWORDS = re.compile(
    r"صوت(?:وا|و|ي)?\b|انتخابات|مرشح|لائح|حمل[ةه] انتخابي|حزب|اقتراع|vot(?:e|ez|er)\b|candidat|élection|election|parti\b|"
    r"s[ae]w?t(?:o|ou|iw)\b|intikhab|lintikhab|morach|7izb|hizb"
)


@dataclass(frozen=True)
class Peer:
    """
    A way to find campaign messages.

    Attributes
    ----------
    name : str
        As shown in the table.
    simple : bool
        One of the simple baselines that the shipped model is held against.
    run : callable
        ``run(train, test)`` with the corpus's columns; returns `Scores` for the rows of ``test``.
    """

    name: str
    simple: bool
    run: Callable[[pd.DataFrame, pd.DataFrame], Scores]


def keyword_list(train: pd.DataFrame, test: pd.DataFrame) -> Scores:
    """Count election words and party names; one is enough. Nothing is fitted."""
    contest = load_contest()

    def count(text: str) -> int:
        plain = normalise(text)
        return len(_KEYWORDS.findall(text.lower())) + sum(len(party.sure.findall(plain)) for party in contest.parties)

    score = np.array([count(text) for text in test["text"]], float)
    return score, score > 0, np.full(len(test), "")


def fasttext(train: pd.DataFrame, test: pd.DataFrame) -> Scores:
    """Supervised fastText with subwords, on normalised text, with its usual settings for small corpora."""
    import fasttext as library

    lines = [f"__label__{c} {normalise(t)}" for t, c in zip(train["text"], train["category"], strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text("\n".join(lines), encoding="utf-8")
        model = library.train_supervised(
            str(file), lr=0.5, epoch=40, dim=100, wordNgrams=2, minn=2, maxn=5, bucket=200_000, thread=1, seed=0, verbose=0
        )  # fmt: skip
    # predict() of one text at a time: the list form of the library breaks with numpy 2.
    found = [dict(zip(*model.predict(normalise(text), k=-1), strict=True)) for text in test["text"]]
    score = np.array([row.get(f"__label__{CAMPAIGN}", 0.0) for row in found])
    category = np.array(
        [max(row, key=lambda name: row[name]).removeprefix("__label__") if row else "" for row in found]
    )
    return score, category == CAMPAIGN, category


class ExtraFeatures(TransformerMixin, BaseEstimator):
    """Sender type, channel, length, links, signs, imperatives: what a message shows apart from its words."""

    _imperative = re.compile(r"(?<!\w)(?:صوتو|ديرو|شاركو|اختارو|votez|soutenez|rejoignez|venez|sewto|diro|chark)")

    def fit(self, X, y=None):  # noqa: D102
        return self

    def transform(self, X):  # noqa: D102
        rows = []
        for text, sender, channel in zip(X["text"], X["sender"], X["channel"], strict=True):
            plain = normalise(text)
            rows.append(
                [
                    not sender, sender.isdigit() and len(sender) < 7, bool(re.search(r"[A-Za-z]", sender)),
                    len(sender) > 7 and sender.lstrip("+").isdigit(), channel == "whatsapp", channel == "email",
                    np.log1p(len(text)) / 6, "URL" in plain, "PHONE" in plain, "AMOUNT" in plain, "CODE" in plain,
                    plain.count("!") / 3, len(re.findall(r"[\U0001f300-\U0001faff]", text)) / 3,
                    bool(self._imperative.search(plain)),
                ]
            )  # fmt: skip
        return sparse.csr_matrix(np.array(rows, dtype=np.float32))


def _texts(frame: pd.DataFrame) -> list[str]:
    return [normalise(text) for text in frame["text"]]


def _words(**settings) -> TfidfVectorizer:
    return TfidfVectorizer(lowercase=False, token_pattern=r"(?u)[^\W_]+|[^\w\s]", sublinear_tf=True, **settings)


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(lowercase=False, analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)


def _one_against_rest(pipeline: Callable[[], Pipeline]) -> Callable[[pd.DataFrame, pd.DataFrame], Scores]:
    """Fit the pipeline on the eight categories; campaign's score is its margin over the best of the others."""

    def run(train: pd.DataFrame, test: pd.DataFrame) -> Scores:
        model = pipeline().fit(train, train["category"])
        scores = model.decision_function(test) if hasattr(model, "decision_function") else model.predict_log_proba(test)
        campaign = model.classes_ == CAMPAIGN
        margin = scores[:, campaign].ravel() - scores[:, ~campaign].max(axis=1)
        category = model.classes_[scores.argmax(axis=1)]
        return margin, category == CAMPAIGN, category

    return run


def _on_text(*steps) -> Callable[[], Pipeline]:
    return lambda: make_pipeline(FunctionTransformer(_texts), *(step() for step in steps))


def tasrib_recipe(train: pd.DataFrame, test: pd.DataFrame) -> Scores:
    """Fit the shipped recipe, `CampaignClassifier`; two folds do for the calibration, which does not change the order of scores."""
    return _score(CampaignClassifier(n_folds=2, n_jobs=1).fit(train["text"], train["category"], train["batch"]), test)


def with_noise(train: pd.DataFrame, test: pd.DataFrame) -> Scores:
    """Fit the shipped recipe on each message as it is and once more under a random disguise."""
    names, rng = sorted(OBFUSCATIONS), random.Random(0)
    noisy = train.assign(text=[obfuscate(text, rng.choice(names)) for text in train["text"]])
    both = pd.concat([train, noisy], ignore_index=True)
    return _score(CampaignClassifier(n_folds=2, n_jobs=1).fit(both["text"], both["category"], both["batch"]), test)


def _score(classifier: CampaignClassifier, test: pd.DataFrame) -> Scores:
    probabilities = classifier.predict_proba(test["text"])
    score = probabilities[:, classifier.classes_ == CAMPAIGN].ravel()
    return score, score >= 0.5, classifier.classes_[probabilities.argmax(axis=1)]


def _with_extras() -> Pipeline:
    text = make_pipeline(FunctionTransformer(_texts), make_union(_words(ngram_range=(1, 2)), _characters()))
    return make_pipeline(make_union(text, ExtraFeatures()), LogisticRegression(C=30, max_iter=300))


def _union():
    return make_union(_words(ngram_range=(1, 2)), _characters())


def _svm() -> LinearSVC:
    return LinearSVC(C=1)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=30, max_iter=300)


PEERS = (
    Peer("keyword list", True, keyword_list),
    Peer("word TF-IDF + naive Bayes", True, _one_against_rest(_on_text(_words, lambda: MultinomialNB(alpha=0.1)))),
    Peer("fastText, subwords", True, fasttext),
    Peer("word TF-IDF + logistic regression", True, _one_against_rest(_on_text(_words, _logistic))),
    Peer("character n-grams, linear SVM", False, _one_against_rest(_on_text(_characters, _svm))),
    Peer("word and character n-grams, linear SVM", False, _one_against_rest(_on_text(_union, _svm))),
    Peer("word and character n-grams, multinomial logistic", False, _one_against_rest(_on_text(_union, _logistic))),
    Peer("the same and sender, link, length, imperatives", False, _one_against_rest(_with_extras)),
    Peer("tasrib: the same and consonant skeletons", False, tasrib_recipe),
    Peer("tasrib, with noisy copies in training", False, with_noise),
)
"""From the simplest to what was tried last."""

"""
Whole `score` beside a script that anyone writes in an hour: `python -m training.benchmarks.score_speed [ROWS]`.

The peer lower-cases the messages, labels them in one batch by a supervised fastText with subwords that learnt from the same corpus, parses
the numbers by phonenumbers, looks the operator up by prefix, and calls messages with the same words one campaign: no reasons, no parties, no
probability that means anything, no pseudonyms. What each step of `score` takes: `training.benchmarks.score_steps`. Rows of two kinds: messages that all differ, and a table as it comes, in which 70% are copies
with another name, link or price. CPU seconds of this process, its children and threads; the median of several turns taken alternately.

Then the classifier alone, from the message as received to its decision, without the encoder, beside fastText on the same texts and beside
scikit-learn's HashingVectorizer with a linear model.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import fasttext
import pandas as pd
import phonenumbers
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from tasrib import load_model, score
from tasrib.classify import judge
from tasrib.learning import is_test_batch
from training.benchmarks.read_scored import seconds_of
from training.corpus import load_corpus

ROWS, TURNS, KEY = 5_000, 3, b"x" * 32
COPIES = 0.7
_NAMES = ("Amina", "Youssef", "Khadija", "Hamid", "أمينة", "يوسف", "خديجة", "حميد")


def rows(n: int, *, copies: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """
    Make complaints of the corpus's messages and invented numbers.

    Parameters
    ----------
    n : int
        How many.
    copies : float
        Share that repeats another message with something of its own in it.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        ``text`` and ``recipient``. Messages that all differ are sentences of the corpus put together in twos once it has no more.
    """
    rng = random.Random(seed)
    corpus = load_corpus()["text"].tolist()
    rng.shuffle(corpus)
    kept = max(round(n * (1 - copies)), 1)
    texts = [
        corpus[place] if place < len(corpus) else f"{rng.choice(corpus)} {rng.choice(corpus)}" for place in range(kept)
    ]
    for _ in range(n - kept):
        copied = texts[min(int(rng.paretovariate(0.6)) - 1, kept - 1)]
        texts.append(f"{rng.choice(_NAMES)}, {copied} https://ex.example/{rng.randrange(10**6)}")
    rng.shuffle(texts)
    numbers = [_written(rng, f"{rng.choice('67')}{rng.randrange(10**8):08d}") for _ in range(n)]
    return pd.DataFrame({"text": texts, "recipient": numbers})


def _written(rng: random.Random, national: str) -> str:
    pairs = " ".join(national[i : i + 2] for i in range(1, 9, 2))
    return rng.choice((f"0{national}", f"+212{national}", f"00212{national}", f"0{national[0]} {pairs}"))


def learnt_peer() -> fasttext.FastText._FastText:
    """
    Train the peer's model.

    Returns
    -------
    fasttext model
        Of the eight categories, subwords of 2 to 5 characters, learnt from the corpus's training messages.
    """
    corpus = load_corpus()
    train = corpus[~corpus["batch"].map(is_test_batch)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        lines = (
            f"__label__{label} {_plain(text)}" for text, label in zip(train["text"], train["category"], strict=True)
        )
        file.write_text("\n".join(lines), encoding="utf-8")
        return fasttext.train_supervised(
            str(file), dim=50, epoch=10, minn=2, maxn=5, wordNgrams=2, bucket=200_000, thread=2, verbose=0
        )


def predict(model: fasttext.FastText._FastText, plain: list[str]) -> tuple[list[str], list[float]]:
    """
    Ask fastText about all messages in one call of its own library.

    Parameters
    ----------
    model : fasttext model
        From `learnt_peer`.
    plain : list of str
        Messages without line ends.

    Returns
    -------
    (list of str, list of float)
        The likeliest label of each, and its probability.
    """
    # What `predict` calls for a list, before it makes arrays in a way that NumPy 2 refuses.
    labels, scores = model.f.multilinePredict([f"{text}\n" for text in plain], 1, 0.0, "strict")
    return [each[0].removeprefix("__label__") for each in labels], [each[0] for each in scores]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def peer(given: pd.DataFrame, model: fasttext.FastText._FastText) -> pd.DataFrame:
    """
    Do what a script of an hour does.

    Parameters
    ----------
    given : pandas.DataFrame
        From `rows`.
    model : fasttext model
        From `learnt_peer`.

    Returns
    -------
    pandas.DataFrame
        Category, score, number, operator by prefix, campaign.
    """
    plain = [_plain(text) for text in given["text"]]
    labels, scores = predict(model, plain)
    numbers, prefixes = [], []
    for written in given["recipient"]:
        try:
            number = phonenumbers.parse(written, "MA")
        except phonenumbers.NumberParseException:
            numbers.append("")
            prefixes.append("")
            continue
        valid = phonenumbers.is_valid_number(number)
        numbers.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else "")
        prefixes.append(str(number.national_number)[:3])
    operators = pd.Series(prefixes).map({f"{a}{b:02d}": "ABC"[b % 3] for a in "67" for b in range(100)})
    return given.assign(
        category=labels,
        score=scores,
        number=numbers,
        operator=operators.to_numpy(),
        campaign=pd.Series(plain).str.split().str[:8].str.join(" ").groupby(plain).ngroup(),
    )


def compare(tasks: dict[str, Callable[[], object]], n: int, turns: int = TURNS) -> dict[str, float]:
    """
    Run several things alternately.

    Parameters
    ----------
    tasks : dict of str to callable
        The peer first.
    n : int
        Rows that each reads.
    turns : int
        How often; a first turn, in which caches fill, is run and left out.

    Returns
    -------
    dict of str to float
        Median of the seconds; also printed, with how many times as fast as the peer each is.
    """
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(turns + 1):
        for name, task in tasks.items():
            seconds = seconds_of(task, 1)
            if turn:
                spent[name].append(seconds)
    found = {name: median(each) for name, each in spent.items()}
    first = next(iter(found.values()))
    for name, seconds in found.items():
        print(
            f"  {name}: {1e6 * seconds / n:.0f} µs of CPU a row, {n / seconds:,.0f} rows a CPU second; ratio to the peer {first / seconds:.3f}"
        )
    return found


def pipeline() -> Pipeline:
    """
    Fit scikit-learn's usual pipeline.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Hashed n-grams of 2 to 5 characters within words, and a linear model.
    """
    corpus = load_corpus()
    train = corpus[~corpus["batch"].map(is_test_batch)].sample(3_000, random_state=0)
    made = make_pipeline(
        HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**18), SGDClassifier(loss="log_loss")
    )
    return made.fit(train["text"], train["category"])


def main(n: int = ROWS) -> None:
    """
    Print all ratios.

    Parameters
    ----------
    n : int
        Rows of each table.
    """
    fast, theirs = load_model().fast(), learnt_peer()
    for name, given in (("all differ", rows(n)), (f"{COPIES:.0%} copies", rows(n, copies=COPIES))):
        print(f"whole score, {n:,} rows, {name}")
        compare(
            {
                "peer script": partial(peer, given, theirs),
                # Loaded anew each time: what its encoder remembers of an earlier turn must not count.
                "tasrib": lambda given=given: score(given, model=load_model(), key=KEY),  # type: ignore[misc]
                "tasrib --fast": partial(score, given, model=fast, key=KEY),
            },
            n,
        )
    texts = rows(n)["text"].tolist()
    print(f"classifier, {n:,} messages, as received to decision")
    compare(
        {
            "fastText, batch": lambda: predict(theirs, [_plain(text) for text in texts]),
            "tasrib without encoder": lambda: judge(fast.scorer, texts),
        },
        n,
    )
    usual = pipeline()
    compare(
        {
            "scikit-learn pipeline": lambda: usual.predict(texts),
            "tasrib without encoder": lambda: judge(fast.scorer, texts),
        },
        n,
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

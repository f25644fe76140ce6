"""
Print the worst errors on the test batches, with the pieces that carried them: `python -m training.worst_errors`.

With `--real`, those on real text that readers labelled for choosing: file, hash and what was said, never the text. `docs/real_errors.md` describes them.
"""

from __future__ import annotations

import argparse

import pandas as pd

from tasrib.classify import CAMPAIGN, Model, explain, load_model
from tasrib.learning import is_test_batch
from tasrib.pipeline.deciding import judge_batch
from training.corpus import load_corpus
from training.paths import MODEL
from training.pool import real_messages


def worst_errors(model: Model, corpus: pd.DataFrame, most: int = 20) -> pd.DataFrame:
    """
    Find the messages the model is surest and wrong about.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.
    most : int
        How many.

    Returns
    -------
    pandas.DataFrame
        Columns ``id``, ``category`` (true), ``probability`` (of campaign), ``decision``, ``reasons``, ``note`` (the writer's) and ``text``, worst first: by the
        probability that was given to the wrong side.
    """
    found = _worst(model, corpus[corpus["batch"].map(is_test_batch)], most)
    found["reasons"] = [each.heaviest(4) for each in explain(found["text"].tolist(), model)]
    return found[["id", "category", "probability", "decision", "reasons", "note", "text"]]


def worst_real_errors(model: Model, most: int = 30) -> pd.DataFrame:
    """
    Find the real texts, of the half that is for choosing, the model is surest and wrong about.

    Parameters
    ----------
    model, most
        As for `worst_errors`.

    Returns
    -------
    pandas.DataFrame
        ``file``, ``hash``, ``category``, ``probability``, ``decision``, worst first; without rows where the pool is missing.
    """
    real = real_messages("choose")
    if real.empty:
        return real
    return _worst(model, real, most)[["file", "hash", "category", "probability", "decision"]]


def _worst(model: Model, messages: pd.DataFrame, most: int) -> pd.DataFrame:
    """Messages judged as one batch, those first whose wrong side was given the highest probability."""
    given = messages.reset_index(drop=True)
    found = given.join(judge_batch(model, given["text"].tolist())[["probability", "decision"]])
    truth = found["category"] == CAMPAIGN
    wrong = found["probability"].where(~truth, 1 - found["probability"])
    return found.loc[wrong.sort_values(ascending=False).index[:most]].reset_index(drop=True)


def main() -> None:
    """Print them, four lines each, or with `--real` one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--real", action="store_true", help="on real text, where ../shared/pool is there")
    wanted = parser.parse_args()
    if wanted.real:
        print(worst_real_errors(load_model(MODEL), wanted.most).to_string(index=False))
        return
    for row in worst_errors(load_model(MODEL), load_corpus(), wanted.most).itertuples():
        print(f"{row.id}: {row.category}, decided {row.decision} ({row.probability:.3f}); {row.note}")
        print(f"    {' '.join(row.text.split())}\n    {row.reasons}\n")


if __name__ == "__main__":
    main()

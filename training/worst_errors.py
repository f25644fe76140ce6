"""Print the worst errors on the test batches, with the pieces that carried them: `python -m training.worst_errors`."""

from __future__ import annotations

import argparse

import pandas as pd

from tasrib.classify import CAMPAIGN, Model, explain, judge, load_model
from tasrib.learning import is_test_batch
from training.corpus import load_corpus
from training.paths import MODEL


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
    test = corpus[corpus["batch"].map(is_test_batch)].reset_index(drop=True)
    found = test.join(judge(model.classifier, test["text"].tolist()).table()[["probability", "decision"]])
    truth = found["category"] == CAMPAIGN
    wrong = found["probability"].where(~truth, 1 - found["probability"])
    found = found.loc[wrong.sort_values(ascending=False).index[:most]].reset_index(drop=True)
    found["reasons"] = [each.heaviest(4) for each in explain(found["text"].tolist(), model)]
    return found[["id", "category", "probability", "decision", "reasons", "note", "text"]]


def main() -> None:
    """Print them, four lines each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=20)
    for row in worst_errors(load_model(MODEL), load_corpus(), parser.parse_args().most).itertuples():
        print(f"{row.id}: {row.category}, decided {row.decision} ({row.probability:.3f}); {row.note}")
        print(f"    {' '.join(row.text.split())}\n    {row.reasons}\n")


if __name__ == "__main__":
    main()

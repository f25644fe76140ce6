"""
Check the corpus and print its quotas: `python -m training.check_corpus`.

Fails (exit code 1) on schema errors, on repeated ids, and on messages that are the same but for small edits.
"""

from __future__ import annotations

import sys

import pandas as pd

from tasrib.classify import CATEGORIES
from tasrib.text.near_duplicates import shingles, similar_pairs
from training.corpus import LANGUAGES, load_corpus

NEAR = 0.6


def near_duplicates(corpus: pd.DataFrame, threshold: float = NEAR) -> pd.DataFrame:
    """
    Find messages that are nearly the same.

    Parameters
    ----------
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.
    threshold : float
        Jaccard similarity of character 5-grams from which two messages count as one.

    Returns
    -------
    pandas.DataFrame
        Columns ``first``, ``second`` (ids) and ``same_label``.
    """
    pairs = similar_pairs(shingles(corpus["text"].tolist()), threshold)
    first, second = corpus.iloc[pairs[:, 0]], corpus.iloc[pairs[:, 1]]
    return pd.DataFrame(
        {
            "first": first["id"].to_numpy(),
            "second": second["id"].to_numpy(),
            "same_label": first["category"].to_numpy() == second["category"].to_numpy(),
        }
    )


def main() -> int:
    """Print what was found; 0 when the corpus may be trained on."""
    corpus = load_corpus()
    problems = [f"id {name} is used twice" for name in corpus.loc[corpus["id"].duplicated(), "id"]]
    for row in near_duplicates(corpus).itertuples():
        problems.append(
            f"{row.first} and {row.second} are near-duplicates" + ("" if row.same_label else ", labelled differently")
        )
    table = pd.crosstab(corpus["category"], corpus["language"]).reindex(CATEGORIES).reindex(columns=LANGUAGES)
    table["all"] = table.sum(axis=1)
    table["hard"] = corpus.groupby("category")["hard"].mean().map("{:.0%}".format)
    print(table.to_string())
    campaign = corpus[corpus["category"] == CATEGORIES[0]]
    print(f"\n{len(corpus)} messages in {corpus['batch'].nunique()} batches, {corpus['hard'].mean():.0%} hard")
    print(f"attacks {int((campaign['target'] == 'attack').sum())}, "
          f"WhatsApp or e-mail {int(campaign['channel'].isin(['whatsapp', 'email']).sum())}")  # fmt: skip
    print("parties", campaign["party"].replace("", "(none)").value_counts().to_dict())
    print(*problems, f"{len(problems)} problems", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

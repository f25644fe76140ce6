"""
Check the corpus and the messages of other countries, and print what they hold: `python -m training.check_corpus`.

Fails (exit code 1) on schema errors, messages in another writer's file, repeated ids, messages that are the same but for small edits, messages without a second reading or with
another label than the settled one, and quotas that are not reached.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from tasrib.classify import CATEGORIES
from tasrib.text.near_duplicates import similar_pairs
from tasrib.text.shingles import shingles
from tasrib.text.varieties import VARIETIES
from training.corpus import load_corpus
from training.paths import CORPUS, WORLD
from training.second_reading import agreement, check_settled, load_second_reading
from training.world import load_world

NEAR = 0.6
# Least numbers of messages, which the corpus was written to reach.
QUOTAS = {
    "political_campaign": 1700, "news": 600, "civic_information": 500, "commercial": 600, "service": 500, "scam": 450,
    "community": 300, "personal": 650,
}  # fmt: skip
CAMPAIGN_QUOTAS = {"ar": 550, "ary": 450, "fr": 300, "ary-Latn": 200, "mixed and zgh": 200}


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


def misplaced(folder: Path = CORPUS) -> list[str]:
    """
    Find messages outside their writer's file.

    Parameters
    ----------
    folder : pathlib.Path
        With one file a writer, ``w1.jsonl`` and so on.

    Returns
    -------
    list of str
        One line for each message whose id or batch does not begin with the file's name.
    """
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if {row["id"].partition("-")[0], row["batch"].partition("-")[0]} != {file.stem}:
                found.append(f"{row['id']} of batch {row['batch']} lies in {file.name}")
    return found


def short_of_quota(corpus: pd.DataFrame) -> list[str]:
    """
    Compare the corpus with its quotas.

    Parameters
    ----------
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.

    Returns
    -------
    list of str
        One line for each quota that is not reached.
    """
    campaign = corpus[corpus["category"] == CATEGORIES[0]]
    languages = campaign["language"].replace({"mixed": "mixed and zgh", "zgh": "mixed and zgh"})
    reached = [
        ("messages", len(corpus), 5000),
        *((name, int((corpus["category"] == name).sum()), least) for name, least in QUOTAS.items()),
        *((f"campaign, {name}", int((languages == name).sum()), least) for name, least in CAMPAIGN_QUOTAS.items()),
        ("attacks", int((campaign["target"] == "attack").sum()), 200),
        ("campaign by WhatsApp or e-mail", int(campaign["channel"].isin(["whatsapp", "email"]).sum()), 120),
        ("hard messages, %", int(100 * corpus["hard"].mean()), 40),
    ]
    return [f"{name}: {number}, at least {least} are needed" for name, number, least in reached if number < least]


def main() -> int:
    """Print what was found; 0 when the corpus may be trained on."""
    corpus = load_corpus()
    readings = load_second_reading()
    problems = [f"id {name} is used twice" for name in corpus.loc[corpus["id"].duplicated(), "id"]]
    problems += misplaced() + check_settled(readings, corpus) + short_of_quota(corpus)
    world = load_world()
    problems += misplaced(WORLD) + check_settled(load_second_reading(WORLD / "second_reading.csv"), world)
    problems += [f"batch {name} is of no country" for name in world.loc[world["country"].isna(), "batch"].unique()]
    for row in near_duplicates(pd.concat([corpus, world], ignore_index=True)).itertuples():
        problems.append(
            f"{row.first} and {row.second} are near-duplicates" + ("" if row.same_label else ", labelled differently")
        )
    table = pd.crosstab(corpus["category"], corpus["language"]).reindex(CATEGORIES).reindex(columns=VARIETIES)
    table["all"] = table.sum(axis=1)
    table["hard"] = corpus.groupby("category")["hard"].mean().map("{:.0%}".format)
    print(table.to_string())
    campaign = corpus[corpus["category"] == CATEGORIES[0]]
    print(f"\n{len(corpus)} messages in {corpus['batch'].nunique()} batches, {corpus['hard'].mean():.0%} hard")
    print(f"attacks {int((campaign['target'] == 'attack').sum())}, "
          f"WhatsApp or e-mail {int(campaign['channel'].isin(['whatsapp', 'email']).sum())}")  # fmt: skip
    print("parties", campaign["party"].replace("", "(none)").value_counts().to_dict())
    both = agreement(readings)
    print(f"second reading, blind: {both['n']} messages, {both['disagreements']} disagreements, Cohen's kappa {both['kappa']:.3f} "
          f"(campaign or not: {both['kappa_campaign']:.3f})")  # fmt: skip
    print(f"of other countries: {len(world)} messages, {(world['category'] == CATEGORIES[0]).sum()} of them campaign, by {world['batch'].nunique()} hands "
          f"in {world['country'].nunique()} countries")  # fmt: skip
    print(*problems, f"{len(problems)} problems", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

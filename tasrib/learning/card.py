"""The card of a user's model, written from the figures that were measured."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.learning.compare import MARGIN, OWN_LABELS, TEST_SPLIT

MEASURES = {
    "log_loss": "log loss (nats)",
    "campaign_precision": "precision of `campaign`",
    "campaign_recall": "recall of `campaign`",
    "missed": "campaign decided `not_campaign`",
    "review_share": "sent to review",
    "average_precision": "AUC-PR",
    "calibration_error": "calibration error",
    "macro_f1": "macro-F1 of the categories",
}


def how_measured(metrics: dict[str, Any]) -> dict[str, str]:
    """
    Say how the figures of each held-out set were got.

    Parameters
    ----------
    metrics : dict
        From `tasrib.learning.fit.train`.

    Returns
    -------
    dict of str to str
        Name of the set to a sentence or two.
    """
    knew = metrics["own_rows_the_shipped_model_knew"]
    own = (
        f"your labels in {metrics['own_folds']} folds by near-duplicate cluster, each predicted by a model of the same recipe fitted "
        "without its fold; the shipped model never saw them."
    )
    if knew:
        own += f" {knew} of your rows resemble messages that the shipped model was fitted on and are left out."
    left = metrics["test_rows_left_out"]
    test = "the test batches of the corpus, written by hands that no model is fitted on; resampled by batch."
    if left:
        test += f" {left} of them resemble your labels and are left out."
    return {OWN_LABELS: own, TEST_SPLIT: test}


def model_card(metrics: dict[str, Any], comparison: pd.DataFrame) -> str:
    """
    Write the card.

    Parameters
    ----------
    metrics : dict
        From `tasrib.learning.fit.train`.
    comparison : pandas.DataFrame
        From `tasrib.learning.compare.compare_models`.

    Returns
    -------
    str
        Markdown.
    """
    how = how_measured(metrics)
    sections = [
        f"### {name[0].upper()}{name[1:]} ({rows['n'].iloc[0]} messages)\n\nHow: {how[name]}\n\n{_table(rows)}"
        for name, rows in comparison.groupby("held_out", sort=False)
    ]
    for name in how:
        if name not in set(comparison["held_out"]):
            sections.append(f"### {name[0].upper()}{name[1:]}\n\nNone could be held out.")
    verdict = "\n".join(f"- {reason}" for reason in metrics["worse"]) or "Not worse than the shipped model."
    fitted = metrics["fitted_on"]
    origin = f"{fitted['own']} messages labelled by the user"
    if not metrics["only_mine"]:
        origin += f" and {fitted['corpus']} of the shipped corpus ({metrics['corpus_rows_replaced']} others gave way to a label of the user)"
    tried = ", ".join(f"{row['regularisation']:g}: {row['log_loss']:.4f}" for row in metrics["tuning"]) or "not tuned"
    low, high = metrics["review_band"]
    return f"""# Model card

Model {metrics["model"]}, written by `tasrib train` (tasrib {metrics["tasrib"]}) from the figures in `metrics.json`.

**What it was fitted on.** {origin}. The user's, by category: {_counts(metrics["own_by_category"])}; by language:
{_counts(metrics["own_by_language"])}.

**Decisions.** `campaign` from a calibrated probability of {high:.3f} on, `not_campaign` below {low:.3f}, `review` between.

**Tuning.** Regularisation by two-fold cross-validation over the messages it was fitted on, log loss: {tried}. The choice among so few
settings saw the user's labels and is not undone in the figures of the own labels below; the test split had no part in it.

**What it is for.** To sort complaints before a person looks at them. It is no basis for a decision on anyone by itself.

## Beside the shipped model ({metrics["shipped"]})

Both on the same messages, which neither was fitted on. In brackets 95% bootstrap intervals; the difference has its own, from the
same resamples.

{chr(10).join(sections)}

## Worse than the shipped model?

Worse means: on either set a higher log loss or a lower precision of `campaign`, with an interval of the difference that leaves out 0; or on the
test split either by more than {MARGIN}, whatever the interval.

{verdict}

## Known limits

- The corpus was written, not gathered; your labels are as good as the reading behind them.
- Figures on few messages have wide intervals: read those, not the figures alone.
- It reads the text alone: not the sender, not who received it.
"""


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _table(rows: pd.DataFrame) -> str:
    lines = ["| | new | shipped | difference |", "| --- | ---: | ---: | ---: |"]
    for measure, words in MEASURES.items():
        row = rows[rows["measure"] == measure].iloc[0]
        cells = (
            figure_words(row, name, "+" if name == "difference" else "") for name in ("new", "shipped", "difference")
        )
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def figure_words(row: pd.Series, name: str, sign: str = "") -> str:
    """
    Print a figure with its interval.

    Parameters
    ----------
    row : pandas.Series
        Of a comparison.
    name : str
        ``new``, ``shipped`` or ``difference``.
    sign : str
        ``+`` to print one always.

    Returns
    -------
    str
        Such as ``0.97 (0.95 to 0.99)``; a dash where nothing could be measured.
    """
    if pd.isna(row[name]):
        return "–"
    if pd.isna(row[f"{name}_low"]):
        return f"{row[name]:{sign}.3f}"
    return f"{row[name]:{sign}.3f} ({row[f'{name}_low']:{sign}.3f} to {row[f'{name}_high']:{sign}.3f})"

"""The model card, written from the figures that were measured: nothing in it is typed by hand but the words."""

from __future__ import annotations

from training.encoder.card import ENCODER_CARD

COLUMNS = {
    "n": "messages",
    "campaign_precision": "precision",
    "campaign_recall": "recall",
    "review_share": "to review",
    "missed": "missed",
    "average_precision": "AUC-PR",
    "calibration_error": "ECE",
    "macro_f1": "macro-F1",
    "variety_accuracy": "variety",
}


def model_card(found: dict, thresholds: tuple[float, float]) -> str:
    """
    Write the card.

    Parameters
    ----------
    found : dict
        From `training.evaluate.evaluate`.
    thresholds : (float, float)
        The review band of the shipped classifier.

    Returns
    -------
    str
        Markdown.
    """
    return f"""# Model card

Written by `make model` from the figures in `metrics.json`; `make evaluate` prints them anew.

**What it does.** One logistic regression a category over hashed character and word n-grams of the normalised message; a sigmoid calibrates
the probability of political campaign. Decisions: `campaign` from {thresholds[1]:.3f} on, `not_campaign` below {thresholds[0]:.3f}, `review` between.

{ENCODER_CARD}

**What it was fitted on.** {found["messages"]} messages of `data/corpus/`, written for this purpose by several hands. About half are hard on purpose: campaigns that
name no party, and everyday messages full of election words.

**What it is for.** To sort complaints before a person looks at them, and to leave to a person what it is unsure of. It is no basis for a decision on
anyone by itself.

## Measured by cross-validation

`precision` and `recall` are those of the decision `campaign`; `missed` is the share of campaign messages decided `not_campaign`.

Folds grouped by batch (the model has seen no other message of the same hand):

{_table(found["by_batch"])}

Folds grouped by near-duplicate cluster (other messages of the same hand may be in the training folds):

{_table(found["by_near_duplicate"])}

Party, on the campaign messages of the corpus: precision {found["party"]["precision"]:.3f}, recall {found["party"]["recall"]:.3f}. The rules were
written with part of these messages in sight.

## Known limits

- The corpus was written, not gathered: real complaints will differ. Label some of your own and run `tasrib evaluate`.
- Tamazight rows were written without a native speaker's check, and are few.
- It reads the text alone: not the sender, not who received it.
"""


def _table(rows: dict[str, dict[str, float]]) -> str:
    lines = ["| | " + " | ".join(COLUMNS.values()) + " |", "| --- |" + " ---: |" * len(COLUMNS)]
    for name, figures in rows.items():
        cells = [f"{figures[key]:.0f}" if key == "n" else f"{figures[key]:.3f}" for key in COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)

"""
How the model does on what it never learnt from: `python -m training.kept_aside`.

Two sets. Of `data/world/` the messages of the test batches: hands that no model has learnt from, by country, language and kind. And real text that readers labelled
(`data/real_labels.csv`, the part kept for reporting), where `../shared/pool` is there: half of each of its files was drawn at random and half where the
model of the time was unsure or the source's own label spoke against it, so that its shares are those of a hard selection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasrib.classify import CAMPAIGN, Model, load_model
from tasrib.learning import is_test_batch
from tasrib.learning.intervals import weighted_measures
from tasrib.pipeline.deciding import judge_batch
from tasrib.tracing.stats.exact import clopper_pearson
from training.pool import real_messages
from training.world import load_world

SHARES = ("recall", "with_review", "false_alarms", "false_review", "category")
# Of fewer messages a share says nothing.
_LEAST = 40


def measure_by(model: Model, messages: pd.DataFrame, columns: Sequence[str]) -> dict:
    """
    Hold a model against labels, as a whole and by some columns.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    messages : pandas.DataFrame
        ``text``, ``category`` and `columns`.
    columns : sequence of str
        By the values of which to measure as well, where `_LEAST` messages or more have them.

    Returns
    -------
    dict
        ``all`` and each of `columns`: ``n`` and ``campaign``, the messages and those that are campaign; ``recall`` and ``with_review``, the share of
        these called ``campaign``, and at least ``review``; ``false_alarms`` and ``false_review``, the share of the others called ``campaign``, and
        ``review``; ``category``, the share whose category is right; each [share, low, high] with the exact 95% interval (Clopper & Pearson 1934), or None
        where there is nothing to count. ``all`` has ``calibration_error`` too. Empty without messages.
    """
    if messages.empty:
        return {}
    judged = judge_batch(model, messages["text"].tolist())
    labels, decision = messages["category"].to_numpy().astype(str), judged["decision"].to_numpy().astype(str)
    true, called, looked_at = labels == CAMPAIGN, decision == "campaign", decision != "not_campaign"
    right = judged["category"].to_numpy().astype(str) == labels

    def part(rows: np.ndarray) -> dict:
        shares = (
            _share(called, rows & true),
            _share(looked_at, rows & true),
            _share(called, rows & ~true),
            _share(looked_at & ~called, rows & ~true),
            _share(right, rows),
        )
        return {"n": int(rows.sum()), "campaign": int((rows & true).sum())} | dict(zip(SHARES, shares, strict=True))

    error = float(weighted_measures(labels, judged, np.ones((1, len(labels))))["calibration_error"][0])
    found: dict = {"all": part(np.ones(len(labels), bool)) | {"calibration_error": round(error, 4)}}
    for column in columns:
        values = messages[column].to_numpy().astype(str)
        names, sizes = np.unique(values, return_counts=True)
        found[column] = {str(name): part(values == name) for name in names[sizes >= _LEAST]}
    return found


def measure_kept_aside(model: Model) -> dict:
    """
    Measure a model on both sets.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.

    Returns
    -------
    dict
        ``world`` and ``real``, as from `measure_by`; ``real`` is empty where the pool is missing. Each is judged as one batch.
    """
    world = load_world()
    return {
        "world": measure_by(model, world[world["batch"].map(is_test_batch)], ("country", "language", "kind")),
        "real": measure_by(model, real_messages("report"), ("lang", "file")),
    }


def table_of(found: dict) -> str:
    """
    Write figures as a Markdown table.

    Parameters
    ----------
    found : dict
        From `measure_by`.

    Returns
    -------
    str
        One row a value; empty without figures.
    """
    if not found:
        return ""
    heads = ("recall", "with review", "false alarms", "reviewed for nothing", "category right")
    lines = ["| | n | campaign | " + " | ".join(heads) + " |", "| --- " * (len(heads) + 3) + "|"]
    rows = {"all": found["all"]}
    for column in [name for name in found if name != "all"]:
        rows |= {f"{column} {name}": row for name, row in found[column].items()}
    for name, row in rows.items():
        cells = ["" if row[key] is None else "{:.0%} [{:.0%}, {:.0%}]".format(*row[key]) for key in SHARES]
        lines.append(f"| {name} | {row['n']} | {row['campaign']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _share(hit: np.ndarray, among: np.ndarray) -> list[float] | None:
    n = int(among.sum())
    if not n:
        return None
    k = int((hit & among).sum())
    low, high = clopper_pearson(k, n)
    return [round(float(each), 4) for each in (k / n, low, high)]


def main() -> None:
    """Print the figures of the shipped model."""
    for name, found in measure_kept_aside(load_model()).items():
        print(f"{name}\n\n{table_of(found) or 'the pool of real text is not on this machine: nothing measured'}\n")


if __name__ == "__main__":
    main()

"""False alarms on text that nobody wrote for this project, where this machine has it."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from tasrib.classify import Model
from tasrib.pipeline.deciding import judge_batch
from tasrib.tracing.stats.exact import clopper_pearson
from training.paths import EXTERNAL


def read_external(folder: Path = EXTERNAL) -> dict[str, list[str]]:
    """
    Read the messages and comments of each file.

    Parameters
    ----------
    folder : pathlib.Path
        With the files that its README lists.

    Returns
    -------
    dict of str to list of str
        Texts by file name; empty where the folder is missing.
    """
    found = {}
    for file in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        frame = pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False)
        found[file.name] = frame[next(name for name in frame if name.startswith("text"))].astype(str).tolist()
    for file in sorted(folder.glob("*.arff")) if folder.is_dir() else []:
        found[file.name] = _read_arff(file)
    return found


def _read_arff(file: Path) -> list[str]:
    # scipy's reader knows no string attributes, so the data lines are read as what they are: quoted CSV.
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip().lower() == "@data") + 1
    rows = [line for line in lines[start:] if line.strip()]
    return [row[0] for row in csv.reader(rows, quotechar="'", escapechar="\\", skipinitialspace=True)]


def false_alarms(model: Model, texts: dict[str, list[str]]) -> dict[str, dict]:
    """
    Count what is called campaign though nobody campaigns.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    texts : dict of str to list of str
        From `read_external`.

    Returns
    -------
    dict of str to dict
        For each file, judged as one batch: ``n``; ``campaign`` and ``review``, how many were decided so; ``share``, ``low``, ``high``: the share decided campaign with its exact
        95% interval (Clopper & Pearson 1934); ``alarms``, their row numbers (from 1) and probabilities, surest first.
    """
    found = {}
    for name, rows in texts.items():
        predicted = judge_batch(model, rows)
        wrong = predicted[predicted["decision"] == "campaign"].sort_values("probability", ascending=False)
        k, n = len(wrong), len(rows)
        low, high = clopper_pearson(k, n)
        found[name] = {
            "n": n,
            "campaign": k,
            "review": int((predicted["decision"] == "review").sum()),
            "share": k / n,
            "low": float(low),
            "high": float(high),
            "alarms": [[int(row) + 1, round(float(p), 4)] for row, p in wrong["probability"].items()],
        }
    return found

"""Where the scripts read and write in a checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "model"
CORPUS = ROOT / "data" / "corpus"
# Written by other hands in other countries.
WORLD = ROOT / "data" / "world"
SECOND_READING = ROOT / "data" / "second_reading.csv"
DEMO = ROOT / "data" / "demo"
DOCS = ROOT / "docs"
# Written by `training.compare`; `training.evaluate` takes the best peer from it.
MODEL_COMPARISON = DOCS / "model_comparison.json"
# Cells of the simulation study that are done.
STUDY = ROOT / ".study"
# Text that nobody wrote for this project. It lies next to the checkout, not in it.
EXTERNAL = ROOT.parent / "shared" / "external"
# Real text without labels, of which nothing is copied, beside it, and what readers said of some of it.
POOL = ROOT.parent / "shared" / "pool"
REAL_LABELS = ROOT / "data" / "real_labels.csv"

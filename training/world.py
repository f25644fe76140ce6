"""Messages that other hands wrote in other countries: `data/world/`, read twice; models learn from the batches that are not for testing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tasrib.tables.named import read_named
from training.corpus import load_corpus
from training.paths import WORLD

_HANDS = ("batch", "country", "hand")


def load_world(folder: Path = WORLD) -> pd.DataFrame:
    """
    Read the messages with the country and the kind of each.

    Parameters
    ----------
    folder : pathlib.Path
        With ``*.jsonl`` files as the corpus has them, and ``hands.csv``: ``batch``, ``country`` (ISO 3166) and ``hand``, who wrote it.

    Returns
    -------
    pandas.DataFrame
        As from `training.corpus.load_corpus`, and ``country`` and ``kind``, the first words of ``note``.

    Raises
    ------
    UnreadableInput
        At the first row that breaks the schema.
    """
    messages = load_corpus(folder)
    hands = read_named(folder / "hands.csv", _HANDS, "write them as CSV")[0].set_index("batch")
    return messages.assign(
        country=messages["batch"].map(hands["country"]), kind=messages["note"].str.split(";").str[0].str.strip()
    )

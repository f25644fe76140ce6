"""The labelled messages that travel with tasrib, and which of them no model is fitted on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tasrib._resources import resource
from tasrib.errors import UnreadableInput

SHIPPED = ("corpus", "world")
_NEEDED = ("text", "category", "language", "batch")
_TEST_ONE_IN, _CALIBRATION_ONE_IN = 5, 6


def is_test_batch(batch: str) -> bool:
    """
    Say whether a batch belongs to the fixed test split.

    Parameters
    ----------
    batch : str
        Name of a batch: messages by one writer.

    Returns
    -------
    bool
        True for about a fifth of the batches. It depends on the name alone: a new batch moves no old one, and what is tested on
        is not chosen for being easy.
    """
    return int(hashlib.sha256(batch.encode()).hexdigest(), 16) % _TEST_ONE_IN == 0


def is_calibration_batch(batch: str) -> bool:
    """
    Say whether a batch was kept from the encoder, so that the encoder's weight can be fitted on it.

    Parameters
    ----------
    batch : str
        Name of a batch; "" where a message belongs to none, as a user's own.

    Returns
    -------
    bool
        True for about a sixth of the batches that are not test batches, and for "".
    """
    if not batch:
        return True
    digest = hashlib.sha256(f"calibration {batch}".encode()).hexdigest()
    return not is_test_batch(batch) and int(digest, 16) % _CALIBRATION_ONE_IN == 0


def _lacking(row: object) -> str:
    """The first field without which a row is no labelled message; empty where it has all."""
    fields = row if isinstance(row, dict) else {}
    return next((name for name in _NEEDED if not isinstance(fields.get(name), str)), "")


def load_shipped_corpus(
    folder: str | Path | None = None, *, problem: Callable[[object], str] = _lacking
) -> pd.DataFrame:
    """
    Read the corpus that user labels are added to.

    Parameters
    ----------
    folder : path, optional
        With ``*.jsonl`` files, one labelled message a line; the shipped corpus by default, Morocco's and that of other countries.
    problem : callable, optional
        Says what is wrong with a parsed line, "" where nothing is; by default only what training needs is asked for.

    Returns
    -------
    pandas.DataFrame
        All fields of the files, in the order of their names and lines, and ``test``: True for the rows of test batches,
        which no model is fitted on.

    Raises
    ------
    UnreadableInput
        When there is no corpus, or a line is no labelled message.
    """
    folders = [resource(name) for name in SHIPPED] if folder is None else [Path(folder)]
    rows = []
    for file in [file for each in folders for file in sorted(each.glob("*.jsonl"))]:
        for line, content in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(content)
                wrong = problem(row)
            except ValueError as error:
                wrong = str(error)
            if wrong:
                raise UnreadableInput(f"{file}, line {line}: no labelled message ({wrong}); restore the corpus")
            rows.append(row)
    if not rows:
        raise UnreadableInput(f"{folders[0]}: no labelled messages there; restore the corpus or train with --only-mine")
    corpus = pd.DataFrame(rows)
    corpus["test"] = corpus["batch"].map(is_test_batch).astype(bool)
    return corpus

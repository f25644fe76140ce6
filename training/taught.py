"""All that a model learns from, and what each message is for: to teach, to calibrate, or to test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.learning import is_calibration_batch, is_test_batch
from training.corpus import load_corpus
from training.pool import real_messages
from training.world import load_world

TEACH, CALIBRATE, TEST = "teach", "calibrate", "test"
REAL = "real"
COLUMNS = ("text", "category", "language", "batch", "source", "part")


def taught_messages() -> pd.DataFrame:
    """
    Put the messages of `data/corpus/` and `data/world/` and the real text that weights may learn from under one another.

    Returns
    -------
    pandas.DataFrame
        Columns of ``COLUMNS``. ``source`` is ``corpus``, ``world`` or ``real``; ``part`` goes by the batch, and real text, which was read once,
        only teaches. Each text is there once, as it was met first. Without the pool of real text there is none of ``real``.
    """
    written = pd.concat([load_corpus().assign(source="corpus"), load_world().assign(source="world")], ignore_index=True)
    test, calibrate = (written["batch"].map(of).to_numpy(bool) for of in (is_test_batch, is_calibration_batch))
    written["part"] = np.select([test, calibrate], [TEST, CALIBRATE], TEACH)
    real = real_messages("train")
    # Nobody knows its writers: each text is a batch of its own. Its variety was not read.
    real = real.assign(batch="real " + real["hash"], language="", source=REAL, part=TEACH)
    return pd.concat([written, real], ignore_index=True)[list(COLUMNS)].drop_duplicates("text", ignore_index=True)

"""The loop that makes the model the user's own: choose, label, train, compare, promote, and see what drifts."""

from tasrib.learning.batches import Drift, drift
from tasrib.learning.collect import Imported, label_import
from tasrib.learning.corpus import is_calibration_batch, is_test_batch, load_shipped_corpus
from tasrib.learning.evaluation import evaluate
from tasrib.learning.exchange import label_export
from tasrib.learning.fit import Trained, train
from tasrib.learning.labels import read_labelled
from tasrib.learning.promotion import promote

__all__ = [
    "Drift",
    "Imported",
    "Trained",
    "drift",
    "evaluate",
    "is_calibration_batch",
    "is_test_batch",
    "label_export",
    "label_import",
    "load_shipped_corpus",
    "promote",
    "read_labelled",
    "train",
]

"""What a message says as a whole: a small pretrained encoder, fine-tuned on the corpus, run with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import logsumexp

from tasrib.classify.categories import CAMPAIGN, CATEGORIES
from tasrib.classify.pieces import readable, shortened

NETWORK, PIECES = "encoder.onnx", "tokens.json"
ENCODER_FILES = (NETWORK, PIECES)
_PAD = 1
# Pieces in one run: bounds the memory, and on a CPU larger batches gain nothing.
_ROOM = 2_048
_REMEMBERED = 20_000
# Messages cut into pieces at a time.
_CHUNK = 2_000


class Encoder:
    """
    Log-probabilities of the eight categories from the meaning of the whole message.

    Parameters
    ----------
    folder : path
        With ``encoder.onnx`` and ``tokens.json``. Neither is opened before the first message is scored.
    threads : int, optional
        Threads of a run; as many as the machine has cores by default.

    Attributes
    ----------
    classes : tuple of str
        Order of the columns of `scores`.

    Notes
    -----
    The encoder is multilingual-e5-small (Wang et al., "Multilingual E5 Text Embeddings", arXiv:2402.05672); how it was pruned and
    fine-tuned stands in ``training/finetune.py``. It is never fitted here: a copy, as scikit-learn's ``clone`` makes, is the same.
    """

    classes = CATEGORIES

    def __init__(self, folder: str | Path, threads: int | None = None):
        self.folder = Path(folder)
        self.threads = threads
        self._forget()

    def scores(self, texts: Iterable[str]) -> np.ndarray:
        """
        Score messages.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
            Messages as received.

        Returns
        -------
        numpy.ndarray of float, shape (n, 8)
            Natural logarithm of the probabilities, in the order of ``classes``. A text met again is not computed again.
        """
        messages = list(texts)
        found = {text: self._known[text] for text in dict.fromkeys(messages) if text in self._known}
        new = [text for text in dict.fromkeys(messages) if text not in found]
        for start in range(0, len(new), _CHUNK):
            part = new[start : start + _CHUNK]
            found.update(zip(part, self._computed(part), strict=True))
        self._remember({text: found[text] for text in new})
        return np.array([found[text] for text in messages], float).reshape(-1, len(self.classes))

    def campaign_log_odds(self, texts: Iterable[str]) -> np.ndarray:
        """
        Log-odds of campaign against the other categories, uncalibrated.

        Parameters
        ----------
        texts : sequence of str, shape (n,)
            Messages as received.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            Natural logarithm of the odds.
        """
        scores = self.scores(texts)
        campaign = np.array(self.classes) == CAMPAIGN
        return scores[:, campaign].ravel() - logsumexp(scores[:, ~campaign], axis=1)

    def __sklearn_clone__(self) -> Encoder:
        """Cloned estimators share it."""
        return self

    def __deepcopy__(self, memo: dict) -> Encoder:
        return self

    def __getstate__(self) -> dict[str, Any]:
        # Another process opens the files itself: a running session cannot be sent.
        return {"folder": self.folder, "threads": self.threads}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def __repr__(self) -> str:
        return f"Encoder({str(self.folder)!r})"

    def _forget(self) -> None:
        self._session: Any = None
        self._cutter: Any = None
        self._known: dict[str, np.ndarray] = {}

    def _remember(self, new: dict[str, np.ndarray]) -> None:
        # Scoring and explaining ask for the same messages one after the other.
        if len(self._known) + len(new) > _REMEMBERED:
            self._known = {}
        self._known.update(list(new.items())[-_REMEMBERED:])

    def _open(self) -> None:
        if self._session is not None:
            return
        # Loaded late: commands that score nothing should not wait for it.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads or 0
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait take the cores from each other's work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._cutter = Tokenizer.from_file(str(self.folder / PIECES))
        self._session = onnxruntime.InferenceSession(
            str(self.folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    def _computed(self, texts: Sequence[str]) -> np.ndarray:
        self._open()
        cut = [shortened(each.ids) for each in self._cutter.encode_batch([readable(text) for text in texts])]
        order = np.argsort([len(ids) for ids in cut], kind="stable")
        found = np.empty((len(texts), len(self.classes)), np.float32)
        start = 0
        while start < len(order):
            # Sorted by length, so the last message of a batch is its longest and little is padded.
            stop = start + 1
            while stop < len(order) and (stop + 1 - start) * len(cut[order[stop]]) <= _ROOM:
                stop += 1
            rows = order[start:stop]
            ids = np.full((len(rows), len(cut[rows[-1]])), _PAD, np.int64)
            for i, row in enumerate(rows):
                ids[i, : len(cut[row])] = cut[row]
            found[rows] = self._session.run(["scores"], {"ids": ids})[0]
            start = stop
        return found

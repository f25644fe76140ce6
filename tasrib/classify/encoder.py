"""What a message says as a whole: a small pretrained encoder, fine-tuned on the corpus, run with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tasrib.classify.categories import CATEGORIES
from tasrib.classify.tokens import shorten, write_readably

NETWORK, TOKENS = "encoder.onnx", "tokens.json"
ENCODER_FILES = (NETWORK, TOKENS)
_PAD = 1
# Tokens in one run: bounds the memory, and on a CPU larger batches gain nothing.
_ROOM = 2_048
# Messages cut into tokens at a time. Fitting asks about all messages that calibrate at once, and which ones share a run shows
# in the seventh digit of their scores: another number here changes the last digits of the model that `make model` writes.
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
        self._close()

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
            Natural logarithm of the probabilities, in the order of ``classes``. The same text given twice is computed once.
        """
        messages = list(texts)
        distinct = list(dict.fromkeys(messages))
        found: dict[str, np.ndarray] = {}
        for start in range(0, len(distinct), _CHUNK):
            part = distinct[start : start + _CHUNK]
            found.update(zip(part, self._compute(part), strict=True))
        return np.array([found[text] for text in messages], float).reshape(-1, len(self.classes))

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
        self._close()

    def __repr__(self) -> str:
        return f"Encoder({str(self.folder)!r})"

    def _close(self) -> None:
        self._session: Any = None
        self._tokenizer: Any = None

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
        self._tokenizer = Tokenizer.from_file(str(self.folder / TOKENS))
        self._session = onnxruntime.InferenceSession(
            str(self.folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    def _compute(self, texts: Sequence[str]) -> np.ndarray:
        self._open()
        cut = [shorten(each.ids) for each in self._tokenizer.encode_batch([write_readably(text) for text in texts])]
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


class RememberingEncoder(Encoder):
    """
    An encoder that keeps its answers for as long as it lives.

    For the comparison of models, which asks several of them about the same messages. It is made for one comparison and given up after
    it; a model that scores has none.

    Parameters
    ----------
    encoder : Encoder
        Gives the answers.
    """

    def __init__(self, encoder: Encoder):
        super().__init__(encoder.folder, encoder.threads)
        self._encoder = encoder
        self._answers: dict[str, np.ndarray] = {}

    def scores(self, texts: Iterable[str]) -> np.ndarray:
        """As `Encoder.scores`; a text met again is not computed again."""
        messages = list(texts)
        new = [text for text in dict.fromkeys(messages) if text not in self._answers]
        self._answers.update(zip(new, self._encoder.scores(new), strict=True))
        return np.array([self._answers[text] for text in messages], float).reshape(-1, len(self.classes))

    def __reduce__(self) -> tuple:
        return RememberingEncoder, (self._encoder,)

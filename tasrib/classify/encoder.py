"""What a message says as a whole: a small pretrained encoder, fine-tuned on the corpus, run with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
# Messages share a run only where they fill the same number of tokens, of these steps: what stands beside a message never moves its answer.
_STEP = 8
# Messages cut into tokens at a time.
_CHUNK = 2_000
_KEPT = 50_000


class Encoder:
    """
    Log-probabilities of the eight categories from the meaning of the whole message.

    Parameters
    ----------
    folder : path
        With ``encoder.onnx`` and ``tokens.json``. Neither is opened before the first message is scored.
    threads : int, optional
        Threads of a run; as many as the machine has cores by default.
    kept : int, optional
        Answers that it keeps, so that copies of a message that are far apart in a file are asked about once; some 400 bytes each. None
        keeps all.

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

    def __init__(self, folder: str | Path, threads: int | None = None, kept: int | None = _KEPT):
        self.folder = Path(folder)
        self.threads = threads
        self.kept = kept
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
            Natural logarithm of the probabilities, in the order of ``classes``. Messages that `write_readably` writes alike, as it does
            where only a number, a link or a code differs, are computed once; what else is asked, and in which order, changes no bit.
        """
        read = [write_readably(text) for text in texts]
        found = {text: self._answers[text] for text in dict.fromkeys(read) if text in self._answers}
        new = [text for text in dict.fromkeys(read) if text not in found]
        for start in range(0, len(new), _CHUNK):
            part = new[start : start + _CHUNK]
            found.update(zip(part, self._compute(part), strict=True))
        self.remember({text: found[text] for text in new})
        return np.array([found[text] for text in read], float).reshape(-1, len(self.classes))

    def remember(self, answers: Mapping[str, np.ndarray]) -> None:
        """
        Take answers that it gave before.

        Parameters
        ----------
        answers : mapping of str to numpy.ndarray
            Log-probabilities by messages as `write_readably` writes them: see `tasrib.classify.answers`.
        """
        self._answers.update(answers)
        if self.kept is not None:
            for text in list(self._answers)[: max(0, len(self._answers) - self.kept)]:
                del self._answers[text]

    def __sklearn_clone__(self) -> Encoder:
        """Cloned estimators share it."""
        return self

    def __deepcopy__(self, memo: dict) -> Encoder:
        return self

    def __getstate__(self) -> dict[str, Any]:
        # Another process opens the files itself: a running session cannot be sent.
        return {"folder": self.folder, "threads": self.threads, "kept": self.kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._close()

    def __repr__(self) -> str:
        return f"Encoder({str(self.folder)!r})"

    def _close(self) -> None:
        self._session: Any = None
        self._tokenizer: Any = None
        self._answers: dict[str, np.ndarray] = {}

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

    def _compute(self, read: Sequence[str]) -> np.ndarray:
        self._open()
        cut = [shorten(each.ids) for each in self._tokenizer.encode_batch(read)]
        widths = np.array([-(-len(ids) // _STEP) * _STEP for ids in cut])
        found = np.empty((len(cut), len(self.classes)), np.float32)
        for width in np.unique(widths):
            alike = np.flatnonzero(widths == width)
            most = _ROOM // width
            for start in range(0, len(alike), most):
                rows = alike[start : start + most]
                ids = np.full((len(rows), width), _PAD, np.int64)
                for i, row in enumerate(rows):
                    ids[i, : len(cut[row])] = cut[row]
                # A run of one message is rounded otherwise than one of several, so it runs beside itself.
                found[rows] = self._session.run(["scores"], {"ids": np.tile(ids, (2, 1)) if len(rows) == 1 else ids})[
                    0
                ][: len(rows)]
        return found

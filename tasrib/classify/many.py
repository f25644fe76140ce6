"""Everything that a model says of many messages, in one process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from tasrib.classify.categories import DECISIONS
from tasrib.classify.judgement import ARRAYS, UNDECIDED, judge
from tasrib.classify.store import Model
from tasrib.text.compiled.loading import expect
from tasrib.text.messages import in_batches
from tasrib.text.normal_form import normalise

_NAMES = ("category", "probability", "decision", "language", "reasons", "plain", *UNDECIDED)
# Texts as objects until all are together.
_SAID: dict[str, type] = {name: object if ARRAYS.get(name, str) is str else ARRAYS[name] for name in _NAMES}
# In a process that reads for another: the model it was given when it began.
_MODEL: list[Model] = []


def classify(
    texts: Sequence[str], model: Model, *, n_jobs: int = 1, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """
    Read messages.

    Parameters
    ----------
    texts : sequence of str, shape (n,)
        Messages as received, each once.
    model : Model
        From `tasrib.load_model`.
    n_jobs : int
        Processes. What is said of a message is the same to the last bit in however many.
    progress : callable, optional
        Called with the number of messages done and their total.

    Returns
    -------
    pandas.DataFrame, shape (n, 10)
        ``category``, ``probability``, ``decision``, ``language``, ``reasons``, ``plain`` (as `tasrib.text.normalise` rewrites it); the last two are
        empty for ``not_campaign``; and ``other``, ``share``, ``unread``, ``strange`` as of `Judgement`.
    """
    if n_jobs < 2:
        expect(len(texts))
    batches = list(in_batches(texts))
    with _readers(model, min(n_jobs, len(batches))) as in_turn:
        plain = list(chain.from_iterable(in_turn(_normalised, [texts[rows] for rows in batches])))
        # Messages of the same words side by side, so that these are read once.
        order = np.argsort(_numbered(plain)[0], kind="stable")
        ordered = [(texts[at], plain[at]) for at in order.tolist()]
        batches = list(in_batches([text for text, _ in ordered]))
        parts = []
        for rows, part in zip(batches, in_turn(_said, [ordered[rows] for rows in batches]), strict=True):
            parts.append(part)
            if progress is not None:
                progress(rows.stop, len(texts))
    back = np.argsort(order)
    said = {
        name: np.concatenate([np.empty(0, kind), *(part[name] for part in parts)])[back] for name, kind in _SAID.items()
    }
    return pd.DataFrame(said).astype({name: "str" for name, kind in _SAID.items() if kind is object})


@contextmanager
def _readers(model: Model, n_jobs: int) -> Iterator[Callable[[Callable, Sequence[Any]], Iterator[Any]]]:
    """What `map` does with a function of a model and a batch, in one process or in several."""
    if n_jobs < 2:
        yield lambda function, batches: map(partial(function, model), batches)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    # The model goes to each process once, not with every batch.
    with ProcessPoolExecutor(n_jobs, initializer=begin_process, initargs=(model,)) as executor:
        yield lambda function, batches: executor.map(partial(_with_own_model, function), batches)


def on_one_core(model: Model) -> None:
    """
    Tell a model that its process has a core and no more: more threads would only wait for each other.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    """
    if model.scorer.encoder is not None:
        model.scorer.encoder.threads = 1


def begin_process(model: Model) -> None:
    """
    Give a process that reads for another its model, once.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    """
    on_one_core(model)
    _MODEL[:] = [model]


def own_model() -> Model:
    """Tell the model that `begin_process` gave this process."""
    return _MODEL[0]


def _with_own_model(function: Callable, batch: Sequence[Any]) -> Any:
    return function(own_model(), batch)


def _normalised(_: Model, texts: Sequence[str]) -> list[str]:
    return [normalise(text) for text in texts]


def _numbered(plain: Sequence[str]) -> tuple[np.ndarray, Sequence[str]]:
    """The place of each text among the distinct ones, and these."""
    of, distinct = pd.factorize(np.array(plain, object))
    return of, distinct.tolist()


def _said(model: Model, messages: Sequence[tuple[str, str]]) -> dict[str, np.ndarray]:
    texts, plain = [text for text, _ in messages], [plain for _, plain in messages]
    judged = judge(model.scorer, texts, reasons="not_dismissed", normalised=plain)
    said = {name: getattr(judged, name) for name in ARRAYS}
    reasons = ["" if explained is None else explained.heaviest() for explained in judged.explanations]
    of, distinct = _numbered(plain)
    said["language"] = model.varieties.predict(distinct, distinct)[of]
    said["reasons"] = np.array(reasons, object)
    # What was dismissed nobody asks about again.
    said["plain"] = np.where(judged.decision == DECISIONS[2], "", np.array(plain, object))
    return said

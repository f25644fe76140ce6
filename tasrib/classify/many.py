"""Everything that a model says of many messages, in one process or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from tasrib.classify.categories import DECISIONS
from tasrib.classify.judgement import UNDECIDED, judge
from tasrib.classify.store import Model
from tasrib.text.messages import in_batches
from tasrib.text.normal_form import normalise

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
    batches = list(in_batches(texts))
    parts = []
    for rows, part in zip(batches, _read([texts[rows] for rows in batches], model, n_jobs), strict=True):
        parts.append(part)
        if progress is not None:
            progress(rows.stop, len(texts))
    return pd.concat(parts, ignore_index=True) if parts else _of_batch([], model)


def _read(batches: Sequence[Sequence[str]], model: Model, n_jobs: int) -> Iterator[pd.DataFrame]:
    if min(n_jobs, len(batches)) < 2:
        yield from (_of_batch(batch, model) for batch in batches)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    # The model goes to each process once, not with every batch.
    with ProcessPoolExecutor(min(n_jobs, len(batches)), initializer=begin_process, initargs=(model,)) as executor:
        yield from executor.map(_of_own_model, batches)


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


def _of_own_model(texts: Sequence[str]) -> pd.DataFrame:
    return _of_batch(texts, own_model())


def _of_batch(texts: Sequence[str], model: Model) -> pd.DataFrame:
    plain = [normalise(text) for text in texts]
    judged = judge(model.scorer, texts, reasons="not_dismissed", normalised=plain)
    table = judged.table()
    table["language"] = model.varieties.predict(texts, plain)
    table["reasons"] = ["" if explained is None else explained.heaviest() for explained in judged.explanations]
    # What was dismissed nobody asks about again.
    table["plain"] = [
        "" if dismissed else text for dismissed, text in zip(judged.decision == DECISIONS[2], plain, strict=True)
    ]
    table = table.astype({name: "str" for name in table.columns if name != "probability"})
    undecided = {name: getattr(judged, name) for name in UNDECIDED}
    return table.assign(**undecided).astype({"other": "str"})

"""A Dask DataFrame of complaints, scored: each partition judged where it lies, then all named together."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any, cast

import pandas as pd

from tasrib._arguments import as_frame
from tasrib.classify import Model
from tasrib.classify.by_path import READING, ModelPath, load_by_path, path_of
from tasrib.numbering.hidden import HiddenIds
from tasrib.pipeline.parts import Facts, finished, judged
from tasrib.text.stored import Scratch


def score_partitions(
    complaints: Any, model: Model, country: str, secret: bytes | None, precision: float | None = None
) -> Any:
    """
    Score the partitions of a table.

    Parameters
    ----------
    complaints : dask.dataframe.DataFrame
        As for `tasrib.score`.
    model : Model
        From a folder that all workers have at the same place, or the shipped one: each loads it once.
    country : str
        ISO 3166 code of the home country.
    secret : bytes or None
        Key of the pseudonyms.
    precision : float, optional
        As for `tasrib.score`.

    Returns
    -------
    dask.dataframe.DataFrame
        The same rows as `tasrib.score` gives of all partitions put together, in as many partitions. They are judged when this returns, and kept
        by the cluster; campaigns are named here, from one partition after the other; the rest is done when it is asked for.

    Notes
    -----
    Partitions are finished one after the other, for what an id with a number in it is called depends on the ids before it.
    """
    import dask
    import dask.dataframe

    as_frame(complaints._meta, "complaints, as from tasrib.read_complaints")
    path = path_of(model)
    parts = dask.persist(*(dask.delayed(judged_by_path)(part, path, country) for part in complaints.to_delayed()))
    facts = Facts(country, model, precision, cast(Scratch, partial(tempfile.TemporaryFile, buffering=0)))
    for take in (facts.meet, facts.add):
        for part in parts:
            take(part.compute())
    # Now, so that what they need is not sent around.
    _ = facts.campaigns
    everything, before, done = dask.delayed(facts, traverse=False), None, []
    for part, given in zip(parts, complaints.to_delayed(), strict=True):
        both = dask.delayed(_finish, nout=2)(part, given, everything, secret, before)
        done.append(both[0])
        before = both[1]
    empty = complaints._meta.iloc[:0]
    meta = finished(judged(empty, model, country), Facts(country, model), secret).set_axis(empty.index)
    return dask.dataframe.from_delayed(done, meta=meta, verify_meta=False)


def judged_by_path(complaints: pd.DataFrame, path: ModelPath, country: str) -> pd.DataFrame:
    """
    Judge complaints in another process, which loads the model the first time.

    Parameters
    ----------
    complaints : pandas.DataFrame
        Some complaints.
    path : ModelPath
        Of the model.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        As from `tasrib.pipeline.parts.judged`.
    """
    with READING:
        return judged(complaints, load_by_path(path), country)


def _finish(
    part: pd.DataFrame, given: pd.DataFrame, facts: Facts, secret: bytes | None, before: HiddenIds | None
) -> tuple[pd.DataFrame, HiddenIds]:
    with READING:
        if before is not None:
            facts.hidden = before
        else:
            facts.begin()
        return finished(part, facts, secret).set_axis(given.index), facts.hidden

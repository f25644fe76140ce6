"""A table of complaints in memory, scored."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tasrib._arguments import as_frame, as_number, as_whole, is_partitioned
from tasrib.classify import Model, choose_model
from tasrib.complaints import load_key
from tasrib.errors import TasribError
from tasrib.numbering.plan import check_country
from tasrib.pipeline.partitions import score_partitions
from tasrib.pipeline.parts import Facts, finished, judged


def score(
    complaints: pd.DataFrame,
    *,
    model: Model | None = None,
    country: str = "MA",
    key: bytes | None = None,
    keep_numbers: bool = False,
    fast: bool = False,
    precision: float | None = None,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """
    Label complaints.

    Parameters
    ----------
    complaints : pandas.DataFrame
        As from `tasrib.read_complaints`; of its columns only ``text`` and ``recipient`` are required. A Dask DataFrame of the same columns is
        scored by its cluster (`tasrib[dask]`): the result is one too, with the same rows, see `tasrib.pipeline.partitions`.
    model : Model, optional
        From `tasrib.load_model`; where none is given, the one of the environment variable ``TASRIB_MODEL``, else the promoted one
        (`tasrib.promote`), else the shipped one.
    country : str
        ISO 3166 code of the home country of the numbers.
    key : bytes, optional
        Secret for the pseudonyms that replace the recipients' numbers; the user's own key file by default. The same
        key gives the same pseudonyms, so that batches can be joined.
    keep_numbers : bool
        Leave the recipients' numbers as they are.
    fast : bool
        Never ask the model's encoder, which takes most of the time; ``model`` says so in each row. What is lost by it stands in the model
        card.
    precision : float, optional
        Share of campaign messages among those called ``campaign`` that is aimed at, from 0.5 to below 1; the model's own aim by default. The
        thresholds fit the batch: see `tasrib.classify.batch`.
    n_jobs : int
        Processes that read messages. The result is the same in however many.
    progress : callable, optional
        Called with the number of distinct messages done and their total.

    Returns
    -------
    pandas.DataFrame
        Scored complaints by the contract of `tasrib.scored`: one row for each row of `complaints`, in the same order with the same
        index, its columns with pseudonyms in ``recipient``, ``other_numbers`` and ``complainant`` (a name or address too; empty where nobody else is
        named), and those of ``SCORED_COLUMNS``. ``party`` and ``campaign_id`` are empty for ``not_campaign``. Numbers that stand in other columns (as an id, among organisations) get
        their pseudonyms too; those in ``text`` and ``sender`` stay. Where a number is not known, the row has a pseudonym that no other
        row has.

    Raises
    ------
    TasribError
        When a required column is missing, a text is missing, the complaints are scored already, ``received_at`` holds something else
        than dates, or an argument is of another kind.
    """
    country, n_jobs = check_country(country), as_whole(n_jobs, "n_jobs")
    is_dask = is_partitioned(complaints)
    _check_arguments(complaints._meta if is_dask else complaints, model, key)
    model = choose_model().model if model is None else model
    model = model.fast() if fast else model
    precision = check_precision(precision, model)
    if is_dask:
        return score_partitions(complaints, model, country, _secret(key, keep_numbers), precision)  # type: ignore[no-any-return]
    part = judged(complaints, model, country, n_jobs=n_jobs, progress=progress)
    facts = Facts(country, model, precision)
    facts.meet(part)
    facts.add(part)
    return finished(part, facts, _secret(key, keep_numbers)).set_axis(complaints.index)


def check_precision(precision: float | None, model: Model) -> float | None:
    """
    Refuse an aim that cannot be aimed at.

    Parameters
    ----------
    precision : float or None
        As for `score`.
    model : Model
        That is to judge.

    Returns
    -------
    float or None
        The same.

    Raises
    ------
    TasribError
        When it is no share from 0.5 to below 1, or the model has but fixed thresholds.
    """
    if precision is None:
        return None
    if not 0.5 <= as_number(precision, "precision") < 1:
        raise TasribError("precision is a share from 0.5 to below 1, such as 0.95; 1 would call nothing campaign")
    if model.scorer.reference_ is None:
        raise TasribError(
            "this model was made by an earlier tasrib and has fixed thresholds; make it anew with tasrib train"
        )
    return precision


def _secret(key: bytes | None, keep_numbers: bool) -> bytes | None:
    return None if keep_numbers else load_key(None) if key is None else key


def _check_arguments(complaints: object, model: object, key: object) -> None:
    if isinstance(complaints, tuple):
        raise TasribError(
            "score takes the first of the two tables that read_complaints gives: complaints, rejected = tasrib.read_complaints(…)"
        )
    frame = as_frame(complaints, "complaints, as from tasrib.read_complaints")
    if model is not None and not isinstance(model, Model):
        raise TasribError(f"model is what tasrib.load_model gives, not {type(model).__name__}")
    if key is not None and not isinstance(key, bytes):
        raise TasribError(f"key is 32 bytes, as from tasrib.complaints.load_key, not {type(key).__name__}")
    if "text" in frame.columns and (missing := frame["text"].isna()).any():
        rows = ", ".join(map(str, frame.index[missing][:3]))
        raise TasribError(
            f"{int(missing.sum())} of the complaints have no text (row {rows}), and what was not received cannot be judged; leave them out with "
            'complaints.dropna(subset=["text"])'
        )

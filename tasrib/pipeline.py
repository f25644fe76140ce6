"""Complaints in, scored complaints out: every row read gets its label, party, campaign and operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, campaign_ids, load_contest
from tasrib.classify import BATCH, Model, choose_model, judge
from tasrib.complaints import load_key, pseudonym
from tasrib.numbering import lookup_many, serving_operator
from tasrib.scored import SCORED_COLUMNS, check, check_unscored


def score(
    complaints: pd.DataFrame,
    *,
    model: Model | None = None,
    country: str = "MA",
    key: bytes | None = None,
    keep_numbers: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """
    Label complaints.

    Parameters
    ----------
    complaints : pandas.DataFrame
        As from `tasrib.read_complaints`; of its columns only ``text`` and ``recipient`` are required.
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
    progress : callable, optional
        Called with the number of distinct messages done and their total.

    Returns
    -------
    pandas.DataFrame
        Scored complaints by the contract of `tasrib.scored`: one row for each row of `complaints`, in the same order with the same
        index, its columns with pseudonyms in ``recipient`` and ``other_numbers``, and those of ``SCORED_COLUMNS``. ``party`` and
        ``campaign_id`` are empty for ``not_campaign``.

    Raises
    ------
    TasribError
        When a required column is missing, the complaints are scored already, or ``received_at`` holds something else
        than dates.
    """
    # Numbered anew while at work: an index may hold a name twice, as that of two files put together does.
    given = check_unscored(complaints).drop(columns=list(SCORED_COLUMNS), errors="ignore").reset_index(drop=True)
    given.attrs = {}  # Said of the files that were read, not of what is scored.
    model = choose_model().model if model is None else model
    judged = _classified(given["text"], model, progress)
    attributed = _attributed(given, judged["decision"], country)
    numbers, others = lookup_many(given["recipient"], country=country), _other_numbers(given["other_numbers"], country)
    scored = given.assign(
        **judged,
        **attributed,
        **numbers[["number_status", "country", "prefix", "operator_allocated"]],
        operator_serving=serving_operator(given["declared_operator"], country),
        other_operators=_joined(others["operator_allocated"], given.index),
        decided_by="model",
        model=model.version,
    )
    if not keep_numbers:
        secret = load_key(None) if key is None else key
        scored["recipient"] = _pseudonyms(numbers["e164"], given["recipient"], secret)
        scored["other_numbers"] = _joined(_pseudonyms(others["e164"], others["written"], secret), given.index)
    return check(scored).set_axis(complaints.index)


def _classified(texts: pd.Series, model: Model, progress: Callable[[int, int], None] | None) -> pd.DataFrame:
    inverse, found = pd.factorize(texts)
    distinct = list(found)
    parts = []
    for start in range(0, len(distinct), BATCH):
        parts.append(_classified_batch(distinct[start : start + BATCH], model))
        if progress is not None:
            progress(min(start + BATCH, len(distinct)), len(distinct))
    if not parts:
        parts = [_classified_batch([], model)]
    return pd.concat(parts, ignore_index=True).iloc[inverse].set_index(texts.index)


def _classified_batch(texts: Sequence[str], model: Model) -> pd.DataFrame:
    judged = judge(model.classifier, texts, reasons=True)
    table = judged.table()
    table["language"] = model.variety.predict(texts)
    table["reasons"] = [explained.heaviest() for explained in judged.explanations]
    return table.astype({name: "str" for name in table.columns if name != "probability"})


def _attributed(given: pd.DataFrame, decision: pd.Series, country: str) -> pd.DataFrame:
    found = pd.DataFrame({"party": "", "party_evidence": "", "campaign_id": ""}, index=given.index, dtype="str")
    rows = np.flatnonzero(decision != "not_campaign")
    if len(rows):
        # The rules take the message for campaign: what is only to be reviewed gets a party all the same, as a suggestion.
        mine = given.iloc[rows]
        parties = attribute_parties(mine["text"].tolist(), mine["sender"].tolist(), load_contest(country.upper()))
        found.iloc[rows, 0] = parties["party"].to_numpy()
        found.iloc[rows, 1] = parties["party_evidence"].to_numpy()
        found.iloc[rows, 2] = campaign_ids(mine["text"], mine["received_at"]).to_numpy()
    return found


def _other_numbers(cells: pd.Series, country: str) -> pd.DataFrame:
    """What all numbers in cells of several tell, one row a number under the index of its cell."""
    each = [(row, part.strip()) for row, cell in cells.items() for part in cell.split(";") if part.strip()]
    written = pd.Series([number for _, number in each], index=[row for row, _ in each], dtype="str")
    return lookup_many(written, country=country).assign(written=written)


def _joined(values: pd.Series, index: pd.Index) -> pd.Series:
    """Values under one index in one cell again."""
    return values.groupby(level=0).agg(";".join).reindex(index, fill_value="").astype("str")


def _pseudonyms(exact: pd.Series, written: pd.Series, key: bytes) -> pd.Series:
    # The normalised number where there is one: all spellings of a number are one person.
    numbers = exact.where(exact != "", written)
    return pd.Series(pseudonym(numbers.tolist(), key), index=written.index, dtype="str")

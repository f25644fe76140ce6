"""Complaints in, scored complaints out: every row read gets its label, party, campaign and operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, campaign_ids, load_contest
from tasrib.classify import BATCH, Model, choose_model, judge
from tasrib.complaints import load_key, pseudonym
from tasrib.complaints.schema import FIELDS
from tasrib.errors import TasribError
from tasrib.numbering import lookup_many, serving_operator

SCORED_COLUMNS = (
    "category", "probability", "decision", "language", "party", "party_evidence", "campaign_id", "reasons",
    "number_status", "country", "prefix", "operator_allocated", "operator_serving",
)  # fmt: skip


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
        One row for each row of `complaints`, in the same order with the same index: its columns, with pseudonyms in
        ``recipient`` and ``other_numbers``, then those of ``SCORED_COLUMNS`` and ``other_operators``, the allocated
        operators of ``other_numbers``. ``party`` and ``campaign_id`` are empty for ``not_campaign``.

    Raises
    ------
    TasribError
        When a required column is missing, the complaints are scored already, or ``received_at`` holds something else
        than dates.
    """
    if {"decision", "operator_allocated"} <= set(complaints.columns):
        raise TasribError("these complaints are scored already, so their numbers are gone; score those that were read")
    for name in ("text", "recipient"):
        if name not in complaints.columns:
            raise TasribError(f"column {name!r} is missing; read the complaints with tasrib.read_complaints")
    # Numbered anew while at work: an index may hold a name twice, as that of two files put together does.
    scored = complaints.drop(columns=[name for name in SCORED_COLUMNS if name in complaints]).reset_index(drop=True)
    for name in FIELDS:
        if name not in scored:
            scored[name] = pd.Series("", index=scored.index, dtype="str")
    scored["received_at"] = _dated(scored["received_at"])
    model = choose_model().model if model is None else model
    texts = scored["text"].fillna("").astype("str")
    scored = scored.join(_classified(texts, model, progress))
    scored = scored.join(_attributed(texts, scored, country))
    numbers = lookup_many(scored["recipient"], country=country)
    scored[["number_status", "country", "prefix", "operator_allocated"]] = numbers[
        ["number_status", "country", "prefix", "operator_allocated"]
    ]
    scored["operator_serving"] = serving_operator(scored["declared_operator"], country)
    scored["other_operators"] = [_operators(cell, country) for cell in scored["other_numbers"]]
    if not keep_numbers:
        secret = load_key(None) if key is None else key
        # The normalised number where there is one: all spellings of a number are one person.
        exact = numbers["e164"].where(numbers["e164"] != "", scored["recipient"].fillna("").astype("str"))
        scored["recipient"] = pd.Series(pseudonym(exact.tolist(), secret), index=scored.index, dtype="str")
        scored["other_numbers"] = [_pseudonyms(cell, country, secret) for cell in scored["other_numbers"]]
    first = [name for name in (*FIELDS, *SCORED_COLUMNS) if name in scored]
    scored.index = complaints.index
    return scored[first + [name for name in scored.columns if name not in first]]


def _dated(received_at: pd.Series) -> pd.Series:
    try:
        times = pd.to_datetime(received_at, utc=True, format="ISO8601")
    except ValueError as error:
        raise TasribError(
            f"column 'received_at' holds what is no ISO 8601 date ({error}); read the complaints with tasrib.read_complaints"
        ) from None
    return times.astype("datetime64[us, UTC]")


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


def _attributed(texts: pd.Series, scored: pd.DataFrame, country: str) -> pd.DataFrame:
    found = pd.DataFrame({"party": "", "party_evidence": "", "campaign_id": ""}, index=texts.index, dtype="str")
    rows = np.flatnonzero(scored["decision"].to_numpy() != "not_campaign")
    if len(rows):
        # The rules take the message for campaign: what is only to be reviewed gets a party all the same, as a suggestion.
        senders = scored["sender"].fillna("").astype("str").iloc[rows].tolist()
        parties = attribute_parties(texts.iloc[rows].tolist(), senders, load_contest(country.upper()))
        found.iloc[rows, 0] = parties["party"].to_numpy()
        found.iloc[rows, 1] = parties["party_evidence"].to_numpy()
        found.iloc[rows, 2] = campaign_ids(texts.iloc[rows], scored["received_at"].iloc[rows]).to_numpy()
    return found


def _each(cell: object) -> list[str]:
    return [number.strip() for number in str(cell or "").split(";") if number.strip()]


def _operators(cell: object, country: str) -> str:
    numbers = _each(cell)
    return ";".join(lookup_many(numbers, country=country)["operator_allocated"]) if numbers else ""


def _pseudonyms(cell: object, country: str, key: bytes) -> str:
    numbers = _each(cell)
    if not numbers:
        return ""
    looked_up = lookup_many(numbers, country=country)["e164"]
    return ";".join(pseudonym([known or raw for known, raw in zip(looked_up, numbers, strict=True)], key))

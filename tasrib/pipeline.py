"""Complaints in, scored complaints out: every row read gets its label, party, campaign and operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, campaign_ids, load_contest
from tasrib.classify import BATCH, Model, choose_model, judge
from tasrib.complaints import load_key, pseudonym
from tasrib.complaints.identity import stem_of, told_apart
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.repeats import repeated
from tasrib.errors import TasribError
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


@dataclass(frozen=True)
class Joined:
    """
    Scored complaints of several files as one.

    Attributes
    ----------
    scored : DataFrame
        By the contract, each complaint once, its id its own, campaigns named over all files.
    notes : tuple of str
        What was done to that end, a sentence each.
    """

    scored: pd.DataFrame
    notes: tuple[str, ...]


def join_scored(tables: Sequence[pd.DataFrame], names: Sequence[str]) -> Joined:
    """
    Put scored complaints of several calls of `score` together, such as those of several months.

    A complaint that two tables have counts once. Campaigns are found anew over all messages: what goes on from one table into the next
    is one campaign, under one name.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        Scored complaints, as from `check`.
    names : sequence of str
        What to call each table.

    Returns
    -------
    Joined
        One table; the very one where only one is given.

    Raises
    ------
    TasribError
        When one table holds numbers and another pseudonyms: the same person would be two.
    """
    if len(tables) == 1:
        return Joined(tables[0], ())
    _refuse_mixed(tables, names)
    notes = _of_models(tables)
    kept, stems, taken = [], list[str](), set[str]()
    numbered = [table.reset_index(drop=True) for table in tables]
    for table, name, earlier in zip(numbered, names, repeated(numbered), strict=True):
        for first in sorted(set(earlier)):
            count = int((earlier == first).sum())
            notes.append(
                f"{name}: {_counted(count, 'complaint')} that {_is(count)} in {names[first]} too; each counts once"
            )
        table = table.drop(index=earlier.index)
        stems.append(stem_of(Path(name).name, stems))
        given = table["complaint_id"]
        ids = told_apart(given, stems[-1], taken)
        if ids is not given:
            changed = len(ids)
            notes.append(f"{name}: {_counted(changed, 'id')} that other files have too; '{stems[-1]}:' was put before")
        taken.update(ids)
        kept.append(table.assign(complaint_id=ids))
    scored = pd.concat(kept, ignore_index=True)
    mine = scored["campaign_id"] != ""
    if mine.any():
        scored.loc[mine, "campaign_id"] = _campaigns(scored[mine]).astype("str")
    return Joined(check(scored), tuple(notes))


def _refuse_mixed(tables: Sequence[pd.DataFrame], names: Sequence[str]) -> None:
    hidden = [bool(table["recipient"].str.match(PSEUDONYM).any()) for table in tables]
    if any(hidden) and not all(hidden):
        raise TasribError(
            f"{names[hidden.index(True)]} holds pseudonyms and {names[hidden.index(False)]} numbers, so that one person would count as "
            "two; score both with --keep-numbers, or both without"
        )


def _of_models(tables: Sequence[pd.DataFrame]) -> list[str]:
    models = sorted({model for table in tables for model in table["model"].unique() if model})
    if len(models) < 2:
        return []
    return [f"the files were scored by different models ({', '.join(models)}); score them with one to compare them"]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


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
        found.iloc[rows, 2] = _campaigns(mine.assign(party=found["party"].iloc[rows])).to_numpy()
    return found


def _campaigns(messages: pd.DataFrame) -> pd.Series:
    return campaign_ids(messages["text"], messages["received_at"])


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

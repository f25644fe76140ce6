"""Complaints in, scored complaints out: every row read gets its label, party, campaign and operator."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib._arguments import as_frame, as_whole
from tasrib.attribute import attribute_parties, load_contest, name_campaigns
from tasrib.classify import Model, choose_model
from tasrib.classify.many import classify
from tasrib.complaints import load_key, pseudonym
from tasrib.complaints.identity import apart, name_apart, stem_of
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.repeats import repeated
from tasrib.errors import TasribError
from tasrib.numbering import (
    complainant_keys,
    hide_in_columns,
    lookup_column,
    lookup_many,
    person_keys,
    serving_operator,
)
from tasrib.numbering.plan import check_country
from tasrib.scored import SCORED_COLUMNS, check, check_unscored
from tasrib.text import normalise

# No number is looked for in these: the message is evidence, the sender is the campaign's and not the complainant's; and what the file is
# called, its owner chose.
_AS_THEY_ARE = (
    "text",
    "text_received",
    "sender",
    "recipient",
    "other_numbers",
    "complainant",
    "source_file",
    "source_sheet",
    "run",
    "model",
)
_BETWEEN_NUMBERS = re.compile(r"[,/|\n]|\s(?:et|ou|and|or|و|أو)\s")


def score(
    complaints: pd.DataFrame,
    *,
    model: Model | None = None,
    country: str = "MA",
    key: bytes | None = None,
    keep_numbers: bool = False,
    fast: bool = False,
    n_jobs: int = 1,
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
    fast : bool
        Never ask the model's encoder, which takes most of the time; ``model`` says so in each row. What is lost by it stands in the model
        card.
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
    _check_arguments(complaints, model, key)
    # Numbered anew while at work: an index may hold a name twice, as that of two files put together does.
    given = check_unscored(complaints).drop(columns=list(SCORED_COLUMNS), errors="ignore").reset_index(drop=True)
    given.attrs = {}  # Said of the files that were read, not of what is scored.
    model = choose_model().model if model is None else model
    model = model.fast() if fast else model
    judged = _classified(given["text"], model, n_jobs, progress)
    attributed = _attributed(given, judged["decision"], country)
    numbers = lookup_column(given["recipient"], country=country, column=_columns_of(given))
    others = _other_numbers(given["other_numbers"], country)
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
        scored["recipient"] = _pseudonyms(numbers.assign(written=given["recipient"]), given, secret)
        scored["other_numbers"] = _joined(_pseudonyms(others, given, secret), given.index)
        filed = complainant_keys(given["complainant"], _columns_of(given), country)
        scored["complainant"] = pd.Series(pseudonym(filed.tolist(), secret), index=given.index, dtype="str")
        scored = hide_in_columns(scored, _AS_THEY_ARE, lambda number: pseudonym([number], secret)[0], country=country)
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


def join_scored(tables: Sequence[pd.DataFrame], names: Sequence[str], *, country: str = "MA") -> Joined:
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
    country : str
        ISO 3166 code of the home country.

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
        put_before = name_apart([given].copy, stems[-1], taken)
        ids = apart(given, put_before)
        if put_before:
            changed = len(ids)
            notes.append(f"{name}: {_counted(changed, 'id')} that other files have too; '{stems[-1]}:' was put before")
        taken.update(ids)
        kept.append(table.assign(complaint_id=ids))
    return Joined(regroup(pd.concat(kept, ignore_index=True), country=country), tuple(notes))


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


def regroup(scored: pd.DataFrame, *, country: str = "MA") -> pd.DataFrame:
    """
    Name the campaigns of complaints that were scored in several batches as if they had been scored in one.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, as from `score`, of several files put together.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        The same with ``campaign_id`` and ``template_id`` made anew; decisions and parties stay, a person's too. Complaints of one batch keep
        the names that they have.
    """
    scored = check(scored)
    found = _attributed(scored, scored["decision"], check_country(country), scored["party"])
    return scored.assign(**{name: found[name].to_numpy() for name in ("campaign_id", "template_id")})


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


def _columns_of(given: pd.DataFrame) -> pd.Series:
    """A name for the column of the file and sheet that each number stood in."""
    return given["source_file"] + "\x1f" + given["source_sheet"]


def _classified(
    texts: pd.Series, model: Model, n_jobs: int, progress: Callable[[int, int], None] | None
) -> pd.DataFrame:
    inverse, found = pd.factorize(texts)
    said = classify(list(found), model, n_jobs=n_jobs, progress=progress)
    return said.iloc[inverse].set_index(texts.index)


def _attributed(given: pd.DataFrame, decision: pd.Series, country: str, party: pd.Series | None = None) -> pd.DataFrame:
    """Party, evidence, campaign and template of what is not ``not_campaign``; where parties are known already, campaigns by these."""
    names = ["party", "party_evidence", "campaign_id", "template_id"]
    found = pd.DataFrame("", columns=names, index=given.index, dtype="str")
    rows = np.flatnonzero(decision != "not_campaign")
    if len(rows):
        # The rules take the message for campaign: what is only to be reviewed gets a party all the same, as a suggestion.
        mine, contest = given.iloc[rows], load_contest(country)
        texts = mine["text"].tolist()
        normal = {text: normalise(text) for text in dict.fromkeys(texts)}
        plain = [normal[text] for text in texts]
        shown = attribute_parties(texts, mine["sender"].tolist(), contest, plain=plain).set_axis(mine.index)
        if party is not None:
            shown["party"] = party.iloc[rows]
        campaigns = name_campaigns(mine["text"], mine["received_at"], shown, contest, plain=plain)
        found.iloc[rows] = shown[names[:2]].assign(**campaigns).to_numpy()
    return found


def _other_numbers(cells: pd.Series, country: str) -> pd.DataFrame:
    """What all numbers in cells of several tell, one row a number under the index of its cell."""
    filled = cells[cells != ""]
    each = [(row, part.strip()) for row, cell in filled.items() for part in cell.split(";") if part.strip()]
    written = pd.Series([number for _, number in each], index=[row for row, _ in each], dtype="str")
    found = lookup_many(written, country=country).assign(written=written)
    several = found["number_status"].eq("invalid") & found["written"].str.contains(_BETWEEN_NUMBERS)
    if not several.any():
        return found
    parted = [
        (row, part.strip())
        for (row, number), part_it in zip(each, several, strict=True)
        for part in (_BETWEEN_NUMBERS.split(number) if part_it else [number])
        if part.strip()
    ]
    written = pd.Series([number for _, number in parted], index=[row for row, _ in parted], dtype="str")
    return lookup_many(written, country=country).assign(written=written)


def _joined(values: pd.Series, index: pd.Index) -> pd.Series:
    """Values under one index in one cell again."""
    joined: dict[object, str] = {}
    for row, value in values.items():
        joined[row] = f"{joined[row]};{value}" if row in joined else value
    return pd.Series(joined, dtype="str").reindex(index, fill_value="").astype("str")


def _pseudonyms(numbers: pd.DataFrame, given: pd.DataFrame, key: bytes) -> pd.Series:
    """Pseudonyms of numbers that stood in the complaints of their index."""
    complaints = given if numbers.index is given.index else given.loc[numbers.index]
    keys = person_keys(numbers["written"], numbers["number_status"], numbers["e164"], complaints)
    return pd.Series(pseudonym(keys.tolist(), key), index=numbers.index, dtype="str")

"""Scored complaints of several calls of `tasrib.score` as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, load_contest, name_campaigns
from tasrib.complaints.identity import apart, name_apart, stem_of
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.repeats import repeated
from tasrib.errors import TasribError
from tasrib.numbering.plan import check_country
from tasrib.scored import check
from tasrib.text import normalise


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
    country = check_country(country)
    found = pd.DataFrame("", columns=["campaign_id", "template_id"], index=range(len(scored)), dtype="str")
    rows = np.flatnonzero(scored["decision"] != "not_campaign")
    if len(rows):
        mine, contest = scored.iloc[rows], load_contest(country)
        texts = mine["text"].tolist()
        normal = {text: normalise(text) for text in dict.fromkeys(texts)}
        plain = [normal[text] for text in texts]
        shown = attribute_parties(texts, mine["sender"].tolist(), contest, plain=plain).set_axis(mine.index)
        shown["party"] = mine["party"]
        found.iloc[rows] = name_campaigns(mine["text"], mine["received_at"], shown, contest, plain=plain).to_numpy()
    return scored.assign(**{name: found[name].to_numpy() for name in ("campaign_id", "template_id")})

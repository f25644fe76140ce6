"""
Complaints to scored complaints, some at a time.

What takes time is said of each complaint by itself: `judged`. What rests on all of them (what is decided, names of campaigns, numbers that a
spreadsheet rounded) is gathered in `Facts`, and `finished` puts both together: the result does not depend on how many are judged at a time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, load_contest
from tasrib.attribute.campaigns import SHOWN, Campaigns, Named
from tasrib.classify import Model
from tasrib.classify.batch import Expected
from tasrib.classify.judgement import UNDECIDED
from tasrib.classify.many import classify
from tasrib.complaints import pseudonym
from tasrib.numbering import complainant_keys, hide_in_columns, lookup_many, person_keys, serving_operator
from tasrib.numbering.complainants import complainant_rounding
from tasrib.numbering.hidden import HiddenIds
from tasrib.numbering.rounding import Rounding
from tasrib.pipeline.deciding import Deciding
from tasrib.scored import SCORED_COLUMNS, check, check_unscored
from tasrib.text.stored import Scratch

# No number is looked for in these: the message is evidence, the sender is the campaign's and not the complainant's; and from the names of
# files numbers were taken when they were opened.
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
# What is known of a complaint on the way to its score and stands in no scored file.
ASIDE = ("plain", "against", "named", "e164", "note", *UNDECIDED)
NUMBERS = ("number_status", "country", "prefix", "operator_allocated", "e164", "note")
_PARTY = ("party", "party_evidence", "against", "named")


def judged(
    complaints: pd.DataFrame, model: Model, country: str, *, n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """
    Say of complaints all that is said of each by itself.

    Parameters
    ----------
    complaints : pandas.DataFrame
        All complaints, or some of them.
    model, country, n_jobs, progress
        As for `tasrib.score`.

    Returns
    -------
    pandas.DataFrame
        One row for each row of `complaints`: its columns, those of a scored complaint but for the names of campaigns, and `ASIDE`.
        Numbers stand in it as they were written. ``review`` is what is not surely to be dismissed: see `Facts.decided`.
    """
    # Numbered anew while at work: an index may hold a name twice, as that of two files put together does.
    given = check_unscored(complaints).drop(columns=list(SCORED_COLUMNS), errors="ignore").reset_index(drop=True)
    given.attrs = {}  # Said of the files that were read, not of what is scored.
    said = _classified(given["text"], model.for_batches(), n_jobs, progress)
    numbers = lookup_many(given["recipient"], country=country)
    others = _other_numbers(given["other_numbers"], country)
    return given.assign(
        **said,
        **_attributed(given, said, country),
        **numbers[list(NUMBERS)],
        operator_serving=serving_operator(given["declared_operator"], country),
        other_operators=_joined(others["operator_allocated"], given.index),
        decided_by="model",
        model=model.version,
    )


class Facts:
    """
    What rests on all complaints of a call.

    Parameters
    ----------
    country : str
        ISO 3166 code of the home country.
    model : Model
        That judged them.
    precision : float, optional
        As for `tasrib.score`.
    scratch : callable
        Makes a file for messages in question until their campaigns are named; in memory by default.
    """

    def __init__(
        self, country: str, model: Model, precision: float | None = None, scratch: Scratch = io.BytesIO
    ) -> None:
        self.country = country
        self._deciding = Deciding(model, precision)
        self.meet, self.decided = self._deciding.meet, self._deciding.decided
        self.numbers, self.complainants = Rounding(), Rounding()
        self.begin()
        self._met = Campaigns(scratch)
        self._named: Named | None = None

    def begin(self) -> None:
        """Begin to tell ids apart: with the first of the complaints that are to be finished."""
        self.hidden = HiddenIds()

    def add(self, part: pd.DataFrame) -> None:
        """
        Take further complaints, once all were met.

        Parameters
        ----------
        part : pandas.DataFrame
            From `judged`.
        """
        part = self.decided(part)
        columns = columns_of(part)
        self.numbers.add(part["recipient"], part["e164"], columns)
        complainant_rounding(self.complainants, part["complainant"], columns, self.country)
        mine = part[part["decision"] != "not_campaign"]
        self._met.add(mine["text"], mine["received_at"], mine[list(SHOWN)], mine["plain"].tolist())

    @property
    def expected(self) -> Expected | None:
        """What is to be expected of the decisions, once all complaints were met; None of a model that cannot say."""
        return self._deciding.terms.expected

    @property
    def campaigns(self) -> Named:
        """The names of campaigns, once all complaints were met."""
        if self._named is None:
            self._named = self._met.named(load_contest(self.country))
            self._met = Campaigns()
        return self._named


def finished(part: pd.DataFrame, facts: Facts, secret: bytes | None) -> pd.DataFrame:
    """
    Say of complaints what rests on all of them, and hide numbers.

    Parameters
    ----------
    part : pandas.DataFrame
        From `judged`; of several one after the other.
    facts : Facts
        Of all complaints.
    secret : bytes or None
        The key of the pseudonyms; numbers are kept where there is none.

    Returns
    -------
    pandas.DataFrame
        By the contract of `tasrib.scored`, with the index of `part`.
    """
    part = facts.decided(part)
    named = np.flatnonzero(part["decision"] != "not_campaign")
    mine = part.iloc[named]
    campaigns = pd.DataFrame("", columns=["campaign_id", "template_id"], index=part.index, dtype="str")
    campaigns.iloc[named] = facts.campaigns.of(mine["text"], mine[list(SHOWN)]).to_numpy()
    numbers = facts.numbers.marked(part[list(NUMBERS)], part["recipient"], columns_of(part))
    scored = part.assign(**campaigns, **numbers).drop(columns=list(ASIDE))
    if secret is not None:
        others = _other_numbers(part["other_numbers"], facts.country)
        scored["recipient"] = _pseudonyms(numbers.assign(written=part["recipient"]), part, secret)
        scored["other_numbers"] = _joined(_pseudonyms(others, part, secret), part.index)
        filed = complainant_keys(part["complainant"], columns_of(part), facts.country, facts.complainants)
        scored["complainant"] = pd.Series(pseudonym(filed.tolist(), secret), index=part.index, dtype="str")
        scored = hide_in_columns(
            scored, _AS_THEY_ARE, lambda number: pseudonym([number], secret)[0], country=facts.country, met=facts.hidden
        )
    return check(scored)


def columns_of(given: pd.DataFrame) -> pd.Series:
    """
    Name the column of the file and sheet that each number stood in.

    Parameters
    ----------
    given : pandas.DataFrame
        Complaints.

    Returns
    -------
    pandas.Series
        Any name, the same for the same column.
    """
    return given["source_file"] + "\x1f" + given["source_sheet"]


def _classified(
    texts: pd.Series, model: Model, n_jobs: int, progress: Callable[[int, int], None] | None
) -> pd.DataFrame:
    inverse, found = pd.factorize(texts)
    said = classify(list(found), model, n_jobs=n_jobs, progress=progress)
    return said.iloc[inverse].set_index(texts.index)


def _attributed(given: pd.DataFrame, said: pd.DataFrame, country: str) -> pd.DataFrame:
    """Party, and what else is seen of contestants, in what is not ``not_campaign``."""
    found = pd.DataFrame("", columns=list(_PARTY), index=given.index, dtype="str")
    rows = np.flatnonzero(said["decision"] != "not_campaign")
    if len(rows):
        # The rules take the message for campaign: what is only to be reviewed gets a party all the same, as a suggestion.
        mine, contest = given.iloc[rows], load_contest(country)
        plain = said["plain"].iloc[rows].tolist()
        shown = attribute_parties(mine["text"].tolist(), mine["sender"].tolist(), contest, plain=plain)
        found.iloc[rows] = shown[list(_PARTY)].to_numpy()
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

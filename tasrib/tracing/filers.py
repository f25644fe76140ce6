"""Who filed each complaint: said by it, or shown by signs that one person filed for many; and one number of each filer."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from tasrib.numbering import complainant_keys
from tasrib.tracing.filing_signs import filing_signs
from tasrib.tracing.rows import Rows

# What the made-up name of a filer begins with of whom only the people they filed for are known.
UNNAMED = "filer:"


def said_filers(scored: pd.DataFrame | Rows, persons: pd.Series, country: str = "MA") -> pd.Series:
    """
    Tell who filed each complaint, as far as the complaints say so.

    One person who files for thirty relatives gives thirty numbers that were not drawn one by one: relatives share an operator. Counted as
    thirty people they make 68% of leak-free campaigns ring (own simulation); the unit that was drawn is the filer, as the household is in
    cluster sampling (Rao & Scott 1981).

    Parameters
    ----------
    scored : pandas.DataFrame or Rows, n rows
        Scored complaints, checked (`tasrib.scored.check`).
    persons : pandas.Series of str, shape (n,)
        Whose number each complaint names, row by row (`tasrib.tracing.persons.persons`).
    country : str
        ISO 3166 code of the home country they were scored for.

    Returns
    -------
    pandas.Series of str, shape (n,)
        The complainant where one is given, in one spelling (`tasrib.numbering.complainant_keys`), else the person whose number was reached
        (`tasrib.tracing.persons.persons`). A complainant of whom the name alone is known and who filed for one person only is that person.
    """
    people = persons
    places = scored["source_file"] + "\x1f" + scored["source_sheet"]
    said = complainant_keys(scored["complainant"], places, country)
    given = said != ""
    if not given.any():
        return people.rename("filer")
    codes, people_codes = pd.factorize(said)[0], pd.factorize(people)[0]
    pairs = pd.DataFrame({"said": codes, "person": people_codes})[given.to_numpy()].drop_duplicates()
    # By their number a complainant is known among the people; by a name alone they are the one person they speak for, or somebody else.
    for_one = np.bincount(pairs["said"], minlength=codes.max() + 1)[codes] == 1
    themself = given & ~said.isin(people) & for_one
    return said.where(given & ~themself, people).astype("str").rename("filer")


def inferred_filers(scored: pd.DataFrame | Rows, persons: pd.Series, country: str = "MA") -> pd.Series:
    """
    Tell who filed each complaint by signs that one person filed for many, where nobody says who filed.

    Parameters
    ----------
    scored : pandas.DataFrame or Rows, n rows
        Scored complaints, checked, all of them: whether rows stand side by side by chance is judged by the others.
    persons : pandas.Series of str, shape (n,)
        Whose number each complaint names, row by row (`tasrib.tracing.persons.persons`).
    country : str
        ISO 3166 code of the home country: at its midnight begin days that were given without a time.

    Returns
    -------
    pandas.Series of str, shape (n,)
        One name of the filer for all complaints of a sign (`tasrib.tracing.filing_signs.filing_signs`), made of the people they filed for; of
        every other complaint the person. The name does not depend on the order of the rows.
    """
    people, names = pd.factorize(persons)
    found: dict[int, str] = {}
    filer = persons.rename("filer")
    for rows in _joined(filing_signs(scored, people, country)):
        told = "\x1f".join(sorted(set(names[people[rows]])))
        named = UNNAMED + hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        found |= dict.fromkeys(rows.tolist(), named)
    filer.iloc[list(found)] = list(found.values())
    return filer


def filed_for_others(filer: pd.Series, persons: pd.Series) -> tuple[int, int]:
    """
    Count the people of filers who filed for two or more.

    Parameters
    ----------
    filer, persons : pandas.Series of str, shape (n,)
        Who filed each complaint and whose number it names, row by row.

    Returns
    -------
    (int, int)
        How many people, and how many filers: ``n_filed`` and ``n_filers`` of the caveat ``one_filer``.
    """
    pairs = pd.DataFrame({"filer": filer.to_numpy(), "person": persons.to_numpy()}).drop_duplicates()
    for_others = pairs[pairs.duplicated("filer", keep=False)]
    return for_others["person"].nunique(), for_others["filer"].nunique()


def one_each(rows: pd.DataFrame, filer: pd.Series, by: str = "campaign_id") -> pd.DataFrame:
    """
    Keep one person of each filer and thing received.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, m)
        One row a person and thing, with a column ``person`` and the column `by`.
    filer : pandas.Series of str, shape (n,)
        Who filed each, row by row.
    by : str
        The thing: a campaign, or a column that is the same for all rows that are to be counted together.

    Returns
    -------
    pandas.DataFrame
        All rows of the people kept, in their order. Which person of a filer is kept is drawn by a hash of their name (BLAKE2b), so that it
        depends neither on the order of the file nor on the number and hence the operator, and is the same for every thing they share.
    """
    each = pd.DataFrame({"filer": filer.to_numpy(), "by": rows[by].to_numpy(), "person": rows["person"].to_numpy()})
    pairs = each.drop_duplicates()
    several = pairs[pairs.duplicated(["filer", "by"], keep=False)]
    if several.empty:
        return rows
    drawn = {person: _drawn(person) for person in several["person"].unique()}
    order = several.assign(drawn=several["person"].map(drawn)).sort_values(["drawn", "person"], kind="stable")
    left_out = order[order.duplicated(["filer", "by"])]
    keys = pd.MultiIndex.from_frame(each)
    return rows[~keys.isin(pd.MultiIndex.from_frame(left_out[["filer", "by", "person"]]))]


def _drawn(person: str) -> str:
    return hashlib.blake2b(person.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _joined(groups: list[np.ndarray]) -> list[np.ndarray]:
    """Groups of rows, those that share a row put together."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent.setdefault(row, row) != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for group in groups:
        first = root(int(group[0]))
        for row in group[1:]:
            parent[root(int(row))] = first
    found: dict[int, list[int]] = {}
    for row in list(parent):
        found.setdefault(root(row), []).append(row)
    return [np.array(rows) for rows in found.values()]

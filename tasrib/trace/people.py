"""From complaints to people: who was reached by what, each counted once, and with whom they are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering import lookup_many

CONTROL_CATEGORIES = ("commercial", "scam")
PSEUDONYM = r"p-[a-z2-7]{16}$"
_NEEDED = ("recipient", "category", "decision", "campaign_id", "operator_allocated", "number_status")


@dataclass(frozen=True)
class People:
    """
    The people of a batch.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a person and thing received: ``person``, ``campaign_id`` (empty for a control message), ``operator``
        (empty where the prefix is of no known operator), ``channel``, ``month``, ``region``, ``control``.
    """

    frame: pd.DataFrame

    def reached(self, campaign: str) -> pd.DataFrame:
        """People reached by a campaign, one row each."""
        return self.frame[self.frame["campaign_id"] == campaign].drop_duplicates("person")

    def campaigns(self) -> list[str]:
        """Ids of all campaigns, largest first."""
        rows = self.frame[self.frame["campaign_id"] != ""]
        counts = rows.drop_duplicates(["campaign_id", "person"])["campaign_id"].value_counts()
        return sorted(counts.index, key=lambda name: (-counts[name], name))

    def controls(self, campaign: str, also: list[str], least: int) -> tuple[pd.DataFrame, bool]:
        """
        People to compare a campaign's people with, one row each.

        Parameters
        ----------
        campaign : str
            The campaign.
        also : list of str
            Other campaigns whose people may serve.
        least : int
            With fewer from the same channels and months, all channels and months are taken.

        Returns
        -------
        (controls, relaxed) : (pandas.DataFrame, bool)
            The controls, and whether other months or channels had to be taken.
        """
        cases = self.reached(campaign)
        pool = self.frame[self.frame["control"] | self.frame["campaign_id"].isin(also)]
        pool = pool[~pool["person"].isin(cases["person"])]
        near = pool
        for column in ("channel", "month"):
            known = set(cases[column]) - {""}
            near = near[near[column].isin({*known, ""})] if known else near
        near = near.drop_duplicates("person")
        if (near["operator"] != "").sum() >= least:
            return near, False
        everyone = pool.drop_duplicates("person")
        return everyone, len(everyone) > len(near)


def gather_people(scored: pd.DataFrame, country: str = "MA") -> People:
    """
    Turn scored complaints into people.

    Parameters
    ----------
    scored : pandas.DataFrame
        As from `tasrib.score`.
    country : str
        ISO 3166 code of the home country they were scored for.

    Returns
    -------
    People
        Only people with a mobile number of the home country: another number says nothing of its operators.

    Raises
    ------
    TasribError
        When columns are missing, or the complaints were scored for another country.
    """
    missing = [name for name in _NEEDED if name not in scored.columns]
    if missing:
        raise TasribError(
            f"these are no scored complaints: columns {', '.join(missing)} are missing; run tasrib score first"
        )
    rows = scored[scored["number_status"] == "valid"]
    others = sorted(set(rows.get("country", pd.Series(dtype="str"))) - {country, ""})
    if others:
        raise TasribError(
            f"these complaints were scored for {', '.join(others)}, not {country}; give the country they were scored for"
        )
    campaign = rows["campaign_id"].fillna("").where(rows["decision"] == "campaign", "")
    control = rows["category"].isin(CONTROL_CATEGORIES) & (rows["decision"] == "not_campaign")
    empty = pd.Series("", index=rows.index)
    frame = pd.DataFrame(
        {
            "person": one_spelling(rows["recipient"], country),
            "campaign_id": campaign,
            "operator": rows["operator_allocated"].fillna(""),
            "channel": rows.get("channel", empty).fillna(""),
            "month": _month(rows["received_at"]) if "received_at" in rows else empty,
            "region": rows.get("region", empty).fillna(""),
            "control": control,
        }
    )
    frame = frame[(frame["campaign_id"] != "") | frame["control"]]
    # Which of a person's rows is kept must not depend on the order of the file.
    order = ["person", "campaign_id", "month", "channel", "region"]
    return People(frame.sort_values(order, kind="stable").reset_index(drop=True))


def one_spelling(recipients: pd.Series, country: str) -> pd.Series:
    """
    Write each number in one way, so that a person is one name.

    Parameters
    ----------
    recipients : pandas.Series of str
        Pseudonyms, which stay as they are, or numbers kept by ``keep_numbers``, in any spelling.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.Series of str
        Numbers in E.164 form where they can be read.
    """
    out = recipients.fillna("").astype("str")
    numbers = ~out.str.match(PSEUDONYM)
    if numbers.any():
        read = lookup_many(out[numbers], country=country)["e164"].to_numpy(dtype=object)
        out[numbers] = np.where(read != "", read, out[numbers].to_numpy(dtype=object))
    return out


def count_by(people: pd.DataFrame, operators: list[str]) -> np.ndarray:
    """
    Count people by operator.

    Parameters
    ----------
    people : pandas.DataFrame
        With a column ``operator``.
    operators : list of str
        Names, in the order wanted.

    Returns
    -------
    numpy.ndarray of int, shape (n_operators,)
        People of other or unknown operators are not counted.
    """
    return people["operator"].value_counts().reindex(operators, fill_value=0).to_numpy(int)


def top_region(people: pd.DataFrame) -> tuple[str, float]:
    """
    Most frequent region and its share of the people with a region.

    Parameters
    ----------
    people : pandas.DataFrame
        With a column ``region``.

    Returns
    -------
    (str, float)
        ``("", 0.0)`` where no region is known.
    """
    shares = people.loc[people["region"] != "", "region"].value_counts(normalize=True)
    return (str(shares.index[0]), float(shares.iloc[0])) if len(shares) else ("", 0.0)


def _month(received_at: pd.Series) -> pd.Series:
    return pd.to_datetime(received_at, utc=True, format="ISO8601").dt.strftime("%Y-%m").fillna("").astype("str")

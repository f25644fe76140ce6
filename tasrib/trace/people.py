"""From complaints to people: who was reached by what, each counted once, and with whom they are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CONTROL_CATEGORIES = ("commercial", "scam")
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
        months = set(cases["month"]) - {""}
        near = pool[
            pool["channel"].isin({*cases["channel"], ""}) & (pool["month"].isin({*months, ""}) if months else True)
        ].drop_duplicates("person")
        if (near["operator"] != "").sum() >= least:
            return near, False
        everyone = pool.drop_duplicates("person")
        return everyone, len(everyone) > len(near)


def gather_people(scored: pd.DataFrame) -> People:
    """
    Turn scored complaints into people.

    Parameters
    ----------
    scored : pandas.DataFrame
        As from `tasrib.score`.

    Returns
    -------
    People
        Only people with a mobile number of the home country: another number says nothing of its operators.

    Raises
    ------
    ValueError
        When columns are missing.
    """
    missing = [name for name in _NEEDED if name not in scored.columns]
    if missing:
        raise ValueError(f"these are no scored complaints: columns {', '.join(missing)} are missing; run tasrib score first")
    rows = scored[scored["number_status"] == "valid"]
    campaign = rows["campaign_id"].fillna("").where(rows["decision"] == "campaign", "")
    control = rows["category"].isin(CONTROL_CATEGORIES) & (rows["decision"] == "not_campaign")
    empty = pd.Series("", index=rows.index)
    frame = pd.DataFrame(
        {
            "person": rows["recipient"],
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
    return People(frame.sort_values(["person", "campaign_id", "month", "channel"], kind="stable").reset_index(drop=True))


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

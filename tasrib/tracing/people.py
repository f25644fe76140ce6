"""From complaints to people: who was reached by what, each counted once, and with whom they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from tasrib.errors import TasribError
from tasrib.numbering import lookup_many

CONTROL_CATEGORIES = ("commercial", "scam")
PSEUDONYM = r"p-[a-z2-7]{16}$"
_AS_WRITTEN = {
    "channel": "channel", "region": "region", "serving": "operator_serving", "prefix": "prefix", "known_to": "known_to",
    "other_operators": "other_operators",
}  # fmt: skip
_NEEDED = ("recipient", "category", "decision", "campaign_id", "operator_allocated", "number_status")


@dataclass(frozen=True)
class People:
    """
    The people of a batch.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a person and thing received: ``person``, ``campaign_id`` (empty for a control message), ``operator``
        (empty where the prefix is of no known operator), ``serving`` (what the person says; empty where unsaid),
        ``prefix``, ``channel``, ``month``, ``region``, ``known_to``, ``other_operators``, ``control``.
    reports : pandas.Series
        How many different things each person reported, by person.
    """

    frame: pd.DataFrame
    reports: pd.Series

    def reached(self, campaign: str) -> pd.DataFrame:
        """People reached by a campaign, one row each."""
        places = self._places.get(campaign)
        return self.frame.iloc[[] if places is None else places].drop_duplicates("person")

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        return self.frame.groupby("campaign_id", sort=False).indices


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
            "month": _month(rows["received_at"]) if "received_at" in rows else empty,
            "control": control,
        }
    )
    for name, source in _AS_WRITTEN.items():
        frame[name] = rows[source].fillna("").astype("str") if source in rows else empty
    frame["region"] = frame["region"].str.strip().str.casefold()
    # Everything that a person reported tells how busy a complainant they are, whatever the model made of it.
    reports = frame["person"].value_counts()
    frame = frame[(frame["campaign_id"] != "") | frame["control"]]
    # Which of a person's rows is kept must not depend on the order of the file.
    order = ["person", "campaign_id", "month", "channel", "region"]
    return People(frame.sort_values(order, kind="stable").reset_index(drop=True), reports)


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

"""The messages of campaigns, and what each person received, as they handed it in."""

from __future__ import annotations

import pandas as pd

from tasrib.tracing.persons import persons


def of_campaigns(scored: pd.DataFrame) -> pd.DataFrame:
    """
    Choose the complaints of campaigns.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, checked (`tasrib.scored.check`).

    Returns
    -------
    pandas.DataFrame
        Those that are decided to be a campaign's and have its name.
    """
    return scored.loc[(scored["decision"] == "campaign") & (scored["campaign_id"] != "")]


def campaign_messages(scored: pd.DataFrame, country: str) -> pd.DataFrame:
    """
    List the messages of all campaigns.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, checked (`tasrib.scored.check`).
    country : str
        ISO 3166 code of the home country they were scored for.

    Returns
    -------
    pandas.DataFrame
        One row a complaint of a campaign: ``campaign_id``, ``person`` (see `persons`; also who has no number of the home country, as a message
        reads the same whoever got it) and ``text``.
    """
    mine = of_campaigns(scored)
    return mine[["campaign_id", "text"]].assign(person=persons(mine, country))[["campaign_id", "person", "text"]]

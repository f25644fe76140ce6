"""The messages of campaigns, and what each person received, as they handed it in."""

from __future__ import annotations

import pandas as pd

from tasrib.tracing.persons import persons
from tasrib.tracing.rows import Rows

# Of a message, and of whoever complained of it (`persons`).
_ASKED = (
    "campaign_id", "decision", "party", "text", "received_at", "sender", "template_id", "recipient", "number_status", "complaint_id",
    "source_file", "source_sheet", "source_row",
)  # fmt: skip


def in_campaigns(scored: pd.DataFrame | Rows) -> pd.Series:
    """
    Tell the complaints of campaigns from others.

    Parameters
    ----------
    scored : pandas.DataFrame or Rows
        Scored complaints.

    Returns
    -------
    pandas.Series of bool
        Whether each is decided to be a campaign's and has its name.
    """
    return (scored["decision"] == "campaign") & (scored["campaign_id"] != "")


def messages_of(rows: Rows) -> pd.DataFrame:
    """
    Write the complaints of campaigns out, as far as anything is said of them.

    Parameters
    ----------
    rows : Rows
        Scored complaints.

    Returns
    -------
    pandas.DataFrame
        As `of_campaigns`, without the columns that nobody asks for: theirs is most of what complaints take.
    """
    return rows.where(in_campaigns(rows).to_numpy(bool)).frame(_ASKED)


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
        Those of `in_campaigns`.
    """
    return scored.loc[in_campaigns(scored)]


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

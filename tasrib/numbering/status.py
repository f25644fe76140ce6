"""The words that ``number_status`` may hold, and what each means."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

NumberStatus = Literal[
    "valid",
    "foreign",
    "landline",
    "shared_cost",
    "premium_rate",
    "toll_free",
    "voip",
    "other",
    "short_code",
    "alphanumeric",
    "spoiled",
    "invalid",
    "missing",
]

NUMBER_STATUSES: tuple[str, ...] = get_args(NumberStatus)

STATUS_MEANING: dict[str, str] = {
    "valid": "a mobile number of the home country; its operator may still be unknown",
    "foreign": "a number of another country, mobile or not",
    "landline": "a fixed line of the home country",
    "shared_cost": "a number whose cost caller and called share",
    "premium_rate": "a number that costs extra to call",
    "toll_free": "a number that is free to call",
    "voip": "an Internet telephone number",
    "other": "another kind of number of the home country (pager, personal, company access)",
    "short_code": "2 to 5 digits, such as 2727: a service, not a subscriber",
    "alphanumeric": "letters: the name of a sender or an e-mail address, not a number",
    "spoiled": "digits are gone, by a spreadsheet (6.61235E+08, ####) or by masking (0661XXXXXX)",
    "invalid": "digits that make no number of any numbering plan",
    "missing": "nothing there",
}


def number_warnings(statuses: pd.Series) -> list[str]:
    """
    Say what became of recipients' numbers that could not be read.

    Parameters
    ----------
    statuses : pandas.Series of str
        ``number_status`` of scored complaints.

    Returns
    -------
    list of str
        Sentences, none of them with a number of a person in it; empty where every number could be read.
    """
    counts, of = statuses.value_counts(), len(statuses)
    spoiled, unread = int(counts.get("spoiled", 0)), int(counts.get("invalid", 0)) + int(counts.get("missing", 0))
    said = []
    if spoiled:
        said.append(
            f"{spoiled} of {of} telephone numbers have lost digits (rounded by a spreadsheet, written as 6.61E+08, or masked): each counts "
            "as an unknown person of no operator. What is gone cannot be brought back: export the file again from where it came from, with the "
            "column formatted as text before numbers are put into it"
        )
    if unread:
        said.append(
            f"{unread} of {of} telephone numbers are missing, in no numbering plan, or several in one cell: each counts as an unknown "
            "person of no operator"
        )
    return said

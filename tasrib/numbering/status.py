"""The words that ``number_status`` may hold, and what each means."""

from __future__ import annotations

from typing import Literal, get_args

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

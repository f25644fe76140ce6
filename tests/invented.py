"""Invented messages that several tests need: of campaigns, and of shops, the controls."""

import numpy as np
import pandas as pd
from frames import scored_frame

# One text for any contestant and town.
TEMPLATE = (
    "أيها المواطن، أيتها المواطنة، يوم 8 شتنبر صوتوا بكثافة على رمز {} من أجل مدينة نظيفة وشغل لأبنائنا ومدارس تليق "
    "بهم، مرشحكم وكيل اللائحة بدائرة {} معكم دائما"
)
# Operators, each with one of its prefixes.
OPERATORS = {"Inwi": "0640", "Maroc Telecom": "0661", "Orange": "0612"}
# Twelve shops: their messages are no near-duplicates of each other.
SHOPS = [
    f"Soldes sur les {wares} ce samedi"
    for wares in (
        "tapis", "lunettes", "vélos", "poteries", "canapés", "fenêtres", "parfums", "téléviseurs", "chaussures", "matelas", "jouets", "bijoux",
    )
]  # fmt: skip
_COLUMNS = ["text", "sender", "operator_allocated", "campaign_id"]


def shop_rows(rng, n):
    """Complaints of shops, by customers of any operator alike: rows for `case_of`."""
    shop = rng.integers(0, len(SHOPS), n)
    operators = rng.choice(list(OPERATORS), n)
    return [(SHOPS[i], f"SHOP{i}", operator, "") for i, operator in zip(shop, operators, strict=True)]


def case_of(rows):
    """Scored complaints of one day from text, sender, operator and campaign; without a campaign they are advertising."""
    table = pd.DataFrame(rows, columns=_COLUMNS)
    mine = table["campaign_id"] != ""
    return scored_frame(
        len(table), **{name: table[name] for name in _COLUMNS}, prefix=table["operator_allocated"].map(OPERATORS),
        received_at="2021-09-01", channel="sms", language="fr", decision=np.where(mine, "campaign", "not_campaign"),
        category=np.where(mine, "political_campaign", "commercial"),
    )  # fmt: skip

"""Scored complaints for tests, by the contract of tasrib.scored."""

import pandas as pd

from tasrib.scored import COLUMNS, check

PLAIN = {
    "text": "a message", "category": "other", "probability": 0.0, "decision": "not_campaign", "language": "",
    "campaign_id": "", "number_status": "valid", "country": "MA", "operator_allocated": "",
}  # fmt: skip


def scored_frame(n, **columns):
    """Make `n` scored complaints: what is not given is as plain as the contract allows."""
    unknown = set(columns) - {column.name for column in COLUMNS}
    assert not unknown, f"no columns of a scored complaint: {unknown}"
    given = {name: value.to_numpy() if isinstance(value, pd.Series) else value for name, value in columns.items()}
    one_each = {"recipient": [f"p-{i}" for i in range(n)]}
    return check(pd.DataFrame(PLAIN | one_each | given, index=range(n)), needed=())

"""Reports of some months and channels, held against plain pandas."""

import numpy as np
import pandas as pd
import pytest

from tasrib.tracing.windows import EVERYTHING, Reports, when_and_how

MONTHS, CHANNELS = ["", "2021-07", "2021-08", "2021-09"], ["", "sms", "whatsapp"]


def drawn(n=400):
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {"person": rng.integers(0, 60, n), "thing": rng.integers(0, 5, n), "month": rng.choice(MONTHS, n), "channel": rng.choice(CHANNELS, n)}
    )  # fmt: skip


def within(rows, key):
    return Reports(rows, rows["person"].to_numpy(), rows["thing"].to_numpy()).within(key)


@pytest.mark.parametrize("channels", [set(), {"sms"}])
@pytest.mark.parametrize("months", [set(), {"2021-07"}, {"2021-08", "2021-09"}])
def test_a_window_holds_its_months_and_channels_and_the_unknown_ones(months, channels):
    rows = drawn()
    kept = rows[rows["month"].isin(months | {""} if months else MONTHS)]
    kept = kept[kept["channel"].isin(channels | {""} if channels else CHANNELS)]
    expected = kept.drop_duplicates(["person", "thing"]).index.tolist()
    assert 50 < len(expected) < len(rows)
    assert within(rows, (frozenset(months), frozenset(channels))).tolist() == expected


def test_a_person_is_in_every_window_in_which_they_complained():
    rows = pd.DataFrame({"person": 0, "thing": 0, "month": MONTHS[1:], "channel": "sms"})
    assert within(rows, EVERYTHING).tolist() == [0]
    assert within(rows, (frozenset({"2021-09"}), frozenset())).tolist() == [2]


def test_months_of_which_nobody_complained_hold_what_has_no_date():
    rows = pd.DataFrame({"person": [0, 1], "thing": 0, "month": ["", "2021-07"], "channel": "sms"})
    assert within(rows, (frozenset({"2021-01"}), frozenset())).tolist() == [0]
    assert within(rows.iloc[:0], EVERYTHING).tolist() == []


def test_people_reached_tell_the_months_and_channels_that_they_know():
    rows = pd.DataFrame({"month": ["2021-07", "", "2021-07"], "channel": ["", "", ""]})
    assert when_and_how(rows) == (frozenset({"2021-07"}), frozenset())

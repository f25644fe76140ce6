"""Whom a campaign's people are compared with: counts by plain pandas, and who may be whose control."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

people = import_module("tasrib.tracing.people")
pool_of = import_module("tasrib.tracing.pool")
OPERATORS = ["A", "B", "C"]


def complaints(seed=0, n=3000, **fixed):
    """Complaints at random: a third of a few campaigns, the rest of shops, swindles and other things."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, int(n * 0.8), n)
    category = rng.choice(["political_campaign", "commercial", "scam", "other"], n, p=[0.35, 0.3, 0.2, 0.15])
    campaign = category == "political_campaign"
    columns = {
        "recipient": [f"p-{i}" for i in who],
        "category": category,
        "decision": np.where(campaign, "campaign", "not_campaign"),
        "campaign_id": np.where(campaign, rng.choice(["c1", "c2", "c3"], n, p=[0.5, 0.3, 0.2]), ""),
        "operator_allocated": np.array([*OPERATORS, ""])[who % 7 % 4],
        "channel": rng.choice(["sms", "whatsapp"], n, p=[0.8, 0.2]),
        "region": np.array(["north", "south", "east"])[who % 3],
        "received_at": pd.Timestamp("2021-07-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 62, n), "D"),
    }
    return scored_frame(n, **columns | fixed)


def compared(frame, campaign="c1", also=(), least=10):
    everyone = people.gather_people(frame)
    return pool_of.Pool(everyone, also, OPERATORS).beside(everyone.reached(campaign), least)


def by_hand(frame, campaign, also, strata):
    """The same counts: people reached, and reports of the controls as people."""
    frame = frame.assign(month=frame["received_at"].dt.strftime("%Y-%m"))
    columns = ["month", "channel", "region"]
    mine = frame[frame["campaign_id"] == campaign].sort_values(["recipient", *columns]).drop_duplicates("recipient")
    is_control = frame["category"].isin(["commercial", "scam"]) & (frame["decision"] == "not_campaign")
    rest = frame[is_control | frame["campaign_id"].isin(also)].assign(first=~is_control)
    rest = rest[(rest["campaign_id"] != campaign) & rest["operator_allocated"].isin(OPERATORS)]
    rest = rest[rest["month"].isin(mine["month"]) & rest["channel"].isin(mine["channel"])]
    # Months first, then each person once a sender: all messages of shops have one text here.
    rest = rest.sort_values(["recipient", "campaign_id", *columns]).drop_duplicates(["recipient", "campaign_id"])
    reports = rest["recipient"].value_counts()
    worth = reports.sum() / (reports**2).sum()
    mine = mine[mine["operator_allocated"].isin(OPERATORS)]
    by = [*strata, "operator_allocated"]
    counts = [
        part.groupby(by).size().unstack(fill_value=0).reindex(columns=OPERATORS, fill_value=0) for part in (mine, rest)
    ]
    return counts[0], counts[1].reindex(counts[0].index, fill_value=0) * worth


@pytest.mark.parametrize("also", [(), ("c2",), ("c2", "c3"), ("c1", "c2")])
@pytest.mark.parametrize("campaign", ["c1", "c3"])
def test_counts_by_hand(campaign, also):
    frame = complaints()
    found = compared(frame, campaign, also)
    assert found.strata == ("region", "month", "channel")
    reached, controls = by_hand(frame, campaign, also, list(found.strata))
    np.testing.assert_array_equal(found.reached, reached)
    np.testing.assert_allclose(found.controls, controls, atol=1)
    np.testing.assert_allclose(found.controls.sum(1), controls.sum(1), atol=0.51)
    assert found.n_strata == 12
    assert not found.relaxed


def test_a_control_counts_once_however_often_they_complain():
    frame = complaints(n=400)
    controls = frame[frame["category"] == "commercial"]
    found, again = compared(frame), compared(pd.concat([frame, controls, controls]))
    np.testing.assert_array_equal(again.controls.sum(0), found.controls.sum(0))
    different = controls.assign(campaign_id="", category="scam")
    np.testing.assert_array_equal(compared(pd.concat([frame, different])).controls.sum(0), found.controls.sum(0))


def test_reports_count_and_not_how_many_people_ever_made_one():
    """Customers of A complain of everything: they are as many among the reports of a month as among a campaign's, not among people."""
    rng = np.random.default_rng(3)
    operator = rng.choice(OPERATORS, 600)
    eager = np.where(operator == "A", 0.9, 0.15)
    reports = [
        scored_frame(
            600, recipient=[f"p-{i}" for i in range(600)], operator_allocated=operator, category="commercial", text=chr(97 + shop) * 30, sender=f"S{shop}",
        )[rng.random(600) < eager]
        for shop in range(12)
    ]  # fmt: skip
    reached = scored_frame(
        600, recipient=[f"p-{i}" for i in range(600)], operator_allocated=operator, category="political_campaign",
        decision="campaign", campaign_id="c1",
    )[rng.random(600) < eager]  # fmt: skip
    found = compared(pd.concat([*reports, reached]))
    shares = found.controls.sum(0) / found.controls.sum()
    assert abs(shares - found.reached.sum(0) / found.reached.sum()).max() < 0.06
    # Somebody who reported twelve things is no twelve people.
    assert found.controls.sum() < 0.4 * sum(map(len, reports))


def test_months_that_have_nothing_to_do_with_a_campaign_change_nothing():
    frame = complaints()
    frame.loc[frame["campaign_id"] == "c1", "received_at"] = pd.Timestamp("2021-07-05", tz="UTC")
    july = frame[frame["received_at"].dt.month == 7]
    np.testing.assert_array_equal(compared(frame).controls, compared(july).controls)


def test_an_operators_own_advertising_is_no_control():
    frame = complaints()
    own = frame[(frame["category"] == "commercial") & (frame["operator_allocated"] == "B")].head(150)
    rest = frame[~frame.index.isin(own.index)].assign(text="a sale")
    own = own.assign(text="B thanks you", sender="B")
    found = compared(pd.concat([rest, own]))
    (aside,) = found.aside
    assert (aside.operator, aside.share) == ("B", 1.0)
    np.testing.assert_array_equal(found.controls, compared(rest).controls)


def test_nobody_is_drawn_as_their_own_control():
    frame = complaints(n=400)
    mine = frame[frame["campaign_id"] == "c1"]
    shop = mine.assign(category="commercial", decision="not_campaign", campaign_id="")
    everyone = people.gather_people(pd.concat([frame, shop]))
    pool = pool_of.Pool(everyone, ["c1", "c2"], OPERATORS)
    rows = pool.rows_beside(everyone.reached("c1"), 100, relaxed=True)
    assert not rows.index.isin(mine["recipient"]).any()
    assert rows.index.is_unique
    # As one of several campaigns that serve, it is no control of itself.
    alone = pool_of.Pool(everyone, ["c2"], OPERATORS).beside(everyone.reached("c1"), 10)
    np.testing.assert_array_equal(pool.beside(everyone.reached("c1"), 10).controls, alone.controls)


@pytest.mark.parametrize(
    ("changes", "strata"),
    [
        ({}, ("region", "month", "channel")),
        ({"channel": "sms"}, ("region", "month")),
        ({"channel": "sms", "received_at": pd.Timestamp("2021-07-05", tz="UTC")}, ("region",)),
        ({"region": ""}, ("month", "channel")),
        ({"region": "", "channel": "sms"}, ("month",)),
        ({"region": "", "received_at": pd.Timestamp("2021-07-05", tz="UTC")}, ("channel",)),
        ({"region": "", "channel": "sms", "received_at": pd.NaT}, ()),
    ],
)
def test_strata_are_what_tells_people_apart(changes, strata):
    found = compared(complaints(**changes))
    assert found.strata == strata
    assert found.reached.sum() == compared(complaints()).reached.sum()


def test_strata_are_the_finest_that_keep_nearly_everyone():
    # The campaign's people of one region have no controls there in July: regions by month would leave out more than 5%.
    frame = complaints()
    lone = (frame["region"] == "north") & (frame["received_at"].dt.month == 7) & (frame["campaign_id"] == "")
    assert compared(frame[~lone]).strata == ("region",)
    # With a single control in each of these cells, nobody is left out.
    kept = frame[lone & frame["category"].eq("commercial")].drop_duplicates(["channel", "operator_allocated"])
    assert compared(pd.concat([frame[~lone], kept])).strata == ("region", "month", "channel")


def test_few_people_are_not_cut_up():
    frame = complaints(n=60)
    found = compared(frame)
    assert found.reached.sum() >= 5 * found.n_strata


def test_controls_of_other_months_and_channels_only_where_there_are_too_few():
    frame = complaints()
    near = frame[(frame["campaign_id"] == "c1") | (frame["received_at"].dt.month == 7)]
    july = near[(near["campaign_id"] != "c1") | (near["received_at"].dt.month == 7)]
    later = frame[(frame["campaign_id"] == "") & (frame["received_at"].dt.month == 8)]
    found = compared(july)
    assert not found.relaxed
    np.testing.assert_array_equal(compared(pd.concat([july, later])).controls, found.controls)
    few = compared(pd.concat([july, later]), least=10_000)
    assert few.relaxed
    assert few.strata == ("region",)
    assert few.controls.sum() > found.controls.sum()
    # Without any others there is nothing to relax.
    assert not compared(july, least=10_000).relaxed


def test_order_of_rows_changes_nothing():
    frame = complaints(n=800)
    found = compared(frame, also=["c2"])
    turned = frame.sample(frac=1, random_state=3)
    np.testing.assert_array_equal(compared(turned, also=["c2"]).controls, found.controls)
    np.testing.assert_array_equal(compared(turned, also=["c2"]).reached, found.reached)
    rows = [
        pool_of.Pool(everyone, ["c2"], OPERATORS).rows_beside(everyone.reached("c1"), 1, relaxed=False)
        for everyone in (people.gather_people(frame), people.gather_people(turned))
    ]
    pd.testing.assert_frame_equal(*rows)


def test_rows_beside_are_spread_and_no_more_than_asked():
    everyone = people.gather_people(complaints())
    pool, cases = pool_of.Pool(everyone, [], OPERATORS), everyone.reached("c3")
    every = pool.rows_beside(cases, 1_000, relaxed=False)
    some = pool.rows_beside(cases, 1, relaxed=False)
    assert 0 < len(every) <= compared(complaints(), "c3").controls.sum()
    assert len(some) == len(cases)
    assert set(some.index) <= set(every.index)
    assert {every.index[0], every.index[-1]} <= set(some.index)


def test_without_controls_all_is_one_stratum():
    frame = complaints(n=300)
    found = compared(frame[frame["campaign_id"] == "c1"])
    assert found.strata == ()
    assert found.controls.sum() == 0
    assert found.n_strata == 0
    assert found.reached.shape == (1, 3)

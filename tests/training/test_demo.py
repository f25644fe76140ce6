from collections import Counter

import pandas as pd
import pytest

from tasrib.attribute import attribute_parties
from tasrib.complaints import read_complaints
from tasrib.numbering import canonical_operator, lookup_many
from tasrib.report.alias import read_alias
from tasrib.text import near_duplicate_groups
from training.make_demo import make

MADE = ("complaints.csv", "operators.csv", "canaries.csv", "truth.json")


@pytest.fixture(scope="module")
def read(folder):
    return read_complaints(folder / "complaints.csv")


@pytest.fixture(scope="module")
def complaints(read, truth, folder):
    """The good rows with their story, the normalised number and the letter of the operator of its prefix."""
    frame = read[0].copy()
    frame["story"] = frame["complaint_id"].map(truth["rows"])
    numbers = lookup_many(frame["recipient"])
    letters = read_alias(folder / "operators.csv")
    return frame.assign(
        status=numbers["number_status"],
        person=numbers["e164"],
        letter=[letters.get(name, "unknown") for name in numbers["operator_allocated"]],
    )


def by_prefix(frame):
    people = frame[frame["status"] == "valid"].drop_duplicates("person")
    return {"A": 0, "B": 0, "C": 0, "unknown": 0} | dict(Counter(people["letter"]))


@pytest.mark.parametrize("name", MADE)
def test_script_makes_the_committed_bytes(name, folder, tmp_path_factory):
    made = tmp_path_factory.getbasetemp() / "demo"
    if not made.exists():
        make(made)
    assert (made / name).read_bytes() == (folder / name).read_bytes()


def test_every_row_is_a_complaint_or_meant_for_quarantine(read, truth):
    complaints, rejected = read
    assert set(complaints["complaint_id"]) == set(truth["rows"])
    assert len(complaints) == truth["complaints"]
    assert rejected["row"].tolist() == [entry["row"] for entry in truth["quarantine"]]
    reasons = Counter(entry["reason"] for entry in truth["quarantine"])
    assert reasons == {
        "no message": 3,
        "no number": 3,
        "too many cells": 2,
        "repeated number of complaint": 2,
    }


def test_quarantine_is_for_the_reason_meant(read, truth):
    sign = {
        "no message": "Message is empty",
        "no number": "Numéro du plaignant is empty",
        "too many cells": "cells, the header",
        "repeated number of complaint": "is already in row",
    }
    lost = read[0].set_index("complaint_id").loc[[entry["complaint_id"] for entry in truth["dates_lost"]]]
    assert len(lost) == 2
    assert lost["received_at"].isna().all()
    for reason, entry in zip(read[1]["reason"], truth["quarantine"], strict=True):
        assert sign[entry["reason"]] in reason


def test_people_and_operators_are_those_of_the_truth(complaints, truth):
    for key, campaign in truth["campaigns"].items():
        mine = complaints[complaints["story"] == key]
        assert len(mine) == campaign["complaints"]
        assert by_prefix(mine) == campaign["by_prefix"]
        assert sum(campaign["by_prefix"].values()) == campaign["people"]
    controls = complaints[complaints["story"].isin(["commercial", "scam"])]
    assert by_prefix(controls) == truth["controls"]["by_prefix"]


def test_story_is_the_one_of_the_brief(truth):
    campaigns = truth["campaigns"]
    assert [key for key, campaign in campaigns.items() if campaign["leak"]] == ["LEAK"]
    assert [key for key, campaign in campaigns.items() if campaign["holder"]] == ["SHOP_LIST"]
    assert [key for key, campaign in campaigns.items() if campaign["dialled"]] == ["DIALLED"]
    assert campaigns["LEAK"]["leak"] == {"operator": "A", "share": 0.45, "people": 72}
    assert {campaign["party"] for campaign in campaigns.values() if campaign["people"] > 40} == {""}
    assert truth["complaint_rate_by_operator"] == {"A": 1.0, "B": 1.6, "C": 1.0}
    assert sum(truth["wrongly_reported"].values()) == 62


def test_two_campaigns_share_a_list(complaints, truth):
    people = {
        key: set(complaints.loc[(complaints["story"] == key) & (complaints["status"] == "valid"), "person"])
        for key in truth["shared_list"]["campaigns"]
    }
    assert len(people["SHARED_1"] & people["SHARED_2"]) == truth["shared_list"]["people"]
    assert truth["shared_list"]["people"] / len(people["SHARED_1"]) == pytest.approx(0.55, abs=0.01)


def test_recipients_are_mostly_mobiles_and_a_few_of_each_other_kind(complaints):
    statuses = Counter(complaints["status"])
    assert statuses["valid"] > 0.98 * len(complaints)
    assert {"landline", "foreign", "short_code", "spoiled"} <= set(statuses)


def test_declared_operators_are_understood(complaints):
    declared = complaints.loc[complaints["declared_operator"] != "", "declared_operator"]
    assert 0.35 < len(declared) / len(complaints) < 0.45
    assert all(canonical_operator(name) for name in declared.unique())


def test_dates_are_of_the_campaign(complaints):
    known = complaints["received_at"].dropna()
    assert len(known) > 0.97 * len(complaints)
    assert known.between(
        pd.Timestamp("2021-08-20", tz="Africa/Casablanca"), pd.Timestamp("2021-09-10", tz="Africa/Casablanca")
    ).all()


def test_each_campaign_is_one_group_of_near_duplicates(complaints, truth):
    group = pd.Series(near_duplicate_groups(complaints["text"].tolist(), 0.45), index=complaints.index)
    homes = {}
    for key in truth["campaigns"]:
        counts = group[complaints["story"] == key].value_counts()
        assert counts.iloc[0] >= 0.95 * counts.sum()
        homes[key] = counts.index[0]
        assert set(complaints.loc[group == homes[key], "story"]) == {key}
    assert len(set(homes.values())) == len(homes)


def test_controls_are_many_different_messages(complaints):
    for category, least in (("commercial", 60), ("scam", 30)):
        texts = complaints.loc[complaints["story"] == category, "text"].tolist()
        assert len(set(near_duplicate_groups(texts, 0.45))) >= least


def test_real_parties_are_named_only_where_nothing_leaked(complaints, truth):
    for key, campaign in truth["campaigns"].items():
        mine = complaints[complaints["story"] == key]
        found = attribute_parties(mine["text"].tolist(), mine["sender"].tolist())["party"]
        assert set(found) <= {campaign["party"], ""}
        if campaign["party"]:
            assert not campaign["leak"]
            assert (found == campaign["party"]).mean() > 0.8


def test_truth_names_no_operator(folder):
    text = (folder / "truth.json").read_text(encoding="utf-8").casefold()
    readme = (folder / "README.md").read_text(encoding="utf-8").casefold()
    for operator in read_alias(folder / "operators.csv"):
        assert operator.casefold() not in text
        assert operator.casefold() not in readme

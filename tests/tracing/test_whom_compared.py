"""What a finding must survive: lists that differ, senders, wordings of one list, filers, and controls that are not quite alike."""

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

from tasrib.tracing import trace
from tasrib.tracing.unions import find_unions

OPERATORS = ["Maroc Telecom", "Orange", "Inwi"]
MARKET = np.array([0.39, 0.335, 0.275])
# Texts that are no near-duplicates of each other.
SHOPS = ["Soldes d'été: -50% sur les chaussures", "Gagnez un téléphone en répondant OUI", "عرض خاص على الأثاث المنزلي هذا الأسبوع",
         "Votre crédit est accordé, appelez-nous", "Pizza achetée, pizza offerte ce soir", "دورات تكوينية في الإعلاميات بثمن مناسب"]  # fmt: skip


def people(name, mix, n, rng, *, category="commercial", start=0, **columns):
    """Reports of one message by people of their own."""
    campaign = category == "political_campaign"
    given = {
        "text": name, "recipient": [f"p-{name}-{i}" for i in range(start, start + n)], "category": category,
        "decision": "campaign" if campaign else "not_campaign", "campaign_id": f"c-{name}" if campaign else "",
        "operator_allocated": rng.choice(OPERATORS, n, p=mix), "channel": "sms", "received_at": "2021-09-01", "region": "north",
    }  # fmt: skip
    return scored_frame(n, **given | columns)


def shops(rng, n=40, mix=MARKET):
    return [people(text, mix, n, rng, sender=f"S{i}", start=1_000 * i) for i, text in enumerate(SHOPS)]


def leaked(share, operator=2, mix=MARKET):
    return (1 - share) * mix + share * np.eye(3)[operator]


def of(result, campaign, name="Inwi", comparison="operators"):
    rows = result.findings
    rows = rows[(rows["campaign_id"] == campaign) & (rows["name"] == name) & (rows["comparison"] == comparison)]
    (row,) = rows.to_dict("records")
    return row


def test_a_leak_is_found_beside_clean_controls():
    rng = np.random.default_rng(1)
    found = of(
        trace(pd.concat([people("x", leaked(0.6), 100, rng, category="political_campaign"), *shops(rng)])), "c-x"
    )
    assert found["evidence"] == "strong"
    assert found["p_between"] < 0.01
    assert found["list_spread"] > 0
    assert found["p_value"] <= found["p_adjusted"]


def test_lists_with_a_mix_of_their_own_are_no_leaks():
    rng = np.random.default_rng(2)
    campaigns = [people(f"x{i}", rng.dirichlet(30 * MARKET), 80, rng, category="political_campaign") for i in range(20)]
    result = trace(pd.concat([*campaigns, *shops(rng)]))
    rows = result.findings[result.findings["comparison"] == "operators"]
    # Each is no random draw from those who complain, and the exact test says so.
    assert (rows["p_adjusted"] < 0.05).sum() >= 3
    assert set(rows["evidence"]) <= {"none", "weak"}


def test_what_goes_without_one_sender_is_weak():
    """One sender reached few customers of the operator: beside it any campaign has too many."""
    rng = np.random.default_rng(3)
    odd = people("Abonnez-vous au club", np.array([0.85, 0.13, 0.02]), 110, rng, sender="CLUB", start=90_000)
    campaign = people("x", np.array([0.33, 0.30, 0.37]), 150, rng, category="political_campaign")
    found = of(trace(pd.concat([campaign, odd, *shops(rng, 25)])), "c-x")
    assert found["p_adjusted"] < 0.05
    assert "rests_on_sender" in found["caveats"]
    assert found["evidence"] == "weak"


def with_unknown_prefixes(frame, rng, among_reached, among_controls, operators=OPERATORS[:1]):
    """Some of one operator's customers, or of all, have new prefixes, of which nobody knows whose they are."""
    share = np.where(frame["campaign_id"] == "c-x", among_reached, among_controls)
    new = frame["operator_allocated"].isin(operators) & (rng.random(len(frame)) < share)
    return frame.assign(operator_allocated=frame["operator_allocated"].mask(new, ""))


@pytest.mark.parametrize("reached", [0.8, 0.0], ids=["among the reached", "among the controls"])
def test_what_goes_when_unknown_prefixes_are_counted_is_weak(reached):
    """Without half of one operator's customers any other one has too many."""
    rng = np.random.default_rng(5)
    campaign = people("x", MARKET, 160, rng, category="political_campaign")
    frame = with_unknown_prefixes(pd.concat([campaign, *shops(rng)]), rng, reached, 0.8 - reached)
    findings = trace(frame).findings
    found = findings[(findings["comparison"] == "operators") & (findings["p_adjusted"] < 0.05)]
    assert len(found) >= 1
    assert all("rests_on_unknown" in caveats for caveats in found["caveats"])
    assert set(found["evidence"]) == {"weak"}


def test_a_leak_is_found_where_as_many_prefixes_are_unknown_in_both_groups():
    rng = np.random.default_rng(6)
    campaign = people("x", leaked(0.6), 120, rng, category="political_campaign")
    frame = with_unknown_prefixes(pd.concat([campaign, *shops(rng)]), rng, 0.2, 0.2, OPERATORS)
    found = of(trace(frame), "c-x")
    assert "rests_on_unknown" not in found["caveats"]
    assert found["evidence"] == "strong"


def wordings(rng, cut, n=60, **columns):
    """One clean list in two wordings: all alike, or cut so that one operator's customers get the first."""
    operator = np.array(rng.choice(OPERATORS, 2 * n, p=MARKET))
    first = (operator == "Inwi") if cut else np.arange(2 * n) < n
    return [
        people(name, MARKET, int(mine.sum()), rng, category="political_campaign", **columns).assign(
            operator_allocated=operator[mine]
        )
        for name, mine in (("one", first), ("two", ~first))
    ]


@pytest.mark.parametrize(
    "shared",
    [{"sender": "LISTE"}, {"party": "MP"}, {"text": "vote https://liste.example/a b"}],
    ids=["sender", "party", "link"],
)
def test_a_list_that_is_cut_by_operator_is_weak_at_most(shared):
    rng = np.random.default_rng(4)
    result = trace(pd.concat([*wordings(rng, cut=True, **shared), *shops(rng)]))
    part = of(result, "c-one")
    assert part["p_adjusted"] < 1e-6
    assert part["evidence"] == "weak"
    assert "union_silent" in part["caveats"]
    whole = result.findings[result.findings["comparison"] == "unions"]
    assert set(whole["evidence"]) == {"none"}
    assert whole["n_reached"].eq(120).all()


def test_one_list_in_two_languages_is_found_together():
    rng = np.random.default_rng(5)
    parts = [
        people(name, leaked(0.6), 35, rng, category="political_campaign", sender="LISTE")
        for name in ("arabe", "français")
    ]
    result = trace(pd.concat([*parts, *shops(rng)]))
    rows = result.findings[(result.findings["comparison"] == "unions") & (result.findings["name"] == "Inwi")]
    (whole,) = rows.to_dict("records")
    assert whole["evidence"] in ("moderate", "strong")
    assert {whole["campaign_id"], whole["note"]} == {"c-arabe", "c-français"}


def test_campaigns_far_apart_or_of_unknown_senders_are_no_union():
    rng = np.random.default_rng(6)
    one, two = wordings(rng, cut=False, sender="LISTE")
    campaigns = pd.DataFrame(
        {"campaign_id": ["c-one", "c-two"], "party": "", "n_messages": 60,
         "first": pd.to_datetime(["2021-06-01", "2021-09-01"], utc=True), "last": pd.to_datetime(["2021-06-05", "2021-09-05"], utc=True)}
    )  # fmt: skip
    frame = pd.concat([one, two])
    assert find_unions(frame, campaigns) == []
    near = campaigns.assign(first=campaigns["first"].max(), last=campaigns["last"].max())
    (union,) = find_unions(frame, near)
    assert (union.campaigns, union.shared) == (("c-one", "c-two"), ("sender",))
    assert find_unions(frame.assign(sender="Inconnu"), near) == []
    assert find_unions(frame.assign(sender="", text="vote https://bit.ly/"), near) == []


def test_who_files_for_thirty_relatives_brings_one_number():
    rng = np.random.default_rng(7)
    campaign = people("x", MARKET, 80, rng, category="political_campaign")
    campaign.loc[campaign.index[:30], "operator_allocated"] = "Inwi"
    controls = shops(rng)
    alone = of(trace(pd.concat([campaign, *controls])), "c-x")
    assert "filers_unknown" in alone["caveats"]
    filers = [f"filer {i}" for i in range(80)]
    told = campaign.assign(complainant=["p-aunt-of-thirty"] * 30 + filers[30:])
    found = of(trace(pd.concat([told, *controls])), "c-x")
    assert (alone["n_reached"], found["n_reached"]) == (80, 51)
    assert found["evidence"] == "none"
    (one,) = [caveat for caveat in found["caveats"] if caveat == "one_filer"]
    assert one.values == {"n_filed": 30, "n_filers": 1}


def test_an_association_that_files_for_everyone_is_no_relative():
    rng = np.random.default_rng(8)
    frame = pd.concat([people("x", MARKET, 80, rng, category="political_campaign"), *shops(rng)])
    found = of(trace(frame.assign(complainant="Fédération")), "c-x")
    assert found["n_reached"] == 80


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda frame: frame.assign(received_at=np.where(frame["campaign_id"] != "", "2021-08-01", "2021-05-01")), "relaxed_controls"),
        (lambda frame: frame.assign(operator_allocated=frame["operator_allocated"].where(
            (frame["campaign_id"] == "") | (np.arange(len(frame)) % 4 > 0), "")), "unknown_differ"),
        (lambda frame: frame.assign(region=np.where(
            (frame["campaign_id"] != "") | (np.arange(len(frame)) % 60 == 0), "south", "north")), "one_region"),
    ],
    ids=["other months", "unknown prefixes", "one region"],
)  # fmt: skip
def test_controls_that_are_not_quite_alike_leave_moderate_at_most(change, code):
    rng = np.random.default_rng(9)
    frame = pd.concat([people("x", leaked(0.8), 160, rng, category="political_campaign"), *shops(rng, 60)])
    assert of(trace(frame), "c-x")["evidence"] == "strong"
    found = of(trace(change(frame)), "c-x")
    assert code in found["caveats"]
    assert found["p_adjusted"] < 0.01
    assert found["evidence"] in ("moderate", "weak")

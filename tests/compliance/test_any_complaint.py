"""Whatever stands in a complaint: each campaign message and rule gets one verdict, and nothing unknown makes a breach."""

import itertools

import pandas as pd
import pytest
from citizens import complaints
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.compliance import VERDICTS, load_rules, triage
from tasrib.compliance.deciding import reaches

WORDS = st.sampled_from(
    [
        "صوتوا", "لائحة", "STOP", "au", "36111", "إلغاء", "أرسل", "https://a.example", "votre", "CIN", "AB123456", "sondage", "«", "»", "…", "(1/2)",
        "dites", "j'ai", "reçu", "\u202e", "\x00", "🗳", "chers", "patients", "0661000101", "a@b.example", "قف", "وقف", "\n", "لأنكم", "stop",
    ]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
ANYTHING = st.text(max_size=12)
MOMENTS = st.none() | st.datetimes(min_value=pd.Timestamp("1700-01-01"), max_value=pd.Timestamp("2250-01-01"))
ROW = st.fixed_dictionaries(
    {
        "text": TEXTS,
        "decision": st.sampled_from(["campaign", "review", "not_campaign", ""]),
        "campaign_id": st.sampled_from(["", "c-1", "c-2"]),
        "party": st.sampled_from(["", "RNI", "PAM"]),
        "party_evidence": ANYTHING,
        "recipient": st.sampled_from(["", "p-aaaaaaaaaaaaaaaa", "p-bbbbbbbbbbbbbbbb", "0661000101", "x"]),
        "number_status": st.sampled_from(["valid", "spoiled", "missing", ""]),
        "received_at": MOMENTS,
        "channel": st.sampled_from(["", "sms", "whatsapp", "email", "call", "pigeon"]),
        "sender": st.sampled_from(["", "RNI", "0612345678", "3636", "inconnu", "مخفي", "INFO21", "a@b.example", "1", "@", "٠٦١٢٣٤٥٦٧٨"]) | ANYTHING,
        "member": st.sampled_from(["", "yes", "no", "unknown", "perhaps"]),
        "consent": st.sampled_from(["", "yes", "no", "unknown"]),
        "source_stated": st.sampled_from(["", "yes", "no"]),
        "objected_at": st.sampled_from(["", "2021-08-28", "2021-08-28T10:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01", "hier", "today", "2021-W35"]),
        "known_to": ANYTHING,
        "decided_by": st.sampled_from(["model", "", "AB"]),
    }
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, max_size=6), st.sampled_from(["ma", "fr"]))
def test_every_campaign_message_and_rule_gets_one_verdict(rows, country):
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    if rows:
        columns["received_at"] = pd.to_datetime(pd.Series(columns["received_at"], dtype="object"), utc=True)
    frame = scored_frame(len(rows), **columns)
    rules = load_rules(country)
    triaged = triage(frame, rules)
    campaign = frame.index[frame["decision"] == "campaign"]
    assert list(zip(triaged.index, triaged["rule"], strict=True)) == list(
        itertools.product(campaign, [rule.id for rule in rules.rules])
    )
    assert triaged["verdict"].isin(VERDICTS).all()
    by_id = {rule.id: rule for rule in rules.rules}
    for _, row in triaged.iterrows():
        assert row["verdict"] in reaches(by_id[row["rule"]])
        assert (row["field"] != "") == (row["verdict"] == "needs_information")
        assert row["field"] == "" or row["field"] in rules.fields
        assert row["because"]


UNKNOWABLE = {
    "channel": "", "sender": "", "received_at": "", "consent": "", "member": "", "objected_at": "", "source_stated": "", "party": "",
    "party_evidence": "",
}  # fmt: skip


@pytest.mark.parametrize("country", ["ma", "fr"])
def test_a_bare_message_never_indicates_a_breach(country):
    triaged = triage(complaints(UNKNOWABLE), country)
    assert not (triaged["verdict"] == "breach_indicated").any()


KNOWN = st.fixed_dictionaries({name: st.booleans() for name in UNKNOWABLE})
CALLS = st.sampled_from(
    [
        "Votez liste 5",
        "Chers patients, votez",
        "Votre CIN AB123456, votez",
        "Pour qui voterez-vous ?",
        "Votez. STOP 36111",
    ]
)


# Eight complaints at a time, each of a campaign and a person of its own, so that nothing known of one says anything of another.
@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(KNOWN, CALLS), min_size=8, max_size=8))
def test_to_know_less_never_makes_a_breach(drawn):
    everything = [
        {
            "text": text, "sender": "0612345678", "consent": "no", "member": "no", "objected_at": "2021-08-01", "source_stated": "no",
            "received_at": "2021-09-08T10:00:00Z", "campaign_id": f"c-{i}", "recipient": f"p-{i:016}",
        }
        for i, (_, text) in enumerate(drawn)
    ]  # fmt: skip
    less = [
        each | {name: value for name, value in UNKNOWABLE.items() if not known[name]}
        for each, (known, _) in zip(everything, drawn, strict=True)
    ]
    more, fewer = (
        triage(complaints(*each)).set_index(["complaint_id", "rule"])["verdict"] for each in (everything, less)
    )
    breaches = set(fewer.index[fewer == "breach_indicated"])
    assert breaches <= set(more.index[more == "breach_indicated"])


def test_the_order_of_complaints_changes_nothing():
    several = [{"text": "Votez liste 5 STOP 36111"}, {}, {"party": "PAM"}, {"received_at": "2021-09-03T10:00:00Z"}]
    frame = complaints(*several, objected_at="2021-08-31")
    there, back = (triage(each).set_index(["complaint_id", "rule"]).sort_index() for each in (frame, frame[::-1]))
    assert (there["verdict"].astype(str) == back["verdict"].astype(str)).all()

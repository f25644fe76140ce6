"""Verdicts counted, how complete a file is, what to ask next, and all of it in the reader's language."""

import pandas as pd
import pytest
from citizens import complaints, facts

from tasrib import TasribError
from tasrib.compliance import (
    VERDICTS,
    because_words,
    by_campaign,
    by_party,
    compliance_tables,
    file_strength,
    load_rules,
    triage,
    verdict_words,
)

LANGUAGES = ("ar", "fr", "en")


@pytest.fixture(scope="module")
def frame():
    return complaints(
        {"consent": "no", "member": "no"}, {"text": "Votez liste 5. STOP au 36111"}, {"campaign_id": "c-2", "party": ""},
        {"decision": "review"}, {"decision": "not_campaign"}, objected_at="2021-08-20",
    )  # fmt: skip


@pytest.fixture(scope="module")
def triaged(frame):
    return triage(frame)


def test_only_campaign_messages_are_looked_at(frame, triaged):
    assert len(triaged) == 3 * len(load_rules("ma").rules)
    assert list(triaged["complaint_id"].unique()) == ["k-0", "k-1", "k-2"]
    assert triaged.loc[1, "rule"].tolist() == [rule.id for rule in load_rules("ma").rules]


def test_the_index_of_the_complaints_is_kept(frame):
    renamed = frame.set_axis(list("vwxyz"))
    assert list(triage(renamed).index.unique()) == ["v", "w", "x"]


def test_counts_add_up_to_the_complaints(triaged):
    counts = by_campaign(triaged)
    assert (counts[list(VERDICTS)].sum(axis=1) == counts["complaints"]).all()
    assert counts.groupby("campaign_id")["complaints"].first().to_dict() == {"c-1": 2, "c-2": 1}
    one = counts[(counts["campaign_id"] == "c-1") & (counts["rule"] == "S08")].iloc[0]
    assert (one["breach_indicated"], one["no_breach_indicated"], one["party"], one["confidence"]) == (2, 0, "RNI", "H")


def test_counts_by_party(triaged):
    counts = by_party(triaged)
    assert counts.groupby("party")["complaints"].first().to_dict() == {"": 1, "RNI": 2}
    assert counts.loc[counts["rule"] == "S08", "breach_indicated"].sum() == 3


def test_shares_are_of_what_applies():
    frame = complaints(known_to="Magasin Azur")
    triaged = triage(frame)
    sender, evidence = (triaged[triaged["about"] == about] for about in ("sender", "evidence"))
    applies = sender[sender["verdict"] != "not_applicable"]
    strength = file_strength(triaged).iloc[0]
    assert strength["answered"] == (applies["verdict"] != "needs_information").mean()
    # E01 and E07 of eight.
    assert strength["in_order"] == (evidence["verdict"] == "no_breach_indicated").mean() == 2 / 8


def test_the_next_question_is_the_one_that_most_verdicts_wait_for():
    frame = complaints({}, {}, consent="no", member="no", known_to="Magasin Azur")
    columns = ["ask", "whom", "settles", "settles_rules"]
    # As many wait for number_origin; of two questions the one whose rule comes first.
    assert file_strength(triage(frame))[columns].iloc[0].tolist() == ["regular_contact", "complainant", 4, "S02, S04"]
    # Once that is answered, so many more wait for number_origin.
    answered = triage(frame, facts=facts(regular_contact="no"))
    assert file_strength(answered)[columns].iloc[0].tolist() == ["number_origin", "party", 6, "S02, S03, S05"]


def test_without_a_party_whose_message_it_is_comes_first():
    assert file_strength(triage(complaints({"party": ""})), "campaign_id").iloc[0]["ask"] == "party"


def test_a_file_with_nothing_to_ask():
    rules = load_rules("fr")
    settled = facts(**{rule.id: "no_breach_indicated" for rule in rules.rules})
    strength = file_strength(triage(complaints(), rules, settled), "party", rules).iloc[0]
    assert (strength["answered"], strength["in_order"], strength["ask"], strength["settles"]) == (1, 1, "", 0)


def test_no_campaign_messages_at_all(frame):
    nothing = triage(frame[frame["decision"] == "review"])
    assert nothing.empty
    assert by_campaign(nothing).empty
    assert by_party(nothing).empty
    assert file_strength(nothing).empty
    tables = compliance_tables(frame[frame["decision"] == "review"], "fr")
    assert len(tables["rules"].frame) == len(load_rules("ma").rules)
    assert tables["indications"].frame.empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_in_the_readers_language(frame, language):
    tables = compliance_tables(frame, language)
    assert list(tables) == ["rules", "campaigns", "parties", "files", "indications"]
    rules = load_rules("ma")
    assert tables["rules"].frame.iloc[:, 1].tolist() == [rule.title[language] for rule in rules.rules]
    assert tables["files"].frame.iloc[0, 4] == rules.fields["number_origin"].ask[language]
    assert tables["files"].frame.iloc[1, 4] == rules.fields["party"].ask[language]
    for table in tables.values():
        assert table.title
        assert table.note
        assert not {"campaign_id", "settles_rules", "needs_information"} & set(table.frame.columns)
    headings = {tuple(compliance_tables(frame, other)["files"].frame.columns) for other in LANGUAGES}
    assert len(headings) == 3


def test_an_indication_says_why(frame):
    found = compliance_tables(frame, "en")["indications"].frame
    one = found[(found["complaint"] == "k-0") & (found["rule"] == "S08")].iloc[0]
    assert one["indication"] == "a breach is indicated"
    assert one["because"] == "came after the objection: yes"


def test_what_is_not_read_is_to_be_confirmed():
    for language, said in (("en", "to be confirmed"), ("fr", "à confirmer"), ("ar", "للتأكيد")):
        assert said in verdict_words("breach_indicated", "sender", "L", language)
        assert said not in verdict_words("breach_indicated", "sender", "M", language)
    frame = complaints(source_stated="no")
    found = compliance_tables(frame, "en")["indications"].frame
    assert found.set_index("rule").loc["S09", "indication"] == "a breach is indicated (to be confirmed)"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["ma", "fr"])
def test_every_reason_can_be_said(country, language):
    rules = load_rules(country)
    codes = {
        f"{name}={value}"
        for rule in rules.rules
        for alternatives in rule.test.values()
        for each in alternatives
        for name, value in each
    }
    for code in [*sorted(codes), "cut_off", "decided", "unsettled"]:
        said = because_words(code, rules, language)
        assert said
        assert "=" not in said
        assert "{" not in said
    assert because_words("", rules, language) == ""


def test_why_in_french():
    rules = load_rules("ma")
    assert because_words("consent=no&member=no&regular_contact=no", rules, "fr") == (
        "accord préalable\u00a0: non\u00a0; membre du parti\u00a0: non\u00a0; en contact régulier avec le parti\u00a0: non"
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: triage(pd.DataFrame({"text": ["a"]})),
        lambda: triage("scored.parquet"),
        lambda: by_campaign(pd.DataFrame({"rule": ["S01"]})),
        lambda: by_party(None),
        lambda: file_strength(3),
        lambda: compliance_tables(complaints(), "de"),
        lambda: compliance_tables(complaints(), None),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(call):
    with pytest.raises(TasribError) as error:
        call()
    assert "\n" not in str(error.value)

"""What people found out, in a small table: read, checked, and the narrowest answer counts."""

import pandas as pd
import pytest
from citizens import complaints, facts

from tasrib import TasribError
from tasrib.compliance import read_facts, triage


def verdicts(rule, frame, answers):
    triaged = triage(frame, "ma", answers)
    return list(triaged.loc[triaged["rule"] == rule, "verdict"])


def test_a_table_in_any_format_and_language_of_yes(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(
        "Field;Value;Source;Party;Complaint_ID\nregular_contact;Non;call of 3 May;;k-0\nregular_contact;نعم;call of 4 May;;k-1\n",
        "utf-8",
    )
    frame = complaints({}, {}, {}, consent="no", member="no")
    assert verdicts("S04", frame, read_facts(path)) == ["breach_indicated", "no_breach_indicated", "needs_information"]


def test_the_narrowest_answer_counts():
    frame = complaints({"party": "RNI"}, {"party": "RNI", "campaign_id": "c-2"}, {"party": "PAM"}, {"party": ""})
    answers = pd.DataFrame(
        [
            ("", "", "", "declared_on", "none", "a"),
            ("RNI", "", "", "declared_on", "2021-08-01", "b"),
            ("RNI", "c-2", "", "declared_on", "2021-09-30", "c"),
            ("", "", "k-2", "declared_on", "01/08/2021", "d"),
        ],
        columns=["party", "campaign_id", "complaint_id", "field", "value", "source"],
    )
    assert verdicts("S01", frame, answers) == [
        "no_breach_indicated", "breach_indicated", "no_breach_indicated", "breach_indicated",
    ]  # fmt: skip


def test_an_answer_for_one_party_does_not_hold_for_another():
    answers = facts(number_origin="customer_file").assign(party="RNI")
    frame = complaints({}, {"party": "PAM"}, {"party": ""})
    assert verdicts("S03", frame, answers) == ["breach_indicated", "needs_information", "needs_information"]


def test_whose_a_message_is_can_be_answered_too():
    frame = complaints({"party": ""})
    answers = pd.concat(
        [
            facts(party="Liste Envol").assign(campaign_id="c-1"),
            facts(number_origin="customer_file").assign(party="Liste Envol"),
        ]
    )
    answers = answers.fillna("")
    triaged = triage(frame, "ma", answers)
    assert set(triaged["party"]) == {"Liste Envol"}
    assert verdicts("S03", frame, answers) == ["breach_indicated"]


@pytest.mark.parametrize("verdict", ["breach_indicated", "no_breach_indicated", "not_applicable", "needs_information"])
def test_a_persons_own_verdict_takes_the_place_of_the_test(verdict):
    triaged = triage(complaints(), "ma", facts(S19=verdict, S07=verdict))
    mine = triaged[triaged["rule"].isin(["S19", "S07"])]
    assert list(mine["verdict"]) == [verdict] * 2
    assert list(mine["because"]) == ["decided"] * 2
    assert list(mine["field"] != "") == [verdict == "needs_information"] * 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (facts(declared="yes"), r"row 0, column field: 'declared' is no field of these rules; known are .* and the rules' ids"),
        (facts(declared_on="soon"), r"row 0, column value: 'soon' is no answer to declared_on; write a day such as"),
        (facts(regular_contact="maybe"), r"'maybe' is no answer to regular_contact; write yes / no"),
        (facts(number_origin="shop"), r"'shop' is no answer to number_origin; write given to the party"),
        (facts(S16="guilty"), r"'guilty' is no answer to S16; write breach_indicated"),
        (facts(recipient="0661000101"), r"row 0: numbers do not belong here"),
        (facts(regular_contact="no").assign(source=" "), r"row 0, column source: is empty; say who said so"),
        (facts(regular_contact="no").drop(columns="source"), r"its column 'source' is missing"),
        (pd.concat([facts(bulk="no"), facts(bulk="yes")], ignore_index=True), r"row 1, column value: 'yes' contradicts 'no' \(answers, row 0\)"),
        ("answers.csv", r"expected a pandas.DataFrame of answers"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named(answers, said):
    with pytest.raises(TasribError, match=said) as error:
        triage(complaints(), "ma", answers)
    assert "0661000101" not in str(error.value)


def test_the_row_of_the_file_is_named(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("field,value,source\nbulk,no,call\nbulk,perhaps,call\n", "utf-8")
    with pytest.raises(TasribError, match=r"answers.csv, row 3, column value: 'perhaps'"):
        triage(complaints(), "ma", read_facts(path))


def test_a_file_without_the_columns(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("question,answer\na,b\n", "utf-8")
    with pytest.raises(TasribError, match="head one so"):
        read_facts(path)


def test_the_same_answer_twice_is_no_contradiction():
    twice = pd.concat([facts(bulk="no"), facts(bulk="non")], ignore_index=True)
    assert verdicts("S22", complaints({"sender": "0612345678"}), twice) == ["not_applicable"]

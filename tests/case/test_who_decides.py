"""Who decided: initials, two colleagues, and the same workbook applied again."""

import pytest
from deciding import CHOSEN, FORMULA, MEETING, TRACTOR, counts, held, of_sheet
from openpyxl import load_workbook

from tasrib.case import label_apply, read_decisions
from tasrib.case.layer import decisions_file, standing
from tasrib.case.messages import message_key
from tasrib.errors import TasribError


def test_initials_once_count_for_the_whole_file(file, fill):
    label_apply(file, fill(CHOSEN, who="n. b."))
    assert {who for *_, who in held(file).values()} == {"NB"}


def test_nobody_signed(file, fill):
    path = fill(CHOSEN, who="")
    with pytest.raises(TasribError, match=r"nobody says who decided.*'initiales'.*--by"):
        label_apply(file, path)
    assert not decisions_file(file).exists()
    label_apply(file, path, by="ك.ع")
    assert {who for *_, who in held(file).values()} == {"كع"}


def test_two_people_in_one_file(file, fill):
    chosen = {
        FORMULA: {"decision": "oui", "who": "NB"},
        MEETING: {"decision": "non", "who": "KA"},
        TRACTOR: {"decision": "oui"},
    }
    path = fill(chosen, who="")
    found = label_apply(file, path)
    assert found.rejected["column"].tolist() == ["initiales"]
    assert "several people" in found.rejected["reason"].iloc[0]
    assert {key: who for key, (*_, who) in held(file).items()} == {
        message_key(FORMULA): "NB",
        message_key(MEETING): "KA",
    }
    label_apply(file, path, by="SM")
    assert held(file)[message_key(TRACTOR)][-1] == "SM"


@pytest.mark.parametrize("by", ["", "06", "model", "a b!", "x" * 30])
def test_by_is_initials(file, fill, by):
    with pytest.raises(TasribError, match="no initials"):
        label_apply(file, fill(CHOSEN), by=by)


# ---- two people, two files, twice


def test_two_colleagues_each_filled_half(file, fill):
    one = fill({FORMULA: {"decision": "oui"}}, name="nb.xlsx")
    other = fill({MEETING: {"decision": "non"}}, name="ka.xlsx", who="KA")
    assert counts(label_apply(file, [one, other])) == (12, 2, 0, 10, 0)
    assert {key: (decision, who) for key, (decision, *_, who) in held(file).items()} == {
        message_key(FORMULA): ("campaign", "NB"), message_key(MEETING): ("not_campaign", "KA"),
    }  # fmt: skip


def test_people_who_differ_in_one_call_are_both_left_out(file, fill):
    one = fill({FORMULA: {"decision": "oui"}, MEETING: {"decision": "non"}}, name="nb.xlsx")
    other = fill({FORMULA: {"decision": "non"}, TRACTOR: {"decision": "oui"}}, name="ka.xlsx", who="KA")
    found = label_apply(file, [one, other])
    assert counts(found) == (12, 2, 0, 8, 2)
    for reason in found.rejected["reason"]:
        assert "people differ" in reason
        assert "'campagne' by NB" in reason
        assert "'pas une campagne' by KA" in reason
    assert held(file).keys() == {message_key(MEETING), message_key(TRACTOR)}


def test_what_adds_to_each_other_is_no_difference(file, fill):
    one = fill({FORMULA: {"decision": "oui", "party": "PAM"}}, name="nb.xlsx")
    other = fill({FORMULA: {"decision": "campagne", "campaign": "Voisins"}}, name="ka.xlsx", who="KA")
    assert counts(label_apply(file, [one, other]))[1] == 2
    assert held(file)[message_key(FORMULA)] == ("campaign", None, "PAM", "Voisins", "KA")


def test_the_later_decision_holds_and_both_stay(file, fill):
    label_apply(file, fill({FORMULA: {"decision": "oui", "party": "PAM"}}, name="nb.xlsx"))
    found = label_apply(file, fill({FORMULA: {"decision": "non"}}, name="ka.xlsx", who="KA"))
    assert any("NB said 'campaign, PAM'" in note and "KA now says 'pas une campagne'" in note for note in found.notes)
    # The party went with the decision that it belonged to.
    assert held(file)[message_key(FORMULA)] == ("not_campaign", None, None, None, "KA")
    assert read_decisions(file)["decision"].tolist() == ["campaign", "not_campaign"]


def test_applied_twice_nothing_is_added_twice(file, fill):
    path = fill(CHOSEN, {"c-0000000b": {"same_as": "c-0000000a"}})
    label_apply(file, path)
    log = decisions_file(file).read_bytes()
    assert counts(label_apply(file, path)) == (6, 0, 4, 2, 0)
    assert decisions_file(file).read_bytes() == log
    assert counts(label_apply(file, [path, path])) == (12, 0, 8, 4, 0)


def test_a_file_filled_further_does_not_undo_what_a_colleague_decided_since(file, fill):
    path = fill({FORMULA: {"decision": "oui"}}, name="nb.xlsx")
    label_apply(file, path)
    label_apply(file, fill({FORMULA: {"decision": "non"}}, name="ka.xlsx", who="KA", decisions=read_decisions(file)))
    book = load_workbook(path)
    sheet, places = of_sheet(book, "message", "fr")
    sheet.cell(3, places["decision"]).value = "non"
    book.save(path)
    assert counts(label_apply(file, path)) == (6, 1, 1, 4, 0)
    assert held(file)[message_key(FORMULA)][0] == "not_campaign"
    # In a workbook that shows the colleague's decision the same words are a new one.
    label_apply(file, fill({FORMULA: {"decision": "oui"}}, name="new.xlsx", decisions=read_decisions(file)))
    assert held(file)[message_key(FORMULA)][0] == "campaign"


def test_a_remark_that_is_added_later_is_kept(file, fill):
    label_apply(file, fill({FORMULA: {"decision": "oui"}}))
    found = label_apply(file, fill({FORMULA: {"decision": "oui", "remark": "vu avec KA"}}))
    assert counts(found)[1:3] == (1, 0)
    assert standing(read_decisions(file)).messages[message_key(FORMULA)].remark == "vu avec KA"


# ---- of another case

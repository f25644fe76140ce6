"""People whose number is not known, and numbers that stand where none belong."""

import pandas as pd
import pytest

import tasrib
from tasrib.complaints import pseudonym
from tasrib.errors import TasribError
from tasrib.numbering import hide_numbers
from tasrib.pipeline import regroup
from tasrib.tracing.people import gather_people
from tasrib.tracing.persons import persons

pytestmark = pytest.mark.usefixtures("small_model_shipped")
KEY = bytes(range(32))
CALL = "صوتوا على لائحة الوردة يوم 8 شتنبر من أجل مدينة سلا نظيفة وشغل لشبابنا"


def scored(recipients, **columns):
    frame = pd.DataFrame({"text": CALL, "recipient": recipients, **columns})
    return tasrib.score(frame, key=KEY)


@pytest.mark.parametrize(
    "written", ["6.61235E+08", "#####", "06 61 XX XX 01", "0661000101 / 0662000102", "066100010", "", "Fatima"]
)
def test_ten_people_without_a_number_are_ten_people(written, tmp_path):
    frame = pd.DataFrame({"text": CALL, "recipient": [written] * 10})
    hidden = tasrib.score(frame, key=KEY)
    assert hidden["recipient"].nunique() == 10
    assert hidden["recipient"].str.startswith("p-").all()
    assert tasrib.score(frame, key=KEY)["recipient"].tolist() == hidden["recipient"].tolist()
    kept = tasrib.score(frame, keep_numbers=True)
    assert kept["recipient"].tolist() == [written] * 10
    assert persons(kept, "MA").nunique() == 10
    tasrib.write_table(kept, tmp_path / "kept.csv")
    again = tasrib.read_scored(tmp_path / "kept.csv")
    assert persons(again, "MA").tolist() == persons(kept, "MA").tolist()
    assert tasrib.trace(again).campaigns["n_people"].tolist() == [10]


def test_rows_of_two_files_stay_apart():
    first, second = (scored(["#####"], source_file=[name], source_row=[2]) for name in ("a.csv", "b.csv"))
    assert first["recipient"][0] != second["recipient"][0]


def test_a_rounded_column_is_no_person_and_an_address_is_one():
    rounded = scored(["212661000000", "212661000000", "212672000000"])
    assert set(rounded["number_status"]) == {"spoiled"}
    assert rounded["recipient"].nunique() == 3
    known = scored(["A@mail.example", "a@mail.example ", "12345678901234@lid", "12345678901234@lid", "2727", "2727"])
    assert known["recipient"].nunique() == 3


def test_numbers_where_none_belong_become_the_same_pseudonym():
    (mine,) = pseudonym(["+212661000101"], KEY)
    found = scored(
        ["0661000101"] * 3,
        complaint_id=["0661000101", "+212 661 000101", "a@mail.example"],
        known_to=["Bank; 06 61 00 01 01;contact@bank.example", "", ""],
        region=["Rabat (0661000101)", "Rabat", ""],
        declared_operator=["0661000101", "inwi", ""],
        sender=["0662000102", "RNI", ""],
        mine=["212661000101@c.us", "", ""],
    )
    assert found["complaint_id"].tolist() == [mine, f"{mine}-2", *pseudonym(["a@mail.example"], KEY)]
    assert found["known_to"][0] == f"Bank; {mine};contact@bank.example"
    assert found["region"].tolist() == [f"Rabat ({mine})", "Rabat", ""]
    assert found["declared_operator"].tolist() == [mine, "inwi", ""]
    assert found["mine"][0] == mine
    # The sender is the campaign's, and evidence.
    assert found["sender"].tolist() == ["0662000102", "RNI", ""]


def test_ids_that_are_no_numbers_stay():
    ids = ["plaintes:2", "PL-2021-0001", "202109080001", "15", "550e8400-e29b-41d4-a716-446655440000"]
    found = scored(["0661000101"] * 5, complaint_id=ids, source_file="plaintes.csv", source_row=range(2, 7))
    assert found["complaint_id"].tolist() == ids
    cells = pd.Series(ids, dtype="str")
    assert hide_numbers(cells, str.upper) is cells


def test_a_number_is_no_organisation():
    frame = pd.DataFrame({"text": CALL, "recipient": ["0661000101", "0662000102"], "known_to": ["Bank;0661000101", ""]})
    for each in (tasrib.score(frame, keep_numbers=True), tasrib.score(frame, key=KEY)):
        assert sorted(gather_people(each).frame["known_to"]) == ["", "Bank"]


def test_several_other_numbers_may_be_parted_by_other_signs():
    found = scored(["0661000101"], other_numbers=["06 12 00 01 01 / 06 30 00 01 01, 0661000103"])
    assert found["other_operators"].tolist() == ["Orange;Inwi;Maroc Telecom"]


def test_batches_put_together_have_the_campaigns_of_one():
    frame = pd.DataFrame(
        {
            "text": [CALL, CALL.replace("الوردة", "الحمامة"), CALL.replace("سلا", "فاس"), CALL],
            "recipient": [f"066100010{i}" for i in range(4)],
            "received_at": ["2026-07-01", "2026-07-02", "2026-08-01", "2026-08-02"],
        }
    )
    together = tasrib.score(frame, key=KEY)
    apart = pd.concat([tasrib.score(frame.iloc[:2], key=KEY), tasrib.score(frame.iloc[2:], key=KEY)])
    assert regroup(apart)["campaign_id"].tolist() == together["campaign_id"].tolist()
    assert regroup(together)["campaign_id"].tolist() == together["campaign_id"].tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("complaints.csv", {}), "read_complaints"),
        (((pd.DataFrame(), pd.DataFrame()), {}), "complaints, rejected ="),
        ((pd.DataFrame({"text": ["a", None], "recipient": "0661000101"}, index=["x", "y"]), {}), r"row y.*dropna"),
        ((pd.DataFrame({"text": ["a"], "recipient": "0661000101"}), {"model": "model/"}), "load_model"),
        ((pd.DataFrame({"text": ["a"], "recipient": "0661000101"}), {"key": "secret"}), "32 bytes"),
        ((pd.DataFrame({"text": ["a"], "recipient": "0661000101"}), {"country": 212}), "MA"),
    ],
    ids=["path", "both tables", "NaN", "model", "key", "country"],
)
def test_wrong_arguments_say_what_they_want(arguments, said):
    complaints, options = arguments
    with pytest.raises(TasribError, match=said):
        tasrib.score(complaints, **options)

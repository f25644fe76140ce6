import pandas as pd
import pytest

import tasrib
from tasrib.errors import TasribError
from tasrib.scored import COLUMNS, SCORED_COLUMNS, check

KEY = bytes(range(32))
TEXTS = [
    "صوتوا على الوردة يوم 8 شتنبر",
    "Soldes -30% sur tout le magasin",
    "Votre code est 48213",
    "صوتوا على الوردة يوم 8 شتنبر",
    "",
]
NUMBERS = ["0661234567", "+212 612-345678", "0522123456", "00212661234567", "abc"]


@pytest.fixture(scope="module")
def scored():
    frame = pd.DataFrame(
        {"text": TEXTS, "recipient": NUMBERS, "other_numbers": ["0612345678;0661234567", "", "", "", ""]},
        index=[7, 3, 9, 1, 4],
    )
    return tasrib.score(frame, key=KEY)


def test_rows_in_are_rows_out_in_their_order(scored):
    assert scored.index.tolist() == [7, 3, 9, 1, 4]
    assert scored["text"].tolist() == TEXTS
    assert set(SCORED_COLUMNS) <= set(scored.columns)


def test_one_text_gets_one_label(scored):
    columns = ["category", "probability", "decision", "language", "party"]
    assert scored.loc[7, columns].tolist() == scored.loc[1, columns].tolist()


def test_all_spellings_of_a_number_are_one_person(scored):
    assert scored.loc[7, "recipient"] == scored.loc[1, "recipient"]
    assert scored["recipient"].nunique() == 4
    assert scored.loc[7, "other_numbers"].split(";")[0] == scored.loc[3, "recipient"]


def test_no_number_is_left(scored):
    everything = scored.drop(columns="text").to_csv()
    for digits in ("661234567", "612345678", "522123456"):
        assert digits not in everything.replace(" ", "").replace("-", "")


def test_numbers_are_labelled(scored):
    assert scored["number_status"].tolist() == ["valid", "valid", "landline", "valid", "alphanumeric"]
    assert scored.loc[7, "operator_allocated"] == "Maroc Telecom"
    assert scored.loc[7, "other_operators"].count(";") == 1


def test_another_key_gives_other_pseudonyms_and_numbers_can_be_kept():
    frame = pd.DataFrame({"text": ["a"], "recipient": ["0661234567"]})
    first, second = (tasrib.score(frame, key=key)["recipient"].iloc[0] for key in (KEY, bytes(32)))
    assert first != second
    assert tasrib.score(frame, keep_numbers=True)["recipient"].iloc[0] == "0661234567"


def test_an_empty_frame_is_scored():
    scored = tasrib.score(pd.DataFrame({"text": [], "recipient": []}, dtype="str"), key=KEY)
    assert len(scored) == 0
    assert set(SCORED_COLUMNS) <= set(scored.columns)


def test_a_missing_column_is_named():
    with pytest.raises(TasribError, match="recipient"):
        tasrib.score(pd.DataFrame({"text": ["a"]}))


def test_what_is_scored_keeps_the_contract(scored):
    assert check(scored) is scored
    assert list(scored.columns) == [column.name for column in COLUMNS]
    assert set(scored["model"]) == {tasrib.load_model().version}
    assert set(scored["decided_by"]) == {"model"}


def test_several_numbers_in_a_cell_are_each_looked_up():
    cells = ["0612345678; 0661234567 ;;", "", " ", "abc;+33612345678", None]
    frame = pd.DataFrame({"text": "a", "recipient": "0661234567", "other_numbers": cells})
    plain = tasrib.score(frame, keep_numbers=True)
    assert plain["other_operators"].tolist() == ["Orange;Maroc Telecom", "", "", ";SFR", ""]
    assert plain["other_numbers"].tolist() == [*cells[:4], ""]
    hidden = tasrib.score(frame, key=KEY)
    assert [cell.count("p-") for cell in hidden["other_numbers"]] == [2, 0, 0, 2, 0]
    assert hidden["other_numbers"][0].split(";")[1] == hidden["recipient"][0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"received_at": "hier"},
            r"column 'received_at' holds what is no ISO 8601 date \(row 0: 'hier' is not a date\)",
        ),
        ({"decision": "campaign", "operator_allocated": ""}, "are scored already"),
    ],
)
def test_complaints_that_cannot_be_scored(columns, said):
    with pytest.raises(TasribError, match=said):
        tasrib.score(
            pd.DataFrame({"text": ["a"], "recipient": ["b"], **{name: [value] for name, value in columns.items()}})
        )


def test_columns_of_the_user_stay_and_stale_ones_go():
    frame = pd.DataFrame(
        {"prefix": ["1"], "mine": [2], "text": ["a"], "recipient": ["0661234567"], "received_at": ["2026-01-02"]}
    )
    scored = tasrib.score(frame, key=KEY)
    assert scored["mine"].tolist() == [2]
    assert scored["prefix"].tolist() == ["0661"]
    assert scored["received_at"][0] == pd.Timestamp("2026-01-02", tz="UTC")

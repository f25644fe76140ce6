"""Tables of reporting services, in which the text stands in one row and who sent it in the next of the same person."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tasrib.complaints import read_files

VOTE = "صوتوا على لائحة الأمل"
A, B, C = "0661000101", "0661000102", "0661000103"


@pytest.fixture
def read(tmp_path):
    def reading(*rows, head="MSISDN,message", name="r.csv", **more):
        (tmp_path / name).write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", "utf-8")
        return read_files(tmp_path / name, **more)

    return reading


def told(found):
    return found.complaints[["recipient", "text", "sender", "source_row"]].values.tolist()


@pytest.mark.parametrize(("answer", "sender"), [
    ("38123", "38123"), ("+212661000009", "+212661000009"), ("06 61 00 00 09", "06 61 00 00 09"), ("٣٨١٢٣", "38123"), (" 0661-000009 ", "0661-000009"), ("00212661000009", "00212661000009"), ("100", "100"),
])  # fmt: skip
def test_the_number_in_the_next_row_is_the_sender(read, answer, sender):
    found = read((A, VOTE), (A, answer))
    assert told(found) == [[A, VOTE, sender, 2]]
    assert found.cleaning.set_index("code").loc["sender_in_next_row", ["rows", "count"]].tolist() == ["row 3", 1]


def test_reports_of_several_people_lie_between_each_other(read):
    found = read(
        (A, VOTE),
        (B, "Votez"),
        (B, "38123"),
        (C, "Offre -50%"),
        (A, "3636"),
        (B, "Encore"),
        (B, "38124"),
        (C, "0661000009"),
    )
    assert told(found) == [
        [A, VOTE, "3636", 2],
        [B, "Votez", "38123", 3],
        [C, "Offre -50%", "0661000009", 5],
        [B, "Encore", "38124", 7],
    ]


def test_two_spellings_of_a_number_are_one_person(read):
    assert told(read((A, VOTE), ("+212 661-000101", "38123"))) == [[A, VOTE, "38123", 2]]


def test_where_the_newest_is_on_top(read):
    found = read((B, "38124"), (B, "Votez"), (A, "3636"), (A, VOTE))
    assert told(found) == [[B, "Votez", "38124", 3], [A, VOTE, "3636", 5]]


@pytest.mark.parametrize("rows", [
    [(C, "un"), (C, "deux"), (C, "38125")], [(C, "un"), (C, "38125"), (C, "38126")], [(C, "un"), (C, "deux"), (C, "38125"), (C, "38126")], [(C, "38125")],
])  # fmt: skip
def test_where_it_cannot_be_told_no_sender_is_taken(read, rows):
    sure = [(A, VOTE), (A, "3636"), (B, "Votez"), (B, "38124")]
    found = read(*sure, *rows)
    assert [each[:3] for each in told(found)] == [
        [A, VOTE, "3636"],
        [B, "Votez", "38124"],
        *([C, text, ""] for _, text in rows if not text.isdigit()),
    ]
    assert "sender_untold" in found.cleaning["code"].tolist()


@pytest.mark.parametrize("rows", [
    [(A, VOTE), (B, "38123")], [(A, VOTE), (A, "38123"), (B, "38124"), (B, "Votez")], [(A, "3636"), (B, "38123")], [(A, "Votez"), (A, "8 septembre 2021")], [(A, "Votez"), (A, "12")],
    [(A, "Votez"), (A, "HIZB")], [("", "Votez"), ("", "38123"), (A, "Votez")],
])  # fmt: skip
def test_any_other_table_stays_as_it_is(read, rows):
    found = read(*rows, mapping={"message": "text"})
    assert len(found.complaints) + len(found.rejected) == len(rows)
    assert found.complaints["sender"].eq("").all()


def test_a_table_that_says_who_sent_is_not_of_this_form(read):
    found = read((A, VOTE, "HIZB"), (A, "38123", ""), head="MSISDN,message,sender")
    assert len(found.complaints) == 2
    assert len(read((A, VOTE), (A, "38123"), values={"sender": "HIZB"}).complaints) == 2


def test_few_numbers_among_many_texts_are_no_form(read):
    found = read(*((f"06610001{at:02}", f"Votez {at}") for at in range(30)), ("0661000129", "38123"))
    assert len(found.complaints) == 31


def test_with_dates_in_workbooks_and_some_at_a_time(tmp_path, monkeypatch):
    made = Workbook()
    made.active.append(["Reçu le", "Numéro", "Message"])
    for at in range(60):
        made.active.append([f"{at % 28 + 1:02}/09/2021 10:00", f"06610002{at:02}", f"Votez {at}"])
        made.active.append([f"{at % 28 + 1:02}/09/2021 10:02", f"06610002{at:02}", f"38{at:03}"])
    made.save(tmp_path / "r.xlsx")
    found = read_files(tmp_path / "r.xlsx").complaints
    assert found["sender"].tolist() == [f"38{at:03}" for at in range(60)]
    assert str(found["received_at"].iloc[27].date()) == "2021-09-28"
    monkeypatch.setattr("tasrib.complaints.read.SLICE", 7)
    pd.testing.assert_frame_equal(read_files(tmp_path / "r.xlsx").complaints, found)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([A, B, C]), st.sampled_from([VOTE, "Votez", "38123", "3636", "ok"])),
        min_size=1,
        max_size=14,
    )
)
def test_each_row_is_kept_or_counted_and_no_text_is_lost(read, rows):
    found = read(*rows, mapping={"message": "text"})
    file = found.files[0]
    assert file.n_scored + file.n_quarantined + file.n_left_out == len(rows)
    assert sorted(text for text in found.complaints["text"] if not text.isdigit()) == sorted(
        text for _, text in rows if not text.isdigit()
    )

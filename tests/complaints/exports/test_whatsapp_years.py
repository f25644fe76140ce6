"""Chats of telephones that count years as Muslims do: the messages are read, and no day is guessed."""

import pytest

from tasrib.complaints import read_files

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل"


@pytest.mark.parametrize("heads", [
    ("[\u200f٣٠\u200f/١\u200f/١٤٤٣ هـ، ٨:٣٠:١٠ ص] ", "[\u200f١\u200f/٢\u200f/١٤٤٣ هـ، ٨:٣٠:١٠ م] "), ("[30/1/1443 AH, 08:30:10] ", "[1/2/1443 AH, 08:30:10] "),
    ("30/01/1443, 08:30 - ", "01/02/1443, 08:31 - "),
])  # fmt: skip
def test_days_of_another_calendar_are_left_open(tmp_path, heads):
    path = tmp_path / "_chat.txt"
    path.write_text("".join(f"{head}+212 661-000001: {VOTE}\n" for head in heads), "utf-8")
    found = read_files(path, recipient=OWNER)
    assert found.complaints["text"].tolist() == [VOTE] * 2
    assert found.complaints["received_at"].isna().all()
    assert {"date_unread", "date_out_of_range"} & set(found.cleaning["code"])


def test_hours_of_the_night_are_of_both_halves_and_left_open(tmp_path):
    path = tmp_path / "_chat.txt"
    path.write_text(f"07/09/2021, 8:30 at night - +212 661-000001: {VOTE}\n", "utf-8")
    found = read_files(path, recipient=OWNER).complaints
    assert found["text"].tolist() == [VOTE]
    assert found["received_at"].isna().all()

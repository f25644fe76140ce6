"""What the cleaning report says of telephone numbers."""

import pandas as pd

from tasrib.numbering import number_notes


def told(*numbers):
    complaints = pd.DataFrame(
        {"recipient": numbers, "source_file": "a.csv", "source_sheet": "", "source_row": range(2, 2 + len(numbers))}
    )
    return {(note.kind, note.code): note.rows for note in number_notes(complaints)}


def test_repairs_are_counted_by_their_rows():
    assert told("0661000101", "661000102", "+212661000103", "661000104") == {("mended", "number_mended"): (3, 5)}


def test_lost_digits_and_what_is_no_number_are_said():
    assert told("6.61E+08", "0661000101", "12345678901234567890", "0661000102") == {
        ("lost", "number_lost"): (2,),
        ("lost", "number_unread"): (4,),
    }


def test_an_address_or_an_empty_cell_is_no_lost_number():
    assert told("a@example.org", "", "0661000101") == {}
    assert told() == {}


def test_no_note_quotes_a_number():
    complaints = pd.DataFrame(
        {
            "recipient": ["0661000199 (inwi)", "066100"],
            "source_file": "a.csv",
            "source_sheet": "x",
            "source_row": [2, 3],
        }
    )
    notes = number_notes(complaints)
    assert len(notes) == 2
    assert not any("0661" in str(note) for note in notes)

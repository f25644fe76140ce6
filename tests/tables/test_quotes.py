"""Quotes that nobody closed, doubled or escaped: each row of the file stays a row of its own."""

import csv
import itertools

import pandas as pd
import pytest

from tasrib.complaints import read_files

HEADINGS = "date;message;tel\n"


def row(number, text="Soldes"):
    return f"03/09/2021;{text};06610001{number:02d}\n"


def read(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content.encode())
    found = read_files(tmp_path / "t.csv")
    return found, found.complaints[["text", "recipient"]].values.tolist()


def test_a_well_quoted_row_does_not_close_the_quote_of_another(tmp_path):
    found, rows = read(tmp_path, HEADINGS + row(1) + row(2, '"Votez') + row(3) + row(4, '"bien; fermé"') + row(5))
    assert [text for text, _ in rows] == ["Soldes", '"Votez', "Soldes", "bien; fermé", "Soldes"]
    assert found.complaints["source_row"].tolist() == [2, 3, 4, 5, 6]


def test_a_stray_quote_in_the_headings_swallows_nothing(tmp_path):
    _, rows = read(tmp_path, 'date;"message;tel\n' + row(1) + row(2))
    assert rows == [["Soldes", "0661000101"], ["Soldes", "0661000102"]]


@pytest.mark.parametrize("number", ["6.61E+08", "0661000101 (Inwi)", "٠٦٦١٠٠٠١٠١", "a@exemple.ma", "tél. 0661000101"])
def test_numbers_of_any_form_show_where_a_row_begins(tmp_path, number):
    body = "".join(f"{quote}Votez;{number}\n" for quote in ("", '"', "", "", '"', ""))
    found, rows = read(tmp_path, "message;tel\n" + body)
    assert [text for text, _ in rows] == ["Votez", '"Votez', "Votez", "Votez", '"Votez', "Votez"]
    assert found.rejected.empty


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, appelez\nAhmed, 0661000150\nSaid, 0661000151\nmerci",
        "Bonjour, 0661000150\nappelez, 0661000151\nmerci",
        "Venez au\n12, rue de Fès\nRabat, Maroc\n05 37 00 00 00",
        "صوتوا,\nيوم 8, الساعة 9\n\nشكرا",
        "l\n" * 500 + "fin",
    ],
)
def test_numbers_and_commas_on_the_lines_of_a_message(tmp_path, text):
    body = "".join(f"Soldes {n},066100011{n}\n" for n in range(8))
    found, rows = read(tmp_path, f'message,tel\n{body}"{text}",0661000101\nb,0661000102\n')
    assert rows[8:] == [[text, "0661000101"], ["b", "0661000102"]]
    assert found.complaints["source_row"].tolist() == list(range(2, 12))
    assert found.notes == ()


LINES = [
    "Votez pour la liste\nVotre voix compte",
    "Objet : réunion\n\nMadame, Monsieur,\nà samedi",
    'Il a dit "non"\nEt vous ?',
    "a, b\nc, d\n\n",
]


@pytest.mark.parametrize("columns", list(itertools.permutations(["message", "tel", "date"])), ids=",".join)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC, csv.QUOTE_ALL])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_messages_of_several_lines_wherever_their_column_stands(tmp_path, columns, quoting, delimiter):
    table = pd.DataFrame(
        {
            "message": [LINES[n % 5] if n % 5 < 4 else f"Soldes {n}" for n in range(40)],
            "tel": [f"06610001{n:02d}" for n in range(40)],
            "date": "16/09/2021 10:30",
        }
    )
    # As pandas, a spreadsheet and any library for CSV write them.
    content = table[list(columns)].to_csv(index=False, sep=delimiter, quoting=quoting)
    found, rows = read(tmp_path, content)
    assert rows == table[["message", "tel"]].values.tolist()
    assert found.rejected.empty


@pytest.mark.parametrize("within", ["\n", "\r"])
def test_a_line_break_unlike_those_between_rows_ends_no_row(tmp_path, within):
    listed = within.join(("Ali,0661000150", "Said,0661000151", "merci"))
    body = "".join(f"Soldes,066100011{n}\r\n" for n in range(8))
    _, rows = read(tmp_path, f'message,tel\r\n{body}"{listed}",0661000101\r\nb,0661000102\r\n')
    # Within a message every break is read as one line feed.
    assert [text.split() for text, _ in rows[8:]] == [listed.split(), ["b"]]


def test_rows_of_two_programs_in_one_file_end_in_two_ways(tmp_path):
    body = row(1) + row(2, '"Votez') + row(3) + row(4, 'bien"') + row(5)
    _, rows = read(tmp_path, HEADINGS.replace("\n", "\r\n") + body)
    assert [text for text, _ in rows] == ["Soldes", '"Votez', "Soldes", 'bien"', "Soldes"]


def test_quotes_within_a_cell_that_are_not_doubled(tmp_path):
    content = '"date","message","tel"\n"03/09/2021","il dit "oui", merci","0661000101"\n03/09/2021,"le "a" dit, b",0661000102\n'
    _, rows = read(tmp_path, content)
    assert rows == [['il dit "oui", merci', "0661000101"], ['le "a" dit, b', "0661000102"]]


def test_what_may_be_the_rest_of_a_torn_message_is_no_complaint(tmp_path):
    content = HEADINGS + row(1) + '03/09/2021;"Bonjour\nsuite; merci;fin\n' + "".join(map(row, range(2, 9)))
    found, rows = read(tmp_path, content)
    assert [number for _, number in rows] == [f"06610001{n:02d}" for n in range(1, 9)]
    assert found.rejected["row"].tolist() == [3, 4]
    assert "may be a part of it" in found.rejected["reason"][1]


def test_a_file_whose_quotes_are_all_open_is_read(tmp_path):
    found, rows = read(tmp_path, "text,tel\n" + '"a,0661000101\n' * 3_000)
    assert (rows[0], len(rows), len(found.rejected)) == (['"a', "0661000101"], 3_000, 0)


def test_backslashes_of_a_database(tmp_path):
    lines = [r'1,"dit \"oui\", C:\\x",0661000101', r'2,"l1\nl2",0661000102', '3,"a\\\nb",0661000103', r"4,l\'été,0661000104", r"5,a\,b,0661000105"]  # fmt: skip
    found, rows = read(tmp_path, "id,message,tel\n" + "\n".join(lines) + "\n")
    assert [text for text, _ in rows] == ['dit "oui", C:\\x', "l1\nl2", "a\nb", "l'été", "a,b"]
    assert found.cleaning["code"].tolist() == ["escaped_quotes"]
    _, rows = read(tmp_path, "id\tmessage\ttel\n1\tl1\\\nl2\t0661000101\n2\ta\\\tb\t0661000102\n")
    assert [text for text, _ in rows] == ["l1\nl2", "a\tb"]


def test_backslashes_that_people_type_stay(tmp_path):
    lines = [r'1,"C:\new\tab",0661000101', r"2,¯\_(ツ)_/¯ \o/,0661000102", r'3,"fin \",0661000103', r'4,"dit ""x\""",0661000104']  # fmt: skip
    found, rows = read(tmp_path, "id,message,tel\n" + "\n".join(lines) + "\n")
    assert [text for text, _ in rows] == ["C:\\new\\tab", "¯\\_(ツ)_/¯ \\o/", "fin \\", 'dit "x\\"']
    assert found.notes == ()


def counted(monkeypatch, content):
    from tasrib.complaints.headers import Headers
    from tasrib.tables import quotes
    from tasrib.tables.raw import Source
    from tasrib.tables.readers import delimited

    calls = []
    weigh = quotes.Shape.as_written
    monkeypatch.setattr(quotes.Shape, "as_written", lambda shape, line: calls.append(1) or weigh(shape, line))
    table = delimited.read(Source("t", "t", content.encode()), Headers())[0]
    monkeypatch.undo()
    return len(calls), len(table.rows) + len(table.bad)


@pytest.mark.parametrize("line", ['x;"a', '"a;b', '"', 'x;"a""', 'x;"a\\"', '03/09/2021;"Votez;0661000101', '""""""a'])
def test_twice_the_quotes_take_twice_the_work(monkeypatch, line):
    (once, _), (twice, _) = (counted(monkeypatch, HEADINGS + row(1) + f"{line}\n" * n) for n in (2_000, 4_000))
    assert twice < 2.2 * once

"""Encodings and delimiters nobody stated."""

import csv
import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_complaints

FRENCH = [
    ("Texte reçu", "Numéro de téléphone", "Opérateur"),
    ("Votez pour l'été ! Élections, à bientôt", "0600000001", "Op A"),
    ("ÉCOLE À RÉNOVER, ÇA SUFFIT", "0600000002", "Op B"),
    ('il a dit "oui";\nmême à Noël', "0600000003", "Op A"),
]
ARABIC = [
    ("نص الرسالة", "رقم الهاتف", "المتعهد"),
    ("صوتوا على الميزان, يوم الاقتراع", "0600000001", "أ"),
    ('قال "نعم";\nشكرا', "0600000002", "ب"),
]
MIXED = [
    ("Message", "Téléphone", "Opérateur"),
    ("votez pour la liberté حرية وعدالة avec nous, à bientôt", "0600000001", "été"),
    ("Réunion publique à 18h", "0600000002", ""),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
CASES = [
    *itertools.product([FRENCH, ARABIC, MIXED], ENCODINGS),
    (FRENCH, "cp1252"),
    (ARABIC, "cp1256"),
    (MIXED, "cp1256"),
]


def as_bytes(rows, delimiter, encoding):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(("rows", "encoding"), CASES)
def test_every_encoding_with_every_delimiter(tmp_path, rows, encoding, delimiter):
    path = tmp_path / "t.csv"
    path.write_bytes(as_bytes(rows, delimiter, encoding))
    complaints, rejected = read_complaints(path)
    assert rejected.empty
    assert complaints[["text", "recipient", "declared_operator"]].values.tolist() == [list(row) for row in rows[1:]]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("À voter", "cp1252"),
        ("VOTEZ À GAUCHE", "cp1252"),
        ("été", "cp1252"),
        ("L’élection – « oui » …", "cp1252"),
        ("سلام", "cp1256"),
        ("l'été avec الحمامة", "cp1256"),
    ],
)
def test_one_accent_or_word_is_enough(tmp_path, text, encoding):
    (tmp_path / "t.csv").write_bytes(f"text;tel\n{text};0600000001\n".encode(encoding))
    assert read_complaints(tmp_path / "t.csv")[0]["text"].tolist() == [text]


def test_excel_sep_line_and_empty_columns(tmp_path):
    (tmp_path / "t.csv").write_bytes("\ufeffsep=;\r\nMessage;Tél;;\r\na,b,c;0600000001;;\r\n;;;\r\n".encode())
    complaints, rejected = read_complaints(tmp_path / "t.csv")
    assert complaints[["text", "recipient", "source_row"]].values.tolist() == [["a,b,c", "0600000001", 2]]
    assert rejected.empty


def test_commas_in_texts_do_not_hide_the_semicolon(tmp_path):
    rows = "".join(f"un, deux, trois, {n};0600000001\n" for n in range(50))
    (tmp_path / "t.csv").write_text("Texte du message;Destinataire\n" + rows)
    assert len(read_complaints(tmp_path / "t.csv")[0]) == 50


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    (tmp_path / "t.csv").write_text('text,tel\n"a\nb",0600000001\n\nc,0600000002\n')
    assert read_complaints(tmp_path / "t.csv")[0]["source_row"].tolist() == [2, 4]


def test_titles_above_the_header(tmp_path):
    (tmp_path / "t.csv").write_text("Plaintes reçues en 2026;;\n\nTexte;Tél;Ville\na;0600000001;Fès\n")
    complaints, _ = read_complaints(tmp_path / "t.csv")
    assert complaints[["text", "region", "source_row"]].values.tolist() == [["a", "Fès", 4]]


def test_unclosed_quote_costs_one_row_only(tmp_path):
    (tmp_path / "t.csv").write_text('text,tel\na,0600000001\n"b,0600000002\nc,0600000003\nd,0600000004\n')
    complaints, rejected = read_complaints(tmp_path / "t.csv")
    assert complaints["text"].tolist() == ["a", "c", "d"]
    assert rejected["row"].tolist() == [3]
    assert "quote" in rejected["reason"][0]
    assert "0600000002" in rejected["raw"][0]


def test_unclosed_quote_on_the_last_line(tmp_path):
    (tmp_path / "t.csv").write_text('text,tel\na,0600000001\nb,"0600000002')
    complaints, rejected = read_complaints(tmp_path / "t.csv")
    assert (len(complaints), rejected["row"].tolist()) == (1, [3])


def test_a_damaged_byte_costs_one_row_only(tmp_path):
    good = "".join(f"مرحبا {n},0600000001\n" for n in range(9)).encode()
    (tmp_path / "t.csv").write_bytes(b"text,tel\n" + good + b"\xd8\xd8,0600000002\n" + good)
    complaints, rejected = read_complaints(tmp_path / "t.csv")
    assert (len(complaints), rejected["row"].tolist()) == (18, [11])
    assert "\\xd8" in rejected["raw"][0].replace("\\\\", "\\")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from(list("ab\"',;\n\r\t |é=س0")), max_size=120))
def test_no_row_is_lost_in_any_mess(tmp_path, body):
    (tmp_path / "t.csv").write_text("text,recipient\nfirst,0600000001\n" + body, encoding="utf-8", newline="")
    complaints, rejected = read_complaints(tmp_path / "t.csv")
    rows = [*complaints["source_row"], *rejected["row"]]
    assert len(rows) == len(set(rows))
    kept = "".join([*complaints["text"], *complaints["recipient"], *rejected["raw"]])
    for letter in "abéس":
        assert kept.count(letter) >= body.count(letter)

"""Encodings and delimiters nobody stated."""

import csv
import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_complaints, read_files
from tasrib.errors import TasribError

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


def rows_of(tmp_path, content, encoding="utf-8"):
    (tmp_path / "t.csv").write_bytes(content.encode(encoding))
    found = read_files(tmp_path / "t.csv")
    return found, found.complaints[["text", "recipient"]].values.tolist()


def test_a_quote_that_is_never_closed_is_read_as_written(tmp_path):
    found, rows = rows_of(tmp_path, 'text,tel\na,0600000001\n"b,0600000002\nc,0600000003\nd,"0600000004')
    assert rows == [["a", "0600000001"], ['"b', "0600000002"], ["c", "0600000003"], ["d", '"0600000004']]
    assert found.cleaning[["kind", "code", "rows"]].values.tolist() == [["mended", "stray_quotes", "rows 3, 5"]]


def test_a_stray_quote_swallows_nothing_whatever_closes_it(tmp_path):
    body = "".join(f"03/09/2021;Soldes {n};066100010{n}\n" for n in range(3))
    for stray in ('"Votez, candidat', 'Votez "candidat', '"Votez" candidat', 'Votez"'):
        content = f"date;message;tel\n{body}03/09/2021;{stray};0661000111\n{body}03/09/2021;{stray};0661000112\n{body}"
        found, rows = rows_of(tmp_path, content)
        assert (len(rows), len(found.rejected)) == (11, 0)
        assert rows[3] == [stray, "0661000111"]
        assert rows[7] == [stray, "0661000112"]


def test_a_stray_quote_in_the_last_column(tmp_path):
    content = "tel;message\n" + "".join(f"066100010{n};{chr(34) if n in (2, 5) else ''}Votez {n}\n" for n in range(8))
    _, rows = rows_of(tmp_path, content)
    assert [number for _, number in rows] == [f"066100010{n}" for n in range(8)]


def test_messages_of_several_lines_stay_whole(tmp_path):
    text = "Chers voisins,\nvotez; merci\n\nContact : 0661000199\n05 sept"
    content = f'date;message;tel\n2021-09-03;"{text}";0661000101\n2021-09-04;"a\nb";0661000102\n'
    found, rows = rows_of(tmp_path, content)
    assert rows == [[text, "0661000101"], ["a\nb", "0661000102"]]
    assert found.notes == ()
    _, rows = rows_of(tmp_path, f'tel;message\n0661000101;"{text}"\n0661000102;"a\n;b"\n')
    assert rows == [[text, "0661000101"], ["a\n;b", "0661000102"]]


def test_quotes_behind_a_backslash(tmp_path):
    lines = [
        r'1,"قال لكم \"صوتوا\", نعم",0661000101', r'2,"Votez \"la rose\" le 8",0661000102', r'3,"fin avec \",0661000103', "4,autre,0661000104",
        r'5,"C:\votes\",0661000105', r"6,\N,0661000106",
    ]  # fmt: skip
    found, rows = rows_of(tmp_path, "id,message,phone\n" + "\n".join(lines).replace("\\\\", "\\") + "\n")
    assert rows == [
        ['قال لكم "صوتوا", نعم', "0661000101"], ['Votez "la rose" le 8', "0661000102"], ["fin avec \\", "0661000103"], ["autre", "0661000104"],
        ["C:\\votes\\", "0661000105"],
    ]  # fmt: skip
    assert found.rejected["reason"].tolist() == ["message is empty"]
    assert found.cleaning[["code", "rows"]].values.tolist() == [["escaped_quotes", "rows 2 to 3"]]


SENTENCES = ["صوتوا يوم الاقتراع على رمز الوردة من أجل مدينة نظيفة", "صباح الخير أخي واش غادي نتلاقاو اليوم فالقهوة"]
BLESSINGS = ["Votez à l'école dès l'été, ça suffit", "Réunion à 18h à la maison de quartier, entrée libre"]


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        *((SENTENCES, encoding) for encoding in ("cp1256", "iso8859-6", "cp720", "mac_arabic", "utf-32")),
        *((BLESSINGS, encoding) for encoding in ("cp1252", "mac_roman", "cp850", "cp858", "iso8859-15")),
    ],
)
def test_the_code_page_is_found_and_said(tmp_path, texts, encoding):
    found, rows = rows_of(tmp_path, "text;tel\n" + "".join(f"{text};0661000101\n" for text in texts), encoding)
    assert [text for text, _ in rows] == texts
    assert found.cleaning["code"].tolist() == ["encoding"]


SHORT = ["سلام", "نعم", "لا للفساد", "شكراً جزيلاً لكم", "واش بغيتي تربح؟ صيفط 1"]
BRIEF = [
    "À bientôt",
    "ÉLECTIONS À FÈS",
    "FÊTE DE L'ÉCOLE",
    "Élu à Fès",
    "ÇA ALORS",
    "Où êtes-vous ?",
    "Déjà 20\u00a0% de réduction",
]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, encoding) for text in SHORT for encoding in ("cp1256", "iso8859-6")),
        *((text, encoding) for text in BRIEF for encoding in ("cp1252", "mac_roman", "cp850", "iso8859-15")),
        ("cœur", "iso8859-15"), ("Économisez 5 €", "iso8859-15"), ("Économisez 5 €", "cp1252"),
    ],
)  # fmt: skip
def test_a_file_of_one_short_text(tmp_path, text, encoding):
    _, rows = rows_of(tmp_path, f"text;tel\n{text};0661000101\n", encoding)
    assert rows == [[text, "0661000101"]]


def test_a_single_accent_of_another_encoding_among_lines_of_utf8(tmp_path):
    data = "text;tel\n" + "".join(f"{text};0661000101\n" for text in SENTENCES)
    data = data.encode() + "Réunion;0661000102\nÉlu;0661000103\nNoël;0661000104\n".encode("cp1252")
    (tmp_path / "t.csv").write_bytes(data)
    assert read_files(tmp_path / "t.csv").complaints["text"].tolist() == [*SENTENCES, "Réunion", "Élu", "Noël"]


def test_lines_that_end_as_on_old_macintoshes(tmp_path):
    data = "text;tel\r" + "".join(f"{text};0661000101\r" for text in SENTENCES * 2)
    data = data.encode() + "Réunion à Fès;0661000102\r".encode("cp1252")
    (tmp_path / "t.csv").write_bytes(data)
    assert read_files(tmp_path / "t.csv").complaints["text"].tolist() == [*SENTENCES * 2, "Réunion à Fès"]


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6", "cp1252"])
def test_each_line_in_its_own_encoding(tmp_path, encoding):
    other = BLESSINGS if encoding == "cp1252" else SENTENCES
    lines = [f"{text};0661000101\n".encode() for text in SENTENCES * 3]
    lines += [f"{text};0661000102\n".encode(encoding) for text in other]
    (tmp_path / "t.csv").write_bytes(b"text;tel\n" + b"".join(lines))
    found = read_files(tmp_path / "t.csv")
    assert found.complaints["text"].tolist() == SENTENCES * 3 + other
    assert "2 lines are in" in found.notes[0]


def test_the_stated_encoding_wins(tmp_path):
    (tmp_path / "t.csv").write_bytes("text;tel\nÔ,été;0661000101\n".encode("cp1252"))
    assert read_files(tmp_path / "t.csv", encoding="cp1256").complaints["text"][0] == "ش,été"
    assert read_files(tmp_path / "t.csv", encoding="latin-1").complaints["text"][0] == "Ô,été"
    for name, words in (
        ("utf-8", "line 2"),
        ("klingon", "no encoding"),
        ("undefined", "no encoding"),
        ("rot13", "no encoding"),
    ):
        with pytest.raises(TasribError, match=words):
            read_files(tmp_path / "t.csv", encoding=name)


def test_a_few_zero_bytes_are_damage(tmp_path):
    body = "".join(f"Votez la rose {n},066100010{n}\n" for n in range(9)).replace("rose 3", "ro\x00se 3")
    found, rows = rows_of(tmp_path, "text,tel\n" + body)
    assert rows[3] == ["Votez la rose 3", "0661000103"]
    assert found.cleaning[["code", "rows"]].values.tolist() == [["zero_bytes", "row 5"]]


def test_many_blank_lines_with_the_sign_of_an_end(tmp_path):
    _, rows = rows_of(tmp_path, "text;tel\n" + "\n" * 300_000 + "a;0661000101\n" + "\n" * 300_000 + "\x1a\n")
    assert rows == [["a", "0661000101"]]


def test_zero_bytes_in_every_row_are_not_taken_for_another_encoding(tmp_path):
    body = "".join(f"Votez la rose\x00 le {n};06610001{n:02d}\n" for n in range(10, 40))
    found, rows = rows_of(tmp_path, "text;tel\n" + body + "\x00" * 500)
    assert (rows[0], len(rows)) == (["Votez la rose le 10", "0661000110"], 30)
    assert found.cleaning[["code", "rows"]].values.tolist() == [["zero_bytes", "rows 2 to 31"]]
    (tmp_path / "t.jsonl").write_text(
        '{"text": "a\x00b", "tel": "0661000101"}\n\n{"text": "c", "tel": "0661000102"}\n\n'
    )
    found = read_files(tmp_path / "t.jsonl")
    assert found.complaints["text"].tolist() == ["ab", "c"]
    assert found.cleaning[["code", "rows"]].values.tolist() == [["blank_rows", "row 2"], ["zero_bytes", "row 1"]]


def test_headings_that_come_again_in_another_case_or_order(tmp_path):
    found, rows = rows_of(tmp_path, "text;tel\na;0661000101\nTEXT ;Tel\nb;0661000102\n\ufefftel;text\n0661000103;c\n")
    assert rows == [["a", "0661000101"], ["b", "0661000102"], ["c", "0661000103"]]
    assert found.cleaning[["kind", "rows"]].values.tolist() == [["left_out", "rows 3, 5"]]


def test_a_mark_at_the_head_of_a_file_put_below(tmp_path):
    _, rows = rows_of(tmp_path, 'tel;text\n0661000101;a\n\ufeff0661000102;b\n\ufeff"0661000103";"c;d"\n\x1a\x1a\r\n')
    assert rows == [["a", "0661000101"], ["b", "0661000102"], ["c;d", "0661000103"]]


def test_lines_quoted_as_a_whole(tmp_path):
    found, rows = rows_of(tmp_path, '"text,tel"\n"""a, b"",0661000101"\n"il dit """"oui"""",0661000102"\n')
    assert rows == [["a, b", "0661000101"], ['il dit ""oui""', "0661000102"]]
    assert [note for note in found.notes if "as a whole" in note]
    _, rows = rows_of(tmp_path, '"text";"tel"\n"a, b";"0661000101"\n')
    assert rows == [["a, b", "0661000101"]]


def test_files_put_together_have_their_headings_once(tmp_path):
    found, rows = rows_of(tmp_path, "\ufefftext,tel\na,0661000101\n\ufefftext,tel\nb,0661000102\ntext , tel\n\x1a")
    assert rows == [["a", "0661000101"], ["b", "0661000102"]]
    assert found.cleaning[["kind", "rows"]].values.tolist() == [["left_out", "rows 3, 5"]]


def test_wide_tables_are_refused_in_one_line(tmp_path):
    for header in (
        "tel,text" + "," * 300_000,
        "tel," + ",".join(["text"] * 1_500) + "," + ",".join(map(str, range(1_000))),
    ):
        (tmp_path / "t.csv").write_text(f"{header}x\n0661000101,a\n")
        with pytest.raises(TasribError, match="columns"):
            read_files(tmp_path / "t.csv")
    lines = "".join(f'{{"text": "a", "tel": "0661000101", "k{n}": 1}}\n' for n in range(30_000))
    (tmp_path / "t.jsonl").write_text(lines)
    with pytest.raises(TasribError, match="columns"):
        read_files(tmp_path / "t.jsonl")


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

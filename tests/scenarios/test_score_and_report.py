"""Whole cases through the command line, as a case worker would run them."""

import json

import pandas as pd
import pytest

from tasrib.scored import read_scored

pytestmark = pytest.mark.usefixtures("small_model_shipped")
HEADER = ["N°", "Date de réception", "Canal", "Expéditeur", "Téléphone", "Message"]
ROWS = [
    ("1", "01/09/2021 10:05", "sms", "TASWIT", "0661234567", "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا، رمزنا النجمة"),
    ("2", "01/09/2021 11:30", "sms", "SHOP", "06 12 34 56 78", "Soldes d'été : -30% sur tout le magasin jusqu'à dimanche, livraison gratuite à Fès"),
    ("3", "02/09/2021 09:00", "sms", "BANK", "+212 650 12 34 56", "رمز التأكيد الخاص بكم هو 48213، لا تشاركه مع أي أحد"),
    ("4", "02/09/2021 18:45", "whatsapp", "", "0700112233", "Votez pour la liste de l'espoir le 8 septembre, pour une commune propre et des emplois pour nos jeunes"),
    ("5", "03/09/2021 12:00", "sms", "", "", "وصلتني هذه الرسالة من رقم مجهول"),
]  # fmt: skip


@pytest.fixture
def complaints():
    return pd.DataFrame(ROWS, columns=HEADER)


def write(frame, path, encoding, delimiter=";"):
    text = frame.to_csv(index=False, sep=delimiter)
    # Windows-1256 has no accented capital and no ê: what an Arabic Windows would have written instead.
    path.write_bytes(text.encode(encoding, errors="strict"))
    return path


def test_encodings_and_formats_give_the_same_labels(run, complaints, tmp_path):
    complaints["Message"] = complaints["Message"].str.replace("Fès", "Fes").str.replace("à", "a").str.replace("é", "e")
    complaints = complaints.rename(
        columns={
            "N°": "Numero plainte",
            "Date de réception": "Date",
            "Expéditeur": "Expediteur",
            "Téléphone": "Telephone",
        }
    )
    sources = [
        write(complaints, tmp_path / "utf8.csv", "utf-8"),
        write(complaints, tmp_path / "bom.csv", "utf-8-sig", ","),
        write(complaints, tmp_path / "windows.csv", "cp1256"),
        write(complaints, tmp_path / "sixteen.csv", "utf-16", "\t"),
    ]
    complaints.to_excel(tmp_path / "book.xlsx", index=False)
    tables = []
    for source in [*sources, tmp_path / "book.xlsx"]:
        result = run("score", source, "-o", "scored.parquet", "--json")
        counts = json.loads(result.stdout)
        assert result.exit_code == 1
        assert counts["read"] == len(ROWS) == counts["scored"] + counts["quarantined"]
        assert counts["quarantined"] == 1
        tables.append(read_scored("scored.parquet").drop(columns=["source_file", "source_row", "source_sheet", "run"]))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "jsonl", "parquet"])
def test_every_output_format_can_be_reported(run, complaints, tmp_path, suffix):
    source = write(complaints, tmp_path / "in.csv", "utf-8")
    assert run("score", source, "-o", f"scored.{suffix}").exit_code == 1
    result = run("report", f"scored.{suffix}", "-o", "case")
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "case" / "findings.json").read_text("utf-8"))
    assert {row["what"]: row["rows"] for row in found["data_quality"]}["rows in quarantine"] == 1
    assert (tmp_path / "case" / "report.html").stat().st_size > 5_000


def test_quarantine_names_file_row_column_and_reason(run, complaints, tmp_path):
    source = write(complaints, tmp_path / "in.csv", "utf-8")
    run("score", source, "-o", "scored.csv")
    rejected = pd.read_csv(tmp_path / "scored.quarantine.csv")
    assert rejected[["file", "row", "column"]].values.tolist() == [["in.csv", 6, "Téléphone"]]
    assert rejected["reason"].str.len().min() > 5
    assert "وصلتني" in rejected["raw"].iloc[0]


def test_a_clean_run_leaves_no_old_quarantine_behind(run, complaints, tmp_path):
    run("score", write(complaints, tmp_path / "in.csv", "utf-8"), "-o", "scored.csv")
    assert (tmp_path / "scored.quarantine.csv").exists()
    result = run("score", write(complaints.head(4), tmp_path / "in.csv", "utf-8"), "-o", "scored.csv")
    assert result.exit_code == 0
    assert not (tmp_path / "scored.quarantine.csv").exists()


def test_an_unknown_header_is_read_with_map(run, complaints, tmp_path):
    odd = complaints.rename(columns={"Message": "colonne 7"})
    source = write(odd, tmp_path / "in.csv", "utf-8")
    refused = run("score", source, "-o", "scored.csv")
    assert refused.exit_code == 2
    assert "--map" in refused.output
    assert "colonne 7" in refused.output
    assert run("score", source, "-o", "scored.csv", "--map", "colonne 7=text").exit_code == 1


def test_pseudonyms_join_batches_with_one_key_only(run, complaints, tmp_path):
    source = write(complaints, tmp_path / "in.csv", "utf-8")
    people = []
    for key in ("a.key", "a.key", "b.key"):
        run("score", source, "-o", "scored.csv", "--key", key)
        people.append(read_scored("scored.csv")["recipient"].tolist())
    assert people[0] == people[1] != people[2]
    assert not any(digit in "".join(people[0]) for digit in ["661234567", "612345678"])


def test_standard_output_carries_the_table_alone(run, complaints, tmp_path):
    result = run("score", write(complaints.head(4), tmp_path / "in.csv", "utf-8"), "-o", "-")
    assert result.stdout.startswith("text,recipient,")
    assert len(result.stdout.strip().splitlines()) == 5


def test_what_the_reader_noticed_is_said(run, tmp_path):
    sheets = {"août": ["Soldes -30% à Fès", None, "Bonjour"], "septembre": ["Votre code est 48213"]}
    with pd.ExcelWriter(tmp_path / "in.xlsx") as book:
        for name, texts in sheets.items():
            numbers = ["0661234567" if text else None for text in texts]
            pd.DataFrame({"Message": texts, "Téléphone": numbers}).to_excel(book, sheet_name=name, index=False)
    note = "in.xlsx, sheet 'août', row 3: empty, left out"
    result = run("score", tmp_path / "in.xlsx", "-o", "scored.csv")
    assert result.exit_code == 0
    assert f"  {note}\n" in result.output
    assert json.loads(run("score", tmp_path / "in.xlsx", "-o", "scored.csv", "--json").stdout)["notes"] == [note]

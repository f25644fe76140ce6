"""Letters are files of the report, until a person works on one: then nothing writes over it, and verify says so."""

import io
import json
import zipfile

import pytest
from custody_world import month
from docx import Document

from tasrib.case import pack, verify, write_case
from tasrib.errors import TasribError
from tasrib.report.letters.documents import paragraphs
from tasrib.tables import write_table

pytestmark = pytest.mark.usefixtures("worked_once")
FR, AR = "letter-USFP-fr.docx", "letter-USFP-ar.docx"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("letters")
    write_table(month(0, 14, 24, party=["USFP"] * 14 + [""] * 24, channel="sms"), folder / "july.parquet")
    write_case(folder / "july.parquet", folder / "case", letters=True)
    return folder


@pytest.fixture
def world(made, tmp_path, monkeypatch):
    import shutil

    monkeypatch.chdir(tmp_path)
    return shutil.copytree(made, tmp_path / "work")


def complete(path):
    """What a case worker does in a word processor."""
    document = Document(path)
    next(p for p in document.paragraphs if "[Nom de" in p.text or "[اسم الجامعة" in p.text).text = "Fédération X"
    document.save(path)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_they_are_in_the_record_and_made_again(world):
    record = json.loads((world / "case" / "run.json").read_bytes())
    assert {FR, AR} <= set(record["outputs"])
    assert record["settings"]["letters"] is True
    assert "letter-fr.docx" in record["reference"]
    found = verify(world / "case")
    assert (found.verdict, found.differences, found.unchecked, found.notes) == ("confirmed", (), (), ())
    assert any(FR in line and line.startswith("made anew") for line in found.confirmed)


def test_a_letter_names_what_it_was_made_of_by_its_hash(world):
    record = json.loads((world / "case" / "run.json").read_bytes())
    lines = paragraphs((world / "case" / FR).read_bytes())
    assert lines[lines.index("july.parquet") + 1] == record["inputs"][0]["sha256"]


def test_made_again_they_replace_those_that_nobody_touched(world):
    (world / "case" / "letter-PAM-fr.docx").write_bytes(b"stale")
    record = world / "case" / "run.json"
    before = (world / "case" / FR).read_bytes()
    (world / "case" / "letter-PAM-fr.docx").unlink()
    write_case("work/july.parquet", world / "case", letters=True, languages="fr")
    assert (world / "case" / FR).exists()
    assert not (world / "case" / AR).exists()
    assert set(json.loads(record.read_bytes())["outputs"]) & {FR, AR} == {FR}
    assert paragraphs(before)[:5] == paragraphs((world / "case" / FR).read_bytes())[:5]


def test_a_report_without_letters_takes_untouched_ones_away(world):
    write_case("work/july.parquet", world / "case")
    assert not [name for name in names(world / "case") if name.endswith(".docx")]


def test_a_completed_letter_is_never_written_over(world):
    complete(world / "case" / FR)
    before = {path.name: path.read_bytes() for path in (world / "case").iterdir()}
    with pytest.raises(TasribError, match=f"{FR} is not as tasrib wrote it: somebody has worked on it.*rename it"):
        write_case("work/july.parquet", world / "case", letters=True)
    assert {path.name: path.read_bytes() for path in (world / "case").iterdir()} == before


def test_it_is_refused_before_anything_is_read(world):
    complete(world / "case" / FR)
    with pytest.raises(TasribError, match="somebody has worked on it"):
        write_case("absent.parquet", world / "case", letters=True)


def test_a_completed_letter_is_not_taken_away_either(world):
    complete(world / "case" / FR)
    kept = (world / "case" / FR).read_bytes()
    write_case("work/july.parquet", world / "case")
    assert (world / "case" / FR).read_bytes() == kept
    assert not (world / "case" / AR).exists()
    assert any(FR in note for note in verify(world / "case").notes)


@pytest.mark.parametrize("name", ["Letter-usfp-FR.docx", "letter-Parti X-fr.docx"])
def test_a_letter_that_no_record_knows_is_somebody_s(world, name):
    (world / "case" / name).write_bytes(b"mine")
    with pytest.raises(TasribError, match="somebody has worked on it"):
        write_case("work/july.parquet", world / "case", letters=True)
    assert (world / "case" / name).read_bytes() == b"mine"


def test_copies_under_other_names_stay_and_hinder_nothing(world):
    others = ("letter-USFP-fr final.docx", "~$tter-USFP-fr.docx", "letter-USFP-fr.pdf", "lettre.docx")
    for name in others:
        (world / "case" / name).write_bytes(b"mine")
    write_case("work/july.parquet", world / "case", letters=True)
    assert [(world / "case" / name).read_bytes() for name in others] == [b"mine"] * len(others)


def test_without_a_record_letters_are_kept(world):
    (world / "case" / "run.json").unlink()
    with pytest.raises(TasribError, match="somebody has worked on it"):
        write_case("work/july.parquet", world / "case", letters=True)


def test_one_that_is_opened_while_the_work_goes_on_is_kept(world, monkeypatch):
    from tasrib.report import write

    real = write.letters_of

    def meanwhile(*given):
        complete(world / "case" / FR)
        return real(*given)

    monkeypatch.setattr(write, "letters_of", meanwhile)
    before = (world / "case" / "findings.json").stat().st_mtime_ns
    with pytest.raises(TasribError, match="somebody has worked on it"):
        write_case("work/july.parquet", world / "case", letters=True)
    assert "Fédération X" in "".join(paragraphs((world / "case" / FR).read_bytes()))
    assert (world / "case" / "findings.json").stat().st_mtime_ns == before


def test_verify_tells_a_completed_letter_from_a_changed_case(world):
    complete(world / "case" / FR)
    found = verify(world / "case")
    assert (found.verdict, found.differences) == ("incomplete", ())
    (said,) = found.unchecked
    assert said.startswith(f"{FR} was changed: paragraph 2 is 'Fédération X', and made anew '[Nom de la fédération")
    assert "for a person to complete" in said
    assert any(AR in line and line.startswith("made anew") for line in found.confirmed)


def test_verify_tells_words_put_into_a_header(world):
    document = Document(world / "case" / FR)
    document.sections[0].header.paragraphs[0].text = "Avis"
    document.save(world / "case" / FR)
    found = verify(world / "case")
    assert (found.verdict, found.differences) == ("incomplete", ())
    assert "Avis" in found.unchecked[0]


def test_verify_does_not_confirm_a_letter_with_a_damaged_part(world):
    data = bytearray((world / "case" / FR).read_bytes())
    with zipfile.ZipFile(world / "case" / FR) as file:
        styles = file.getinfo("word/styles.xml")
    data[styles.header_offset + 30 + len(styles.filename) + styles.compress_size // 2] ^= 1
    (world / "case" / FR).write_bytes(data)
    found = verify(world / "case")
    assert (found.verdict, found.differences) == ("incomplete", ())
    assert found.unchecked[0].startswith(f"{FR} was changed: it is no document of Word any more")


def test_verify_tells_a_letter_that_is_gone_and_one_that_was_only_saved(world):
    (world / "case" / FR).unlink()
    document = Document(world / "case" / AR)
    document.save(world / "case" / AR)
    found = verify(world / "case")
    assert found.unchecked == (f"{FR} is not here: a draft that was moved, or renamed when it was completed",)
    assert f"{AR} was saved anew by another program: its bytes differ, what it says does not" in found.notes


def test_one_that_is_no_document_any_more_is_told(world):
    (world / "case" / FR).write_bytes(b"PK no zip")
    (said,) = verify(world / "case").unchecked
    assert "it is no document of Word any more" in said


def test_a_pack_holds_them_and_leaves_out_what_a_person_completed(world):
    pack(world / "case", world / "whole.zip")
    assert verify(world / "whole.zip").verdict == "confirmed"
    complete(world / "case" / FR)
    assert pack(world / "case", world / "part.zip") == (FR,)
    with zipfile.ZipFile(world / "part.zip") as file:
        assert AR in file.namelist()
        assert FR not in file.namelist()
    assert verify(world / "part.zip").verdict == "incomplete"


def test_the_command_writes_them_and_says_where(run, made, tmp_path):
    result = run("report", made / "july.parquet", "-o", "case", "--letter", "--lang", "fr")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "case") == ["findings.json", FR, "report.html", "run.json", "tables.xlsx"]
    assert (
        "Projet de plainte, à compléter et à signer par une personne\u00a0: 1 fichier letter-….docx dans case"
        in result.output
    )
    told = run("report", made / "july.parquet", "-o", "case", "--letter", "--json")
    assert [name.rpartition("/")[2] for name in json.loads(told.stdout)["letters"]] == [AR, FR]


def test_the_command_refuses_in_one_line(run, made, tmp_path):
    run("report", made / "july.parquet", "-o", "case", "--letter")
    complete(tmp_path / "case" / FR)
    again = run("report", made / "july.parquet", "-o", "case", "--letter")
    assert again.exit_code == 2
    assert len(again.output.strip().splitlines()) == 1
    nobody = run("report", made / "july.parquet", "-o", "other", "--letter", "--country", "TN")
    assert nobody.exit_code == 2
    assert "none is known for TN" in nobody.output
    assert not (tmp_path / "other").exists()


def test_a_scored_file_that_lies_among_the_letters_is_no_output(run, made, tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / FR).write_bytes((made / "july.parquet").read_bytes())
    result = run("report", f"case/{FR}", "-o", "case", "--letter")
    assert result.exit_code == 2
    assert (tmp_path / "case" / FR).read_bytes() == (made / "july.parquet").read_bytes()


def test_their_content_is_a_document(made):
    document = Document(io.BytesIO((made / "case" / AR).read_bytes()))
    assert "اللجنة الوطنية لمراقبة حماية المعطيات ذات الطابع الشخصي" in [p.text for p in document.paragraphs]

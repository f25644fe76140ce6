"""A case that is what it was is confirmed wherever it lies; whatever was changed in it is named."""

import hashlib
import json
import shutil
import unicodedata

import openpyxl
import pytest
from custody_world import copy_of, make_world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib._resources import resource
from tasrib.case import verify, write_case
from tasrib.case.hashes import encode, sealed
from tasrib.errors import TasribError

pytestmark = pytest.mark.usefixtures("worked_once")
FILES = ("report.html", "tables.xlsx", "findings.json", "run.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("custody") / "work")


@pytest.fixture
def world(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return copy_of(made, tmp_path / "work")


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(data)


def record_of(folder):
    return json.loads((folder / "run.json").read_bytes())


def test_an_untouched_case_is_confirmed(world):
    found = verify(world / "case")
    assert (found.verdict, found.differences, found.unchecked, found.notes) == ("confirmed", (), (), ())
    assert found.last_hash == record_of(world / "case")["last_hash"]
    assert (
        "made anew from what it was made of, and the same: findings.json, tables.xlsx, report.html" in found.confirmed
    )
    assert "what it was made of: july.parquet, août.csv" in found.confirmed


def test_the_findings_that_are_confirmed_say_something(world):
    findings = json.loads((world / "case" / "findings.json").read_bytes())
    assert findings["campaigns"][0]["n_people"] == 26
    assert findings["findings"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", [0, 1, 57, 1_000, -2, -1])
def test_a_changed_byte_is_named(world, name, at):
    flip(world / "case" / name, at)
    found = verify(world / "case", hashes_only=True)
    assert found.verdict == "differs"
    assert found.differences[0].startswith(name)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([*FILES, "../july.parquet", "../août.csv"]), at=st.integers(0, 10**7), bit=st.integers(0, 7)
)
def test_any_changed_bit_is_named(world, name, at, bit):
    path = world / "case" / name
    data = path.read_bytes()
    changed = bytearray(data)
    changed[at % len(data)] ^= 1 << bit
    try:
        path.write_bytes(changed)
        found = verify(world / "case", hashes_only=True)
    finally:
        path.write_bytes(data)
    assert found.verdict == "differs"
    assert found.differences[0].startswith(path.name)


@pytest.mark.parametrize("name", ["july.parquet", "août.csv"])
def test_a_changed_input_is_named_and_nothing_made_anew(world, name):
    flip(world / name, 500)
    found = verify(world / "case")
    assert found.verdict == "differs"
    assert found.differences[0].startswith(f"{name} (scored) is not the file that the report was made of")
    assert found.unchecked == (f"nothing was made anew: {name} is not here as it was",)


def test_a_changed_finding_is_named_by_row_and_key(world):
    path = world / "case" / "findings.json"
    record = json.loads(path.read_bytes())
    was = record["findings"][0]["observed"]
    record["findings"][0]["observed"] = was + 1
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")
    found = verify(world / "case")
    assert found.differences == (
        f"findings.json was changed: findings, row 1, observed is {was + 1}, and made anew {was}",
    )


def test_a_changed_cell_is_named_by_sheet_row_and_column(world):
    path = world / "case" / "tables.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["campaigns"]
    column = next(cell.column for cell in sheet[1] if cell.value == "n_people")
    sheet.cell(2, column).value = 260
    book.save(path)
    found = verify(world / "case")
    assert found.differences == (
        "tables.xlsx was changed: sheet campaigns, row 2, column n_people is 260.0, and made anew 26.0",
    )


def test_a_workbook_that_was_opened_and_saved_is_told_from_one_that_was_changed(world):
    path = world / "case" / "tables.xlsx"
    openpyxl.load_workbook(path).save(path)
    found = verify(world / "case")
    assert found.differences == (
        "tables.xlsx was saved anew by another program: its bytes differ, what it says does not",
    )


@pytest.mark.parametrize("name", ["findings.json", "report.html"])
def test_line_ends_of_a_mail_program_are_told(world, name):
    path = world / "case" / name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = verify(world / "case")
    assert found.verdict == "differs"
    assert found.differences == (f"{name} was changed: only its line ends were, as mail programs and editors do",)


def test_a_changed_record_is_named_and_so_is_what_it_then_asks_for(world):
    path = world / "case" / "run.json"
    path.write_bytes(path.read_bytes().replace(b'"min_people": 10', b'"min_people": 12'))
    found = verify(world / "case")
    assert found.differences[0].startswith("run.json was changed: it bears the hash ")
    assert found.differences[1].startswith(
        "findings.json is as it was written, and what it was made of says otherwise: settings, min_people is 10, and made anew 12"
    )


@pytest.mark.parametrize(
    "spoil",
    [lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"  ", b" ", 1)],
    ids=["line ends", "mark", "space"],
)  # fmt: skip
def test_a_record_that_an_editor_saved_says_the_same_still(world, spoil):
    path = world / "case" / "run.json"
    path.write_bytes(spoil(path.read_bytes()))
    found = verify(world / "case", hashes_only=True)
    assert found.differences == (
        "run.json was saved anew by another program: what it says is unchanged, its bytes are not",
    )


def test_only_a_noted_hash_shows_a_record_made_anew_for_changed_files(world):
    noted = verify(world / "case", hashes_only=True).last_hash
    page = world / "case" / "report.html"
    page.write_bytes(page.read_bytes().replace(b"26", b"27"))
    record = record_of(world / "case")
    record["outputs"]["report.html"] = {
        "sha256": hashlib.sha256(page.read_bytes()).hexdigest(), "size": page.stat().st_size,
    }  # fmt: skip
    del record["last_hash"]
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    assert verify(world / "case", hashes_only=True).verdict == "confirmed"
    found = verify(world / "case", noted=noted[:20].upper(), hashes_only=True)
    assert found.differences[0].startswith("run.json is not the one whose hash you noted")


def test_a_noted_hash_that_fits_is_said_and_a_short_one_tells_nothing(world):
    noted = record_of(world / "case")["last_hash"]
    found = verify(world / "case", noted=f" {noted[:8]} {noted[8:16]} ", hashes_only=True)
    assert (found.verdict, found.confirmed[1]) == ("confirmed", "its hash is the one that you noted")
    assert verify(world / "case", noted=noted[:15], hashes_only=True).verdict == "incomplete"


def test_findings_changed_together_with_the_record_are_found_by_making_them_anew(world):
    path = world / "case" / "findings.json"
    path.write_bytes(path.read_bytes().replace(b'"n_people": 26', b'"n_people": 62'))
    record = record_of(world / "case")
    record["outputs"]["findings.json"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    found = verify(world / "case")
    assert found.differences == (
        "findings.json is as it was written, and what it was made of says otherwise: campaigns, row 1, n_people is 62, and made anew 26",
    )


@pytest.mark.parametrize("name", FILES[:3])
def test_a_missing_file_is_named(world, name):
    (world / "case" / name).unlink()
    assert verify(world / "case", hashes_only=True).differences == (f"{name} is missing",)


def test_without_its_record_nothing_can_be_said(world):
    (world / "case" / "run.json").unlink()
    with pytest.raises(TasribError, match=r"holds no run.json, so nothing tells what it was"):
        verify(world / "case")
    with pytest.raises(TasribError, match=r"is one file of a report; name its folder"):
        verify(world / "case" / "report.html")


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b'{"kind": "report"}', b"\xff\xfe", b"[" * 100_000])
def test_a_record_that_is_none_is_named(world, record):
    (world / "case" / "run.json").write_bytes(record)
    found = verify(world / "case")
    assert found.differences[0].startswith("run.json cannot be read")


@pytest.mark.parametrize("name", ["../july.parquet", "/etc/passwd", "a/b", "a\\b", ""])
def test_a_record_leads_nowhere_else(world, name):
    record = record_of(world / "case")
    record["outputs"][name] = record["outputs"]["report.html"]
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    assert "is no name of a file" in verify(world / "case", hashes_only=True).differences[0]


def test_a_record_cannot_keep_a_machine_busy(world):
    record = record_of(world / "case")
    record["settings"]["replicates"] = 10**12
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    assert "more replicates" in verify(world / "case").unchecked[0]


def test_what_people_do_to_folders_is_no_difference(world, tmp_path):
    """Renamed, moved beside a copy of the inputs under other names, with litter of three systems and somebody's notes in it."""
    there = tmp_path / "stick" / "Affaire 42 (copie)"
    shutil.copytree(world / "case", there, copy_function=shutil.copyfile)
    shutil.copyfile(world / "july.parquet", there.parent / "july (1).parquet")
    shutil.copyfile(world / "août.csv", there.parent / unicodedata.normalize("NFD", "août.csv"))
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$tables.xlsx", "notes de Salma.docx"):
        (there / name).write_bytes(b"x")
    (there / "tables.xlsx").rename(there / "tables (1).xlsx")
    (there / "report.html").rename(there / "REPORT.HTML")
    shutil.rmtree(world)
    found = verify(there)
    assert (found.verdict, found.differences) == ("confirmed", ())
    assert found.notes == (
        "tables.xlsx is called tables (1).xlsx here",
        "also there, and no part of the case: .DS_Store, Thumbs.db, desktop.ini, notes de Salma.docx, ~$tables.xlsx",
    )


def test_inputs_elsewhere_are_named_and_found(world, tmp_path):
    far = tmp_path / "far" / "away"
    far.mkdir(parents=True)
    for name in ("july.parquet", "août.csv"):
        (world / name).rename(far / name)
    (world / "case.zip").unlink()
    found = verify(world / "case")
    assert found.verdict == "incomplete"
    assert found.unchecked[0] == "not found: july.parquet (scored); name its folder with --inputs"
    assert "july.parquet, août.csv are not here as they were" in found.unchecked[-1]
    assert verify(world / "case", inputs=tmp_path / "far").verdict == "confirmed"
    assert verify(world / "case", inputs=[far / "july.parquet", far / "août.csv"]).verdict == "confirmed"
    assert verify(world / "case", hashes_only=True).verdict == "confirmed"


def test_other_versions_and_reference_data_are_told(world):
    record = record_of(world / "case")
    record["versions"]["numpy"], record["reference"]["operators.csv"]["size"] = "1.0", 3
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    (note,) = verify(world / "case").notes
    assert note.startswith("not the same here as when it was made: numpy 1.0 then, ")
    assert note.endswith("operators.csv")


def test_a_time_stamp_of_another_record_is_a_difference(world):
    (world / "case" / "run.json.tsr").write_bytes(b"\x30\x82 of another")
    found = verify(world / "case", hashes_only=True)
    assert found.differences == ("run.json.tsr is a time stamp of something else than this record",)


def test_what_comes_out_otherwise_under_other_versions_is_not_called_a_change(world):
    record = record_of(world / "case")
    record["versions"]["numpy"], record["settings"]["min_people"] = "1.0", 12
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    found = verify(world / "case")
    assert (found.verdict, found.differences) == ("incomplete", ())
    assert found.unchecked[0].startswith("findings.json is as it was written, and what it was made of says otherwise")
    assert found.unchecked[0].endswith("; that may come from what is not the same here")


def test_a_page_that_was_changed_with_its_record_does_not_come_out_again(world):
    page = world / "case" / "report.html"
    page.write_bytes(page.read_bytes().replace(b">26<", b">62<"))
    record = record_of(world / "case")
    record["outputs"]["report.html"]["sha256"] = hashlib.sha256(page.read_bytes()).hexdigest()
    (world / "case" / "run.json").write_bytes(encode(sealed(record)))
    (said,) = verify(world / "case").differences
    assert said.startswith("report.html is as it was written, and what it was made of says otherwise: line ")
    assert ">62<" in said
    assert ">26<" in said


def test_pages_in_all_languages_are_made_anew(world):
    write_case(world / "july.parquet", world / "all", languages="all", title="Affaire 42")
    found = verify(world / "all")
    assert (found.verdict, found.differences) == ("confirmed", ())
    pages = "report.html, report-ar.html, report-fr.html, report-en.html"
    assert f"made anew from what it was made of, and the same: findings.json, tables.xlsx, {pages}" in found.confirmed


def test_pages_marked_by_another_model_are_not_compared(world, monkeypatch, small_shipped):
    monkeypatch.setenv("TASRIB_MODEL", str(small_shipped))
    found = verify(world / "case")
    assert found.verdict == "incomplete"
    assert found.unchecked[0].startswith("pages were not made anew: words are marked in them by the model ")
    shipped = resource("model")
    assert verify(world / "case", model=shipped).verdict == "confirmed"


def test_a_report_over_an_earlier_one_names_it(world):
    before = record_of(world / "case")
    write_case(world / "july.parquet", world / "case")
    after = record_of(world / "case")
    assert (before["replaces"], after["replaces"]) == (None, before["last_hash"])
    assert verify(world / "case").verdict == "confirmed"

"""A case in one file: the same bytes each time, nothing in it that was not asked for, and confirmed however it was packed again."""

import io
import stat
import struct
import zipfile

import pandas as pd
import pytest
from custody_world import copy_of, make_world, month

from tasrib.case import pack, verify, write_case
from tasrib.case.packing import encode_pack, names_in_pack, open_pack
from tasrib.complaints.quarantine import REJECTED
from tasrib.errors import TasribError
from tasrib.tables import write_table

pytestmark = pytest.mark.usefixtures("worked_once")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("packs") / "work")


@pytest.fixture
def world(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return copy_of(made, tmp_path / "work")


@pytest.fixture
def alone(world, tmp_path):
    """The pack where nothing else is."""
    folder = tmp_path / "alone"
    folder.mkdir()
    return (world / "case.zip").rename(folder / "case.zip")


def contents(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed_again(path, change):
    """The same files under other names, as another program packs them."""
    files = contents(path)
    with zipfile.ZipFile(path, "w") as file:
        for name, data in change(files).items():
            file.writestr(name, data)
    return path


def test_a_pack_holds_the_report_and_what_it_was_made_of(alone, made):
    assert list(contents(alone)) == [
        "findings.json", "inputs/août.csv", "inputs/july.parquet", "report.html", "run.json", "tables.xlsx",
    ]  # fmt: skip
    assert stat.S_IMODE((made / "case.zip").stat().st_mode) == 0o600
    assert verify(alone).verdict == "confirmed"


def test_a_folder_packs_to_the_same_bytes_as_the_report_did(world):
    assert pack(world / "case", world / "again.zip") == ()
    assert (world / "again.zip").read_bytes() == (world / "case.zip").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda files: {f"case-042/{name}": data for name, data in files.items()},
        lambda files: {f"case\\{name}".replace("/", "\\"): data for name, data in files.items()},
        lambda files: files | {"__MACOSX/._run.json": b"mac", ".DS_Store": b"mac", "__MACOSX/run.json": b"mac"},
        lambda files: dict(reversed(files.items())),
    ],
    ids=["in a folder", "by Windows", "by a Mac", "in another order"],
)
def test_packed_again_by_another_program_it_is_confirmed(alone, change):
    packed_again(alone, change)
    found = verify(alone)
    assert (found.verdict, found.differences) == ("confirmed", ())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report.html", "report.html was changed"),
        ("findings.json", "findings.json was changed"),
        ("tables.xlsx", "tables.xlsx was changed"),
        ("run.json", "run.json"),
        ("inputs/july.parquet", "july.parquet (scored) is not the file that the report was made of"),
        ("inputs/août.csv", "août.csv (scored) is not the file that the report was made of"),
    ],
)
def test_what_was_changed_inside_is_named(alone, name, said):
    def change(files):
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        return files | {name: bytes(data)}

    packed_again(alone, change)
    assert verify(alone, hashes_only=True).differences[0].startswith(said)


def test_a_changed_input_inside_is_named_though_a_true_copy_lies_beside(world):
    packed_again(world / "case.zip", lambda files: files | {"inputs/july.parquet": b"PAR1 not"})
    found = verify(world / "case.zip")
    assert found.differences[0].startswith("july.parquet (scored) is not the file that the report was made of")


def test_a_byte_damaged_on_its_way_is_an_error_not_a_wrong_answer(alone):
    data = bytearray(alone.read_bytes())
    at = alone.read_bytes().index(b"report.html") + 200
    data[at] ^= 1
    alone.write_bytes(bytes(data))
    with pytest.raises(TasribError, match="damaged on its way"):
        verify(alone)


@pytest.mark.parametrize("name", ["../run.json", "/etc/cron.d/x", "a/../../x", "C:\\x", "..\\x", "case/./../../x"])
def test_nothing_leads_out_of_a_pack(alone, name, tmp_path):
    packed_again(alone, lambda files: {name: b"x"} | files)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TasribError, match="leads out of the pack; nothing was unpacked"):
        verify(alone)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_pack_is_refused(alone):
    with zipfile.ZipFile(alone, "a") as file:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(TasribError, match="leads out of the pack"):
        verify(alone)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["run.json", "RUN.JSON"])
def test_two_files_of_one_name_are_refused(alone, name):
    with zipfile.ZipFile(alone, "a") as file:
        file.writestr(name, b"{}")
    with pytest.raises(TasribError, match="twice; nothing was unpacked"):
        verify(alone)


def test_a_bomb_is_refused(alone, monkeypatch):
    monkeypatch.setattr("tasrib.case.packing._MOST_BYTES", 5_000_000)
    packed_again(alone, lambda files: files | {"zeros": bytes(6_000_000)})
    with pytest.raises(TasribError, match="when unpacked; this is no pack of a case"):
        verify(alone)


def test_a_bomb_that_lies_about_its_size_is_refused(alone, monkeypatch):
    monkeypatch.setattr("tasrib.case.packing._MOST_BYTES", 5_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("run.json", bytes(20_000_000))
    data = buffer.getvalue().replace(struct.pack("<I", 20_000_000), struct.pack("<I", 10))
    alone.write_bytes(data)
    with pytest.raises(TasribError, match=r"when unpacked|damaged on its way"):
        verify(alone)


def test_too_many_files_are_refused(alone):
    packed_again(alone, lambda files: files | {f"f{i}": b"" for i in range(1_001)})
    with pytest.raises(TasribError, match=r"holds 1,007 files; this is no pack of a case"):
        verify(alone)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"text"])
def test_what_is_no_pack_is_said(alone, data):
    alone.write_bytes(data)
    with pytest.raises(TasribError, match=r"is no zip|holds no run.json"):
        verify(alone)
    with pytest.raises(TasribError, match="no such file"):
        verify(alone.parent / "absent.zip")


def test_two_cases_in_one_zip_are_not_guessed_at(alone):
    packed_again(alone, lambda files: {f"{case}/{name}": data for case in "ab" for name, data in files.items()})
    with pytest.raises(TasribError, match="holds 2 cases; unpack it, and name the folder of one"):
        verify(alone)


def test_names_that_are_alike_get_places_of_their_own():
    assert names_in_pack(["a.csv", "A.csv", "a.csv", 'b:"?.csv']) == [
        "inputs/a.csv", "inputs/A-2.csv", "inputs/a-3.csv", "inputs/b___.csv",
    ]  # fmt: skip


def test_two_files_of_one_name_in_two_folders(world):
    (world / "later").mkdir()
    (world / "august.csv").write_bytes((world / "août.csv").read_bytes())
    write_table(month(300, 3, 5), world / "later" / "august.csv")
    write_case([world / "august.csv", world / "later" / "august.csv"], world / "two", pack=world / "two.zip")
    place = world / "x"
    place.mkdir()
    found = verify((world / "two.zip").rename(place / "two.zip"))
    assert (found.verdict, found.differences) == ("confirmed", ())


def test_a_pack_leaves_nothing_behind(alone):
    with open_pack(alone) as folder:
        assert (folder / "run.json").is_file()
    assert not folder.exists()


def test_numbers_are_packed_only_when_asked_for(world):
    numbers = month(0, 3, 4).assign(recipient=[f"066100010{i}" for i in range(7)])
    write_table(numbers, world / "numbers.parquet")
    with pytest.raises(TasribError, match="hold telephone numbers as they are"):
        write_case(world / "numbers.parquet", world / "n", pack=world / "n.zip")
    assert not (world / "n").exists()
    write_case(world / "numbers.parquet", world / "n")
    with pytest.raises(TasribError, match="holds telephone numbers as they are"):
        pack(world / "n", world / "n.zip")
    assert not (world / "n.zip").exists()
    assert pack(world / "n", world / "n.zip", with_numbers=True) == ()
    assert "inputs/numbers.parquet" in contents(world / "n.zip")


@pytest.mark.parametrize("column", ["other_numbers", "complainant"])
def test_numbers_beside_the_recipient_count(world, column):
    write_table(month(0, 3, 4).assign(**{column: "0661000101"}), world / "numbers.parquet")
    with pytest.raises(TasribError, match="telephone numbers"):
        write_case(world / "numbers.parquet", world / "n", pack=world / "n.zip")


def test_a_quarantine_is_packed_only_when_asked_for(world):
    rejected = pd.DataFrame(
        [["in.csv", "", 7, "text", "", "is missing", '{"n": "0661000101"}']], columns=list(REJECTED)
    )
    write_table(rejected, world / "bad.csv")
    made = write_case(world / "july.parquet", world / "q", rejected=[world / "bad.csv"], pack=world / "q.zip")
    assert made.left_out == ("bad.csv",)
    assert "inputs/bad.csv" not in contents(world / "q.zip")
    for name in ("x", "y"):
        (world / name).mkdir()
    (world / "bad.csv").rename(world / "y" / "elsewhere.csv")
    found = verify((world / "q.zip").rename(world / "x" / "q.zip"))
    assert found.verdict == "incomplete"
    assert any("data_quality, quarantine, the pages" in line for line in found.unchecked)
    assert "made anew from what it was made of, and the same: findings.json, tables.xlsx" in found.confirmed
    assert verify(world / "x" / "q.zip", inputs=world / "y").verdict == "confirmed"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_pack_without_its_quarantine_differs_in_no_language(world, language):
    rejected = pd.DataFrame([["in.csv", "", 7, "text", "", "is missing", ""]], columns=list(REJECTED))
    write_table(rejected, world / "bad.csv")
    write_case(
        world / "july.parquet", world / "q", rejected=[world / "bad.csv"], languages=language, pack=world / "q.zip"
    )
    (world / "alone").mkdir()
    (world / "bad.csv").unlink()
    found = verify((world / "q.zip").rename(world / "alone" / "q.zip"))
    assert (found.verdict, found.differences) == ("incomplete", ())
    assert "made anew from what it was made of, and the same: findings.json, tables.xlsx" in found.confirmed


def test_operators_under_other_names_are_not_packed_under_their_own(world):
    (world / "alias.csv").write_text("operator,alias\nInwi,A\nOrange,B\nMaroc Telecom,C\n")
    with pytest.raises(TasribError, match="a pack holds the scored files, which name operators"):
        write_case(world / "july.parquet", world / "a", alias=world / "alias.csv", pack=world / "a.zip")
    write_case(world / "july.parquet", world / "a", alias=world / "alias.csv")
    record = (world / "a" / "run.json").read_text("utf-8")
    assert not {"alias.csv", "Inwi", "Orange"} & set(record.split('"'))
    with pytest.raises(TasribError, match="operators bear other names"):
        pack(world / "a", world / "a.zip")
    assert "name the list of these with --alias" in verify(world / "a").unchecked[0]
    assert verify(world / "a", alias=world / "alias.csv").verdict == "confirmed"


def test_a_case_that_was_changed_is_not_packed(world):
    (world / "case" / "report.html").write_text("other")
    with pytest.raises(TasribError, match=r"is not as it was written \(report.html was changed\)"):
        pack(world / "case", world / "again.zip")


def test_no_file_of_somebody_else_is_lost(world):
    (world / "mine.zip").write_bytes(encode_pack({"holiday.jpg": b"x"}))
    for path, said in (
        (world / "mine.zip", "is not a pack of tasrib, and would be lost"),
        (world / "july.parquet", "give it a name that ends in .zip"),
        (world / "no" / "x.zip", "does not exist"),
    ):
        with pytest.raises(TasribError, match=said):
            pack(world / "case", path)
    assert pack(world / "case", world / "case.zip") == ()

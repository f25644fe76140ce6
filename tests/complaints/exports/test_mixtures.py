"""Folders and archives of everything: each file by what it is, what holds nothing named, what was made to harm refused."""

import io
import json
import zipfile

import pandas as pd
import pytest
from android_backups import CAMPAIGN, backup, sms
from openpyxl import Workbook

from tasrib.complaints import read_files
from tasrib.complaints.exports import archive
from tasrib.errors import UnreadableInput

OWNER = "0612345678"
PRIVATE = "Je t'aime, ne le dis à personne"
XML = backup(sms(), sms(PRIVATE, name="Ali"))
CHAT = f"07/09/2021, 20:33 - +212 661-000001: Votez pour l'Espoir\n07/09/2021, 20:34 - Moi: {PRIVATE}\n"
TABLE = "message,tel\nVotez demain,0661000101\n"


def book():
    made = Workbook()
    made.active.title = "Juillet"
    made.active.append(["message", "tel"])
    made.active.append(["Votez hier", "0661000102"])
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


FILES = {
    "sms.xml": XML, "WhatsApp Chat - +212 661-000001/_chat.txt": CHAT, "tables/plaintes.csv": TABLE, "tables/b.xlsx": book(), "photo.jpg": b"\xff\xd8\xff\xe0" * 9, "vide.txt": "",
    "notes.csv": "a,b\n1,2\n", "__MACOSX/._sms.xml": b"\x00\x05", ".DS_Store": b"\x00", "Thumbs.db": b"\x00",
}  # fmt: skip


def as_bytes(content):
    return content.encode() if isinstance(content, str) else content


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, as_bytes(content))
    return data.getvalue()


@pytest.fixture
def made(tmp_path):
    def making(files, where="case"):
        if where.endswith(".zip"):
            (tmp_path / where).write_bytes(packed(files))
        else:
            for name, content in files.items():
                path = tmp_path / where / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(as_bytes(content))
        return tmp_path / where

    return making


@pytest.mark.parametrize("where", ["case", "case.zip"])
def test_each_file_is_read_by_what_it_is(made, where):
    found = read_files(made(FILES, where), recipient=OWNER)
    assert sorted(found.complaints["text"]) == sorted([CAMPAIGN, "Votez pour l'Espoir", "Votez demain", "Votez hier"])
    recipients = dict(zip(found.complaints["text"], found.complaints["recipient"], strict=True))
    assert recipients == {
        CAMPAIGN: OWNER,
        "Votez pour l'Espoir": OWNER,
        "Votez demain": "0661000101",
        "Votez hier": "0661000102",
    }
    told = found.cleaning.set_index("code")
    named = "sheet" if where.endswith(".zip") else "file"
    assert sorted(told.loc[["holds_none"], named]) == ["photo.jpg", "vide.txt"]
    assert told.loc[["file_not_read"], named].tolist() == ["notes.csv"]
    assert not found.cleaning["file"].str.contains("MACOSX|DS_Store|Thumbs").any()


def test_each_message_is_traced_to_its_file(made):
    found = read_files(made(FILES), recipient=OWNER).complaints.set_index("text")
    assert found.loc["Votez pour l'Espoir", ["source_file", "source_row"]].tolist() == [
        "WhatsApp Chat - …01/_chat.txt",
        1,
    ]
    assert found.loc["Votez hier", ["source_file", "source_sheet", "source_row"]].tolist() == [
        "tables/b.xlsx",
        "Juillet",
        2,
    ]
    found = read_files(made(FILES, "case.zip"), recipient=OWNER)
    assert found.files[0].name == "case.zip"
    assert found.complaints["complaint_id"].is_unique
    found = found.complaints.set_index("text")
    assert found.loc["Votez hier", ["source_file", "source_sheet", "source_row"]].tolist() == [
        "case.zip",
        "tables/b.xlsx:Juillet",
        2,
    ]


@pytest.mark.parametrize("where", ["case", "case.zip"])
def test_the_command_says_how_many_came_from_what(run, made, tmp_path, where, small_model_shipped):
    ended = run("score", made(FILES, where), "-o", "out.csv", "--recipient", OWNER, "--json")
    # A table without the columns may be a loss.
    assert ended.exit_code == 1, ended.output
    said = json.loads(ended.stdout)
    assert {what: counted["n_scored"] for what, counted in said["kinds"].items()} == {
        "SMS Backup & Restore": 1,
        "WhatsApp": 1,
        "tables": 2,
    }
    assert len(said["held_none"]) == 3
    assert not any(PRIVATE in file.read_text("utf-8") for file in tmp_path.glob("out.*"))
    record = json.loads((tmp_path / "out.run.json").read_text("utf-8"))
    assert sum(each["rows"]["scored"] for each in record["inputs"]) == 4


def test_of_many_files_that_hold_none_a_few_are_named(run, made, small_model_shipped):
    files = {"sms.xml": XML} | {f"IMG-{at:03}.jpg": b"\xff\xd8" for at in range(40)}
    ended = run("score", made(files), "-o", "out.csv", "--recipient", OWNER)
    assert ended.exit_code == 0, ended.output
    assert "IMG-014.jpg and 25 more" in ended.output
    assert ended.output.count("IMG-") == 15
    assert "read as:" not in ended.output


def test_a_number_in_the_name_of_a_folder_is_that_of_all_in_it(made):
    found = read_files(made({"0612345678/sms.xml": XML, "0698765432/_chat.txt": CHAT}))
    assert found.complaints["recipient"].tolist() == ["0612345678", "0698765432"]
    assert not found.complaints["source_file"].str.contains("345678|765432").any()


def test_a_number_in_the_name_of_an_archive_is_that_of_all_in_it(made):
    found = read_files(made({"sms.xml": XML, "a/_chat.txt": CHAT}, "0612345678.zip"))
    assert found.complaints["recipient"].eq("0612345678").all()
    assert found.complaints["source_file"].eq("…78.zip").all()


def test_the_archive_of_a_chat_bears_the_senders_number(made):
    path = made({"_chat.txt": CHAT, "0001-PHOTO.jpg": b"\xff\xd8"}, "WhatsApp Chat - +212 661-000001.zip")
    with pytest.raises(UnreadableInput, match="give --recipient NUMBER"):
        read_files(path)
    assert read_files(path, recipient=OWNER).complaints["text"].tolist() == ["Votez pour l'Espoir"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_names_in_archives_that_do_not_say_how_they_are_written(tmp_path, encoding):
    name = "محادثة واتساب مع حزب الأمل.txt".encode(encoding)
    chat = f"07/09/2021, 20:33 - حزب الأمل: Votez\n07/09/2021, 20:34 - Samira: {PRIVATE}\n"
    data = packed({"X" * len(name): chat}).replace(b"X" * len(name), name)
    (tmp_path / "a.zip").write_bytes(data)
    # Who is the owner is told by the name alone.
    found = read_files(tmp_path / "a.zip", recipient=OWNER, keep_all=True)
    assert found.complaints[["text", "source_sheet"]].values.tolist() == [["Votez", name.decode(encoding)]]


def test_archives_within_archives(made):
    inner = packed({"sms.xml": XML})
    found = read_files(
        made({"a.zip": inner, "b/c.zip": packed({"d.zip": packed({"_chat.txt": CHAT})})}, "x.zip"), recipient=OWNER
    )
    assert found.complaints["source_sheet"].tolist() == ["a.zip/sms.xml", "b/c.zip/d.zip/_chat.txt"]
    deep = packed({"sms.xml": XML})
    for _ in range(5):
        deep = packed({"a.zip": deep})
    with pytest.raises(UnreadableInput, match="deeper than 3"):
        read_files(made({"a.zip": deep}, "y.zip"), recipient=OWNER)


@pytest.mark.parametrize("name", ["../sms.xml", "a/../../sms.xml", "/etc/sms.xml", "C:\\sms.xml", "..\\sms.xml"])
def test_paths_that_lead_out_are_refused(made, name):
    with pytest.raises(UnreadableInput, match="a path that leads out of it"):
        read_files(made({name: XML}, "x.zip"), recipient=OWNER)


def test_what_swells_without_measure_is_refused(made, monkeypatch):
    monkeypatch.setattr(archive, "_MUCH", 1_000_000)
    with pytest.raises(UnreadableInput, match="swells without measure"):
        read_files(made({"sms.xml": b"0" * 3_000_000}, "x.zip"), recipient=OWNER)


def test_an_archive_that_is_damaged_or_locked_is_told(made, tmp_path):
    path = made({"sms.xml": XML * 50, "_chat.txt": CHAT}, "x.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableInput, match="is damaged and cannot be read"):
        read_files(path, recipient=OWNER)
    path.write_bytes(whole.replace(whole[100:110], bytes(10), 1))
    found = read_files(path, recipient=OWNER)
    assert found.complaints["text"].tolist() == ["Votez pour l'Espoir"]
    assert found.lost
    flags = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := whole.find(mark, at + 1)) >= 0:
            flags[at + place] |= 1
    path.write_bytes(bytes(flags))
    with pytest.raises(UnreadableInput, match="is locked by a password"):
        read_files(path, recipient=OWNER)


def test_a_workbook_is_no_archive(made, tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(book())
    assert read_files(path).complaints["text"].tolist() == ["Votez hier"]


@pytest.mark.parametrize("files", [{}, {"photo.jpg": b"\xff\xd8"}, {"a/.DS_Store": b"\x00"}])
@pytest.mark.parametrize("where", ["case", "case.zip"])
def test_what_holds_nothing_at_all_is_told(made, tmp_path, files, where):
    (tmp_path / "case").mkdir(exist_ok=True)
    with pytest.raises(UnreadableInput, match=r"holds no message|a folder without a file"):
        read_files(made(files, where), recipient=OWNER)


def test_a_file_that_stands_in_the_folder_and_beside_it_counts_once(made):
    folder = made({"sms.xml": XML})
    with pytest.raises(UnreadableInput, match="is given twice"):
        read_files([folder, folder / "sms.xml"], recipient=OWNER)


def test_links_that_lead_out_of_a_folder_are_not_followed(made, tmp_path):
    folder = made({"sms.xml": XML})
    (tmp_path / "other.csv").write_text(TABLE)
    (folder / "link.csv").symlink_to(tmp_path / "other.csv")
    assert read_files(folder, recipient=OWNER).complaints["text"].tolist() == [CAMPAIGN]


def test_what_a_broken_run_left_beside_its_inputs_is_no_input(made):
    folder = made(
        {"sms.xml": XML, "out.csv.unfinished/journal.json": "{}", "out.csv.unfinished/part-000000.csv": TABLE}
    )
    found = read_files(folder, recipient=OWNER)
    assert found.complaints["text"].tolist() == [CAMPAIGN]
    assert not found.cleaning["file"].str.contains("unfinished").any()


def test_a_table_that_was_scored_is_not_scored_again(made, run, tmp_path, small_model_shipped):
    folder = made({"sms.xml": XML})
    assert run("score", folder, "-o", folder / "out.csv", "--recipient", OWNER).exit_code == 0
    ended = run("score", folder, "-o", "again.csv", "--recipient", OWNER)
    assert len(pd.read_csv(tmp_path / "again.csv")) == 1
    assert "is scored already" in ended.output


def test_a_country_in_small_letters_is_that_country(made):
    found = read_files(made({"sms.xml": XML}, "0612345678.zip"), country="ma")
    assert found.complaints["recipient"].eq("0612345678").all()
    assert found.complaints["source_file"].eq("…78.zip").all()

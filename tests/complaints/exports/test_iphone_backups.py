"""Whole backups of iPhones: the messages alone are read, from what is encrypted with its passphrase, and nothing of it is written anywhere."""

import shutil
import sys
import tempfile
import zipfile

import pytest
from iphone_backups import MESSAGES, PASSPHRASE, backup
from test_iphone import MOMENT, NUMBER, PRIVATE, ROWS, VOTE, database

from tasrib.commands import passphrase as asking
from tasrib.complaints import read_files
from tasrib.complaints.exports import iphone_database
from tasrib.complaints.exports.iphone_backup import PassphraseNeeded, beside_messages
from tasrib.errors import TasribError, UnreadableInput

OWNER = "+212612345678"
UDID = "00008030-000A1B2C3D4E802E"


@pytest.fixture
def made(tmp_path):
    def making(name=UDID, rows=ROWS, mode="delete", **more):
        path = tmp_path / "sms.db"
        database(path, rows, mode=mode).close()
        data = path.read_bytes()
        for each in tmp_path.glob("sms.db*"):
            each.unlink()
        return backup(tmp_path / name, data, **more)

    return making


def texts(found):
    return found.complaints["text"].tolist()


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_of_a_backup_the_messages_alone_are_read(made, passphrase, mode):
    folder = made(passphrase=passphrase, mode=mode)
    found = read_files(folder, passphrase=passphrase or None)
    assert texts(found) == [VOTE, VOTE, VOTE]
    assert found.complaints["recipient"].tolist() == ["+212 6 12 34 56 78"] * 2 + ["+212698765432"]
    assert found.complaints["received_at"].tolist() == [MOMENT] * 3
    assert found.complaints["source_file"].unique().tolist() == [f"3d/{MESSAGES}"]
    codes = found.cleaning["code"].tolist()
    assert {"messages_of_backup", "recipient_of_backup"} <= set(codes)
    assert not {"holds_none", "file_not_read"} & set(codes)
    assert [file.name for file in found.files] == [f"3d/{MESSAGES}"]


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("more", [{"flat": True}, {"old_list": True}, {"others": False}])
def test_backups_of_other_years(made, passphrase, more):
    assert texts(read_files(made(passphrase=passphrase, **more), passphrase=passphrase)) == [VOTE] * 3


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_the_file_by_itself_and_a_folder_of_backups(made, tmp_path, passphrase):
    folder = made("case/0612345678/a", passphrase=passphrase, number="")
    made("case/0698765432/b", passphrase=passphrase, number="0677777777")
    (tmp_path / "case" / "t.csv").write_text("message,tel\nVotez demain,0661000101\n")
    file = folder / MESSAGES[:2] / MESSAGES
    assert texts(read_files(file, recipient=OWNER, passphrase=passphrase)) == [VOTE] * 3
    found = read_files(tmp_path / "case", passphrase=passphrase).complaints
    # Of the two backups one message has a number of its own, and is the same complaint.
    assert len(found) == 6
    # A name of a folder was given by a person, and goes before a setting of the phone.
    assert set(found["recipient"]) == {"0612345678", "0698765432", "+212698765432", "0661000101"}


def test_what_the_user_states_goes_before_a_setting_of_the_phone(made):
    found = read_files(made(number="0677777777"), recipient=OWNER)
    assert set(found.complaints["recipient"]) == {OWNER, "+212698765432"}
    assert "recipient_of_backup" not in found.cleaning["code"].tolist()


@pytest.mark.parametrize("number", ["", "12", "a@b.ma"])
def test_a_backup_that_does_not_tell_its_number_is_asked_for_it(made, number):
    with pytest.raises(UnreadableInput, match="give --recipient NUMBER"):
        read_files(made(number=number))


def test_without_or_with_another_passphrase_nothing_is_read(made, tmp_path):
    folder = made("case/x", passphrase=PASSPHRASE)
    (tmp_path / "case" / "t.csv").write_text("message,tel\nVotez demain,0661000101\n")
    for where in (folder, tmp_path / "case"):
        with pytest.raises(PassphraseNeeded, match="give --passphrase-file FILE"):
            read_files(where)
        with pytest.raises(PassphraseNeeded, match="is not that of the backup"):
            read_files(where, passphrase="autre")


def test_nothing_that_was_decrypted_is_written(made, tmp_path, monkeypatch):
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    folder = made(passphrase=PASSPHRASE)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    read_files(folder, passphrase=PASSPHRASE)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not list(private.iterdir())


def spoilt(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(("name", "change"), [
    ("Manifest.plist", lambda data: data[:60]), ("Manifest.plist", lambda data: b"<plist><dict>"), ("Manifest.plist", lambda data: data.replace(b"DPIC\x00\x00\x00\x04\x00\x00\x03\xe8", b"DPIC\x00\x00\x00\x04\xff\xff\xff\xff")),
    ("Manifest.plist", lambda data: data.replace(b"DPSL", b"XXXX")), ("Manifest.db", lambda data: data[:-7]), ("Manifest.db", lambda data: data[:64]), ("Manifest.db", lambda data: b"SQLite format 3\x00" + bytes(200)),
    (f"3d/{MESSAGES}", lambda data: data[:-5]), (f"3d/{MESSAGES}", lambda data: data[:-16]), (f"3d/{MESSAGES}", lambda data: data[16:]),
])  # fmt: skip
def test_a_damaged_backup_is_told(made, name, change):
    folder = made(passphrase=PASSPHRASE)
    spoilt(folder, name, change)
    with pytest.raises(UnreadableInput, match=r"make it again|make the backup again|is damaged|is not that of"):
        read_files(folder, passphrase=PASSPHRASE)


def test_without_the_lists_nobody_knows_the_key(made):
    folder = made(passphrase=PASSPHRASE)
    (folder / "Manifest.plist").unlink()
    with pytest.raises(UnreadableInput, match="give the whole folder of the backup"):
        read_files(folder / "3d" / MESSAGES, recipient=OWNER, passphrase=PASSPHRASE)


def test_a_backup_without_messages_is_told(made):
    folder = made()
    shutil.rmtree(folder / "3d")
    with pytest.raises(UnreadableInput, match="a backup of an iPhone without its messages"):
        read_files(folder)


def test_where_the_library_is_missing_a_line_says_so(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "iphone_backup_decrypt", None)
    with pytest.raises(UnreadableInput, match=r"pip install 'tasrib\[iphone\]'"):
        read_files(made(passphrase=PASSPHRASE), passphrase=PASSPHRASE)
    assert texts(read_files(made("other"))) == [VOTE] * 3


@pytest.mark.parametrize("mode", ["delete", "wal"])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_backups_in_archives(made, tmp_path, passphrase, mode):
    folder = made(passphrase=passphrase, mode=mode)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))
    if passphrase:
        with pytest.raises(UnreadableInput, match="give the whole folder of the backup, not in an archive"):
            read_files(tmp_path / "x.zip", recipient=OWNER, passphrase=passphrase)
        return
    found = read_files(tmp_path / "x.zip", recipient=OWNER)
    assert texts(found) == [VOTE] * 3
    assert set(found.complaints["source_sheet"]) == {f"{UDID}/3d/{MESSAGES}"}


def test_what_is_beside_the_messages():
    names = ["a/Manifest.db", "a/Manifest.plist", f"a/3d/{MESSAGES}", "a/3d/3d00", "b/3d/x", "Manifest.db", "c.csv"]
    assert beside_messages(names) == {"a/Manifest.db", "a/Manifest.plist", "a/3d/3d00"}
    assert beside_messages(["Manifest.mbdb", "Manifest.plist", MESSAGES, "x"]) == {
        "Manifest.mbdb",
        "Manifest.plist",
        "x",
    }
    assert beside_messages(["Manifest.plist", "x"]) == set()


@pytest.fixture
def key_file(tmp_path):
    def writing(content):
        (tmp_path / "pass.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "pass.txt"

    return writing


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nautre ligne\n"])
def test_the_command_takes_the_passphrase_from_a_file(run, made, tmp_path, key_file, small_model_shipped, ending):
    folder = made(passphrase=PASSPHRASE)
    ended = run("score", folder, "-o", "out.csv", "--passphrase-file", key_file(PASSPHRASE + ending))
    assert ended.exit_code == 1, ended.output
    assert "from iPhone: 3 scored, 1 in quarantine" in ended.output
    for path in tmp_path.glob("out.*"):
        written = path.read_text("utf-8")
        assert not any(each in written for each in (PASSPHRASE, PRIVATE, "612345678", "6 12 34 56 78", "pass.txt"))


def test_without_a_file_and_a_terminal_the_run_stops(run, made, small_model_shipped):
    ended = run("score", made(passphrase=PASSPHRASE), "-o", "out.csv")
    assert ended.exit_code == 2
    assert ended.output.count("\n") == 1
    assert "give --passphrase-file FILE" in ended.output


def test_in_a_terminal_it_is_asked_three_times(run, made, monkeypatch, small_model_shipped):
    answers = iter(["autre", PASSPHRASE])
    monkeypatch.setattr(asking, "_somebody_is_there", lambda: True)
    monkeypatch.setattr(asking.click, "prompt", lambda said, **more: next(answers) if more["hide_input"] else None)
    folder = made(passphrase=PASSPHRASE)
    ended = run("score", folder, "-o", "out.csv")
    assert ended.exit_code == 1, ended.output
    assert "the passphrase is not that of the backup" in ended.output
    monkeypatch.setattr(asking.click, "prompt", lambda said, **more: "autre")
    assert run("score", folder, "-o", "other.csv").exit_code == 2


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00"])
def test_a_file_without_a_passphrase_is_told(key_file, content):
    with pytest.raises(TasribError, match="passphrase"):
        asking.with_passphrase(key_file(content), lambda passphrase: passphrase)


def test_an_old_setting_of_the_phone_hides_no_sender(made):
    found = read_files(made(number=NUMBER))
    assert NUMBER in found.complaints["sender"].tolist()


@pytest.fixture
def with_log(tmp_path):
    """A backup in which the messages lie in the file of newer changes alone."""

    def making(**more):
        opened = database(tmp_path / "sms.db", ROWS, mode="wal")
        try:
            data, log = ((tmp_path / name).read_bytes() for name in ("sms.db", "sms.db-wal"))
        finally:
            opened.close()
        for each in tmp_path.glob("sms.db*"):
            each.unlink()
        assert VOTE.encode() in log
        assert VOTE.encode() not in data
        return backup(tmp_path / UDID, data, log=log, **more)

    return making


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("flat", [False, True])
def test_newer_changes_that_the_backup_holds_are_read(with_log, passphrase, flat):
    folder = with_log(passphrase=passphrase, flat=flat)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert texts(read_files(folder, passphrase=passphrase)) == [VOTE] * 3
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_is_too_large_for_memory_lies_in_a_private_folder_while_it_is_read(made, tmp_path, monkeypatch):
    private, seen = tmp_path / "tmp", []
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    monkeypatch.setattr(iphone_database, "IN_MEMORY", 1_000)
    connect = iphone_database.sqlite3.connect

    def watching(path, **more):
        seen.extend((each.stat().st_mode & 0o077, each.parent.stat().st_mode & 0o077) for each in private.rglob("m.db"))
        return connect(path, **more)

    monkeypatch.setattr(iphone_database.sqlite3, "connect", watching)
    folder = made(passphrase=PASSPHRASE)
    found = read_files(folder, passphrase=PASSPHRASE)
    assert texts(found) == [VOTE] * 3
    assert "decrypted_to_folder" in found.cleaning["code"].tolist()
    assert seen
    assert all(of_folder == 0 for _, of_folder in seen)
    assert not list(private.iterdir())


@pytest.mark.parametrize("cut", [1, 15, 16, 4_096])
def test_an_encrypted_file_that_was_cut_short_is_said_to_be_damaged(made, cut):
    folder = made(passphrase=PASSPHRASE)
    spoilt(folder, f"3d/{MESSAGES}", lambda data: data[:-cut])
    with pytest.raises(UnreadableInput, match="damaged"):
        read_files(folder, passphrase=PASSPHRASE)

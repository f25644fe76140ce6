"""Messages of iPhones, and what forensic programs make of a telephone's messages."""

import base64
import json
import plistlib
import sqlite3
import zipfile

import pandas as pd
import pytest

from tasrib.complaints import read_files
from tasrib.complaints.exports import find_export
from tasrib.complaints.exports.archived_text import text_of
from tasrib.complaints.exports.iphone import moment
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل يوم 8 شتنبر 😊"
NUMBER = "+212661000001"
SECONDS = 652_692_800  # 7 September 2021, 07:33:20 in UTC
MOMENT = pd.Timestamp("2021-09-07T07:33:20Z")
PRIVATE = "Je t'aime, ne le dis à personne"


def archived(text, name=b"NSString"):
    """A typed stream as iPhones write it."""
    data = text.encode()
    length = (
        bytes([len(data)])
        if len(data) < 128
        else b"\x81" + len(data).to_bytes(2, "little")
        if len(data) < 65_536
        else b"\x82" + len(data).to_bytes(4, "little")
    )
    return (b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08" + name
            + b"\x01\x94\x84\x01+" + length + data + b"\x86\x84\x02iI\x01\x12\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96")  # fmt: skip


@pytest.mark.parametrize("text", ["a", VOTE, "x" * 127, "x" * 128, "é" * 500, VOTE * 3_000, "NSString + piège", ""])
@pytest.mark.parametrize("name", [b"NSString", b"NSMutableString"])
def test_archived_texts(text, name):
    assert text_of(archived(text, name)) == text


def test_keyed_archives():
    objects = ["$null", {"NSString": plistlib.UID(2)}, {"NS.string": VOTE}]
    assert text_of(plistlib.dumps({"$objects": objects}, fmt=plistlib.FMT_BINARY)) == VOTE
    assert (
        text_of(plistlib.dumps({"$objects": ["$null", {"NSString": plistlib.UID(2)}, VOTE]}, fmt=plistlib.FMT_BINARY))
        == VOTE
    )


@pytest.mark.parametrize("data", [b"", b"x", b"\x04\x0bstreamtyped", archived(VOTE)[:90], archived("x" * 300)[:100], b"bplist00", b"bplist00" + bytes(40), archived("é")[:-40].replace("é".encode(), b"\xff\xff"),
                                  plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), b"\x04\x0bstreamtypedNSString\x01+\x83ab"])  # fmt: skip
def test_damaged_archives_are_none(data):
    assert text_of(data) is None


@pytest.mark.parametrize(("count", "iso"), [
    (SECONDS, "2021-09-07T07:33:20+00:00"), (SECONDS * 10**9, "2021-09-07T07:33:20+00:00"), (SECONDS * 10**9 + 5, "2021-09-07T07:33:20+00:00"), (0, ""), (None, ""), ("x", ""), (10**30, ""), (float(SECONDS), "2021-09-07T07:33:20+00:00"),
])  # fmt: skip
def test_moments(count, iso):
    assert moment(count) == iso


def database(
    path,
    rows,
    columns=(
        "text",
        "attributedBody",
        "date",
        "is_from_me",
        "item_type",
        "associated_message_type",
        "destination_caller_id",
        "cache_roomnames",
    ),
    mode="delete",
):
    """An ``sms.db`` of rows, each a handle and values by column."""
    made = sqlite3.connect(path)
    made.execute(f"pragma journal_mode={mode}")
    made.execute("create table handle (ROWID integer primary key, id text)")
    made.execute(
        f"create table message (ROWID integer primary key autoincrement, handle_id integer, {', '.join(columns)})"
    )
    for handle, values in rows:
        made.execute(
            "insert or ignore into handle select null, ? where not exists (select 1 from handle where id = ?)",
            (handle, handle),
        )
        number = made.execute("select ROWID from handle where id = ?", (handle,)).fetchone()[0]
        given = {"date": SECONDS * 10**9, "is_from_me": 0} | values
        given = {name: value for name, value in given.items() if name in columns}
        made.execute(
            f"insert into message (handle_id, {', '.join(given)}) values (?, {', '.join('?' * len(given))})",
            (number, *given.values()),
        )
    made.commit()
    return made


ROWS = [
    (NUMBER, {"text": VOTE}), ("HIZB", {"attributedBody": archived(VOTE)}), ("HIZB", {"text": "\ufffc"}), (NUMBER[:-1] + "2", {"text": "Qui ?", "is_from_me": 1}), (NUMBER[:-1] + "2", {"text": PRIVATE * 3}),
    ("HIZB", {"text": "a quitté", "item_type": 3}), ("HIZB", {"text": "Aime « x »", "associated_message_type": 2001}), ("HIZB", {"attributedBody": b"junk"}), ("a@b.ma", {"text": VOTE, "destination_caller_id": "+212698765432"}),
    (NUMBER[:-1] + "2", {"text": "ok", "is_from_me": 1}),
]  # fmt: skip


def left_out(found):
    done = found.cleaning[found.cleaning["kind"] == "left_out"]
    return dict(zip(done["code"], done["count"], strict=True))


def test_the_database_of_an_iphone(tmp_path):
    database(tmp_path / "3d0d7e5fb2ce288813306e4d4636395e047a3d28", ROWS).close()
    before = sorted(tmp_path.iterdir())
    found = read_files(before[0], recipient=OWNER)
    assert found.complaints["text"].tolist() == [VOTE, VOTE, VOTE]
    assert found.complaints["sender"].tolist() == [NUMBER, "HIZB", "a@b.ma"]
    assert found.complaints["recipient"].tolist() == [OWNER, OWNER, "+212698765432"]
    assert found.complaints["received_at"].tolist() == [MOMENT] * 3
    assert found.complaints["source_row"].tolist() == [1, 2, 9]
    assert found.rejected[["row", "raw"]].values.tolist() == [[8, "{}"]]
    assert left_out(found) == {"no_text": 1, "sent": 2, "personal": 1, "of_the_program": 2}
    assert sorted(tmp_path.iterdir()) == before


def test_whom_the_owner_wrote_to_may_stand_in_the_conversation_only(tmp_path):
    made = database(tmp_path / "sms.db", [(NUMBER, {"text": "ok", "is_from_me": 1}), (NUMBER, {"text": PRIVATE * 3}), ("HIZB", {"text": VOTE}), (NUMBER, {"text": "j'arrive", "is_from_me": 1})])  # fmt: skip
    made.execute("update message set handle_id = 0 where is_from_me")
    made.execute("create table chat (ROWID integer primary key, chat_identifier text)")
    made.execute("create table chat_message_join (chat_id integer, message_id integer)")
    made.execute("insert into chat values (1, ?)", (NUMBER,))
    made.execute("insert into chat_message_join values (1, 1), (1, 2), (1, 4)")
    made.commit()
    made.close()
    found = read_files(tmp_path / "sms.db", recipient=OWNER)
    assert found.complaints["text"].tolist() == [VOTE]
    assert left_out(found) == {"sent": 2, "personal": 1}


@pytest.mark.parametrize(
    "columns",
    [("text", "date"), ("text", "date", "is_from_me"), ("text", "date", "is_from_me", "attributedBody", "service")],
)
def test_databases_of_older_telephones(tmp_path, columns):
    database(tmp_path / "sms.db", [("HIZB", {"text": VOTE, "date": SECONDS})], columns).close()
    found = read_files(tmp_path / "sms.db", recipient=OWNER).complaints
    assert found[["text", "received_at"]].values.tolist() == [[VOTE, MOMENT]]


def test_what_was_not_yet_moved_into_the_database_is_read_too(tmp_path):
    made = database(tmp_path / "sms.db", ROWS[:1], mode="wal")
    try:
        for name in ("sms.db", "sms.db-wal"):
            (tmp_path / "copy").mkdir(exist_ok=True)
            (tmp_path / "copy" / name).write_bytes((tmp_path / name).read_bytes())
    finally:
        made.close()
    hashes = {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()}
    assert len(hashes["sms.db-wal"]) > 0
    assert read_files(tmp_path / "copy" / "sms.db", recipient=OWNER).complaints["text"].tolist() == [VOTE]
    assert read_files(tmp_path / "copy", recipient=OWNER).complaints["text"].tolist() == [VOTE]
    assert {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()} == hashes


def test_within_an_archive(tmp_path):
    database(tmp_path / "sms.db", ROWS).close()
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "sms.db", "Library/SMS/sms.db")
    assert len(read_files(tmp_path / "x.zip", recipient=OWNER).complaints) == 3


def test_a_damaged_database_is_told(tmp_path):
    database(tmp_path / "sms.db", [("HIZB", {"text": f"{VOTE} {at}"}) for at in range(400)]).close()
    data = (tmp_path / "sms.db").read_bytes()
    middle = len(data) // 8_192 * 4_096
    (tmp_path / "sms.db").write_bytes(data[:middle] + bytes(4_096) + data[middle + 4_096 :])
    found = read_files(tmp_path / "sms.db", recipient=OWNER)
    assert found.lost
    assert 0 < len(found.complaints) < 400
    for length in (100, len(data) // 2):
        (tmp_path / "sms.db").write_bytes(data[:length])
        with pytest.raises(UnreadableInput, match="damaged"):
            read_files(tmp_path / "sms.db", recipient=OWNER)


def test_any_other_database_is_none(tmp_path):
    made = sqlite3.connect(tmp_path / "x.db")
    made.execute("create table message (a)")
    made.commit()
    made.close()
    assert find_export(Source.load(tmp_path / "x.db", whole=False)) is None


IOS = {
    "ROWID": 1,
    "guid": "x",
    "text": VOTE,
    "service": "SMS",
    "phone_number": "HIZB",
    "is_from_me": 0,
    "isodate": "2021-09-07 07:33:20.000000",
    "isodate_read": "",
    "direction": "received",
    "links": [],
}
ANDROID = {
    "address": "HIZB",
    "body": VOTE,
    "date": "1631000000000",
    "type": 1,
    "isodate": "2021-09-07 07:33:20.000000",
    "direction": "received",
    "links": [],
}


@pytest.mark.parametrize("record", [
    IOS, ANDROID, IOS | {"text": "", "attributedBody": base64.b64encode(archived(VOTE)).decode()}, IOS | {"direction": None}, IOS | {"isodate": "2021-09-07T07:33:20+00:00"}, ANDROID | {"isodate": ""},
    ANDROID | {"direction": "incoming"}, {key: value for key, value in ANDROID.items() if key != "direction"},
])  # fmt: skip
@pytest.mark.parametrize("indent", [4, None])
def test_what_mvt_writes(tmp_path, record, indent):
    sent = record | {"direction": "sent", "is_from_me": 1}
    (tmp_path / "sms.json").write_text(
        json.dumps([record, sent, record | {"text": "ok", "body": "ok"}], indent=indent), "utf-8"
    )
    found = read_files(tmp_path / "sms.json", recipient=OWNER)
    assert found.complaints["text"].tolist()[0] == VOTE
    assert found.complaints["received_at"].tolist()[0] == MOMENT
    assert left_out(found)["sent"] == 1


def test_of_an_array_cut_short_what_is_whole_is_read(tmp_path):
    text = json.dumps([IOS, ANDROID | {"body": f"{VOTE}!"}, 5, IOS], indent=4, ensure_ascii=False)
    (tmp_path / "sms.json").write_text(text[:-40], "utf-8")
    found = read_files(tmp_path / "sms.json", recipient=OWNER)
    assert found.complaints["text"].tolist() == [VOTE, f"{VOTE}!"]
    assert found.rejected["row"].tolist() == [3]
    assert "export_cut_short" in found.cleaning["code"].tolist()


@pytest.mark.parametrize("size", [7, 100])
def test_however_the_array_is_cut_into_pieces(tmp_path, monkeypatch, size):
    monkeypatch.setattr("tasrib.tables.raw._BLOCK", size)
    (tmp_path / "sms.json").write_text(json.dumps([IOS, 12345, IOS], ensure_ascii=False), "utf-8")
    export = find_export(Source.load(tmp_path / "sms.json", whole=False))[1]
    assert [type(item).__name__ for item in export.items()] == ["Message", "BadRow", "Message"]


ILEAPP = [
    "Message Timestamp",
    "Read Timestamp",
    "Message",
    "Service",
    "Message Direction",
    "Message Sent",
    "Account",
    "Chat Contact ID",
    "Attachment Name",
    "Message Row ID",
    "Chat ID",
    "From Me",
]
ALEAPP = [
    "Date",
    "MSG ID",
    "Thread ID",
    "Address",
    "Contact ID",
    "Date sent",
    "Read",
    "Type",
    "Body",
    "Service Center",
    "Error code",
]


def tsv(path, names, *rows):
    pd.DataFrame(rows, columns=names).to_csv(path, sep="\t", index=False, encoding="utf-8-sig")
    return path


def test_what_ileapp_writes(tmp_path):
    row = ["2021-09-07 07:33:20+00:00", "", f"{VOTE}\nfin", "SMS", "Incoming", "", "P:x", "HIZB", "", 7, 1, 0]
    path = tsv(
        tmp_path / "SMS.tsv",
        ILEAPP,
        row,
        [*row[:8], "b.jpg", *row[9:]],
        [*row[:2], PRIVATE, "SMS", "Outgoing", *row[5:9], 8, 1, 1],
        [*row[:9], 9, 1, 0],
    )
    found = read_files(path, recipient=OWNER)
    assert found.complaints["text"].tolist() == [f"{VOTE}\nfin"] * 2
    assert found.complaints["received_at"].tolist() == [MOMENT] * 2
    assert found.complaints["source_row"].tolist() == [2, 7]
    assert left_out(found) == {"again": 1, "sent": 1}


@pytest.mark.parametrize("direction", ["Received", "1"])
def test_what_aleapp_writes(tmp_path, direction):
    row = ["2021-09-07 07:33:20", 1, 1, "HIZB", "", "", 1, direction, VOTE, "", 0]
    found = read_files(
        tsv(tmp_path / "sms messages.tsv", ALEAPP, row, [*row[:1], 2, *row[2:7], "Sent", *row[8:]]), recipient=OWNER
    )
    assert found.complaints[["text", "received_at"]].values.tolist() == [[VOTE, MOMENT]]
    mms = tsv(
        tmp_path / "mms messages.tsv",
        ["Date", "MSG ID", "From", "To", "Body"],
        ["2021-09-07 07:33:20", 1, "3636", "x", VOTE],
        ["2021-09-07 07:33:20", 2, "insert-address-token", "x", VOTE],
    )
    assert len(read_files(mms, recipient=OWNER).complaints) == 1


def test_a_line_with_too_few_cells_costs_itself_alone(tmp_path):
    (tmp_path / "s.tsv").write_text(
        "\t".join(ALEAPP) + f"\n2021\t1\n2021-09-07 07:33:20\t1\t1\tHIZB\t\t\t1\tReceived\t{VOTE}\t\t0\n", "utf-8"
    )
    found = read_files(tmp_path / "s.tsv", recipient=OWNER)
    assert (found.complaints["source_row"].tolist(), found.rejected["row"].tolist()) == ([3], [2])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.json", "[]"),
        ("s.json", "[1]"),
        ("s.json", '[{"a": 1}]'),
        ("s.json", "[{"),
        ("s.json", ""),
        ("s.tsv", "message\ttel\nVotez\t0612345678\n"),
        ("s.tsv", "Body\tType\n"),
    ],
)
def test_anything_else_is_none_of_these(name, text):
    assert find_export(Source(name, name, text.encode())) is None

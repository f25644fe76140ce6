"""Tables of ALEAPP and ``sms.json`` of MVT as their versions of other years write them."""

import json

import pandas as pd
import pytest

from tasrib.complaints import read_files

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل يوم 8 شتنبر"
AT = "2021-09-07 07:33:20+00:00"
MOMENT = pd.Timestamp("2021-09-07T07:33:20Z")

# Each the columns of a version, a row that was received, and one that was sent.
TABLES = {
    "sms messages": (["Date", "Date Sent", "Type", "Address", "Body", "MSG ID", "Thread ID", "Contact ID", "Read", "Service Center", "Error Code"],
                     [AT, "", "Received", "HIZB", VOTE, 1, 1, "", 1, "", 0], [AT, "", "Sent", "HIZB", "ok", 2, 1, "", 1, "", 0]),
    "mms messages": (["Date", "Date Sent", "Direction", "From Address", "Body", "Media", "MSG ID", "Thread ID", "Read", "To Address", "Cc", "Bcc"],
                     [AT, "", "Received", "HIZB", VOTE, "", 1, 1, 1, "insert-address-token", "", ""], [AT, "", "Sent", "insert-address-token", "ok", "", 2, 1, 1, "HIZB", "", ""]),
    "sms of a backup": (["Date", "Date sent", "Direction", "Address", "Body", "Read", "Type", "recipients", "Status"],
                        [AT, "", "Received", "HIZB", VOTE, 1, "1", "HIZB", -1], [AT, "", "Sent", "HIZB", "ok", 1, "2", "HIZB", -1]),
    "mms of a backup": (["Date", "Date sent", "Message Box", "Recipients", "Body", "Content Location", "Subject", "Read", "MMS Addresses", "Transaction ID", "MMS Version", "Message Type"],
                        [AT, "", "Inbox", "HIZB", VOTE, "", "", 1, "[]", "", "", ""], [AT, "", "Sent", "HIZB", "ok", "", "", 1, "[]", "", "", ""]),
    "google messages": (["Message Timestamp", "Direction", "Message Sender", "Other Participant/Conversation Name", "Message", "Message Type", "Attachment Byte Size", "Attachment Location", "Conversation ID"],
                        [AT, "Incoming", "HIZB", "HIZB", VOTE, "text/plain", "", "", 1], [AT, "Outgoing", "", "HIZB", "ok", "text/plain", "", "", 1]),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_what_aleapp_writes_today(tmp_path, name):
    columns, *rows = TABLES[name]
    path = tmp_path / f"{name}.tsv"
    pd.DataFrame(rows, columns=columns).to_csv(path, sep="\t", index=False, encoding="utf-8-sig")
    found = read_files(path, recipient=OWNER)
    assert found.complaints[["text", "sender", "source_row"]].values.tolist() == [[VOTE, "HIZB", 2]]
    assert found.complaints["received_at"].tolist() == [MOMENT]
    assert found.cleaning.set_index("code").loc["sent", "count"] == 1


def android(box, sent, *, direction="sent", **more):
    """A message of a backup of Android: the toolkit calls sent what has a moment of its sending."""
    return {"self_phone": "", "address": "HIZB", "body": VOTE, "date": "1631000000000", "date_sent": sent, "status": "-1", "type": box,
            "isodate": "2021-09-07 07:33:20.000000", "direction": direction} | more  # fmt: skip


@pytest.mark.parametrize(("record", "is_received"), [
    (android("1", "1630999999000"), True), (android("1", "0", direction="received"), True), (android("2", "0", direction="received"), False),
    (android(None, "0", msg_box="1"), True), (android(None, "0", direction="received", msg_box="2"), False), (android(None, "0", direction="received"), True),
    (android(1, "1630999999000"), True), (android("", "1630999999000"), False),
])  # fmt: skip
def test_of_android_the_box_says_whether_it_was_received(tmp_path, record, is_received):
    path = tmp_path / "sms.json"
    path.write_text(json.dumps([record, android("1", "0", body="Votez aussi")], ensure_ascii=False), "utf-8")
    found = read_files(path, recipient=OWNER).complaints["text"].tolist()
    assert found == [VOTE] * is_received + ["Votez aussi"]

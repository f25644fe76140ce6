"""Messages that Outlook saved, in containers made here after MS-CFB and MS-OXMSG."""

import struct

import pandas as pd
import pytest
from android_backups import CAMPAIGN, backup, sms
from outlook_messages import VOTE, container, message, properties

from tasrib.complaints import read_files
from tasrib.complaints.exports import find_export
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source
from tasrib.tables.sheets.compound import read_container

OWNER = "+212612345678"


@pytest.fixture
def read(tmp_path):
    def reading(tree, name="m.msg", **more):
        (tmp_path / name).write_bytes(container(tree) if isinstance(tree, dict) else tree)
        return read_files(tmp_path / name, **({"recipient": OWNER} | more))

    return reading


def test_a_message_of_outlook(read):
    found = read(message()).complaints
    assert found[["text", "sender", "channel"]].values.tolist() == [[f"Appel\n{VOTE}", "contact@espoir.ma", "email"]]
    assert found["received_at"].tolist() == [pd.Timestamp("2021-09-07T07:30:00Z")]


@pytest.mark.parametrize(("page", "encoding"), [(1256, "cp1256"), (65_001, "utf-8"), (1252, "cp1256"), (0, "utf-8")])
@pytest.mark.parametrize("number", ["1000001E", "10130102"])
def test_texts_in_code_pages(read, page, encoding, number):
    text = VOTE if number.startswith("1000") else f"<p>{VOTE}</p>"
    tree = message("") | {
        "__properties_version1.0": properties(page=page),
        f"__substg1.0_{number}": text.encode(encoding),
    }
    assert read(tree).complaints["text"].tolist() == [f"Appel\n{VOTE}"]


def test_a_sender_without_an_address_has_a_name(read):
    assert read(message(**{"5D01": "", "0C1F": "/O=EXCHANGE/CN=X"})).complaints["sender"].tolist() == ["Parti Y"]


def test_what_is_passed_on_is_the_message(read):
    body = f"Voici.\r\n\r\nDe : Parti X <x@y.ma>\r\nEnvoyé : mardi 7 septembre 2021 08:33\r\nÀ : moi\r\nObjet : Votez\r\n\r\n{VOTE}"
    assert read(message(body, "TR: Votez")).complaints[["text", "sender"]].values.tolist() == [
        [f"Votez\n{VOTE}", "x@y.ma"]
    ]


def test_a_message_within_a_message_is_the_one_that_is_reported(read):
    inner = {"__substg1.0_3701000D": message(head=24), "__substg1.0_3707001F": "Appel.msg".encode("utf-16-le")}
    found = read(
        message("Bonjour, ci-joint.", "Plainte", **{"5D01": "citoyen@exemple.ma"})
        | {"__attach_version1.0_#00000000": inner}
    )
    assert found.complaints[["text", "sender", "source_row"]].values.tolist() == [
        [f"Appel\n{VOTE}", "contact@espoir.ma", 2]
    ]
    assert found.complaints["received_at"].notna().all()
    assert found.cleaning.set_index("code").loc["cover", "count"] == 1


def test_what_hangs_on_it_is_read_by_what_it_is(read):
    hanging = {"__substg1.0_37010102": backup(sms()).encode(), "__substg1.0_3707001F": "sms.xml".encode("utf-16-le")}
    found = read(message("Ci-joint.") | {"__attach_version1.0_#00000000": hanging})
    assert found.complaints[["text", "source_sheet"]].values.tolist() == [[CAMPAIGN, "sms.xml"]]


@pytest.mark.parametrize("cut", [60, 600, 1_500])
def test_a_damaged_message_is_told(read, cut):
    with pytest.raises(UnreadableInput):
        read(container(message())[:cut])


def test_a_chain_without_end_is_told(read):
    data = bytearray(container(message()))
    directory, table = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 76)[0]
    struct.pack_into("<I", data, (table + 1) * 512 + 4 * directory, directory)
    with pytest.raises(UnreadableInput, match="damaged"):
        read(bytes(data))


def test_a_container_of_something_else_is_none():
    data = container({"Workbook": b"x" * 600})
    assert find_export(Source("x.msg", "x.msg", data)) is None
    assert [entry.name for entry in read_container(data).entries] == ["Workbook"]

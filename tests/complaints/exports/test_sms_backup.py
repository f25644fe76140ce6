"""Backups of "SMS Backup & Restore": every variant that phones, versions and other programs write, and hostile ones."""

import json
import tracemalloc

import pandas as pd
import pytest
from android_backups import CAMPAIGN, HEAD, backup, mms, sms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_files
from tasrib.complaints.exports import find_export, xml_elements
from tasrib.complaints.exports.sms_backup import moment
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

OWNER = "+212612345678"


@pytest.fixture
def read(tmp_path):
    """Write a backup and read it."""

    def reading(text, name="sms.xml", encoding="utf-8", **more):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_files(path, **({"recipient": OWNER} | more))

    return reading


def left_out(found):
    done = found.cleaning[found.cleaning["kind"] == "left_out"]
    return dict(zip(done["code"], done["count"], strict=True))


def test_what_was_received_is_read_with_sender_moment_and_place(read):
    found = read(
        backup(sms("Bonjour", name="Ali", address="+212661000001"), sms(), sms("Votez", "3636", date="1631000000999"))
    )
    assert found.complaints["text"].tolist() == [CAMPAIGN, "Votez"]
    assert found.complaints["sender"].tolist() == ["HIZB", "3636"]
    assert found.complaints["recipient"].eq(OWNER).all()
    assert found.complaints["channel"].eq("sms").all()
    assert found.complaints["received_at"].tolist() == [pd.Timestamp("2021-09-07T07:33:20Z")] * 2
    assert found.complaints["source_row"].tolist() == [2, 3]
    assert found.complaints["complaint_id"].tolist() == ["sms:2", "sms:3"]
    assert left_out(found) == {"contact": 1}
    assert (found.files[0].n_scored, found.files[0].n_quarantined, found.files[0].n_left_out) == (2, 0, 1)


@pytest.mark.parametrize(
    "written",
    [
        sms("ok", "0661000001~0662000002", "2"),
        mms([("text/plain", "ok", {})], [("insert-address-token", "137")], "2", "+212661000001~+212662000002"),
    ],
)
def test_whom_the_owner_wrote_to_among_others_is_in_talk_too(read, written):
    talk = "Coucou c'est moi, appelle quand tu peux et rentre bien"
    found = read(backup(written, written, sms(talk, "0661000001"), sms(talk, "0662000002"), sms(talk, "0663000003")))
    assert found.complaints["sender"].tolist() == ["0663000003"]


@pytest.mark.parametrize("kind", ["2", "3", "4", "5", "6"])
def test_what_was_written_on_the_phone_is_no_complaint(read, kind):
    found = read(backup(sms(kind=kind), sms()))
    assert len(found.complaints) == 1
    assert left_out(found) == {"sent": 1}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Votez &#55357;&#56842;!", "Votez 😊!"),
        ("Votez &#xD83D;&#xDE0A;!", "Votez 😊!"),
        ("Votez &#128522;!", "Votez 😊!"),
        ("Votez 😊!", "Votez 😊!"),
        ("Votez &#55356;&#56818;&#55356;&#56806;", "Votez 🇲🇦"),
        ("Votez &amp;#55357;&amp;#56842;!", "Votez 😊!"),
        ("Votez &#55357;!", "Votez \ufffd!"),
        ("Vot&#0;ez&#11;", "Votez"),
        ("Votez&#10;le 8", "Votez\nle 8"),
        ("Votez &amp; l&apos;autre &lt;b&gt; &quot;oui&quot;", "Votez & l'autre <b> \"oui\""),
        ("Votez\x01 le 8", "Votez le 8"),
        ("Votez > tout", "Votez > tout"),
    ],
)  # fmt: skip
def test_letters_come_out_as_they_were_sent(read, written, meant):
    found = read(backup(f'<sms address="HIZB" date="1631000000000" type="1" body="{written}" />'))
    assert found.complaints["text"].tolist() == [meant]


def test_a_text_in_single_quotes_holds_double_ones(read):
    found = read(backup("<sms address='HIZB' date='1631000000000' type='1' body='Votez \"oui\" data=\"AAAA\" />'/>"))
    assert found.complaints["text"].tolist() == ['Votez "oui" data="AAAA" />']


@pytest.mark.parametrize("name", ["Ali", "علي", "Maman (maison)", "Ali, (Unknown)"])
def test_a_saved_contact_is_left_out(read, name):
    with pytest.raises(UnreadableInput, match="1 from a saved contact"):
        read(backup(sms(name=name)))
    assert read(backup(sms(name=name)), keep_all=True).complaints["text"].tolist() == [CAMPAIGN]


@pytest.mark.parametrize("name", ["(Unknown)", "(Inconnu)", "(غير معروف)", "null", "", None, "+212 661-000001", "HIZB"])
def test_who_has_no_name_in_the_phone_is_no_contact(read, name):
    assert len(read(backup(sms(contact_name=name))).complaints) == 1


@pytest.mark.parametrize("blocked", [{"blocked": "1"}, {"spam_report": "1"}, {"block_type": "3"}])
def test_the_folder_of_blocked_messages_is_read_and_counted(read, blocked):
    found = read(backup(sms(**blocked), sms("Votez demain")))
    assert len(found.complaints) == 2
    said = found.cleaning.set_index("code").loc["blocked_folder"]
    assert (said["rows"], said["count"]) == ("row 1", 1)
    assert read(backup(sms(spam_report="0"), sms("Votez"))).cleaning["code"].tolist() == ["export"]


def test_a_folder_that_is_not_known_is_counted(read):
    assert left_out(read(backup(sms(kind="7"), sms(kind=None), sms()))) == {"unknown_folder": 2}


def test_words_of_an_mms_are_joined_and_pictures_left(read):
    text = mms(
        [("application/smil", "<smil/>", {}), ("text/plain", "Votez", {}), ("image/jpeg", "null", {"data": "AAAA" * 9_000}), ("text/plain; charset=utf-8", "pour l'Espoir", {})],
        [("3636", "137"), ("insert-address-token", "151")],
    )  # fmt: skip
    picture = mms([("image/jpeg", "null", {"data": "AAAA" * 9_000})], [("3636", "137")])
    found = read(backup(text, picture, mms([("text/plain", "ok", {})], [("insert-address-token", "137")], box="2")))
    assert found.complaints["text"].tolist() == ["Votez\npour l'Espoir"]
    assert found.complaints["sender"].tolist() == ["3636"]
    assert left_out(found) == {"no_text": 1, "sent": 1}


def test_of_several_addresses_the_one_it_came_from_is_the_sender(read):
    text = mms(
        [("text/plain", "Votez tous", {})],
        [("+212661000009", "137"), ("+212661000002", "151")],
        address="+212661000002~+212661000009",
    )
    assert read(backup(text)).complaints["sender"].tolist() == ["+212661000009"]


def test_the_subject_of_an_mms_is_part_of_it(read):
    found = read(
        backup(
            mms([("text/plain", "Le 8", {})], [("HIZB", "137")], sub="Votez"),
            mms([("text/plain", "Votez", {})], [("HIZB", "137")], sub="No subject"),
        )
    )
    assert found.complaints["text"].tolist() == ["Votez\nLe 8", "Votez"]


@pytest.mark.parametrize(
    ("written", "iso"),
    [("1631000000000", "2021-09-07T07:33:20+00:00"), ("1631000000", "2021-09-07T07:33:20+00:00"), ("0", ""), ("", ""), ("hier", "hier"),
     ("١٦٣١٠٠٠٠٠٠٠٠٠", "2021-09-07T07:33:20+00:00"), ("-1", "-1"), ("9" * 400, "9" * 400)],
)  # fmt: skip
def test_moments(written, iso):
    assert moment(written) == iso


def test_a_moment_that_cannot_be_read_costs_the_moment(read):
    found = read(backup(sms(date="99999999999999999999"), sms("Votez", date="null")))
    assert found.complaints["received_at"].isna().tolist() == [True, True]
    assert found.lost


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.7, 0.95])
def test_of_a_file_cut_short_all_that_is_whole_is_read(read, cut):
    texts = [f"Votez numéro {number}" for number in range(40)]
    whole = backup(*(sms(text) for text in texts))
    found = read(whole[: int(len(whole) * cut)])
    assert found.complaints["text"].tolist() == texts[: len(found.complaints)]
    assert len(found.complaints) >= int(40 * cut) - 2
    assert "export_cut_short" in found.cleaning["code"].tolist()
    # Nothing tells who wrote what is cut: no letter of it is kept.
    assert set(found.rejected["raw"]) <= {"{}"}


def test_a_broken_message_costs_itself_alone(read):
    broken = (
        '<sms address="HIZB type="1" body="x" />',
        '<sms address="A" type="1" body="x" <b> />',
        '<sms address="A" type="1" type="2" body="x" />',
    )
    found = read(backup(sms(), *broken, sms("Votez")))
    assert found.complaints["source_row"].tolist() == [1, 5]
    assert found.rejected["row"].tolist() == [2, 3, 4]
    assert found.rejected["raw"].tolist() == ["{}"] * 3


def test_what_a_program_did_not_escape_is_understood(read):
    bodies = ["Votez & gagnez", "Votez <ici>", "&gift; votez", "Votez &amp; l'autre & <b>"]
    found = read(backup(*(f'<sms address="HIZB" date="1631000000000" type="1" body="{body}" />\n' for body in bodies)))
    assert found.complaints["text"].tolist() == [body.replace("&amp;", "&") for body in bodies]


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE smses [<!ENTITY a "b">]>', '<!DOCTYPE smses [<!ENTITY a SYSTEM "file:///etc/hostname">]>']
)
def test_entities_are_refused(read, head):
    with pytest.raises(UnreadableInput, match="declares entities"):
        read(backup(sms("&a;"), head=HEAD + head))


def test_what_stands_in_a_comment_is_no_message(read):
    found = read(backup("<!-- ", sms("Votez hier"), " -->", sms(), "<![CDATA[", sms("Votez"), "]]>"))
    assert found.complaints["text"].tolist() == [CAMPAIGN]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_encoding(read, encoding):
    assert read(backup(sms()), encoding=encoding).complaints["text"].tolist() == [CAMPAIGN]


def test_the_encoding_that_is_declared(read):
    text = '<?xml version="1.0" encoding="windows-1256"?>' + backup(sms(), head="")
    assert read(text, encoding="cp1256").complaints["text"].tolist() == [CAMPAIGN]


@pytest.mark.parametrize("text", [
    backup(sms(), head=""), "\n\n" + backup(sms(), head=""), backup(sms()).replace("<smses", "<smses\n\t"), sms() + sms("Votez"),
    backup(sms(), head="<?xml version='1.0'?>\n<?xml-stylesheet type=\"text/xsl\" href=\"sms.xsl\"?>\n"),
    backup(sms()).replace("\n", "\r\n"), backup(sms()).replace("\n", ""), backup(sms()).replace(" />", "></sms>"),
])  # fmt: skip
def test_other_heads_and_other_lines(read, text):
    assert CAMPAIGN in read(text).complaints["text"].tolist()


def test_backups_put_together_are_both_read(read):
    found = read(backup(sms()) + "\n" + backup(sms("Votez")))
    assert found.complaints["source_row"].tolist() == [1, 2]
    assert not found.lost


def test_a_backup_of_calls_holds_none(read):
    with pytest.raises(UnreadableInput, match="2 a call, no message"):
        read(
            "<?xml version='1.0'?><calls count='2'><call number='0661000001' type='1'/><call number='1' type='3'/></calls>"
        )


@pytest.mark.parametrize("text", [
    "text,recipient\n<smses,0612345678\n", "<html><body><smses></html>", "<!-- <smses> --><html/>", "<smsesx/>", "", "<", "votez <smses>",
])  # fmt: skip
def test_anything_else_is_no_backup(text):
    assert find_export(Source("x.xml", "x.xml", text.encode())) is None


def test_the_name_of_the_file_says_nothing(read):
    assert len(read(backup(sms()), name="backup").complaints) == 1
    assert len(read(backup(sms()), name="table.csv").complaints) == 1


@pytest.mark.parametrize("size", [7, 64, 1_000])
def test_however_the_file_is_cut_into_pieces(size, monkeypatch):
    monkeypatch.setattr("tasrib.tables.raw._BLOCK", size)
    text = backup(
        sms("😊 " * 20),
        mms([("image/png", "null", {"data": "iVBO" * 6_000}), ("text/plain", "Votez", {})], [("HIZB", "137")]),
        "<!-- a -->",
        sms(),
    )
    source = Source("x.xml", "x.xml", text.encode())
    found = list(xml_elements.elements(xml_elements.pieces_of(source), ("sms", "mms"), "smses"))
    assert [element.name for element in found] == ["sms", "mms", "sms"]
    assert found[0].attributes["body"] == "😊 " * 20
    assert found[1].children[0].children[0].attributes.get("data") in ("", "iVBO")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["1", "2", "3", "9", ""]), st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
                          st.sampled_from(["", "Ali", "(Unknown)"])), min_size=1, max_size=12), st.integers(0, 40))  # fmt: skip
def test_each_message_is_kept_in_quarantine_or_counted(read, messages, cut):
    text = backup(sms(), *(sms(body, kind=kind, name=name) for kind, body, name in messages))
    found = read(text[: len(text) - cut])
    file = found.files[0]
    assert file.n_scored + file.n_quarantined + file.n_left_out == len(messages) + 1
    # What was not received is not in any table that is written.
    written = "\n".join([*found.complaints["text"], *found.rejected["raw"], *found.cleaning["said"]])
    for kind, body, name in messages:
        if (
            (kind != "1" or name == "Ali")
            and len(body) > 12
            and not any(body in other for _, other, _ in messages if other != body)
        ):
            assert body not in written or any(body == other and k == "1" and n != "Ali" for k, other, n in messages)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "big.xml"
    text = sms("Bonjour à toi, on se voit demain ?", name="Ali")
    with path.open("w") as file:
        file.write(HEAD + '<smses count="20001">')
        for _ in range(20):
            file.write(text * 1_000)
            file.write(mms([("image/jpeg", "null", {"data": "/9j4" * 50_000})], [("HIZB", "137")]))
        file.write(sms() + "</smses>")
    tracemalloc.start()
    found = read_files(path, recipient=OWNER)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.complaints) == 1
    assert left_out(found) == {"contact": 20_000, "no_text": 20}
    assert most < path.stat().st_size / 2


def test_the_row_that_is_kept_can_be_quarantined_as_of_a_table(read):
    found = read(backup(sms("v " * 15_000), sms()))
    assert found.rejected["reason"].tolist() == ["text is longer than 20,000 characters"]
    assert json.loads(found.rejected["raw"][0])["sender"] == "HIZB"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("cp1256", CAMPAIGN), ("cp1252", "Votez, l'élection est à Fès, déjà demain"), ("utf-8", CAMPAIGN)],
)
def test_a_file_that_an_editor_saved_in_another_encoding_than_it_says(read, encoding, body):
    assert read(backup(sms(body), sms(body)), encoding=encoding).complaints["text"].tolist() == [body] * 2


def test_one_spoilt_byte_costs_its_letter_alone(read):
    data = backup(sms(), sms()).encode().replace("صوتوا".encode(), b"\xd8" + "صوتوا".encode(), 1)
    assert read(data).complaints["text"].tolist() == [f"\ufffd{CAMPAIGN}", CAMPAIGN]


def test_a_program_that_calls_its_root_otherwise(read):
    known = '<sms address="0661000101" time="x" date="1631000000000" type="1" body="Salut" read="1" name="Ali" />'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<allsms count="2">\n{known}\n{sms()}</allsms>'
    found = read(text)
    assert found.complaints["text"].tolist() == [CAMPAIGN]
    assert left_out(found) == {"contact": 1}
    assert "export_cut_short" not in found.cleaning["code"].tolist()

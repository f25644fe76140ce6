"""Telephone numbers in the names of inputs: whose phone it is, and that nothing written beside pseudonyms repeats one."""

import io
import json
import re
import zipfile

import pandas as pd
import pytest
from android_backups import backup, sms
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tasrib.complaints import read_files
from tasrib.complaints.exports.names import Names, number_in

OWNER = "0612345678"
TABLE = "message,tel\nVotez demain,0661000101\n,0661000102\n"
CHAT = "07/09/2021, 20:33 - +212 661-000001: Votez pour l'Espoir\n"


@pytest.mark.parametrize(("name", "number"), [
    ("+212612345678.zip", "+212612345678"), ("0612345678 - SMS.xml", "0612345678"), ("sms 06 12 34 56 78 (1).xml", "0612345678"), ("00212612345678.xml", "+212612345678"),
    ("212612345678_sms.xml", "212612345678"), ("٠٦١٢٣٤٥٦٧٨.xml", "0612345678"), ("sms-0612345678-20210907161500.xml", "0612345678"), ("2021-09-07 0612345678.xml", "0612345678"),
    ("+33 6 12 34 56 78.xml", "+33612345678"), ("plainte 12 - 0612345678.xml", "0612345678"), ("0612345678 +212612345678.xml", "0612345678"), ("06-12-34-56-78.eml", "0612345678"),
    ("sms-20210907161500.xml", ""), ("sms-2021-09-07-16-15-00.xml", ""), ("06-07-2021-15-30.xml", ""), ("06072021153045.xml", ""), ("backup 2021.xml", ""), ("0612345678 et 0698765432.xml", ""),
    ("sms.xml", ""), ("061234567.xml", ""), ("06123456789.xml", ""), ("IMG-20210907-WA0001.txt", ""), ("0522345678.xml", ""), ("", ""), ("1" * 300, ""), ("06 07 2021 15.xml", ""),
])  # fmt: skip
def test_a_number_in_a_name(name, number):
    assert number_in(name, "MA") == number


@pytest.mark.parametrize("name", ["20210907.xml", "sms-20210907.xml", "2021-09-07.xml", "20210907161500.xml"])
def test_a_day_is_nobodys_number_where_numbers_have_eight_figures(name):
    assert number_in(name, "TN") == ""


@pytest.mark.parametrize(("name", "called"), [
    ("+212 612-345678 - SMS 2021.xml", "…78 - SMS 2021.xml"), ("sms  2021.xml", "sms  2021.xml"), ("0612345678.csv", "…78.csv"), ("٠٦١٢٣٤٥٦٧٨.csv", "…78.csv"), ("0522345678.csv", "…78.csv"),
    ("0612345678/+212 661-000001.txt", "…78/…01.txt"), ("33612345678.xml", "…78.xml"), ("sms-20210907161500.xml", "sms-20210907161500.xml"), ("IMG-20210907-WA0001.jpg", "IMG-20210907-WA0001.jpg"),
    ("Screenshot_20210907-161500.png", "Screenshot_20210907-161500.png"), ("WhatsApp Chat with +33 6 12 34 56 78.txt", "WhatsApp Chat with …78.txt"), ("", ""),
])  # fmt: skip
def test_a_name_without_its_numbers(name, called):
    assert Names("ma").of(name) == called


@pytest.mark.parametrize("country", ["MA", "SN", "FR", "TN", "LB", "EG", "BE"])
@pytest.mark.parametrize("name", [
    "SN {0612345678}.csv", "{77 123 45 67}.csv", "plaintes {0470-12-34-56}.csv", "{06_12_34_56_78}.xml", "({0707123456}).csv", "[{010 1234 5678}].csv",
    "{71-123456}.csv", "{20 123 456}.csv", "{٠٦١٢٣٤٥٦٧٨}.csv", "{06\u200b12\u00a034\u00a056\u00a078}.csv", "{0661–23–45–67}.csv", "{0 5 5 0 1 2 3 4 5 6}.csv",
    "lot 3/tel{0550123456}x.csv", "{22123456}.csv", "(0470) {12 34 56}.csv",
])  # fmt: skip
def test_no_name_repeats_a_number_of_another_home_country(country, name):
    secret = "".join(str(int(sign)) for sign in re.search(r"{(.*)}", name)[1] if sign.isdecimal())
    plain = name.replace("{", "").replace("}", "")
    called = Names(country).of(plain)
    left = re.sub(r"\D", "", re.sub(r"…\d\d", "", called).replace("lot 3", ""))
    assert left == ""
    assert f"…{secret[-2:]}" in called


@pytest.mark.parametrize("country", ["MA", "SN", "FR", "CI"])
@pytest.mark.parametrize("name", [
    "2021-09-08.csv", "IMG_20210908_123456.jpg", "20210908.csv", "08092021.csv", "WhatsApp Image 2021-09-08 at 12.34.56.jpeg", "1630000000000.csv",
    "lot 12, page 3 de 45.pdf", "PLAINTES-00012345678.csv", "Plaintes 2021 T3 v2.0.1.xlsx", "Ramadan_1442_2021.csv",
])  # fmt: skip
def test_days_and_counts_in_names_stay(country, name):
    assert Names(country).of(name) == name


def test_numbers_that_end_alike_are_told_apart_and_one_stays_the_same():
    names = Names("MA")
    called = [names.of(name) for name in ("0612345678.csv", "0661000178.csv", "b/0612345678.csv", "+212612345678.csv")]
    assert called == ["…78.csv", "…78 (2).csv", "b/…78.csv", "…78 (3).csv"]


def test_what_the_user_states_is_a_number_however_it_is_written():
    assert Names("MA").of("7700900123.xml") == "7700900123.xml"
    assert Names("MA", ["+447700900123"]).of("7700900123.xml") == "…23.xml"


@given(
    st.lists(
        st.sampled_from(["0612345678", "0661000178", "+212 612-345678", "a", "2021-09-07", " ", "-", "…78"]), max_size=6
    )
)
def test_other_names_stay_others_and_nothing_is_left_of_a_number(parts):
    names = Names("MA")
    first, called = names.of("x"), names.of("_".join(parts))
    assert first == "x"
    assert re.search(r"612\D?345678|661000178", called) is None
    assert names.of("_".join(parts)) == called


def book(sheet):
    made = Workbook()
    made.active.title = sheet
    made.active.append(["message", "tel"])
    made.active.append(["Votez hier", "0661000102"])
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    return data.getvalue()


# What is given to the command, and the files of the folder that it stands in.
GIVEN = {
    "a table": ("plaintes 0612345678.csv", {"plaintes 0612345678.csv": TABLE}),
    "a table beside a number that is stated": ("0612345678.xml", {"0612345678.xml": backup(sms())}),
    "the sheet of a workbook": ("b.xlsx", {"b.xlsx": book("06 12 34 56 78")}),
    "a table in an archive": ("x.zip", {"x.zip": packed({"+212612345678/b.xlsx": book("Juillet"), "0612345678.txt": "rien"})}),
    "a folder": ("case", {"case/0612345678/t.csv": TABLE, "case/0612345678.pdf": "%PDF", "case/0612345678 b.csv": "a,b\n1,2\n"}),
    "a chat": ("WhatsApp Chat with +212 612-345678.txt", {"WhatsApp Chat with +212 612-345678.txt": CHAT}),
    "a picture": ("case", {"case/0612345678.png": b"\x89PNG\r\n\x1a\n" * 9, "case/t.csv": TABLE}),
}  # fmt: skip


@pytest.mark.parametrize("what", GIVEN)
def test_no_file_that_is_written_repeats_a_number_of_a_name(run, tmp_path, small_model_shipped, what):
    path, files = GIVEN[what]
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    ended = run("score", path, "-o", "out.csv", "--recipient", OWNER, "--json")
    assert ended.exit_code in (0, 1), ended.output
    for written in [ended.stdout, *(file.read_text("utf-8") for file in tmp_path.glob("out.*"))]:
        assert "612345678" not in re.sub(r"[^\w+]", "", written)
    assert any("…78" in file.read_text("utf-8") for file in tmp_path.glob("out.*"))


def test_of_numbers_that_are_set_for_all_the_record_says_that_they_were(run, tmp_path, small_model_shipped):
    (tmp_path / "0612345678.csv").write_text("message\nVotez demain\n", "utf-8")
    ended = run(
        "score", "0612345678.csv", "-o", "out.csv", "--set", f"recipient={OWNER}", "--set", "other_numbers=0661000777", "--set", "region=Fès",
        "--set", "known_to=Club 0661000777", "--set", "sender=+212661000888",
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    record = json.loads((tmp_path / "out.run.json").read_text("utf-8"))
    assert record["settings"]["set"] == {
        "recipient": "stated", "other_numbers": "stated", "region": "Fès", "known_to": "Club …77", "sender": "+212661000888",
    }  # fmt: skip
    assert record["inputs"][0]["name"] == "…78.csv"
    for file in tmp_path.glob("out.*"):
        assert re.search("612345678|661000777", file.read_text("utf-8")) is None
    assert pd.read_csv(tmp_path / "out.csv", dtype=str)["recipient"].str.startswith("p-").all()


def test_files_that_are_named_by_numbers_alone_are_told_apart(tmp_path):
    for number in ("0612345678", "0661000178"):
        (tmp_path / f"{number}.csv").write_text(f"message,tel\nVotez {number[3]},{number}\n", "utf-8")
    found = read_files(tmp_path)
    assert [file.name for file in found.files] == ["…78.csv", "…78 (2).csv"]
    assert found.complaints["source_file"].tolist() == ["…78.csv", "…78 (2).csv"]

"""The way in that all exports share: whose phone, what is left, how it is told, and that it goes on as tables do."""

import json
import zipfile

import pandas as pd
import pytest
from android_backups import CAMPAIGN, backup, sms

import tasrib
from tasrib.complaints import read_files
from tasrib.complaints.exports import formats
from tasrib.complaints.exports.message import LEFT
from tasrib.complaints.words import reference
from tasrib.errors import TasribError, UnreadableInput
from tasrib.streaming import run as streaming

OWNER = "0612345678"
PRIVATE = "Je t'aime, ne le dis à personne"


@pytest.fixture
def phone(tmp_path):
    def writing(name="sms.xml", *elements):
        path = tmp_path / name
        path.write_text(
            backup(*(elements or (sms(), sms(PRIVATE, name="Ali"), sms(PRIVATE, "+212661000009", kind="2")))), "utf-8"
        )
        return path

    return writing


def test_without_a_number_the_run_stops_and_asks(run, phone, small_model_shipped):
    ended = run("score", phone(), "-o", "out.csv")
    assert ended.exit_code == 2
    assert ended.output.count("\n") == 1
    assert (
        "does not say whose phone it is of; give --recipient NUMBER, or put the number into the file's name"
        in ended.output
    )


def test_with_a_number_it_is_scored_and_told(run, phone, tmp_path, small_model_shipped):
    ended = run("score", phone(), "-o", "out.csv", "--recipient", OWNER, "--set", "region=Fès")
    assert ended.exit_code == 0, ended.output
    assert "from SMS Backup & Restore: 1 scored, 0 in quarantine, 2 left out" in ended.output
    scored = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert scored[["text", "sender", "region", "source_file", "source_row", "prefix"]].values.tolist() == [
        [CAMPAIGN, "HIZB", "Fès", "sms.xml", "1", "0612"]
    ]
    record = json.loads((tmp_path / "out.run.json").read_text("utf-8"))
    assert record["inputs"][0]["rows"] == {"scored": 1, "quarantined": 0, "left_out": 2}
    for file in tmp_path.glob("out.*"):
        written = file.read_text("utf-8")
        assert PRIVATE not in written
        assert OWNER not in written
        assert "661000009" not in written


def test_of_the_number_in_the_name_nothing_is_written_but_its_pseudonym(run, phone, tmp_path, small_model_shipped):
    ended = run("score", phone("+212612345678 sms.xml"), "-o", "out.csv")
    assert ended.exit_code == 0, ended.output
    assert "the recipient is the number in the file's name" in ended.output
    assert not any("612345678" in file.read_text("utf-8") for file in tmp_path.glob("out.*"))


def test_two_numbers_that_contradict_each_other_are_refused(phone):
    with pytest.raises(
        UnreadableInput, match="another number than the file's name; rename the file, or leave --recipient out"
    ):
        read_files(phone("0698765432.xml"), recipient=OWNER)
    assert len(read_files(phone("0612345678.xml"), recipient="+212 612 345678").complaints) == 1


def test_a_number_that_is_set_for_all_serves_too(phone):
    assert read_files(phone(), values={"recipient": OWNER}).complaints["recipient"].tolist() == [OWNER]


@pytest.mark.parametrize("number", ["", "moi", "12"])
def test_what_is_no_number_is_refused(phone, number):
    with pytest.raises(UnreadableInput, match="--recipient: not a telephone number"):
        read_files(phone(), recipient=number)


@pytest.mark.parametrize("given", [{"recipient": 612345678}, {"keep_all": "yes"}])
def test_wrong_arguments_are_told(phone, given):
    with pytest.raises(TasribError, match="expected"):
        read_files(phone(), **({"recipient": OWNER} | given))


def test_what_holds_nothing_is_told_with_its_counts(run, phone, small_model_shipped):
    ended = run(
        "score",
        phone("sms.xml", sms(PRIVATE, name="Ali"), sms(PRIVATE, name="Zoé")),
        "-o",
        "out.csv",
        "--recipient",
        OWNER,
    )
    assert ended.exit_code == 2
    assert (
        "no message is looked at, for all are left out (2 from a saved contact); --all keeps whatever was received"
        in ended.output
    )


def test_all_keeps_whatever_was_received(run, phone, tmp_path, small_model_shipped):
    assert run("score", phone(), "-o", "out.csv", "--recipient", OWNER, "--all").exit_code == 0
    assert PRIVATE in (tmp_path / "out.csv").read_text("utf-8")


def test_beside_tables_each_counts_for_itself(run, phone, tmp_path, small_model_shipped):
    (tmp_path / "t.csv").write_text("message,tel\nVotez,0661000101\n", "utf-8")
    empty = phone("empty.xml", sms(PRIVATE, name="Ali"))
    ended = run("score", "t.csv", phone(), empty, "-o", "out.csv", "--recipient", OWNER, "--json")
    said = json.loads(ended.stdout)
    assert {what: counts["n_scored"] for what, counts in said["kinds"].items()} == {
        "tables": 1,
        "SMS Backup & Restore": 1,
    }
    assert said["held_none"] == ["empty.xml"]
    assert pd.read_csv(tmp_path / "out.csv")["complaint_id"].tolist() == ["t:2", "sms:1"]


def test_one_answer_makes_no_conversation_and_two_do(phone):
    long = "Bonjour, je me permets de vous écrire au sujet de notre quartier"
    answer = sms("Qui êtes-vous ?", "0661000001", kind="2")
    found = read_files(phone("a.xml", sms(long, "+212661000001"), answer), recipient=OWNER)
    assert found.complaints["text"].tolist() == [long]
    found = read_files(phone("a.xml", sms(long, "+212661000001"), answer, sms(), answer), recipient=OWNER)
    assert found.complaints["text"].tolist() == [CAMPAIGN]


def test_columns_that_are_mapped_are_those_of_tables(phone, tmp_path):
    (tmp_path / "t.csv").write_text("a,sender\nVotez,0661000101\n", "utf-8")
    found = read_files([tmp_path / "t.csv", phone()], mapping={"a": "text", "sender": "recipient"}, recipient=OWNER)
    assert found.complaints["recipient"].tolist() == ["0661000101", OWNER]


def test_the_same_backup_again_counts_once(phone):
    found = read_files([phone("a.xml"), phone("b.xml")], recipient=OWNER)
    assert len(found.complaints) == 1
    assert "repeated_complaint" in found.cleaning["code"].tolist()


@pytest.mark.slow
def test_some_at_a_time_and_in_several_processes_it_is_the_same(run, phone, tmp_path, monkeypatch, small_model_shipped):
    many = [
        sms(f"{CAMPAIGN} {at % 5}", "HIZB" if at % 3 else "+212661000001", name="(Unknown)" if at % 4 else "Ali")
        for at in range(40)
    ]
    path = phone("sms.xml", *many, "<sms broken")
    chat = "\n".join(f"07/09/2021, 20:33 - +212 661-0000{at:02}: Votez pour la liste {at}" for at in range(30))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as written:
        written.writestr("_chat.txt", chat)
    runs = []
    for size, jobs in ((10_000, 1), (7, 1), (10_000, 2)):
        monkeypatch.setattr(streaming, "SLICE", size)
        monkeypatch.setattr(streaming, "_FEWEST", min(size, 9))
        given = ("score", path, "x.zip", "-o", "out.csv", "--recipient", OWNER, "--resume", "--jobs", jobs, "--json")
        ended = run(*given)
        assert ended.exit_code == 1, ended.output
        frames = [
            pd.read_csv(tmp_path / f"out.{kind}").drop(columns="run")
            for kind in ("csv", "cleaning.csv", "quarantine.csv")
        ]
        runs.append((json.loads(ended.stdout)["kinds"], frames))
    assert runs[0][0]["WhatsApp"]["n_scored"] == 30
    for kinds, frames in runs[1:]:
        assert kinds == runs[0][0]
        for one, other in zip(runs[0][1], frames, strict=True):
            pd.testing.assert_frame_equal(one, other)


def test_a_file_of_no_kind_is_told_all_kinds(tmp_path):
    (tmp_path / "x.abc").write_text("bonjour")
    with pytest.raises(
        UnreadableInput,
        match=r"no reader for .\.abc., and nothing of a phone in it; known: \.csv, .*SMS Backup & Restore",
    ):
        read_files(tmp_path / "x.abc")


def test_python_reads_them_too(phone):
    complaints, rejected = tasrib.read_complaints(phone(), recipient=OWNER)
    assert (len(complaints), len(rejected)) == (1, 0)


def test_formats_have_the_same_shape():
    assert [module.NAME for module in formats()]
    assert all(callable(module.open_export) for module in formats())


def test_what_is_said_of_exports_is_said_in_three_languages():
    said = {each["en"] for each in reference("said.toml")["said"]}
    assert set(LEFT.values()) <= said

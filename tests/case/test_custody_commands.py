"""The chain of custody on the command line: from the files that complaints came in to a report that verifies, and back."""

import hashlib
import json
import re
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from tasrib.case import chain, decisions_file
from tasrib.case.hashes import own_hash
from tasrib.case.messages import message_key
from tasrib.cli import main
from tasrib.complaints.pseudonyms import key_fingerprint

HEADER = "complaint_id,text,recipient,received_at,sender\n"
CAMPAIGN = "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا"
ROWS = "".join(f"{i},{CAMPAIGN},06610001{i:02d},2021-07-{1 + i:02d} 10:00,LISTE\n" for i in range(8))
ROWS += "".join(f"{i},Soldes -50% chez Azur,06620001{i:02d},2021-07-{1 + i:02d} 10:00,AZUR\n" for i in range(10, 18))
CANARIES = "number,holder\n0661000103,Mutuelle Nour\n0661999999,Mutuelle Nour\n"


@pytest.fixture(scope="module")
def made(small_shipped, tmp_path_factory):
    """A scored file with its quarantine, from a file in a code page of Windows, and the key."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "juillet.csv").write_bytes((HEADER + ROWS + "18,Soldes,,2021-07-20 10:00,\n").encode("cp1256"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TASRIB_DATA", str(small_shipped.parent))
        patch.chdir(folder)
        words = ["score", "juillet.csv", "-o", "juillet.parquet", "--timezone", "Africa/Tunis", "--key", "key"]
        assert CliRunner().invoke(main, words).exit_code == 1
    return folder


@pytest.fixture
def case(run, made, tmp_path, small_model_shipped):
    """The same in a folder where it may be changed."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def test_score_leaves_what_leads_back_to_the_files(run, case):
    record = json.loads((case / "juillet.run.json").read_bytes())
    (came,) = record["inputs"]
    data = (case / "juillet.csv").read_bytes()
    assert (came["name"], came["sha256"], came["size"]) == ("juillet.csv", hashlib.sha256(data).hexdigest(), len(data))
    assert came["encoding"] == "Windows-1256 (Arabic)"
    assert came["rows"] == {"scored": 16, "quarantined": 1, "left_out": 0}
    assert (record["time_zone"], record["settings"]["timezone"]) == ("Africa/Tunis", "Africa/Tunis")
    assert record["key_fingerprint"] == key_fingerprint((case / "key").read_bytes())
    assert set(pd.read_parquet("juillet.parquet")["run"]) == {record["run"]}
    assert set(pd.read_csv("juillet.quarantine.csv")["run"]) == {record["run"]}
    written = hashlib.sha256((case / "juillet.parquet").read_bytes()).hexdigest()
    assert record["outputs"]["scored"]["sha256"] == written
    assert record["last_hash"] == own_hash(record)
    assert (case / "juillet.run.json").stat().st_mode & 0o777 == 0o600


def test_no_record_names_the_machine_or_its_user(run, case):
    run("report", "juillet.parquet", "-o", case / "rapport")
    for name in ("juillet.run.json", "rapport/run.json"):
        assert not re.search(re.escape(str(case)) + r"|/home/|/tmp/|/root", (case / name).read_text("utf-8"))


def test_scoring_again_replaces_its_own_record_and_nobody_elses(run, case):
    first = (case / "juillet.run.json").read_bytes()
    assert run("score", "juillet.csv", "-o", "juillet.parquet").exit_code == 1
    assert (case / "juillet.run.json").read_bytes() != first
    assert len(list(case.glob("juillet.run*.json"))) == 1
    (case / "juillet.run.json").write_text('{"mine": true}')
    run("score", "juillet.csv", "-o", "juillet.parquet")
    assert (case / "juillet.run.json").read_text() == '{"mine": true}'
    assert (case / "juillet.run-2.json").is_file()


def test_a_table_on_standard_output_leaves_no_record(run, case):
    before = set(case.glob("*.json"))
    run("score", "juillet.csv", "-o", "-")
    assert set(case.glob("*.json")) == before


def test_the_whole_way_is_confirmed(run, case):
    made = run("report", "juillet.parquet", "-o", "affaire", "--min-people", "5", "--pack", "affaire.zip")
    assert made.exit_code == 0, made.output
    record = json.loads((case / "affaire" / "run.json").read_bytes())
    assert f"Hash to keep elsewhere: {record['last_hash']}" in made.stdout
    assert "Pack: affaire.zip, without juillet.quarantine.csv; messages in it are whole" in made.stdout
    assert (record["settings"]["min_people"], record["settings"]["seed"]) == (5, 0)
    assert [each["role"] for each in record["inputs"]] == ["scored", "quarantine", "cleaning", "run"]
    assert record["inputs"][0]["as_scored"] is True
    for place in ("affaire", "affaire.zip"):
        done = run("verify", place, "--noted", record["last_hash"])
        assert done.exit_code == 0, done.output
        assert done.output.splitlines()[0] == f"{place}: confirmed"
        assert "files that complaints came in, unchanged: juillet.csv" in done.output


def test_what_differs_is_named_first(run, case):
    run("report", "juillet.parquet", "-o", "affaire")
    with (case / "affaire" / "report.html").open("ab") as page:
        page.write(b" ")
    done = run("verify", "affaire", "--hashes-only")
    size = (case / "affaire" / "report.html").stat().st_size
    assert done.exit_code == 1
    assert done.output.splitlines()[:2] == [
        "affaire: differs",
        f"  report.html was changed: it had {size - 1:,} bytes and has {size:,}",
    ]
    found = json.loads(run("verify", "affaire", "--hashes-only", "--json").stdout)
    assert (found["verdict"], len(found["differences"])) == ("differs", 1)
    assert run("verify", "nowhere").exit_code == 2


def test_a_scored_file_changed_by_hand_is_told_and_stays_told(run, case):
    table = pd.read_parquet("juillet.parquet")
    table.loc[0, "party"] = "parti-x"
    table.to_parquet("juillet.parquet")
    made = run("report", "juillet.parquet", "-o", "affaire")
    assert "juillet.parquet is not as tasrib score wrote it" in made.stderr
    done = run("verify", "affaire")
    assert done.exit_code == 0
    assert "juillet.parquet had been changed by hand after it was scored" in done.output


def test_a_record_of_scoring_changed_by_hand_counts_for_nothing(run, case):
    text = (case / "juillet.run.json").read_text("utf-8")
    (case / "juillet.run.json").write_text(text.replace("juillet.csv", "autre.csv"), "utf-8")
    made = run("report", "juillet.parquet", "-o", "affaire")
    assert "juillet.run.json was changed since tasrib wrote it" in made.stderr
    assert "intake" not in json.loads((case / "affaire" / "run.json").read_bytes())["inputs"][0]


def test_canaries_need_the_key_that_was_used(run, case, monkeypatch):
    (case / "canaries.csv").write_text(CANARIES)
    assert run("report", "juillet.parquet", "-o", "affaire", "--canaries", "canaries.csv").exit_code == 0
    assert run("verify", "affaire").exit_code == 0
    (case / "other.key").write_bytes(b"o" * 32)
    done = run("verify", "affaire", "--key", "other.key")
    assert done.exit_code == 1
    mine, other = (key_fingerprint((case / name).read_bytes()) for name in ("key", "other.key"))
    assert (
        f"other.key is the key of the fingerprint {other}, and canaries were found with that of {mine}" in done.output
    )
    done = run("verify", "affaire", "--key", "no.key")
    assert (done.exit_code, (case / "no.key").exists()) == (1, False)
    made = run("report", "juillet.parquet", "-o", "b", "--canaries", "canaries.csv", "--key", "other.key")
    assert made.exit_code == 2
    assert "other.key is not the key that juillet.parquet was scored with" in made.output


def test_canaries_are_not_packed_unless_asked_for(run, case):
    (case / "canaries.csv").write_text(CANARIES)
    words = ["report", "juillet.parquet", "-o", "affaire", "--canaries", "canaries.csv", "--pack", "a.zip", "--json"]
    assert json.loads(run(*words).stdout)["not_packed"] == ["juillet.quarantine.csv", "canaries.csv"]
    assert json.loads(run(*words, "--with-numbers", "--with-quarantine").stdout)["not_packed"] == []


def test_nothing_is_written_when_an_input_changes_meanwhile(run, case, monkeypatch):
    import tasrib.case.making as making

    trace = making.trace

    def slow(scored, **settings):
        (case / "juillet.parquet").write_bytes(b"another")
        return trace(scored, **settings)

    monkeypatch.setattr(making, "trace", slow)
    made = run("report", "juillet.parquet", "-o", "affaire", "--pack", "affaire.zip")
    assert made.exit_code == 2
    assert "juillet.parquet was changed while the report was made of it; run it again" in made.output
    assert not (case / "affaire").exists()
    assert not (case / "affaire.zip").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pack", "juillet.parquet"], "is an input"),
        (["--pack", "a.txt"], "give it a name that ends in .zip"),
        (["--with-numbers"], "name it with --pack"),
    ],
)
def test_wrong_use_is_said_before_any_work(run, case, words, said):
    made = run("report", "juillet.parquet", "-o", "affaire", *words)
    assert made.exit_code == 2
    assert said in made.output
    assert not (case / "affaire").exists()


def test_somebodys_run_json_is_not_lost(run, case):
    (case / "affaire").mkdir()
    (case / "affaire" / "run.json").write_text('{"mine": true}')
    made = run("report", "juillet.parquet", "-o", "affaire")
    assert made.exit_code == 2
    assert "holds a run.json that is not of a tasrib report" in made.output


def test_a_report_without_a_record_leaves_no_earlier_one(run, case):
    import tasrib

    run("report", "juillet.parquet", "-o", "affaire")
    scored = tasrib.read_scored("juillet.parquet")
    tasrib.write_report(scored, tasrib.trace(scored), "affaire")
    assert not (case / "affaire" / "run.json").exists()


def decide(layer, who, text):
    line = {"kind": "message", "who": who, "message": message_key(text), "text": text, "decision": "not_campaign", "category": "commercial",
            "party": None, "campaign": None, "anchor": None, "remark": ""}  # fmt: skip
    chain.append(layer, [line])


def test_decisions_are_part_of_the_case(run, case):
    layer = decisions_file("juillet.parquet")
    decide(layer, "NB", CAMPAIGN)
    made = run("report", "juillet.parquet", "-o", "affaire", "--pack", "affaire.zip")
    assert "people's decisions applied: 1 messages (8 complaints)" in made.stderr
    assert run("verify", "affaire").exit_code == 0
    assert run("report", "juillet.parquet", "-o", "modèle", "--without-decisions").exit_code == 0
    assert run("verify", "modèle").exit_code == 0
    roles = [
        [each["role"] for each in json.loads((case / name / "run.json").read_bytes())["inputs"]]
        for name in ("affaire", "modèle")
    ]
    assert set(roles[0]) - set(roles[1]) == {"decisions"}


def test_decisions_made_since_are_no_difference_and_changed_ones_are(run, case):
    layer = decisions_file("juillet.parquet")
    decide(layer, "NB", CAMPAIGN)
    run("report", "juillet.parquet", "-o", "affaire")
    decide(layer, "SK", "Soldes -50% chez Azur")
    done = run("verify", "affaire")
    assert done.exit_code == 0, done.output
    assert "people decided more since the report was made: juillet.decisions.jsonl begins as it was then" in done.output
    text = layer.read_text("utf-8")
    layer.write_text(text.replace('"SK"', '"XX"', 1).replace("}", " }", 1), "utf-8")
    done = run("verify", "affaire")
    assert done.exit_code == 1
    assert done.output.splitlines()[1].startswith("  juillet.decisions.jsonl (decisions) is not the file")


def test_a_log_cut_off_behind_what_the_report_holds_is_no_chain(run, case):
    layer = decisions_file("juillet.parquet")
    decide(layer, "NB", CAMPAIGN)
    run("report", "juillet.parquet", "-o", "affaire")
    with layer.open("ab") as file:
        file.write(b'{"number": 2}\n')
    done = run("verify", "affaire", "--hashes-only")
    assert done.exit_code == 1
    assert "juillet.decisions.jsonl, line 2: is no record of a log" in done.output


def test_a_timeline_has_what_happened_in_its_order(run, case):
    decide(decisions_file("juillet.parquet"), "NB", CAMPAIGN)
    done = run("export", "--timesketch", "juillet.parquet", "-o", "t.jsonl")
    assert done.exit_code == 0, done.output
    assert "17 events in t.jsonl: 16 complaint received, 1 decision made" in done.output
    events = [json.loads(line) for line in (case / "t.jsonl").read_text("utf-8").splitlines()]
    moments = [event["datetime"] for event in events]
    assert moments == sorted(moments)
    assert moments[0] == "2021-07-01T09:00:00+00:00"
    assert all(event["message"] and event["timestamp_desc"] for event in events)
    assert all(event["recipient"].startswith("p-") for event in events[:-1])
    assert events[-1]["message"].startswith("NB decided not_campaign: ")
    assert json.loads(events[-1]["tag"]) == ["decision", "not_campaign"]
    assert "06610001" not in (case / "t.jsonl").read_text("utf-8")
    assert run("export", "--timesketch", "juillet.parquet", "-o", "t.csv").exit_code == 0
    assert list(pd.read_csv("t.csv").columns[:3]) == ["message", "datetime", "timestamp_desc"]


def test_a_timeline_holds_no_numbers(run, case):
    quoted = (HEADER + f'1,"{CAMPAIGN} 0661999888",0661000101,2021-07-01,LISTE\n2,Soldes,0661000102,,AZUR\n').encode()
    (case / "q.csv").write_bytes(quoted)
    run("score", "q.csv", "-o", "q.parquet")
    done = run("export", "--timesketch", "q.parquet", "-o", "q.jsonl", "--json")
    assert (done.exit_code, json.loads(done.stdout)["without_date"]) == (1, 1)
    (event,) = (json.loads(line) for line in (case / "q.jsonl").read_text("utf-8").splitlines())
    assert event["message"].endswith("[number]")
    run("score", "q.csv", "-o", "n.parquet", "--keep-numbers")
    done = run("export", "--timesketch", "n.parquet", "-o", "n.jsonl")
    assert done.exit_code == 2
    assert "hold telephone numbers as they are" in done.output
    assert run("export", "--timesketch", "q.parquet", "-o", "q.xlsx").exit_code == 2

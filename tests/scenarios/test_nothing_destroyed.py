"""No command writes over what it read, or over what is somebody else's."""

import json
import os
import stat

import pandas as pd
import pytest

from tasrib.scored import read_scored

pytestmark = pytest.mark.usefixtures("small_data_shipped")
ROWS = """text,recipient,received_at
Votez pour la liste de l'espoir le 8 septembre,0661000101,2021-09-01
Votre code est 48213,0662000102,2021-09-02
"""
BAD = "Soldes,,2021-09-03\n"


@pytest.fixture
def here(run, tmp_path):
    (tmp_path / "in.csv").write_text(ROWS + BAD, "utf-8")
    (tmp_path / "good.csv").write_text(ROWS, "utf-8")
    (tmp_path / "d").mkdir()
    os.link("in.csv", "hard.csv")
    (tmp_path / "soft.csv").symlink_to("in.csv")
    return tmp_path


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(run, folder, *words):
    before = contents(folder)
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) == 1, result.output
    assert contents(folder) == before
    return result.output


@pytest.mark.parametrize("output", ["in.csv", "./in.csv", "d/../in.csv", "hard.csv", "soft.csv"])
def test_score_does_not_write_over_an_input(run, here, output):
    assert "is an input" in refused(run, here, "score", "good.csv", "in.csv", "-o", output)


def test_nor_over_the_key(run, here, monkeypatch):
    assert "is the pseudonym key" in refused(run, here, "score", "in.csv", "--key", "k.csv", "-o", "k.csv")
    monkeypatch.setenv("TASRIB_KEY_FILE", "own.csv")
    run("score", "in.csv", "-o", "case.csv")
    assert "is the pseudonym key" in refused(run, here, "score", "in.csv", "-o", "own.csv")
    assert "is the pseudonym key" in refused(run, here, "label", "import", "in.csv", "-o", "./own.csv")


def test_nor_over_what_a_report_is_made_of(run, here):
    run("score", "in.csv", "-o", "d/tables.xlsx")
    run("score", "in.csv", "-o", "case.csv")
    os.link("d/tables.xlsx", "d/findings.json")
    for words in (
        ["d/tables.xlsx"],
        ["case.csv", "--canaries", "d/tables.xlsx"],
        ["case.csv", "--alias", "d/tables.xlsx"],
        ["case.csv", "--rejected", "d/findings.json"],
        ["case.csv", "--key", "d/tables.xlsx"],
        ["case.csv", "--model", "d"],
    ):
        assert "would be lost; name another folder with -o" in refused(run, here, "report", *words, "-o", "d")
    # Read or not: no report wrote it.
    assert "not of a tasrib report" in refused(run, here, "report", "case.csv", "-o", "d")


def test_labels_are_not_written_over_what_they_come_from(run, here):
    run("score", "in.csv", "-o", "case.xlsx")
    assert "is an input" in refused(run, here, "label", "export", "case.xlsx", "-o", "./case.xlsx")
    run("label", "export", "case.xlsx", "-o", "labels.xlsx")
    assert "is a file of labels" in refused(
        run, here, "label", "export", "case.xlsx", "--labelled", "labels.xlsx", "-o", "labels.xlsx"
    )
    assert "is an input" in refused(run, here, "label", "import", "labels.xlsx", "-o", "labels.xlsx")


def test_training_does_not_write_over_labels_or_into_a_folder_of_something_else(run, here):
    (here / "d" / "metrics.json").write_text("mine")
    assert "is an input" in refused(run, here, "train", "d/metrics.json", "-o", "d")
    assert "not of a tasrib model" in refused(run, here, "train", "in.csv", "-o", "d")


def test_the_note_of_the_default_model_is_kept(run, here):
    (here / "home").mkdir()
    assert "is the note of the default model" in refused(
        run, here, "power", "--operator", "0.3", "--leak-share", "0.3", "-o", "home/default-model.json"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["score", "in.csv", "-o", "no/x.csv"],
        ["score", "in.csv", "-o", "x.doc"],
        ["score", "in.csv", "-o", "kept.csv"],
        ["score", "in.csv", "-o", "d.csv"],
        ["report", "case.csv", "-o", "in.csv"],
        ["label", "export", "case.csv", "-o", "no/x.xlsx"],
        ["label", "import", "in.csv", "-o", "no/x.csv"],
        ["train", "in.csv", "-o", "in.csv"],
        ["power", "--operator", "0.3", "--leak-share", "0.3", "-o", "no/x.svg"],
        ["demo", "-o", "in.csv"],
    ],
    ids=" ".join,
)
def test_where_nothing_can_be_written_is_said_before_any_work(run, here, monkeypatch, words):
    run("score", "in.csv", "-o", "case.csv")
    (here / "kept.csv").write_text("evidence")
    (here / "kept.csv").chmod(0o444)
    (here / "d.csv").mkdir()

    def work(*_, **__):
        raise AssertionError("work was done")

    for name in ("score", "trace", "label_import", "label_export", "train", "read_complaints"):
        monkeypatch.setitem(
            __import__("tasrib").__dict__, name, work if name != "train" else __import__("tasrib").train
        )
    refused(run, here, *words)


@pytest.mark.parametrize("theirs", ["my only notes", "file,row\nin.csv,3\n", ""])
def test_somebodys_file_by_a_companions_name_stays(run, here, theirs):
    for name in ("case.quarantine.csv", "quarantine.csv"):
        (here / name).write_text(theirs)
    for source, n in (("in.csv", 1), ("in.csv", 1), ("good.csv", 0)):
        result = run("score", source, "-o", "case.csv")
        assert result.exit_code == n
        assert (here / "case.quarantine-2.csv").exists() == bool(n)
        assert ("case.quarantine.csv is of another run, or somebody's own file" in result.output) == bool(n)
    for _ in range(2):
        result = run("score", "in.csv", "-o", "-")
        assert result.exit_code == 1
        assert "quarantine-" in result.stderr
    assert run("score", "good.csv", "-o", "-").exit_code == 0
    assert [(here / name).read_text() for name in ("case.quarantine.csv", "quarantine.csv")] == [theirs] * 2
    assert sorted(path.name for path in here.glob("*quarantine*")) == [
        "case.quarantine.csv", "quarantine-2.csv", "quarantine-3.csv", "quarantine.csv",
    ]  # fmt: skip


def test_a_quarantine_that_is_scored_itself_is_not_taken_for_an_old_one(run, here):
    run("score", "in.csv", "-o", "case.csv")
    repaired = pd.DataFrame(
        {"text": ["Soldes"], "recipient": ["0661000103"], "run": read_scored("case.csv")["run"][:1]}
    )
    repaired.to_csv("case.quarantine.csv", index=False)
    moment = (here / "case.csv").stat().st_mtime
    os.utime("case.quarantine.csv", (moment, moment))
    before = (here / "case.quarantine.csv").read_bytes()
    assert run("score", "case.quarantine.csv", "-o", "case.csv").exit_code == 0
    assert (here / "case.quarantine.csv").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_what_holds_citizens_data_is_for_its_owner(run, here):
    (here / "case.csv").write_text("")
    (here / "case.csv").chmod(0o666)
    run("score", "in.csv", "-o", "case.csv")
    for name in ("case.csv", "case.quarantine.csv", "key"):
        assert stat.S_IMODE((here / name).stat().st_mode) == 0o600


def test_table_and_quarantine_bear_one_run_each_call_another(run, here):
    runs = []
    for _ in range(2):
        run("score", "in.csv", "-o", "case.parquet")
        found = {*read_scored("case.parquet")["run"], *pd.read_csv("case.quarantine.csv")["run"]}
        assert len(found) == 1
        runs += found
    assert runs[0] != runs[1]


def test_a_report_refuses_a_quarantine_of_another_run(run, here):
    run("score", "in.csv", "-o", "a.csv")
    run("score", "in.csv", "-o", "b.csv")
    assert "b.quarantine.csv is of another run" in refused(
        run, here, "report", "a.csv", "--rejected", "b.quarantine.csv", "-o", "report"
    )
    (here / "b.quarantine.csv").replace("a.quarantine.csv")
    assert "a.quarantine.csv is of another run" in refused(run, here, "report", "a.csv", "-o", "report")


def test_a_report_says_that_a_quarantine_is_missing(run, here):
    run("score", "in.csv", "-o", "a.csv")
    (here / "a.quarantine.csv").rename("elsewhere.csv")
    result = run("report", "a.csv", "-o", "report")
    assert result.exit_code == 0
    assert "its run put 1 row in quarantine, and that file is not there" in result.stderr
    result = run("report", "a.csv", "-o", "report", "--rejected", "elsewhere.csv")
    assert result.stderr == ""
    found = json.loads((here / "report" / "findings.json").read_text("utf-8"))
    assert found["data_quality"][0] == {"what": "rows in quarantine", "rows": 1}


def test_files_of_an_older_tasrib_are_reported_still(run, here):
    run("score", "in.csv", "-o", "a.csv")
    for name in ("a.csv", "a.quarantine.csv"):
        pd.read_csv(name, dtype=str, keep_default_na=False).drop(columns="run").to_csv(name, index=False)
    assert run("report", "a.csv", "-o", "report").exit_code == 0
    found = json.loads((here / "report" / "findings.json").read_text("utf-8"))
    assert found["data_quality"][0]["rows"] == 1


def test_the_labelling_set_up_replaces_nobodys_file(run, here):
    run("score", "in.csv", "-o", "case.csv")
    (here / "tasks.xml").write_text("<mine/>")
    for _ in range(2):
        assert "tasks-2.xml" in run("label", "export", "case.csv", "-o", "tasks.json").output
    assert (here / "tasks.xml").read_text() == "<mine/>"
    assert (here / "tasks-2.xml").read_text("utf-8").startswith("<View>")
    assert not (here / "tasks-3.xml").exists()


def test_a_report_through_a_link_to_its_folder(run, here):
    run("score", "in.csv", "-o", "case.csv")
    (here / "link").symlink_to("d")
    (here / "d" / "mine.txt").write_text("mine")
    assert run("report", "case.csv", "-o", "link").exit_code == 0
    assert sorted(path.name for path in (here / "d").iterdir()) == [
        "findings.json",
        "mine.txt",
        "report.html",
        "run.json",
        "tables.xlsx",
    ]
    assert (here / "link").is_symlink()

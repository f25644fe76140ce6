"""The loop as a data scientist runs it: choose, label, train, refuse or promote, score, watch."""

import json

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.tables import write_table

TEXT = "صوتوا على لائحة الوردة يوم 8 شتنبر"


@pytest.fixture
def batch(corpus, tmp_path):
    """A scored file, in the folder where commands run."""
    rng = np.random.default_rng(0)
    part = corpus.sample(400, random_state=9)
    p = np.clip(
        np.where(part["category"] == "political_campaign", 0.85, 0.15) + rng.normal(0, 0.2, len(part)), 0.01, 0.99
    )
    frame = scored_frame(
        len(part), text=part["text"], recipient="p-aaaaaaaaaaaaaaaa", language=part["language"], category=part["category"],
        probability=p, decision=np.select([p > 0.8, p > 0.3], ["campaign", "review"], "not_campaign"),
    )  # fmt: skip
    write_table(frame, tmp_path / "scored.parquet")
    return frame


def test_explain_prints_weights_that_add_up(run):
    found = json.loads(run("explain", TEXT, "--json").stdout)[0]
    assert found["base"] + found["whole"] + sum(piece["weight"] for piece in found["pieces"]) == pytest.approx(
        found["log_odds"], abs=1e-5
    )
    assert 1 / (1 + np.exp(-found["log_odds"])) == pytest.approx(found["probability"], abs=1e-5)
    for piece in found["pieces"]:
        assert TEXT[piece["start"] : piece["end"]].strip() == piece["text"]
    printed = run("explain", TEXT).output
    assert f"{found['log_odds']:+.2f}" in printed
    assert found["category"] in printed
    assert found["decision"].replace("_", " ") in printed


def test_explain_reads_standard_input():
    from click.testing import CliRunner

    from tasrib.cli import main

    piped = CliRunner().invoke(main, ["explain", "-", "--json"], input=TEXT + "\n")
    named = CliRunner().invoke(main, ["explain", TEXT, "--json"])
    assert json.loads(piped.stdout) == json.loads(named.output)
    wrong = CliRunner().invoke(main, ["explain", "-"], input=b"\xff\xfe\x00")
    assert wrong.exit_code == 2
    assert "UTF-8" in wrong.output


def test_from_export_to_a_promoted_model(run, batch, small_data_shipped, tmp_path):
    sent = run("label", "export", "scored.parquet", "-o", "to-label.xlsx", "--most", "40", "--json")
    assert json.loads(sent.stdout)["messages"] == 40
    truth = batch.set_index("text")["category"]
    book = load_workbook(tmp_path / "to-label.xlsx")
    sheet = book["to label"]
    header = {cell.value: position for position, cell in enumerate(sheet[1])}
    for row in list(sheet.iter_rows(min_row=2))[:-1]:
        row[header["category"]].value = truth.get(row[header["text"]].value, "personal")
    book.save(tmp_path / "labelled.xlsx")
    back = run("label", "import", "labelled.xlsx", "-o", "labels.jsonl", "--json")
    assert back.exit_code == 0, back.output
    counts = json.loads(back.stdout)
    assert (counts["read"], counts["labelled"], counts["unlabelled"], counts["quarantined"]) == (40, 39, 1, 0)

    trained = run("train", "labels.jsonl", "-o", "my-model", "--promote", "--force", "--json")
    assert trained.exit_code == 0, trained.output
    said = json.loads(trained.stdout)
    assert said["promoted"]
    assert {row["held_out"] for row in said["comparison"]} == {"own labels", "test split"}

    assert "fitted on 39 of them" in run("evaluate", "my-model", "labels.jsonl").output
    batch[["text"]].assign(recipient="0661234567").head(20).to_csv(tmp_path / "complaints.csv", index=False)
    scored = run("score", "complaints.csv", "-o", "new.csv")
    assert f"model {said['model']}" in scored.stderr
    assert json.loads(run("score", "complaints.csv", "-o", "new.csv", "--json").stdout)["model"] == said["model"]
    assert run("promote", "--shipped").exit_code == 0
    assert run("score", "complaints.csv", "-o", "new.csv").stderr == ""


def test_shuffled_labels_are_refused_and_can_be_forced(run, corpus, small_data_shipped, tmp_path):
    part = corpus.sample(80, random_state=4)
    wrong = part.assign(category=np.random.default_rng(1).permutation(part["category"]))
    wrong[["text", "category"]].to_csv(tmp_path / "labels.csv", index=False)
    refused = run("train", "labels.csv", "-o", "bad", "--only-mine", "--promote")
    assert refused.exit_code == 2
    assert "Worse than the shipped model" in refused.stdout
    assert refused.stderr.startswith("tasrib: not promoted: ")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert run("promote", "bad").exit_code == 2
    assert run("promote", "bad", "--force").exit_code == 0
    assert "(promoted)" in run("explain", TEXT).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "x.csv", "-o", "m", "--force"], "--promote"),
        (["promote"], "--shipped"),
        (["promote", "m", "--shipped"], "--shipped"),
        (["promote", "nowhere"], "no tasrib model"),
        (["train", "absent.csv", "-o", "m"], "absent.csv"),
        (["label", "export", "absent.parquet", "-o", "x.xlsx"], "absent.parquet"),
        (["label", "import", "absent.json", "-o", "x.jsonl"], "absent.json"),
        (["drift", "absent.csv", "absent.csv"], "absent.csv"),
    ],
)
def test_wrong_use_is_one_clear_line(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_import_with_quarantine_exits_1_and_says_where(run, tmp_path):
    pd.DataFrame({"text": ["a", "b", "c"], "category": ["news", "newz", ""]}).to_csv(tmp_path / "x.csv", index=False)
    result = run("label", "import", "x.csv", "-o", "labels.csv")
    assert result.exit_code == 1
    assert "3 rows read: 1 labelled, 1 left unlabelled, 1 in quarantine" in result.output
    rejected = pd.read_csv(tmp_path / "labels.quarantine.csv")
    assert rejected[["file", "row", "column", "value"]].values.tolist() == [["x.csv", 3, "category", "newz"]]
    pd.DataFrame({"text": ["a"], "category": ["news"]}).to_csv(tmp_path / "x.csv", index=False)
    assert run("label", "import", "x.csv", "-o", "labels.csv").exit_code == 0
    assert not (tmp_path / "labels.quarantine.csv").exists()


def test_drift_through_files(run, batch, tmp_path):
    write_table(batch.head(200), tmp_path / "old.csv")
    write_table(batch.assign(probability=batch["probability"] ** 4).tail(200), tmp_path / "new.jsonl")
    found = json.loads(run("drift", "old.csv", "new.jsonl", "--json").stdout)
    moved = {row["what"] for row in found["findings"] if row["moved"]}
    assert found["moved"]
    assert moved == {"probability"}
    printed = run("drift", "old.csv", "new.jsonl").output
    assert printed.count("- It moved. ") == 1
    assert "each cluster counts once" in printed


def test_evaluate_gives_intervals_varieties_and_parties(run, corpus, small_shipped, tmp_path):
    part = corpus[corpus["party"] != ""].sample(30, random_state=1)
    other = corpus[corpus["party"] == ""].sample(60, random_state=1)
    pd.concat([part, other])[["text", "category", "language", "party", "sender"]].to_csv(
        tmp_path / "x.csv", index=False
    )
    found = json.loads(run("evaluate", small_shipped, "x.csv", "--json").stdout)
    for name in ("campaign_precision", "log_loss", "variety_accuracy", "party_precision", "party_recall"):
        low, high = found["intervals"][name]
        if found[name] is not None:
            assert low <= found[name] <= high
    assert sum(row["n"] for row in found["by_language"].values()) == 90
    assert "party recall" in run("evaluate", small_shipped, "x.csv").output

"""Canary numbers through the command line: found among numbers and among pseudonyms."""

import json

import pandas as pd
import pytest

MESSAGE = "Votez pour la liste de l'espoir le 8 septembre, pour une commune propre et des emplois pour nos jeunes"
CANARIES = "number;holder;given_at\n06 61 20 00 03;Mutuelle Nour;2021-01-01\n+212661200500;Mutuelle Nour;\n0650111111;Annonces Louiza;\n"


@pytest.fixture
def files(tmp_path):
    rows = [(MESSAGE, f"0661{i:02d}0003", f"{1 + i % 7:02d}/09/2021") for i in range(12, 32)]
    rows += [
        ("Soldes -50% ce week-end dans tous nos magasins de Rabat", f"06501{i:05d}", "03/09/2021") for i in range(30)
    ]
    table = pd.DataFrame(rows, columns=["Message", "Téléphone", "Date de réception"])
    table.to_csv(tmp_path / "in.csv", index=False, sep=";")
    (tmp_path / "canaries.csv").write_text(CANARIES, "utf-8")


def canaries_of(result):
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["findings"]
    return [
        (row["hypothesis"], row["observed"], row["n_reached"])
        for row in found
        if row["hypothesis"].startswith("canary:")
    ]


@pytest.mark.parametrize("way", [["--keep-numbers"], ["--key", "case.key"]], ids=["numbers", "pseudonyms"])
def test_canaries_are_found(run, files, way, tmp_path):
    assert run("score", "in.csv", "-o", "scored.parquet", *way).exit_code == 0
    key = way if way[0] == "--key" else []
    result = run("report", "scored.parquet", "-o", "case", "--canaries", "canaries.csv", "--json", *key)
    assert canaries_of(result) == [("canary:Mutuelle Nour", 1, 2)]
    page = (tmp_path / "case" / "report.html").read_text("utf-8")
    assert "Mutuelle Nour" in page
    assert "661200003" not in page + (tmp_path / "case" / "findings.json").read_text("utf-8")


def test_the_wrong_key_is_not_made_on_the_way(run, files, tmp_path):
    run("score", "in.csv", "-o", "scored.parquet", "--key", "case.key")
    result = run("report", "scored.parquet", "-o", "case", "--canaries", "canaries.csv")
    assert result.exit_code == 2
    assert "--key" in result.output
    assert not (tmp_path / "key").exists()
    assert canaries_of(run("report", "scored.parquet", "-o", "case", "--json")) == []


def test_canaries_that_cannot_be_read_are_told(run, files):
    run("score", "in.csv", "-o", "scored.parquet", "--keep-numbers")
    result = run("report", "scored.parquet", "-o", "case", "--canaries", "nowhere.csv")
    assert result.exit_code == 2
    assert "nowhere.csv" in result.output


def test_python_has_the_same(files, tmp_path):
    import tasrib

    scored = tasrib.score(tasrib.read_complaints(tmp_path / "in.csv")[0], keep_numbers=True)
    result = tasrib.trace(scored, canaries=tasrib.read_canaries(tmp_path / "canaries.csv"))
    assert "canary:Mutuelle Nour" in set(result.findings["hypothesis"])


def test_the_demo_s_canaries_travel_with_it():
    from tasrib._resources import resource
    from tasrib.tracing import read_canaries

    assert len(read_canaries(resource("demo", "canaries.csv"))) == 12

"""One report of several months, and names that are nothing but data."""

import json
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from tasrib.cli import main
from tasrib.pipeline import join_scored
from tasrib.scored import read_scored

pytestmark = pytest.mark.usefixtures("small_data_shipped")
HEADER = "complaint_id,text,recipient,received_at,sender\n"
CAMPAIGN = "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا"
JULY = f"""1,{CAMPAIGN},0661000101,2021-07-01 10:00,LISTE
2,{CAMPAIGN},0661000102,2021-07-02 10:00,LISTE
3,Soldes,,2021-07-03 10:00,SHOP
"""
# The second row is July's second; ids begin with 1 again.
AUGUST = f"""1,{CAMPAIGN} وبناتنا,0661000103,2021-08-01 10:00,LISTE
2,{CAMPAIGN},0661000102,2021-07-02 10:00,LISTE
3,{CAMPAIGN} وبناتنا,0661000101,2021-08-03 10:00,LISTE
"""


@pytest.fixture(scope="module")
def made(small_data, tmp_path_factory):
    """Two months, each scored for itself with one key."""
    folder = tmp_path_factory.mktemp("months")
    (folder / "july.csv").write_text(HEADER + JULY, "utf-8")
    (folder / "august.csv").write_text(HEADER + AUGUST, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TASRIB_DATA", str(small_data))
        patch.chdir(folder)
        for words in (["july.csv", "-o", "july.parquet"], ["august.csv", "-o", "august.xlsx"]):
            CliRunner().invoke(main, ["score", *words, "--key", "key"])
    return folder


@pytest.fixture
def months(run, made, tmp_path):
    """The same in a folder where it may be changed."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def found(folder):
    return json.loads((folder / "findings.json").read_text("utf-8"))


def test_months_are_one_case(run, months):
    result = run("report", "july.parquet", "august.xlsx", "-o", "case")
    assert result.exit_code == 0, result.output
    assert "august.xlsx: 1 complaint that is in july.parquet too; each counts once" in result.stderr
    assert "august.xlsx: 2 ids that other files have too; 'august:' was put before" in result.stderr
    assert "july.parquet:" not in result.stderr
    assert result.stdout.startswith("4 complaints scored, 1 in quarantine; 4 campaign messages in 1 campaigns")
    case = found(months / "case")
    assert [(each["n_people"]) for each in case["campaigns"]] == [3]
    assert case["data_quality"][0]["rows"] == 1


def test_the_order_of_files_changes_no_finding(run, months):
    run("report", "july.parquet", "august.xlsx", "-o", "case")
    run("report", "august.xlsx", "july.parquet", "-o", "again")
    one, other = found(months / "case"), found(months / "again")
    assert one["campaigns"] == other["campaigns"]
    assert one["findings"] == other["findings"]


def test_joined_months_are_what_one_call_over_both_gives(run, months):
    run("score", "july.csv", "august.csv", "-o", "both.parquet")
    joined = join_scored(
        [read_scored("july.parquet"), read_scored("august.xlsx")], ["july.parquet", "august.xlsx"]
    ).scored
    both = read_scored("both.parquet")
    compared = ["recipient", "received_at", "decision", "campaign_id"]
    pd.testing.assert_frame_equal(joined[compared].reset_index(drop=True), both[compared].reset_index(drop=True))
    assert joined["complaint_id"].is_unique


def test_one_file_is_taken_as_it_is(months):
    table = read_scored("july.parquet")
    assert join_scored([table], ["july.parquet"]).scored is table


def test_a_file_named_twice_is_refused(run, months):
    result = run("report", "july.parquet", "./july.parquet", "-o", "case")
    assert (result.exit_code, result.output) == (
        2,
        "tasrib: ./july.parquet is given twice; its rows would count double\n",
    )


def test_numbers_and_pseudonyms_are_not_put_together(run, months):
    run("score", "july.csv", "-o", "numbers.csv", "--keep-numbers")
    result = run("report", "numbers.csv", "august.xlsx", "-o", "case")
    assert result.exit_code == 2
    assert "august.xlsx holds pseudonyms and numbers.csv numbers" in result.output
    assert not (months / "case").exists()


def test_other_models_are_said(run, months):
    other = read_scored("august.xlsx").assign(model="0123456789ab")
    joined = join_scored([read_scored("july.parquet"), other], ["july.parquet", "august.xlsx"])
    assert "different models" in joined.notes[0]


def test_what_was_mended_travels_with_the_table(run, months):
    result = run("score", "july.csv", "august.csv", "-o", "both.parquet")
    report = months / "both.cleaning.csv"
    assert report.exists(), result.output
    assert set(pd.read_csv(report)["run"]) == set(read_scored("both.parquet")["run"])
    run("report", "both.parquet", "-o", "case")
    assert found(months / "case")["cleaning"]
    assert "cleaning" in pd.ExcelFile(months / "case" / "tables.xlsx").sheet_names


@pytest.mark.parametrize(
    "name",
    ["[/Azur]", "[bold]Azur[/bold]", "[link=http://example.org]Azur", ":smile:", "\x1b[2JAzur\u202e", "=1+1", "[[["],
)
def test_names_are_data_on_every_way_out(run, tmp_path, name):
    texts = [CAMPAIGN] * 12 + ["Soldes -30% sur tout"] * 12
    frame = pd.DataFrame({
        "text": texts, "recipient": [f"06610001{i:02d}" for i in range(24)], "received_at": "2021-08-01",
        "known_to": [name] * 12 + [""] * 12, "declared_operator": name, "region": name, "sender": name,
    })  # fmt: skip
    frame.to_parquet(tmp_path / "in.parquet")
    assert run("score", "in.parquet", "-o", "scored.csv").exit_code == 0
    pd.DataFrame({"number": ["0661000101", "0661000102", "0661000103"], "holder": name}).to_csv(
        "canaries.csv", index=False
    )
    result = run("report", "scored.csv", "-o", "case", "--canaries", "canaries.csv")
    assert result.exit_code == 0, result.output
    assert not set(result.output) & {"\x1b", "\u202e"}

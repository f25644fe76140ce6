"""From scored to decided, as a case worker does it: export, fill, apply, report, score again, report again."""

import json
import shutil

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tasrib.case import chain
from tasrib.cli import main
from tasrib.scored import read_scored

pytestmark = pytest.mark.usefixtures("small_data_shipped")
ROSE = "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا"
HOPE = "Votez pour la liste de l'espoir le 8 septembre, pour nos écoles et nos quartiers"
OFFER = "Soldes -30% sur tout le magasin jusqu'à dimanche"
ROWS = [ROSE] * 8 + [f"{ROSE} وبناتنا"] * 3 + [HOPE] * 6 + [OFFER] * 5


def complaints(folder, texts=ROWS, name="complaints.csv", first=100):
    lines = [f'"{text}",0661000{first + number},2021-09-01,sms' for number, text in enumerate(texts)]
    (folder / name).write_text("\n".join(["text,recipient,received_at,channel", *lines]) + "\n", "utf-8")


@pytest.fixture(scope="module")
def made(small_data, tmp_path_factory):
    """The complaints, scored, and the key."""
    folder = tmp_path_factory.mktemp("decide")
    complaints(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TASRIB_DATA", str(small_data))
        patch.setenv("TASRIB_KEY_FILE", str(folder / "key"))
        patch.chdir(folder)
        assert CliRunner().invoke(main, ["score", "complaints.csv", "-o", "scored.parquet"]).exit_code == 0
    return folder


@pytest.fixture
def here(run, made, tmp_path):
    """The same in a folder where it may be changed."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True)


def fill(path, messages, campaigns=None, who="NB"):
    """Write into the workbook in French, by the beginning of a message and by the id of a campaign."""
    book = load_workbook(path)
    for sheet, wanted, column in (
        (book["messages"], messages, "message"),
        (book["campagnes"], campaigns or {}, "identifiant de la campagne"),
    ):
        places = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            text = sheet.cell(row, places[column]).value
            cells = next((cells for begin, cells in wanted.items() if text.startswith(begin)), {})
            for name, value in cells.items():
                sheet.cell(row, places[name]).value = value
                sheet.cell(row, places["initiales"]).value = who
    book.save(path)


def found(folder):
    return json.loads((folder / "findings.json").read_text("utf-8"))


def test_the_whole_way(run, here):
    exported = run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "a-decider.xlsx")
    assert exported.exit_code == 0, exported.output
    assert "0 of them decided already" in exported.output
    assert "tasrib label apply scored.parquet a-decider.xlsx" in exported.output
    rose = read_scored("scored.parquet").set_index("text").loc[ROSE, "campaign_id"].iloc[0]
    fill("a-decider.xlsx", {
        HOPE[:20]: {"décision": "oui", "parti": "Parti de l'Istiqlal", "campagne": "Espoir"},
        f"{ROSE} و": {"décision": "campagne", "campagne": "Daughters"},
        ROSE: {"décision": "حملة", "parti": "حزب الاستقلال"},
    })  # fmt: skip
    applied = run("label", "apply", "scored.parquet", "a-decider.xlsx")
    assert applied.exit_code == 0, applied.output
    assert "3 decisions added, 0 known already" in applied.output
    assert "new campaigns:" in applied.output
    before = (here / "scored.parquet").read_bytes()

    report = run("report", "scored.parquet", "-o", "case", "--min-people", "3")
    assert report.exit_code == 0, report.output
    assert "people's decisions applied: 3 messages (17 complaints)" in report.stderr
    case = found(here / "case")
    assert {(each["campaign_id"], each["n_messages"], each["party"]) for each in case["campaigns"]} == {
        (rose, 8, "PI"), ("Espoir", 6, "PI"), ("Daughters", 3, ""),
    }  # fmt: skip
    assert (case["decisions"]["decided"], case["decisions"]["complaints"]) == (3, 17)
    assert case["decisions"]["by"] == {"NB": 3}
    page = (here / "case" / "report.html").read_text("utf-8")
    assert "What people decided" in page
    assert 'href="#Espoir"' in page or 'id="Espoir"' in page
    assert (here / "scored.parquet").read_bytes() == before

    # Scored again, other rows in another order and one complaint more: nothing is lost.
    log = (here / "scored.decisions.jsonl").read_bytes()
    complaints(here, [OFFER, *ROWS[::-1]], first=300)
    again = run("score", "complaints.csv", "-o", "scored.parquet")
    assert "people's decisions stay as they are: scored.decisions.jsonl" in again.output
    assert (here / "scored.decisions.jsonl").read_bytes() == log
    run("report", "scored.parquet", "-o", "case", "--min-people", "3")
    assert found(here / "case")["decisions"]["by"] == {"NB": 3}
    assert {each["campaign_id"] for each in found(here / "case")["campaigns"]} == {rose, "Espoir", "Daughters"}

    # Somebody joins two wordings again, in a fresh workbook that shows what was decided.
    run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "a-decider.xlsx")
    fill("a-decider.xlsx", {}, {"Daughters": {"est la même campagne que": rose}}, who="KA")
    assert run("label", "apply", "scored.parquet", "a-decider.xlsx").exit_code == 0
    assert (here / "scored.decisions.jsonl").read_bytes().startswith(log)
    run("report", "scored.parquet", "-o", "case", "--min-people", "3")
    assert {each["campaign_id"]: each["n_messages"] for each in found(here / "case")["campaigns"]} == {
        rose: 11,
        "Espoir": 6,
    }
    assert chain.verify("scored.decisions.jsonl") is None

    run("report", "scored.parquet", "-o", "models", "--without-decisions")
    assert found(here / "models")["decisions"]["decided"] == 0


def test_faults_are_told_and_the_rest_is_applied(run, here):
    run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "x.xlsx")
    fill("x.xlsx", {HOPE[:20]: {"décision": "peut-être"}, ROSE: {"décision": "oui"}})
    result = run("label", "apply", "scored.parquet", "x.xlsx")
    assert result.exit_code == 1
    assert "1 in quarantine" in result.output
    assert (
        "column 'décision': 'peut-être' is none of the choices; write one of: campagne, pas une campagne, indécis"
        in result.output
    )
    assert "scored.decisions.quarantine.csv" in result.output
    said = json.loads(run("label", "apply", "scored.parquet", "x.xlsx", "--json").output)
    assert (said["decided"], said["quarantined"]) == (0, 1)
    assert said["faults"][0]["value"] == "peut-être"
    assert said["log"] == "scored.decisions.jsonl"


def test_several_months_take_the_decisions_of_each(run, here):
    run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "x.xlsx")
    fill("x.xlsx", {ROSE: {"décision": "oui", "campagne": "Espérance"}})
    run("label", "apply", "scored.parquet", "x.xlsx")
    complaints(here, [ROSE, HOPE], name="august.csv", first=600)
    run("score", "august.csv", "-o", "august.csv.scored.csv")
    result = run("report", "scored.parquet", "august.csv.scored.csv", "-o", "case")
    assert result.exit_code == 0, result.output
    case = found(here / "case")
    assert {each["campaign_id"]: each["n_messages"] for each in case["campaigns"]}["Espérance"] == 12


def test_a_log_that_was_changed_stops_the_report(run, here):
    run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "x.xlsx")
    fill("x.xlsx", {HOPE[:20]: {"décision": "oui"}, ROSE: {"décision": "oui"}})
    run("label", "apply", "scored.parquet", "x.xlsx")
    log = here / "scored.decisions.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"who": "NB"', b'"who": "XY"', 1))
    for words in (
        ["report", "scored.parquet", "-o", "case"],
        ["label", "export", "scored.parquet", "--for", "case", "-o", "y.xlsx"],
    ):
        result = run(*words)
        assert result.exit_code == 2
        assert "scored.decisions.jsonl, line 2: does not follow from the line before it" in result.output
    assert run("report", "scored.parquet", "-o", "case", "--without-decisions").exit_code == 0


def test_no_command_writes_over_the_log(run, here):
    run("label", "export", "scored.parquet", "--for", "case", "--lang", "fr", "-o", "x.xlsx")
    fill("x.xlsx", {ROSE: {"décision": "oui", "catégorie": "campagne"}})
    run("label", "apply", "scored.parquet", "x.xlsx")
    log = (here / "scored.decisions.jsonl").read_bytes()
    for words in (
        ["score", "complaints.csv", "-o", "scored.decisions.jsonl"],
        ["label", "import", "x.xlsx", "-o", "scored.decisions.jsonl"],
    ):
        result = run(*words)
        assert result.exit_code == 2
        assert "is a log of what people did" in result.output
    assert (here / "scored.decisions.jsonl").read_bytes() == log


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "scored.parquet", "--for", "case", "-o", "x.json"], ".xlsx"),
        (["export", "scored.parquet", "--for", "case", "--labelled", "x.csv", "-o", "x.xlsx"], "--labelled"),
        (["export", "scored.parquet", "--lang", "fr", "-o", "x.xlsx"], "--for case"),
        (["export", "scored.parquet", "--for", "case", "-o", "scored.parquet"], "is an input"),
        (["apply", "scored.parquet", "absent.xlsx"], "absent.xlsx"),
        (["apply", "absent.parquet", "x.xlsx"], "absent.parquet"),
        (["apply", "scored.parquet", "complaints.csv"], "no sheet of decisions"),
        (["apply", "scored.parquet", "complaints.csv", "--by", "12"], "no initials"),
        (["apply", "-", "x.xlsx"], "instead of standard input"),
    ],
)
def test_wrong_use_is_one_clear_line(run, here, words, said):
    result = run("label", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not (here / "scored.decisions.jsonl").exists()

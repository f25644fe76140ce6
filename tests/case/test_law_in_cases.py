"""The rules and answers that a report was made with are part of what it was made of."""

import json
import shutil

import pytest
from custody_world import make_world

from tasrib.case import verify, write_case
from tasrib.compliance import load_rules
from tasrib.errors import TasribError

pytestmark = pytest.mark.usefixtures("worked_once")
ANSWERS = "field,value,source,campaign_id\nnumber_origin,customer_file,letter,c-00000001\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    world = make_world(tmp_path_factory.mktemp("law") / "work")
    shutil.copyfile(load_rules("ma").file, world / "mine.toml")
    (world / "answers.csv").write_text(ANSWERS, "utf-8")
    write_case(
        world / "july.parquet",
        world / "own",
        rules=world / "mine.toml",
        facts=world / "answers.csv",
        pack=world / "own.zip",
    )
    write_case(world / "july.parquet", world / "french", rules="fr", facts=[world / "answers.csv"])
    write_case(world / "july.parquet", world / "without", without_law=True)
    return world


@pytest.fixture
def world(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(made, tmp_path / "work")


def record(world, name):
    return json.loads((world / name / "run.json").read_bytes())


def compliance(world, name):
    return json.loads((world / name / "findings.json").read_bytes())["compliance"]


def test_the_record_says_which_rules_and_answers(world):
    own, french, without, plain = (record(world, name) for name in ("own", "french", "without", "case"))
    assert [each["settings"]["rules"] for each in (own, french, without, plain)] == ["own", "fr", "", "ma"]
    roles = {each["role"]: each for each in own["inputs"]}
    assert (roles["rules"]["name"], roles["facts"]["name"]) == ("mine.toml", "answers.csv")
    assert roles["rules"]["sha256"] == load_rules("ma").sha256 == compliance(world, "own")["rules"]["sha256"]
    assert "facts" in {each["role"] for each in french["inputs"]}
    assert compliance(world, "french")["rules"]["code"] == "fr"
    assert compliance(world, "without") is None


@pytest.mark.parametrize("name", ["own", "own.zip", "french", "without"])
def test_a_report_with_them_comes_out_again(world, name):
    found = verify(world / name)
    assert (found.verdict, found.differences, found.unchecked) == ("confirmed", (), ())


def test_they_are_found_by_their_content(world):
    (world / "mine.toml").rename(world / "les règles.txt")
    (world / "answers.csv").rename(world / "réponses (1).csv")
    assert verify(world / "own").verdict == "confirmed"


def test_other_answers_are_told(world):
    (world / "answers.csv").write_text(ANSWERS.replace("customer_file", "electoral_roll"), "utf-8")
    found = verify(world / "own")
    assert found.verdict == "differs"
    assert found.differences[0].startswith("answers.csv (facts) is not the file that the report was made of")
    (world / "mine.toml").unlink()
    assert any("mine.toml (rules)" in each for each in verify(world / "own").unchecked)


def test_answers_given_twice_are_refused(world):
    with pytest.raises(TasribError, match="is given twice"):
        write_case(world / "july.parquet", world / "new", facts=[world / "answers.csv", world / "answers.csv"])
    assert not (world / "new").exists()

"""The demonstration tells its own story right."""

import copy
import json
import re

import pandas as pd
import pytest
from reading import read_report

import tasrib


@pytest.fixture(scope="module")
def worked_once():
    """The demo is run twice, for machines and for the screen; its messages need reading once, its campaigns tracing once."""
    known = {}

    def once(name):
        real = getattr(tasrib, name)

        def answer(*arguments, **settings):
            if name not in known:
                known[name] = real(*arguments, **settings)
            return copy.deepcopy(known[name])

        return answer

    with pytest.MonkeyPatch.context() as patch:
        for name in ("score", "trace"):
            patch.setattr(tasrib, name, once(name))
        yield


@pytest.fixture(scope="module")
def told(tmp_path_factory, worked_once):
    from click.testing import CliRunner

    from tasrib.cli import main

    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "-o", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.fixture(scope="module")
def truth(root):
    return json.loads((root / "data" / "demo" / "truth.json").read_text("utf-8"))


def found_of(told, text):
    folder, printed = told
    campaigns = json.loads((folder / "findings.json").read_text("utf-8"))["campaigns"]
    ids = {campaign["campaign_id"] for campaign in campaigns if text in campaign["text"]}
    return [row for row in printed["findings"] if row["campaign_id"] in ids]


def test_the_leak_is_found_with_its_operator_and_share(told, truth):
    found = found_of(told, truth["campaigns"]["LEAK"]["list"])
    named = [row for row in found if row["evidence"] in ("strong", "moderate")]
    operator = "operator:" + truth["campaigns"]["LEAK"]["leak"]["operator"]
    # By the operators, by the two SIMs, by the canary numbers; not by the bank whose customers are mostly the operator's.
    assert sorted(row["hypothesis"] for row in named) == ["canary:fichier clients A", operator, operator]
    (main,) = [row for row in named if row["baseline"] == "both"]
    assert main["leak_share_low"] <= truth["campaigns"]["LEAK"]["leak"]["share"] <= main["leak_share_high"]
    (bank,) = [row for row in found if row["hypothesis"] == "organisation:Banque Oum Rabia"]
    assert bank["evidence"] == "none"


def test_the_shop_is_found_and_nothing_else(told, truth):
    story = truth["campaigns"]["SHOP_LIST"]
    named = [
        row for row in found_of(told, story["list"].removeprefix("Liste ")) if row["evidence"] in ("strong", "moderate")
    ]
    assert [row["hypothesis"] for row in named] == ["organisation:" + story["holder"]["organisation"]]
    assert named[0]["leak_share_low"] <= story["holder"]["share"] <= named[0]["leak_share_high"]


@pytest.mark.parametrize("story", ["CLEAN_BIASED", "SHARED_1", "SHARED_2", "DIALLED"])
def test_campaigns_without_a_leak_stay_low(told, truth, story):
    words = truth["campaigns"][story]["list"].removeprefix("Liste ")
    found = found_of(told, words)
    assert found
    assert {row["evidence"] for row in found} <= {"none", "weak"}


def test_the_dialled_range_and_the_shared_list_are_told(told, truth):
    folder, _ = told
    written = json.loads((folder / "findings.json").read_text("utf-8"))
    text = {campaign["campaign_id"]: campaign["text"] for campaign in written["campaigns"]}
    dialled = [row for row in written["generated"] if row["pattern"] != "none"]
    assert len(dialled) == 1
    assert truth["campaigns"]["DIALLED"]["list"] in text[dialled[0]["campaign_id"]]
    (shared,) = [row for row in written["overlaps"] if row["p_adjusted"] < 0.05]
    names = [truth["campaigns"][story]["list"].removeprefix("Liste ") for story in truth["shared_list"]["campaigns"]]
    assert all(any(name in text[shared[side]] for side in ("campaign_a", "campaign_b")) for name in names)


def test_each_comparison_has_its_section(told):
    folder, _ = told
    page = (folder / "report.html").read_text("utf-8")
    for title in (
        "Two SIMs, one person", "Other holders", "Where in the numbering tree", "Canary numbers",
        "A list, or numbers made up?",
    ):  # fmt: skip
        assert f"<h4>{title}</h4>" in page
    assert "Lists shared between campaigns" in page
    assert "would have shown in 8 such cases out of 10" in page
    # One page, one language.
    assert "compatible avec" not in page
    assert "تتوافق" not in page


@pytest.mark.parametrize("story", ["LEAK", "SHOP_LIST", "DIALLED"])
def test_nearly_all_people_of_a_campaign_are_found(told, truth, story):
    campaign = truth["campaigns"][story]
    found = found_of(told, campaign["list"].removeprefix("Liste "))
    # Those whose prefix is of a known operator are compared by operator.
    known = campaign["people"] - campaign["by_prefix"]["unknown"]
    (compared,) = {row["n_reached"] for row in found if "joint over operators" in row["method"]}
    assert 0.95 * known <= compared <= known


def test_nothing_is_lost(told, truth):
    _, printed = told
    assert printed["scored"] == truth["complaints"]
    assert printed["quarantined"] == len(truth["quarantine"])


def everything(folder):
    return "\n".join([*read_report(folder), (folder / "findings.json").read_text("utf-8")])


def test_no_real_operator_is_named(told):
    folder, printed = told
    page = (folder / "report.html").read_text("utf-8")
    for name in ("Maroc Telecom", "Orange", "Inwi"):
        for text in (page, everything(folder), json.dumps(printed)):
            assert name.casefold() not in text.casefold()


def test_no_number_and_no_prefix_is_told(told, root):
    folder, printed = told
    written = everything(folder) + json.dumps(printed)
    assert "xxxx" not in written
    # A message may say what it likes, and a colour is no prefix.
    rest = re.sub(r'#[0-9a-f]{6}|<blockquote.*?</blockquote>|"text": ".*?"', "", written, flags=re.S)
    assert not re.search(r"(?<![\w.,:+-])(?:\+212|0)[67]\d{1,2}(?![\d.])", rest)
    digits = re.sub(r"[\s.-]", "", written)
    demo = root / "data" / "demo"
    for file, delimiter, column in (("complaints.csv", ";", "Numéro du plaignant"), ("canaries.csv", ",", "number")):
        numbers = pd.read_csv(demo / file, sep=delimiter, dtype="str", encoding="utf-8-sig", on_bad_lines="skip")[
            column
        ]
        for number in numbers.dropna():
            last = re.sub(r"\D", "", number)[-9:]
            assert len(last) < 9 or last not in digits


def test_the_table_on_the_screen_points_somewhere(told, tmp_path, root):
    from click.testing import CliRunner

    from tasrib.cli import main

    result = CliRunner().invoke(main, ["demo", "-o", str(tmp_path / "demo")])
    assert result.exit_code == 0
    for word in ("points to", "operator A", "Magasin Azur"):
        assert word in result.output
    for name in ("Maroc Telecom", "Orange", "Inwi", "xxxx"):
        assert name not in result.output

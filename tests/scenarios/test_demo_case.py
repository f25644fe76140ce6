"""The demonstration tells its own story right."""

import json

import pytest


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    from click.testing import CliRunner

    from tasrib.cli import main

    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "-o", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.output)


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
    assert [row["hypothesis"] for row in named] == ["operator:" + truth["campaigns"]["LEAK"]["leak"]["operator"]]
    assert named[0]["leak_share_low"] <= truth["campaigns"]["LEAK"]["leak"]["share"] <= named[0]["leak_share_high"]


@pytest.mark.parametrize("story", ["CLEAN_BIASED", "SHARED_1", "SHARED_2", "SHOP_LIST", "DIALLED"])
def test_campaigns_without_a_leak_stay_low(told, truth, story):
    words = truth["campaigns"][story]["list"].removeprefix("Liste ")
    found = found_of(told, words)
    assert found
    assert {row["evidence"] for row in found} <= {"none", "weak"}


@pytest.mark.parametrize("story", ["LEAK", "SHOP_LIST", "DIALLED"])
def test_nearly_all_people_of_a_campaign_are_found(told, truth, story):
    campaign = truth["campaigns"][story]
    found = found_of(told, campaign["list"].removeprefix("Liste "))
    # Findings are on those whose prefix is of a known operator.
    known = campaign["people"] - campaign["by_prefix"]["unknown"]
    assert 0.95 * known <= found[0]["n_reached"] <= known


def test_nothing_is_lost(told, truth):
    _, printed = told
    assert printed["scored"] == truth["complaints"]
    assert printed["quarantined"] == len(truth["quarantine"])


def test_no_real_operator_is_named(told):
    folder, printed = told
    page = (folder / "report.html").read_text("utf-8") + (folder / "findings.json").read_text("utf-8")
    for name in ("Maroc Telecom", "Orange", "Inwi"):
        assert name not in page
        assert name not in json.dumps(printed)

from inspect import signature

import numpy as np
import pandas as pd
import pytest

import tasrib
from tasrib.classify.campaign import CampaignClassifier
from tasrib.errors import TasribError
from tasrib.pipeline.deciding import Deciding, judge_batch
from tasrib.pipeline.parts import judged

KEY = bytes(32)


@pytest.fixture(scope="module")
def model(small_shipped):
    return tasrib.load_model(small_shipped)


@pytest.fixture(scope="module")
def complaints(small_corpus):
    return pd.DataFrame(
        {"text": small_corpus["text"], "recipient": [f"06611{n:05d}" for n in range(len(small_corpus))]}
    )


def test_scoring_and_judging_say_the_same(model, complaints):
    scored = tasrib.score(complaints, model=model, key=KEY)
    alone = judge_batch(model, complaints["text"].tolist())
    for name in alone:
        np.testing.assert_array_equal(scored[name].to_numpy(), alone[name].to_numpy())


def test_what_is_decided_depends_on_the_batch_and_not_on_its_order_or_its_copies(model, complaints):
    scored = tasrib.score(complaints, model=model, key=KEY)
    again = pd.concat([complaints.iloc[::-1], complaints.head(40)], ignore_index=True)
    turned = tasrib.score(again, model=model, key=KEY).head(len(complaints))
    np.testing.assert_array_equal(turned["decision"].to_numpy()[::-1], scored["decision"].to_numpy())
    np.testing.assert_array_equal(turned["probability"].to_numpy()[::-1], scored["probability"].to_numpy())


def test_nothing_more_is_said_of_what_a_batch_dismisses(model, complaints):
    before = judged(complaints, model, "MA")
    scored = tasrib.score(complaints, model=model, key=KEY)
    dismissed = (scored["decision"] == "not_campaign").to_numpy()
    newly = dismissed & (before["decision"] != "not_campaign").to_numpy()
    assert newly.any()
    for name in ("reasons", "party", "party_evidence", "campaign_id"):
        assert (scored.loc[dismissed, name] == "").all()
    assert (scored.loc[~dismissed, "campaign_id"] != "").all()
    assert (scored.loc[~dismissed, "reasons"] != "").all()


def test_what_is_called_campaign_is_of_that_category(model, complaints):
    scored = tasrib.score(complaints, model=model, key=KEY)
    assert (scored.loc[scored["decision"] == "campaign", "category"] == "political_campaign").all()
    assert (scored.loc[scored["decision"] == "not_campaign", "category"] != "political_campaign").all()


def test_a_lower_aim_calls_more(model, complaints):
    called = [
        (tasrib.score(complaints, model=model, key=KEY, precision=aim)["decision"] == "campaign").sum()
        for aim in (0.999, 0.95, 0.7)
    ]
    assert called[0] <= called[1] <= called[2]
    assert called[0] < called[2]


@pytest.mark.parametrize("aim", [1.0, 0.2, "much"])
def test_an_aim_that_cannot_be_aimed_at(model, complaints, aim):
    with pytest.raises(TasribError, match="precision"):
        tasrib.score(complaints, model=model, key=KEY, precision=aim)


def test_what_cannot_be_read_is_never_dismissed(model):
    part = pd.DataFrame(
        {
            "text": ["a", "b", "c"],
            "probability": [0.2, 0.2, 1e-6],
            "decision": ["review", "review", "not_campaign"],
            "other": "news",
            "share": 1.0,
            "unread": [False, True, False],
            "strange": 0.0,
            "reasons": "said",
        }
    )
    many = pd.DataFrame({"text": [f"{n}" for n in range(5_000)], "probability": 1 - 1e-9, "strange": 0.0})
    deciding = Deciding(model)
    deciding.meet(pd.concat([many, part]))
    found = deciding.decided(part)
    assert found["decision"].tolist()[1:] == ["review", "not_campaign"]


def test_the_command_names_the_aim_that_models_have(run):
    aim = signature(CampaignClassifier).parameters["precision"].default
    assert f"mostly {aim}." in " ".join(run("score", "--help").output.split())


def test_the_command_says_what_is_to_be_expected(run, small_model_shipped, complaints, tmp_path):
    complaints.to_csv(tmp_path / "c.csv", index=False)
    said = run("score", "c.csv", "-o", "s.csv")
    assert said.exit_code == 0
    assert "to be expected in" in said.output
    assert "distinct messages" in said.output
    more = run("score", "c.csv", "-o", "t.csv", "--precision", "0.7", "--json")
    assert '"precision"' in more.output
    assert run("score", "c.csv", "-o", "u.csv", "--precision", "1").exit_code == 2

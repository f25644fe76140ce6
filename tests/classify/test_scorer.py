import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from tasrib import explain, load_model, score
from tasrib.classify import CampaignClassifier, judge
from tasrib.classify.log_odds import entropy, log_sum_exp, sigmoid, softmax
from tasrib.errors import ModelRefused

MESSAGES = [
    "صوتوا على لائحة الوردة يوم 8 شتنبر",
    "Votre code est 4821",
    "",
    "salam, fin nta?",
    "Réunion du parti ce soir, venez",
]


def test_functions_are_scipys():
    scores = np.random.default_rng(0).normal(scale=30, size=(200, 7))
    np.testing.assert_allclose(sigmoid(scores[:, 0]), special.expit(scores[:, 0]), rtol=1e-12)
    np.testing.assert_allclose(log_sum_exp(scores), special.logsumexp(scores, axis=1))
    np.testing.assert_allclose(softmax(scores), special.softmax(scores, axis=1), rtol=1e-12)
    np.testing.assert_allclose(entropy(softmax(scores)), stats.entropy(softmax(scores), axis=1), atol=1e-12)
    assert list(sigmoid(np.array([-1e4, 1e4]))) == [0, 1]


def test_the_scorer_says_what_the_estimator_says():
    model = load_model()
    said, learnt = judge(model.scorer, MESSAGES, reasons="all"), judge(model.classifier, MESSAGES, reasons="all")
    assert isinstance(model.classifier, CampaignClassifier)
    np.testing.assert_array_equal(said.probability, learnt.probability)
    assert said.explanations == learnt.explanations
    np.testing.assert_array_equal(model.varieties.predict(MESSAGES), model.variety.predict(MESSAGES))


def test_a_message_says_the_same_alone_and_among_others(corpus):
    scorer = load_model().fast().scorer
    many = [*MESSAGES, *corpus["text"].head(700)]
    np.testing.assert_array_equal(
        judge(scorer, many).probability[: len(MESSAGES)],
        np.concatenate([judge(scorer, [text]).probability for text in MESSAGES]),
    )


def test_reasons_where_they_are_asked_for():
    scorer = load_model().fast().scorer
    some, every = judge(scorer, MESSAGES, reasons="not_dismissed"), judge(scorer, MESSAGES, reasons="all")
    assert [each is not None for each in some.explanations] == [each != "not_campaign" for each in some.decision]
    assert all(each is None or each == other for each, other in zip(some.explanations, every.explanations, strict=True))
    assert judge(scorer, MESSAGES).explanations == ()


def test_fast_never_asks_the_encoder_and_says_so(monkeypatch):
    model = load_model()
    monkeypatch.setattr(type(model.scorer.encoder), "scores", lambda self, texts: pytest.fail("asked"))
    given = pd.DataFrame({"text": MESSAGES, "recipient": [f"06612345{n:02d}" for n in range(len(MESSAGES))]})
    scored = score(given, model=model, fast=True, keep_numbers=True)
    assert set(scored["model"]) == {f"{model.version}-fast"}
    assert scored["probability"].between(0, 1).all()
    lower, upper = model.fast().scorer.thresholds_
    assert ((scored["decision"] == "campaign") == (scored["probability"] >= upper)).all()
    assert 0 < lower <= upper < 1
    assert model.fast().fast().version == model.fast().version
    assert explain(MESSAGES[0], model.fast())[0].whole == 0


def test_a_model_made_before_it_cannot():
    scorer = load_model().scorer
    scorer.alone_ = None
    with pytest.raises(ModelRefused, match="earlier tasrib"):
        scorer.without_encoder()


def test_to_look_at_a_message_takes_no_pandas_and_no_scikit_learn():
    look = "import sys, tasrib; tasrib.explain('salam'); print([m for m in ('pandas', 'sklearn', 'scipy', 'openpyxl') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"

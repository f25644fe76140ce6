import copy
import pickle
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.base import clone

from tasrib._resources import resource
from tasrib.classify import (
    CAMPAIGN,
    CATEGORIES,
    CampaignClassifier,
    Encoder,
    RememberingEncoder,
    judge,
    load_model,
    save_model,
)
from tasrib.classify.campaign import _gate
from tasrib.classify.reading import read_messages
from tasrib.classify.tokens import MOST_TOKENS, shorten, write_readably
from tasrib.errors import ModelRefused
from tasrib.text import VarietyClassifier

TEXTS = [
    "صوتوا على لائحة الوردة يوم 8 شتنبر",
    "Votre code de confirmation est 4821, ne le communiquez à personne",
    "salam khouya wach ghadi tji lyoum l9hwa",
    "",
    "ⵜⴰⵎⵓⵔⵜ ⵏⵏⵖ",
    "🚜 " * 3,
    "كلمة " * 400,
]


@pytest.fixture(scope="module")
def encoder():
    return Encoder(resource("model"), threads=1)


@pytest.fixture(scope="module")
def part(corpus):
    return corpus.sample(240, random_state=0)


@pytest.fixture(scope="module")
def remembering(encoder):
    """An encoder that need not be asked twice about the same messages, for tests of what is made of its answers."""
    return RememberingEncoder(encoder)


@pytest.fixture(scope="module")
def fitted(encoder, remembering, part):
    classifier = CampaignClassifier(bits=12, n_folds=2, encoder=remembering).fit(part["text"], part["category"])
    return classifier.set_params(encoder=encoder)


def test_scores_are_log_probabilities_of_the_categories(encoder):
    scores = encoder.scores(TEXTS)
    assert scores.shape == (len(TEXTS), len(CATEGORIES))
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1, rtol=1e-5)
    assert CATEGORIES[scores[0].argmax()] == CAMPAIGN
    assert CATEGORIES[scores[1].argmax()] != CAMPAIGN


def test_no_messages_have_no_scores(encoder):
    assert encoder.scores([]).shape == (0, len(CATEGORIES))


def test_a_message_alone_scores_as_among_others(encoder):
    alone = np.concatenate([Encoder(encoder.folder, threads=1).scores([text]) for text in TEXTS])
    np.testing.assert_allclose(encoder.scores([*TEXTS, *TEXTS[:2]]), np.concatenate([alone, alone[:2]]), atol=1e-4)


def test_one_call_asks_once_for_each_distinct_text(fitted, monkeypatch):
    asked = []
    answer = Encoder._compute
    monkeypatch.setattr(Encoder, "_compute", lambda self, texts: (asked.extend(texts), answer(self, texts))[1])
    monkeypatch.setattr(fitted, "gate_", (-np.inf, 0.0))
    judged = judge(fitted, [*TEXTS, *TEXTS], reasons=True)
    assert sorted(asked) == sorted(TEXTS)
    assert len(judged.explanations) == len(judged.category) == 2 * len(TEXTS)
    asked.clear()
    judge(fitted, TEXTS[:2])
    assert asked == TEXTS[:2]


def test_label_and_reasons_are_those_of_the_estimator(fitted, corpus, remembering, monkeypatch):
    texts = corpus["text"].sample(60, random_state=2).tolist()
    monkeypatch.setattr(fitted, "encoder", remembering)
    judged, probabilities = judge(fitted, texts, reasons=True), fitted.predict_proba(texts)
    np.testing.assert_array_equal(judged.category, fitted.predict(texts))
    np.testing.assert_array_equal(judged.probability, probabilities[:, fitted.classes_ == CAMPAIGN].ravel())
    np.testing.assert_array_equal(judged.decision, fitted.decide(judged.probability))
    said = [(each.category, each.decision, each.probability) for each in judged.explanations]
    assert said == list(judged.table()[["category", "decision", "probability"]].itertuples(index=False, name=None))


def test_no_messages_are_judged(fitted):
    judged = judge(fitted, [], reasons=True)
    assert judged.table().shape == (0, 3)
    assert judged.explanations == ()


def test_an_encoder_that_remembers_answers_as_the_other_and_asks_once(encoder, monkeypatch):
    remembering = RememberingEncoder(encoder)
    np.testing.assert_array_equal(remembering.scores(TEXTS), encoder.scores(TEXTS))
    assert pickle.loads(pickle.dumps(remembering)).folder == encoder.folder
    monkeypatch.setattr(Encoder, "_compute", lambda self, texts: pytest.fail(f"asked again: {texts}"))
    assert remembering.scores(TEXTS[::-1]).shape == (len(TEXTS), len(CATEGORIES))


def test_scoring_twice_gives_the_same(encoder):
    fresh = Encoder(encoder.folder, threads=1)
    np.testing.assert_array_equal(fresh.scores(TEXTS), Encoder(encoder.folder, threads=1).scores(TEXTS))


def test_copies_and_pickles_score_as_well(encoder):
    for other in (clone(CampaignClassifier(encoder=encoder)).encoder, copy.deepcopy(encoder)):
        assert other is encoder
    sent = pickle.loads(pickle.dumps(encoder))
    np.testing.assert_allclose(sent.scores(TEXTS[:2]), encoder.scores(TEXTS[:2]), atol=1e-5)


def test_a_long_message_keeps_its_end():
    ids = list(range(1000))
    kept = shorten(ids)
    assert len(kept) == MOST_TOKENS
    assert kept[0] == 0
    assert kept[-30:] == ids[-30:]
    assert shorten(ids[:50]) == ids[:50]


def test_tifinagh_and_symbols_become_readable():
    assert write_readably("ⵜⴰⵎⵓⵔⵜ") == "tamurt"
    assert "tracteur" in write_readably("الرمز 🚜")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=3))
def test_reasons_add_up_to_the_score(fitted, texts):
    campaign = list(fitted.classes_).index(CAMPAIGN)
    probability = fitted.predict_proba(texts)[:, campaign]
    for p, found in zip(probability, judge(fitted, texts, reasons=True).explanations, strict=True):
        assert found.log_odds == pytest.approx(found.base + found.whole + sum(x.weight for x in found.pieces))
        assert expit(found.log_odds) == pytest.approx(p, abs=1e-4)


def test_the_whole_message_is_named_among_the_reasons(fitted):
    (found,) = judge(fitted, TEXTS[:1], reasons=True).explanations
    assert found.whole > 0
    assert f"whole message {found.whole:+.1f}" in found.heaviest()


def test_where_words_leave_no_doubt_the_encoder_is_not_asked(fitted, corpus, monkeypatch):
    texts = corpus["text"].sample(200, random_state=4).tolist()
    words = fitted.campaign_score(fitted.decision_function(texts))
    lowest, stand_in = np.median(words), -4.0
    monkeypatch.setattr(fitted, "gate_", (lowest, stand_in))
    asked = []
    even = np.full(len(CATEGORIES), -np.log(len(CATEGORIES)))
    monkeypatch.setattr(Encoder, "scores", lambda self, some: (asked.extend(some), np.tile(even, (len(some), 1)))[1])
    whole = read_messages(fitted, texts).whole
    assert asked == [text for text, word in zip(texts, words, strict=True) if word >= lowest]
    np.testing.assert_allclose(whole[words < lowest], fitted.encoder_weight_ * stand_in)


def test_the_gate_misses_no_more_campaign_than_it_says():
    rng = np.random.default_rng(0)
    words = rng.normal(size=20_000) * 4
    positive = rng.random(20_000) < expit(words)
    lowest, stand_in = _gate(words, positive, words, words)
    assert lowest < 0
    assert positive[words < lowest].mean() <= 0.002
    assert stand_in < lowest
    assert _gate(words, np.ones(20_000, bool), words, words)[0] == -np.inf


def test_probabilities_sum_to_one(fitted):
    np.testing.assert_allclose(fitted.predict_proba(TEXTS).sum(axis=1), 1)


def test_the_weight_comes_from_the_unseen_alone(remembering, part):
    unseen = np.arange(len(part)) < 120
    one, other = (
        CampaignClassifier(bits=12, n_folds=2, encoder=remembering).fit(part["text"], part["category"], unseen=rows)
        for rows in (unseen, np.ones(len(part), bool))
    )
    assert one.encoder_weight_ != other.encoder_weight_
    np.testing.assert_array_equal(one.coef_, other.coef_)


def test_unseen_messages_of_one_side_are_refused(remembering, part):
    with pytest.raises(ValueError, match="both sides"):
        CampaignClassifier(bits=12, encoder=remembering).fit(
            part["text"], part["category"], unseen=(part["category"] == CAMPAIGN).to_numpy()
        )


@pytest.fixture
def folder(fitted, corpus, tmp_path):
    part = corpus.sample(200, random_state=1)
    variety = VarietyClassifier(bits=10).fit(part["text"].tolist(), part["language"])
    return save_model(fitted, variety, tmp_path / "model")


def test_a_stored_model_predicts_as_before(fitted, folder):
    stored = load_model(folder).classifier
    assert stored.encoder.folder == folder
    np.testing.assert_allclose(stored.predict_proba(TEXTS), fitted.predict_proba(TEXTS), atol=1e-5)


def test_a_model_stored_over_itself_keeps_its_encoder(folder):
    model = load_model(folder)
    assert load_model(save_model(model.classifier, model.variety, folder)).version == model.version


@pytest.mark.parametrize("name", ["encoder.onnx", "tokens.json"])
def test_a_changed_or_missing_encoder_is_refused(folder, name):
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelRefused, match=rf"{name}.*SHA-256"):
        load_model(folder)
    (folder / name).unlink()
    with pytest.raises(ModelRefused, match=rf"{name}.*missing"):
        load_model(folder)


def test_a_model_without_encoder_leaves_none_behind(folder):
    model = load_model(folder)
    bare = clone(model.classifier).set_params(encoder=None)
    bare.fit(["صوتوا", "صوتوا علينا", "promo", "promo -50%"], [CAMPAIGN, CAMPAIGN, "commercial", "commercial"])
    again = load_model(save_model(bare, model.variety, folder))
    assert again.classifier.encoder is None
    assert not (folder / "encoder.onnx").exists()


def test_loading_opens_no_encoder(folder):
    shutil.copy(folder / "encoder.onnx", folder / "kept")
    classifier = load_model(folder).classifier
    assert classifier.encoder._session is None

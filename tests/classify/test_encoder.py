import copy
import json
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
    judge,
    load_model,
    save_model,
)
from tasrib.classify.gate import CALLED, DISMISSED, Gate, fit_gate
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
    return corpus.sample(140, random_state=0)


@pytest.fixture(scope="module")
def remembering(encoder):
    """An encoder that need not be asked twice about the same messages, for tests of what is made of its answers."""
    return Encoder(encoder.folder, encoder.threads, kept=None)


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


def test_a_message_alone_scores_as_among_others_to_the_bit(encoder, corpus):
    alone = np.concatenate([Encoder(encoder.folder, threads=1).scores([text]) for text in TEXTS])
    among = Encoder(encoder.folder, threads=2).scores([*corpus["text"].head(12), *TEXTS[::-1], *TEXTS[:2]])
    np.testing.assert_array_equal(among[12:], np.concatenate([alone[::-1], alone[:2]]))


@pytest.fixture
def asked(fitted, monkeypatch):
    """What the network is run on, with an encoder that remembers nothing yet."""
    seen = []
    answer = Encoder._compute
    monkeypatch.setattr(Encoder, "_compute", lambda self, read: (seen.extend(read), answer(self, read))[1])
    monkeypatch.setattr(fitted, "encoder", Encoder(fitted.encoder.folder, threads=1))
    monkeypatch.setattr(fitted, "gate_", Gate())
    return seen


def test_the_network_runs_once_for_each_distinct_text(fitted, asked):
    judged = judge(fitted, [*TEXTS, *TEXTS], reasons="all")
    assert sorted(asked) == sorted(write_readably(text) for text in TEXTS)
    assert len(judged.explanations) == len(judged.category) == 2 * len(TEXTS)
    asked.clear()
    judge(fitted, TEXTS[:2])
    assert asked == []


def test_messages_that_differ_in_what_each_carries_of_its_own_are_asked_about_once(fitted, asked):
    copies = [f"Votre code est {code}, suivez https://exemple.ma/{code}" for code in (4821, 9034, 1177)]
    probability = judge(fitted, copies).probability
    assert len(asked) == 1
    fresh = Encoder(fitted.encoder.folder, threads=1)
    np.testing.assert_array_equal(fitted.encoder.scores(copies), np.concatenate([fresh.scores([x]) for x in copies]))
    assert len(probability) == 3


def test_only_so_many_answers_are_kept(encoder):
    small = Encoder(encoder.folder, threads=1, kept=2)
    np.testing.assert_array_equal(small.scores(TEXTS), encoder.scores(TEXTS))
    assert list(small._answers) == [write_readably(text) for text in TEXTS[-2:]]


def test_label_and_reasons_are_those_of_the_estimator(fitted, corpus, remembering, monkeypatch):
    texts = corpus["text"].sample(60, random_state=2).tolist()
    monkeypatch.setattr(fitted, "encoder", remembering)
    judged, probabilities = judge(fitted, texts, reasons="all"), fitted.predict_proba(texts)
    np.testing.assert_array_equal(judged.category, fitted.predict(texts))
    np.testing.assert_array_equal(judged.probability, probabilities[:, fitted.classes_ == CAMPAIGN].ravel())
    np.testing.assert_array_equal(judged.decision, fitted.decide(judged.probability))
    said = [(each.category, each.decision, each.probability) for each in judged.explanations]
    assert said == list(judged.table()[["category", "decision", "probability"]].itertuples(index=False, name=None))


def test_no_messages_are_judged(fitted):
    judged = judge(fitted, [], reasons="all")
    assert judged.table().shape == (0, 3)
    assert judged.explanations == ()


def test_a_model_that_remembers_answers_as_the_other_and_asks_once(encoder, monkeypatch):
    monkeypatch.setattr("tasrib.classify.encoder._KEPT", 1)
    remembering = load_model(encoder.folder).remembering().scorer.encoder
    np.testing.assert_array_equal(remembering.scores(TEXTS), encoder.scores(TEXTS))
    assert pickle.loads(pickle.dumps(remembering)).kept is None
    monkeypatch.setattr(Encoder, "_compute", lambda self, read: pytest.fail(f"asked again: {read}"))
    assert remembering.scores(TEXTS[::-1]).shape == (len(TEXTS), len(CATEGORIES))


def test_half_a_character_is_read_as_one_that_is_lost(encoder):
    np.testing.assert_array_equal(encoder.scores(["votez \ud83d demain"]), encoder.scores(["votez \ufffd demain"]))


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
    for p, found in zip(probability, judge(fitted, texts, reasons="all").explanations, strict=True):
        assert found.log_odds == pytest.approx(found.base + found.whole + sum(x.weight for x in found.pieces))
        assert expit(found.log_odds) == pytest.approx(p, abs=1e-4)


def test_the_whole_message_is_named_among_the_reasons(fitted):
    (found,) = judge(fitted, TEXTS[:1], reasons="all").explanations
    assert found.whole > 0
    assert f"whole message {found.whole:+.1f}" in found.heaviest()


def test_where_words_leave_no_doubt_the_encoder_is_not_asked(fitted, corpus, monkeypatch):
    texts = corpus["text"].sample(200, random_state=4).tolist()
    words = fitted.campaign_score(fitted.decision_function(texts))
    gate = Gate(*np.quantile(words, [0.4, 0.8]), below=-4.0, above=3.0)
    monkeypatch.setattr(fitted, "gate_", gate)
    asked = []
    even = np.full(len(CATEGORIES), -np.log(len(CATEGORIES)))
    monkeypatch.setattr(Encoder, "scores", lambda self, some: (asked.extend(some), np.tile(even, (len(some), 1)))[1])
    whole = read_messages(fitted, texts).whole
    assert asked == [text for text, word in zip(texts, words, strict=True) if gate.lowest <= word <= gate.highest]
    np.testing.assert_allclose(whole[words < gate.lowest], fitted.encoder_weight_ * gate.below)
    np.testing.assert_allclose(whole[words > gate.highest], fitted.encoder_weight_ * gate.above)


def invented_scores(n):
    """Scores of the n-grams, of an encoder that is surer, and of both together, with their thresholds."""
    rng = np.random.default_rng(0)
    words = rng.normal(size=n) * 4
    whole = 0.8 * words + rng.normal(size=n) * 2
    return words, whole, 0.6 * words + 0.6 * whole, (-1.5, 1.5)


def test_the_gate_changes_no_more_decisions_than_it_says():
    words, whole, log_odds, (lower, upper) = invented_scores(20_000)
    gate = fit_gate(words, whole, log_odds, (lower, upper))
    assert np.isfinite([gate.lowest, gate.highest]).all()
    instead = np.where(gate.asked(words), log_odds, 0.6 * words + 0.6 * gate.stand_in(words))
    seen = log_odds >= lower
    assert (seen & (instead < lower)).sum() <= DISMISSED * seen.sum()
    called = log_odds >= upper
    assert (~called & (instead >= upper)).sum() <= CALLED * called.sum()
    # As wide as this allows, or it would be asked for nothing.
    assert gate.asked(words).mean() < 0.6


def test_too_few_messages_to_tell_leave_it_open():
    assert fit_gate(*invented_scores(150)) == Gate()


@pytest.mark.parametrize("gate", [Gate(), Gate(-2.5, 5.0, -5.8, 3.3), Gate(lowest=-2.5, below=-5.8)])
def test_a_gate_survives_json(gate):
    assert Gate.of(json.loads(json.dumps(gate.stored(), allow_nan=False))) == gate


def test_gates_of_models_made_before_there_was_an_upper_end():
    assert Gate.of(None) == Gate()
    assert Gate.of([-5.0, -5.8]) == Gate(lowest=-5.0, below=-5.8)


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

"""Where fits on the corpus ended that come with the model: others start there, and end where they would have ended."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import tasrib
from tasrib.classify import CampaignClassifier, load_model, save_model
from tasrib.classify.starts import STARTS, Starts, keys_of
from tasrib.errors import ModelRefused
from tasrib.learning.combine import combine
from tasrib.learning.held_out import Labels
from tasrib.learning.labels import as_labelled
from tasrib.learning.tune import tune
from training.make_starts import corpus_starts


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TASRIB_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def starts(small_corpus, small_shipped):
    return corpus_starts(load_model(small_shipped), small_corpus)[0]


@pytest.fixture(scope="module")
def with_starts(starts, small_shipped, tmp_path_factory):
    """The small model, with its starts."""
    made = tmp_path_factory.mktemp("starts")
    starts.store(made / STARTS)
    model = load_model(small_shipped)
    return save_model(model.classifier, model.variety, made / "model", starts=made / STARTS)


@pytest.fixture(scope="module")
def few(corpus, small_corpus):
    """So few labels that they hardly move a calibration on the small corpus."""
    rest = corpus[~corpus["id"].isin(small_corpus["id"])]
    return rest.sample(24, random_state=8)[["text", "category"]].reset_index(drop=True)


def labels_and_counts(corpus, mine, starts):
    labels = Labels.of(combine(corpus, as_labelled(mine)), known=starts)
    estimator = CampaignClassifier(bits=13, n_folds=2, regularisation=20.0)
    return labels, estimator, labels.counted(estimator)


def test_they_come_back_as_they_were_stored(starts, tmp_path):
    starts.store(tmp_path / STARTS)
    again = Starts.load(tmp_path / STARTS)
    for name, value in vars(starts).items():
        np.testing.assert_array_equal(getattr(again, name), value)


def test_a_fit_that_starts_where_it_ended_stays_there(starts, small_corpus, few):
    labels, estimator, messages = labels_and_counts(small_corpus, few, starts)
    tuned = estimator.set_params(regularisation=float(starts.regularisation))
    warm, cold = labels.start(tuned, messages), labels.start(tuned, Labels.of(labels.combined).counted(tuned))
    given = starts.starts(messages.places, messages.labels, tuned.regularisation)
    for part, start in warm.starts.items():
        np.testing.assert_allclose(start.duals, given[part].duals, atol=0.05)
    # The parts are others than were drawn without them, the weights are not.
    used = np.any(cold.coef, axis=0)
    np.testing.assert_allclose(warm.coef[:, used], cold.coef[:, used], atol=0.02)


@pytest.mark.parametrize("factor", [0.3, 3.0])
def test_another_setting_ends_where_it_would_have_ended(starts, small_corpus, few, factor):
    labels, estimator, messages = labels_and_counts(small_corpus, few, starts)
    tuned = estimator.set_params(regularisation=factor * float(starts.regularisation))
    warm = labels.start(tuned, messages)
    cold = tuned.cross_fit(messages, warm.rows)
    np.testing.assert_allclose(warm.held_out, cold.held_out, atol=0.1)


def test_nothing_known_of_a_part_comes_from_that_part_or_from_the_user(starts, small_corpus, few):
    labels, _, messages = labels_and_counts(small_corpus, few, starts)
    combined = labels.combined
    assert (messages.places[np.flatnonzero(combined.own | combined.test)] == -1).all()
    given = starts.starts(messages.places, messages.labels, 20.0)
    assert set(given) == {None, *np.unique(messages.folds[np.flatnonzero(combined.fitted)])}
    for part, start in given.items():
        assert start.duals.any()
        assert not start.duals[np.flatnonzero(combined.own | combined.test)].any()
        if part is not None:
            assert not start.duals[messages.folds == part].any()


def test_who_resembles_a_message_of_the_corpus_shares_its_part(starts, small_corpus):
    teaching = small_corpus[~small_corpus["test"]]
    mine = pd.DataFrame({"text": teaching["text"] + " !", "category": teaching["category"]}).head(60)
    labels, _, messages = labels_and_counts(small_corpus, mine, starts)
    groups, own = labels.combined.groups, labels.combined.own
    known = np.flatnonzero(messages.places >= 0)
    for row in np.flatnonzero(own):
        alike = known[groups[known] == groups[row]]
        # The part that the fits on the corpus left the resembling message out of, which gave way.
        assert len(alike)
        assert (starts.folds[messages.places[alike]] == messages.folds[row]).all()


def test_messages_are_known_whatever_their_order_and_not_when_changed(starts, small_corpus, few):
    teaching = ~small_corpus["test"].to_numpy(bool)
    rng = np.random.default_rng(1)
    other = small_corpus.iloc[rng.permutation(len(small_corpus))].reset_index(drop=True)
    _, estimator, messages = labels_and_counts(other, few, starts)
    assert (messages.places >= 0).sum() == teaching.sum()
    changed = small_corpus.assign(text=[f"{text} ⵣ kelma jdida" for text in small_corpus["text"]])
    counts = estimator.count(changed["text"].tolist())
    assert (starts.places(keys_of(counts)) == -1).all()
    # Counted otherwise they are others.
    counts = CampaignClassifier(bits=12).count(small_corpus["text"].tolist())
    assert (starts.places(keys_of(counts)) == -1).all()


def test_of_a_message_with_another_label_the_part_is_known_and_nothing_else(starts, small_corpus, few):
    row = np.flatnonzero((~small_corpus["test"]) & (small_corpus["category"] == "scam"))[0]
    other = small_corpus.copy()
    other.loc[row, "category"] = "news"
    _, _, before = labels_and_counts(small_corpus, few, starts)
    _, _, messages = labels_and_counts(other, few, starts)
    assert messages.folds[row] == before.folds[row]
    assert not any(start.duals[row].any() for start in starts.starts(messages.places, messages.labels, 20.0).values())


def test_a_corpus_that_joins_what_stood_apart_is_divided_anew(starts, small_corpus, few):
    labels = Labels.of(combine(small_corpus, as_labelled(few)), known=starts)
    one = np.zeros_like(labels.combined.groups)
    one[labels.combined.own | (np.arange(len(one)) % 2 == 0)] = 1
    labels.combined.groups[:] = one
    messages = labels.counted(CampaignClassifier(bits=13, n_folds=2))
    assert messages.places is None
    assert labels.halves(messages) is None


def test_the_halves_of_the_tuning_are_the_known_ones(starts, small_corpus, few):
    labels, estimator, messages = labels_and_counts(small_corpus, few, starts)
    rows, halves = np.flatnonzero(labels.combined.fitted), labels.halves(messages)
    known = rows[messages.places[rows] >= 0]
    np.testing.assert_array_equal(halves[known], starts.halves[messages.places[known]])
    groups = labels.combined.groups[rows]
    assert all(len(np.unique(halves[rows][groups == group])) == 1 for group in np.unique(groups))
    _, tried = tune(estimator, messages, rows, groups, (0.3, 1.0), halves=halves)
    _, drawn = tune(estimator, messages, rows, groups, (0.3, 1.0))
    np.testing.assert_allclose(*([row["log_loss"] for row in each] for each in (tried, drawn)), atol=0.08)
    # With one side alone in a half there is nothing to measure, and it is divided anew.
    sided = (messages.labels == "political_campaign").astype(int)
    _, mended = tune(estimator, messages, rows, groups, (0.3, 1.0), halves=sided)
    assert mended == drawn


def test_training_with_them_finds_what_it_finds_without(few, small_corpus, small_shipped, with_starts, tmp_path):
    trained = {
        name: tasrib.train(few, tmp_path / name, corpus=small_corpus, shipped=shipped, n_resamples=100)
        for name, shipped in (("with", with_starts), ("without", small_shipped))
    }
    assert trained["with"].model.starts.is_file()
    assert trained["without"].model.starts is None
    mine, theirs = (each.model.classifier for each in trained.values())
    assert mine.regularisation == theirs.regularisation
    texts = small_corpus.loc[small_corpus["test"], "text"].tolist()
    scores = [each.decision_function(texts) for each in (mine, theirs)]
    # Of intercepts only the differences count.
    centred = [each - each.mean(axis=1, keepdims=True) for each in scores]
    np.testing.assert_allclose(*centred, atol=0.05)
    again = tasrib.train(few, tmp_path / "again", corpus=small_corpus, shipped=tmp_path / "with", n_resamples=100)
    assert again.model.starts.read_bytes() == (with_starts / STARTS).read_bytes()


def test_few_labels_are_measured_by_weights_and_calibration_that_never_saw_them(
    few, small_corpus, with_starts, tmp_path, monkeypatch
):
    fits, held = [], []
    fit_counted, predict = CampaignClassifier.fit_counted, Labels.predict

    def fit(self, messages, rows, starts=None, scored=None):
        fits.append((set(rows.tolist()), starts, scored))
        return fit_counted(self, messages, rows, starts, scored)

    def judged(self, classifier, rows):
        held.append((set(rows.tolist()), self.combined, fits[-1]))
        return predict(self, classifier, rows)

    monkeypatch.setattr(CampaignClassifier, "fit_counted", fit)
    monkeypatch.setattr(Labels, "predict", judged)
    tasrib.train(few, tmp_path / "m", corpus=small_corpus, shipped=with_starts, grid=(1.0,), n_resamples=100)
    assert len(fits) == 4
    for rows, combined, (fitted_on, starts, scored) in held[:3]:
        assert not fitted_on & rows
        own = set(np.flatnonzero(combined.own).tolist())
        assert fitted_on & own == own - rows
        assert not set(scored.rows.tolist()) & own
        assert not any(start.duals[sorted(own)].any() for start in starts.values())
    # What is kept is calibrated on all.
    assert fits[3][2] is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: kept.pop("folds"),
        lambda kept: kept.update(duals=kept["duals"][:, 1:]),
        lambda kept: kept.update(folds=kept["folds"] + 7),
        lambda kept: kept.update(labels=kept["labels"] - 1),
        lambda kept: kept.update(duals=np.full_like(kept["duals"], np.nan)),
        lambda kept: kept.update(regularisation=np.array("much")),
        lambda kept: kept.update(keys=np.array([{}], dtype=object)),
    ],
)
def test_what_does_not_fit_together_is_refused(starts, tmp_path, spoil):
    kept = dict(vars(starts))
    spoil(kept)
    np.savez(tmp_path / STARTS, **kept)
    with pytest.raises(ModelRefused, match="make the model anew"):
        Starts.load(tmp_path / STARTS)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / STARTS).write_bytes(content)
    with pytest.raises(ModelRefused, match="no starts of fits"):
        Starts.load(tmp_path / STARTS)


def test_a_changed_byte_is_noticed_and_a_model_without_them_takes_their_place(with_starts, small_shipped, tmp_path):
    folder = shutil.copytree(with_starts, tmp_path / "model")
    assert STARTS in json.loads((folder / "manifest.json").read_text())["sha256"]
    content = bytearray((folder / STARTS).read_bytes())
    content[-1] ^= 1
    (folder / STARTS).write_bytes(content)
    with pytest.raises(ModelRefused, match="SHA-256"):
        load_model(folder)
    model = load_model(small_shipped)
    save_model(model.classifier, model.variety, folder)
    assert load_model(folder).starts is None
    assert not (folder / STARTS).exists()

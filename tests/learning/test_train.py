import json
from shutil import copytree

import numpy as np
import pandas as pd
import pytest

import tasrib
from tasrib.classify import CampaignClassifier, choose_model
from tasrib.errors import ModelRefused
from tasrib.learning.combine import combine
from tasrib.learning.held_out import Labels
from tasrib.learning.labels import as_labelled


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """What a test promotes is forgotten with it."""
    monkeypatch.setenv("TASRIB_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def own(corpus, small_corpus):
    """Labels of a user: messages the small world does not know."""
    rest = corpus[~corpus["id"].isin(small_corpus["id"])]
    return rest.sample(200, random_state=5)[["text", "category"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def good(own, small_world, tmp_path_factory):
    """A model of good labels."""
    return tasrib.train(own, tmp_path_factory.mktemp("good"), grid=(1.0,), n_resamples=300, **small_world)


@pytest.fixture(scope="module")
def spoiled(own, small_world, tmp_path_factory):
    """A model of shuffled labels alone."""
    wrong = own.assign(category=np.random.default_rng(0).permutation(own["category"]))
    folder = tmp_path_factory.mktemp("spoiled")
    return tasrib.train(wrong, folder, only_mine=True, grid=(1.0,), n_resamples=300, **small_world)


def test_what_is_written(good, own):
    assert {file.name for file in good.folder.iterdir()} >= {"MODEL_CARD.md", "metrics.json", "manifest.json"}
    metrics = json.loads(
        (good.folder / "metrics.json").read_text("utf-8"), parse_constant=lambda name: pytest.fail(name)
    )
    assert metrics["model"] == tasrib.load_model(good.folder).version
    assert metrics["n"] == len(own)
    card = (good.folder / "MODEL_CARD.md").read_text("utf-8")
    for held_out in ("Own labels", "Test split", "How:", "Worse than the shipped model?"):
        assert held_out in card
    sizes = good.comparison.groupby("held_out")["n"].first()
    assert sizes["own labels"] + metrics["own_rows_the_shipped_model_knew"] == len(own)


def test_labels_help_on_messages_like_them(good):
    row = good.comparison.set_index(["held_out", "measure"]).loc[("test split", "log_loss")]
    assert row["new_low"] < row["new"] < row["new_high"]
    assert row["difference"] == pytest.approx(row["new"] - row["shipped"], abs=1e-5)
    assert good.worse == []


def test_a_spoiled_model_is_refused_and_can_be_forced(spoiled, small_shipped):
    assert any("log loss" in reason for reason in spoiled.worse)
    with pytest.raises(ModelRefused, match=r"worse than the shipped model.*--force"):
        tasrib.promote(spoiled.folder, shipped=small_shipped)
    assert choose_model().why == "shipped"
    tasrib.promote(spoiled.folder, force=True)
    assert choose_model().model.version == spoiled.model.version
    assert tasrib.promote(None).folder is None


def test_one_side_alone_is_enough_beside_the_corpus(small_world, own, tmp_path):
    scams = own[own["category"] == "scam"].head(4)
    trained = tasrib.train(scams, tmp_path / "m", grid=(1.0,), n_resamples=100, **small_world)
    assert set(trained.comparison["held_out"]) == {"own labels", "test split"}
    one = tasrib.train(scams.head(1), tmp_path / "one", grid=(1.0,), n_resamples=100, **small_world)
    assert set(one.comparison["held_out"]) == {"test split"}


def test_the_users_row_wins_and_touched_test_rows_are_left_out(small_corpus):
    fitted, tested = small_corpus[~small_corpus["test"]].iloc[0], small_corpus[small_corpus["test"]].iloc[0]
    mine = as_labelled(
        pd.DataFrame(
            {
                "text": [fitted["text"] + " !", tested["text"], "Message tout à fait nouveau, sans pareil"],
                "category": ["scam", "news", "news"],
            }
        )
    )
    found = combine(small_corpus, mine)
    texts, at = found.frame["text"], found.frame.index
    assert found.replaced == 1
    assert found.left_out == 1
    assert not found.fitted[at[(texts == fitted["text"]) & ~found.own]].any()
    assert not found.test[at[(texts == tested["text"]) & ~found.own]].any()
    # The shipped model knows the first, nobody the second and third.
    assert found.unseen[found.own].tolist() == [False, True, True]
    assert not (found.fitted & found.test).any()
    assert not set(found.groups[found.fitted]) & set(found.groups[found.test])


def test_a_model_trained_anew_into_the_promoted_folder_is_not_used(good, spoiled, small_shipped, tmp_path):
    folder = copytree(good.folder, tmp_path / "model")
    tasrib.promote(folder, shipped=small_shipped)
    copytree(spoiled.folder, folder, dirs_exist_ok=True)
    with pytest.raises(ModelRefused, match="promote it again"):
        choose_model()


def test_tuning_takes_the_best_of_the_grid(own, small_world, tmp_path):
    found = tasrib.train(own, tmp_path / "m", only_mine=True, grid=(1e-4, 1.0), n_resamples=100, **small_world).metrics[
        "tuning"
    ]
    losses = {row["regularisation"]: row["log_loss"] for row in found}
    assert len(losses) == 2
    chosen = json.loads((tmp_path / "m" / "settings.json").read_text())["classifier"]["regularisation"]
    assert losses[chosen] == min(losses.values())


def test_where_the_fits_start_changes_no_figure(good, own, small_world, tmp_path, monkeypatch):
    monkeypatch.setattr(Labels, "start", lambda *_: None)
    cold = tasrib.train(own, tmp_path / "m", grid=(1.0,), n_resamples=300, **small_world)
    measures = ["log_loss", "average_precision", "calibration_error"]
    ours, theirs = (each.comparison.set_index("measure").loc[measures, "new"].to_numpy(float) for each in (good, cold))
    np.testing.assert_allclose(ours, theirs, atol=0.005)


def test_nothing_is_measured_on_what_it_was_fitted_on_or_started_from(own, small_world, tmp_path, monkeypatch):
    fits, held = [], []
    fit_counted, predict = CampaignClassifier.fit_counted, Labels.predict

    def fit(self, messages, rows, starts=None):
        fits.append((set(rows.tolist()), starts))
        return fit_counted(self, messages, rows, starts)

    def judged(self, classifier, rows):
        held.append((classifier, rows, fits[-1]))
        return predict(self, classifier, rows)

    monkeypatch.setattr(CampaignClassifier, "fit_counted", fit)
    monkeypatch.setattr(Labels, "predict", judged)
    tasrib.train(own, tmp_path / "m", grid=(1.0,), n_resamples=100, **small_world)
    assert len(fits) == 4
    # Three parts of the user's labels; all of them and the test split by the shipped model; the test split by the new one.
    assert len(held) == 6
    shipped = held[3][0]
    for classifier, rows, (fitted_on, starts) in held:
        if classifier is shipped:
            continue
        assert not fitted_on & set(rows.tolist())
        assert starts
        for part, start in starts.items():
            assert start.duals.any()
            assert not start.duals[rows].any(), part


def test_progress_ends_at_its_total(own, small_world, tmp_path):
    told = []
    tasrib.train(
        own, tmp_path / "m", grid=(0.5, 1.0), n_resamples=100, **small_world, progress=lambda *step: told.append(step)
    )
    totals = {total for _, total in told}
    assert len(totals) == 1
    assert [done for done, _ in told] == list(range(1, totals.pop() + 1))


def test_few_labels_are_tuned_by_no_single_fault(corpus, small_world, tmp_path):
    sides = [corpus[corpus["category"] == name].sample(11, random_state=3) for name in ("political_campaign", "news")]
    few = pd.concat(sides)[["text", "category"]]
    found = tasrib.train(few, tmp_path / "m", only_mine=True, n_resamples=100, **small_world).metrics["tuning"]
    assert len(found) == 3
    # No setting is worse than knowing nothing.
    assert max(row["log_loss"] for row in found) <= np.log(2) + 1e-6

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st

import tasrib
from tasrib.errors import TasribError
from tasrib.learning.pick import pick_for_labelling, uncertainty
from tasrib.text import near_duplicate_groups


def scored_of(rows, rng):
    """Scored complaints with the true labels, and a probability that follows them."""
    campaign = (rows["category"] == "political_campaign").to_numpy()
    probability = np.clip(np.where(campaign, 0.9, 0.1) + rng.normal(0, 0.15, len(rows)), 0.001, 0.999)
    decision = np.select([probability >= 0.8, probability >= 0.3], ["campaign", "review"], "not_campaign")
    return scored_frame(
        len(rows), text=rows["text"], language=rows["language"], category=rows["category"], probability=probability,
        decision=decision, recipient=[f"p-{i:016d}" for i in range(len(rows))],
    )  # fmt: skip


@pytest.fixture(scope="module")
def scored(corpus):
    return scored_of(corpus.sample(900, random_state=1).reset_index(drop=True), np.random.default_rng(0))


def test_two_halves_of_one_batch_do_not_drift(scored):
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(scored))
        found = tasrib.drift(scored.iloc[order[:450]], scored.iloc[order[450:]], permutations=200)
        assert not found.moved, found.findings["sentence"].tolist()
        assert len(found.findings) == 5


def test_another_language_is_said_loudly(scored):
    old = scored[scored["language"] != "fr"]
    new = scored[scored["language"].isin(["fr", "ar"])]
    found = tasrib.drift(old.head(250), new.tail(250), permutations=200).findings.set_index("what")
    assert found.loc["language", "moved"]
    assert "fr 0% →" in found.loc["language", "sentence"]
    assert found.loc["vocabulary", "moved"]
    assert (found["p_adjusted"] >= found["p_value"]).all()


def test_surer_and_less_sure_is_a_change(scored):
    new = scored.assign(probability=scored["probability"] ** 3)
    found = tasrib.drift(scored, new, permutations=100).findings.set_index("what")
    assert found.loc["probability", "moved"]
    assert not found.loc[["language", "category", "vocabulary"], "moved"].any()


def test_a_campaign_reported_often_is_no_change(scored):
    one = scored[scored["language"] == "fr"].head(1)
    flood = pd.concat([scored, *[one] * 400], ignore_index=True)
    found = tasrib.drift(scored, flood, permutations=100)
    assert not found.moved
    assert found.clusters_old == found.clusters_new
    assert found.n_new == found.n_old + 400


def test_too_little_or_unscored_is_said(scored):
    with pytest.raises(TasribError, match="only 3 different messages"):
        tasrib.drift(scored, scored.head(3))
    with pytest.raises(TasribError, match="not scored"):
        tasrib.drift(scored[["text"]], scored)


def test_what_is_picked_is_unsure_new_and_each_thing_once(scored, corpus):
    known = corpus[~corpus["text"].isin(scored["text"])]["text"].head(1_500).tolist()
    # The same campaign many times over, and a message of the corpus itself: neither deserves a place of its own.
    many = scored.assign(decision="review", probability=0.5).head(1)
    variants = pd.concat([many.assign(text=many["text"].iloc[0] + f" {i}") for i in range(30)])
    copied = many.assign(text=known[0])
    picked = pick_for_labelling(pd.concat([scored, variants, copied], ignore_index=True), known, most=60)
    assert len(picked) == 60
    assert len(np.unique(near_duplicate_groups(picked["text"].tolist(), 0.45))) == 60
    assert known[0] not in picked["text"].head(30).tolist()
    assert (picked["decision"] == "review").mean() > 2 * (scored["decision"] == "review").mean()
    assert (
        picked["uncertainty"].mean()
        > uncertainty(scored["probability"].to_numpy(), scored["decision"].to_numpy()).mean()
    )
    assert set(picked["language"]) == set(scored["language"])


def test_what_is_labelled_is_not_asked_for_again(scored, tmp_path, small_corpus):
    first = tasrib.label_export(scored, tmp_path / "a.json", most=30, corpus=small_corpus)
    labels = first.assign(category="news")
    second = tasrib.label_export(scored, tmp_path / "b.json", most=30, corpus=small_corpus, labelled=labels)
    assert len(second) == 30
    assert not set(first["id"]) & set(second["id"])


def test_uncertainty_falls_with_the_distance_from_the_band():
    p = np.array([0.001, 0.1, 0.3, 0.6, 0.9, 0.99])
    decision = np.array(["not_campaign", "not_campaign", "review", "review", "campaign", "campaign"])
    found = uncertainty(p, decision)
    assert found[1:5] == pytest.approx(1)
    assert found[0] == pytest.approx((0.001 / 0.999) / (0.1 / 0.9))
    assert found[5] < 0.2


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1), st.sampled_from(["ar", "fr", ""])), max_size=12),
    st.integers(1, 5),
)
def test_wild_messages_are_picked_once_at_most(rows, most):
    text, probability, language = zip(*rows, strict=True) if rows else ((), (), ())
    frame = scored_frame(
        len(rows), text=text, probability=probability, language=language, category="news", decision="review"
    )
    picked = pick_for_labelling(frame, ["صوتوا", "Soldes"], most=most)
    assert len(picked) <= most
    assert picked["text"].is_unique
    assert set(picked["text"]) <= set(frame["text"])

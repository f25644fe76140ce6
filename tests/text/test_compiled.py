"""Compiled functions say what NumPy says, to the bit."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib import load_model
from tasrib.classify import judge, weighed
from tasrib.text import VarietyClassifier, normalise
from tasrib.text.compiled import chunks_met, loading, words_met
from tasrib.text.compiled.chunks_met import MetChunks
from tasrib.text.grid import on_grid
from tasrib.text.ngrams import Ngrams

ODD = [
    "",
    " ",
    "a",
    "_ _",
    "\ud800 \udfff",
    "é'è",
    "URL'x a'URL NUM_x",
    "x" * 3_000,
    "a b " * 400,
    "🔥🔥 🔥",
    "ا",
    "\u0301 a\u0301",
]
ANY = st.text(
    st.one_of(
        st.characters(),  # halves of surrogate pairs among them
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.sampled_from("صوتوا vote 3'!_🔥"),
    ),
    max_size=80,
)


@pytest.fixture(scope="module")
def functions():
    pytest.importorskip("numba")
    found = loading._compile(cached=True) or loading._compile(cached=False)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def model():
    return load_model().fast()


@pytest.fixture
def at_once(functions, monkeypatch):
    monkeypatch.setattr(loading, "LEAST", 0)


def assert_same(classifier, plain, functions):
    ours, theirs = weighed._ByCompiled(classifier, plain, functions), weighed._ByNumpy(classifier, plain)
    rows = np.arange(0, len(plain), 2)
    against = np.random.default_rng(len(plain)).normal(size=(len(rows), len(classifier.classes_)))
    np.testing.assert_array_equal(ours.scores, theirs.scores)
    np.testing.assert_array_equal(ours.strange, theirs.strange)
    np.testing.assert_array_equal(ours.known(rows[::-1]), theirs.known(rows[::-1]))
    for mine, others in zip(ours.share_out(1.7, against, rows), theirs.share_out(1.7, against, rows), strict=True):
        np.testing.assert_array_equal(mine, others)


def test_ngrams_of_the_corpus_weigh_the_same(functions, model, corpus):
    plain = corpus["text"].sample(1_500, random_state=5).map(normalise).tolist()
    for start in range(0, len(plain), 500):
        assert_same(model.scorer, plain[start : start + 500], functions)
    assert_same(model.scorer, ODD, functions)
    assert_same(model.scorer, [], functions)


@settings(deadline=None)
@given(st.lists(ANY, max_size=6))
def test_and_those_of_any_text(functions, model, texts):
    assert_same(model.scorer, [normalise(text) for text in texts], functions)
    # Nobody else's text is like that; what is remembered of chunks must not rest on it.
    assert_same(model.scorer, texts, functions)


@settings(deadline=None, max_examples=50)
@given(st.lists(ANY, max_size=4), st.sampled_from([((1, 3), (1, 1)), ((4, 6), (1, 3)), ((3, 3), (2, 4))]))
def test_other_lengths_are_counted_the_same(functions, texts, lengths):
    counted = MetChunks(*lengths, 12).count(texts, functions)
    theirs = Ngrams(texts, *lengths, 12).counts
    np.testing.assert_array_equal(counted.bounds, theirs.indptr)
    for start, stop in zip(counted.bounds[:-1], counted.bounds[1:], strict=True):
        order = start + np.argsort(counted.columns[start:stop])
        np.testing.assert_array_equal(counted.columns[order], theirs.indices[start:stop])
        np.testing.assert_array_equal(counted.times[order], theirs.data[start:stop])


@settings(deadline=None)
@given(st.lists(ANY, min_size=1, max_size=6))
def test_varieties_of_any_text(functions, model, texts):
    plain = [normalise(text) for text in texts]
    np.testing.assert_array_equal(
        model.varieties._by_compiled(plain, functions), model.varieties._by_numpy(plain), strict=True
    )
    np.testing.assert_array_equal(model.varieties._by_compiled(texts, functions), model.varieties._by_numpy(texts))


def test_varieties_of_the_corpus(functions, model, corpus):
    plain = [*corpus["text"].sample(1_500, random_state=6).map(normalise), *ODD]
    found = model.varieties._by_compiled(plain, functions)
    np.testing.assert_array_equal(found, model.varieties._by_numpy(plain), strict=True)
    assert {"ar", "ary", "ary-Latn", "fr", "mixed", ""} <= set(found)


def test_varieties_fitted_anew_are_not_those_remembered(at_once):
    classifier = VarietyClassifier(bits=10)
    for labels in (["fr", "ary"], ["ary", "fr"], ["ar", "zgh", "fr"]):
        classifier.fit(["bonjour tout le monde", "سلام عليكم كيداير", "ⴰⵣⵓⵍ"][: len(labels)], labels)
        texts = ["bonjour le monde", "سلام كيداير", "ⴰⵣⵓⵍ bonjour", "!"]
        np.testing.assert_array_equal(classifier.predict(texts), classifier._by_numpy(list(map(normalise, texts))))


def test_forgetting_changes_nothing(functions, model, corpus, monkeypatch):
    monkeypatch.setattr(chunks_met, "_MOST", 1)
    monkeypatch.setattr(words_met, "_MOST", 1)
    plain = corpus["text"].sample(60, random_state=7).map(normalise).tolist()
    for start in range(0, 60, 20):
        assert_same(model.scorer, plain[start : start + 20], functions)
        np.testing.assert_array_equal(
            model.varieties._by_compiled(plain[start : start + 20], functions),
            model.varieties._by_numpy(plain[start : start + 20]),
        )


def test_a_judgement_and_its_reasons_are_the_same(functions, model, corpus, monkeypatch):
    texts = [*corpus["text"].sample(300, random_state=9), *ODD]
    monkeypatch.setattr(loading, "compiled", lambda: None)
    monkeypatch.setattr(weighed, "compiled", lambda: None)
    slow = judge(model.scorer, texts, reasons="all")
    used = []
    monkeypatch.setattr(weighed, "compiled", lambda: used.append(1) or functions)
    fast = judge(model.scorer, texts, reasons="all")
    assert used
    assert fast.explanations == slow.explanations
    np.testing.assert_array_equal(fast.probability, slow.probability)
    np.testing.assert_array_equal(fast.unread, slow.unread)


def test_weights_that_cannot_be_added_in_any_order_are_left_to_numpy(at_once, model):
    def found(**other):
        scorer = type(model.scorer)(model.scorer.settings, model.scorer.fitted | other)
        return type(weighed.weigh_messages(scorer, ["votez pour nous"]))

    idf = model.scorer.idf_
    assert found() is weighed._ByCompiled
    assert (
        found(idf_=idf / 4)
        is found(idf_=idf * 8)
        is found(coef_=np.ascontiguousarray(model.scorer.coef_))
        is weighed._ByNumpy
    )


def test_few_messages_are_read_without(monkeypatch):
    monkeypatch.setattr(loading, "_WORKLOAD", loading._Workload())
    monkeypatch.setattr(loading, "_compile", lambda *, cached: cached)
    assert loading.compiled() is None
    loading.met(loading.LEAST // 2)
    assert loading.compiled() is None
    loading.expect(loading.LEAST // 2)
    assert loading.compiled() is True


def test_where_nothing_can_be_kept_more_must_be_read(monkeypatch):
    monkeypatch.setattr(loading, "_WORKLOAD", loading._Workload())
    monkeypatch.setattr(loading, "_compile", lambda *, cached: None if cached else "for this process")
    loading.expect(loading.LEAST)
    assert loading.compiled() is None
    loading.expect(loading.LEAST_UNCACHED)
    assert loading.compiled() == "for this process"


ALONE = """
import sys
{before}
from tasrib.text.compiled import loading
loading.LEAST = {least}
from tasrib import load_model
from tasrib.classify.many import classify
said = classify(["Votez pour la liste", "صوتوا على لائحتنا", "", "x"], load_model().fast())
print(loading.compiled() is not None, "numba" in sys.modules, said.to_json())
"""


def alone(before="", least=0, **environment):
    run = subprocess.run(
        [sys.executable, "-c", ALONE.format(before=before, least=least)],
        env=os.environ | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    used, imported, said = run.stdout.strip().split(" ", 2)
    return used == "True", imported == "True", said


@pytest.mark.slow
def test_whatever_is_wrong_with_numba_or_its_cache_messages_are_read(functions, tmp_path):
    without = alone(least=10**9)
    assert without[:2] == (False, False)
    broken = tmp_path / "numba.py"
    broken.write_text("raise ImportError('Numba needs NumPy 2.3 or less')")
    assert alone(f"sys.path.insert(0, {str(tmp_path)!r})")[::2] == (False, without[2])
    assert alone(NUMBA_DISABLE_JIT="1")[::2] == (False, without[2])
    kept = tmp_path / "kept"
    kept.mkdir()
    assert alone(NUMBA_CACHE_DIR=str(kept)) == (True, True, without[2])
    files = [file for file in kept.rglob("*") if file.is_file()]
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:50])
    assert alone(NUMBA_CACHE_DIR=str(kept))[::2] == (False, without[2])
    nowhere = "import numba.core.caching as c; c.CacheImpl._locator_classes = []"
    assert alone(nowhere)[::2] == (False, without[2])
    assert alone(nowhere + "\nfrom tasrib.text.compiled import loading; loading.LEAST_UNCACHED = 0")[::2] == (
        True,
        without[2],
    )


def test_the_grid_is_one_that_sums_cannot_leave():
    values = np.random.default_rng(0).normal(size=10_000).astype(np.float32)
    rounded = on_grid(values)
    assert np.abs(rounded - values).max() <= 2.0**-37
    assert rounded.sum() == rounded[::-1].cumsum()[-1] == np.sort(rounded).sum()

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from tasrib.text import KINDS, Ngrams, hashed_ngrams, normalise, word_columns
from tasrib.text.laid import Laid
from tasrib.text.skeleton import skeleton_tokens
from tasrib.text.word_columns import WordColumns

BITS = 18
WILD = st.text(
    st.one_of(
        st.characters(codec="utf-8"),  # scikit-learn refuses half a surrogate pair
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.sampled_from("صوتوا vote 3'!_🔥"),
    ),
    max_size=60,
)


def by_scikit_learn(texts, char_range=(2, 5), word_range=(1, 2)):
    """The same counts by the library whose hash it is, a Python object an n-gram."""

    def counted(lines, **how):
        return HashingVectorizer(
            n_features=2**BITS, lowercase=False, norm=None, alternate_sign=False, dtype=np.float32, **how
        ).transform(lines)

    def runs(words):
        return [
            " ".join(words[i : i + n])
            for n in range(word_range[0], word_range[1] + 1)
            for i in range(len(words) - n + 1)
        ]

    bare = [" ".join(skeleton_tokens(text)) for text in texts]
    shorter = (char_range[0], max(char_range[0], char_range[1] - 1))
    return sparse.hstack(
        [
            counted(texts, analyzer="char_wb", ngram_range=char_range),
            counted(texts, analyzer=lambda text: runs(re.findall(r"[^\W_]+|[^\w\s]", text))),
            counted(bare, analyzer="char_wb", ngram_range=shorter),
            counted(bare, analyzer=lambda text: runs(text.split())),
        ],
        format="csr",
    )


def assert_same(ours, theirs):
    theirs.sort_indices()
    np.testing.assert_array_equal(ours.indptr, theirs.indptr)
    np.testing.assert_array_equal(ours.indices, theirs.indices)
    np.testing.assert_array_equal(ours.data, theirs.data)


def test_counts_are_scikit_learns_on_the_corpus(corpus):
    texts = corpus["text"].sample(1_200, random_state=3).tolist()
    assert_same(hashed_ngrams(texts), by_scikit_learn([normalise(text) for text in texts]))


@given(st.lists(WILD.map(normalise), min_size=1, max_size=5))
def test_and_on_any_text(plain):
    assert_same(Ngrams(plain, (2, 5), (1, 2), BITS).counts, by_scikit_learn(plain))


@pytest.mark.parametrize(("char_range", "word_range"), [((1, 3), (1, 1)), ((4, 6), (1, 3)), ((3, 3), (2, 2))])
def test_other_lengths(char_range, word_range):
    plain = ["votez pour la liste", "", "ا", "صوتوا على لائحة الوردة يوم DATE !", "🔥"]
    assert_same(Ngrams(plain, char_range, word_range, BITS).counts, by_scikit_learn(plain, char_range, word_range))


def test_the_chunks_of_a_message_share_all_of_its_ngrams():
    plain = [normalise(text) for text in ("Votez, pour la liste!", "", "صوتوا على لائحة الوردة", "a.b 12 c")]
    ngrams = Ngrams(plain, (2, 5), (1, 3), BITS)
    weights = np.random.default_rng(0).normal(size=len(ngrams.counts.data))
    rows = np.array([0, 2, 3])
    shared = ngrams.share_out(weights, rows)
    row = np.repeat(np.arange(len(plain)), np.diff(ngrams.counts.indptr))
    whole = np.bincount(row, weights * ngrams.counts.data, minlength=len(plain))
    assert [len(each) for each in shared] == [len(plain[n].split()) for n in rows]
    np.testing.assert_allclose([each.sum() for each in shared], whole[rows])


def test_a_word_of_its_own_bears_its_own_weight():
    ngrams = Ngrams(["ab cd"], (2, 5), (1, 1), BITS)
    of_words = (ngrams.counts.indices >= 2**BITS) & (ngrams.counts.indices < 2 * 2**BITS)
    (shared,) = ngrams.share_out(of_words.astype(float), np.array([0]))
    np.testing.assert_array_equal(shared, [1.0, 1.0])
    assert KINDS == 4


def test_words_that_were_met_have_the_columns_they_had(monkeypatch):
    words = ["صوتوا", "votez", "🔥", "votez", "a" * 50, "ا"]
    columns, word = Laid(words, [1] * len(words)).characters((2, 5), BITS)
    order = np.argsort(word, kind="stable")
    monkeypatch.setattr(word_columns, "_MOST", 20)
    remembered = WordColumns((2, 5), BITS)
    for few in (words, words[::-1], words[:2], [], words):
        found, of = remembered.of(few)
        each = [found[of == place].tolist() for place in range(len(few))]
        assert each == [columns[order][word[order] == words.index(one)].tolist() for one in few]

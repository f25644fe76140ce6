import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tasrib.text import near_duplicate_groups
from tasrib.text.near_duplicates import similar_pairs
from tasrib.text.shingles import shingles

CALL = "أخي المواطن أختي المواطنة، يوم الأربعاء 8 شتنبر صوتوا على لائحة الأمل من أجل مدينة نظيفة وشغل للشباب"
OTHER = "Soldes d'été : moins 30% sur tous les articles de sport jusqu'au 31 août dans nos magasins de Rabat"


@pytest.mark.parametrize(
    "variant",
    [
        CALL.replace("8", "٨"),
        CALL.replace("أ", "ا").replace("ة", "ه"),
        "سي محمد، " + CALL,
        CALL.replace("صوتوا", "ص.و.ت.وا"),
        CALL.replace("صوتوا", "صـوّتوا") + " 🌟🌟",
        CALL.replace("نظيفة", "جميلة"),
    ],
)
def test_small_edits_stay_in_one_group(variant):
    groups = near_duplicate_groups([CALL, OTHER, variant])
    assert groups[0] == groups[2] != groups[1]


def test_upper_case_and_accents_do_not_part_a_group():
    assert len(set(near_duplicate_groups([OTHER, OTHER.upper(), OTHER.replace("é", "e")]))) == 1


def test_empty_and_tiny_texts_are_not_the_same():
    assert len(set(near_duplicate_groups(["", "a", "b", "oui", "non"]))) == 5


def test_pairs_found_are_the_pairs_of_brute_force():
    rng = np.random.default_rng(1)
    words = [f"mot{i}" for i in range(40)]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(60)]
    texts += [text.replace("mot1 ", "mot99 ", 1) for text in texts[:30]]
    sets = shingles(texts)
    # Only the columns in use: of all there may be, nearly all are empty.
    used, column = np.unique(sets.indices, return_inverse=True)
    dense = sparse.csr_matrix((sets.data, column, sets.indptr), (len(texts), len(used))).toarray().astype(np.float32)
    both = dense @ dense.T
    sizes = dense.sum(axis=1)
    jaccard = both / (sizes[:, None] + sizes[None, :] - both)
    wanted = {(i, j) for i, j in zip(*np.nonzero(np.triu(jaccard >= 0.7, 1)), strict=True)}
    assert {tuple(pair) for pair in similar_pairs(sets, 0.7)} == wanted


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), max_size=12), st.randoms())
def test_groups_do_not_depend_on_the_order_of_messages(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    straight = near_duplicate_groups(texts)
    shuffled = near_duplicate_groups([texts[i] for i in order])
    for a in range(len(order)):
        for b in range(a):
            assert (shuffled[a] == shuffled[b]) == (straight[order[a]] == straight[order[b]])

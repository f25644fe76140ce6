"""Texts kept in a file come back as they were, in the order of the alphabet and in the groups that all of them in memory make."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.text import near_duplicate_groups, normalise, stored
from tasrib.text.groups import Groups
from tasrib.text.near_duplicates import groups_of_stored
from tasrib.text.shingles import StoredShingles, shingles
from tasrib.text.stored import Stored

# Texts that begin alike, that are the beginning of others, and whose bytes have another order than their letters seem to have.
alike = st.lists(
    st.text(st.sampled_from("a\0é\u06450\ud800\uffff\U0001f600"), max_size=30)
    | st.integers(0, 40).map(lambda many: "ab" * many)
    | st.sampled_from(["السلام عليكم ورحمة الله", "السلام عليكم ورحمة", ""]),
    max_size=40,
)


def kept(texts, parted=2):
    found = Stored()
    for start in range(0, len(texts), parted):
        some = texts[start : start + parted]
        found.add(some, [text + "!" if len(text) % 2 else text for text in some])
    return found


@settings(max_examples=40, deadline=None)
@given(alike, st.integers(1, 7))
def test_texts_come_back_as_they_were(texts, parted):
    found = kept(texts, parted)
    places = np.arange(len(texts))[::-1]
    assert found.some(places) == texts[::-1]
    assert found.both(places) == [(text, text + "!" if len(text) % 2 else text) for text in texts[::-1]]


@pytest.mark.parametrize(
    ("in_memory", "known_alike", "block", "at_a_time"),
    [(50_000, 32, 1 << 22, 250_000), (1, 0, 8, 250_000), (3, 8, 64, 1), (1, 10**6, 8, 2), (2, 8, 8, 5)],
)
def test_the_order_is_that_of_the_alphabet(monkeypatch, in_memory, known_alike, block, at_a_time):
    monkeypatch.setattr(stored, "_SORTED", in_memory)
    monkeypatch.setattr(stored, "_ALIKE", known_alike)
    monkeypatch.setattr(stored, "_BLOCK", block)
    monkeypatch.setattr(stored, "_RANGE", at_a_time)

    @settings(max_examples=40, deadline=None)
    @given(alike)
    def check(texts):
        ordered = sorted(texts)
        assert kept(texts).ranks().tolist() == [ordered.index(text) for text in texts]

    check()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 30).flatmap(
        lambda n: st.lists(st.lists(st.tuples(*[st.integers(0, n - 1)] * 2), max_size=9), max_size=5)
    )
)
def test_links_make_the_groups_of_connected_components(parts):
    groups = Groups(30)
    for part in parts:
        groups.join(*np.array(part, int).reshape(-1, 2).T)
    links = np.array([link for part in parts for link in part], int).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(30, 30))
    _, wanted = connected_components(graph, directed=False)
    assert groups.of(np.arange(30)).tolist() == groups.settle().tolist()
    assert len(set(zip(groups.settle().tolist(), wanted.tolist(), strict=True))) == len(set(wanted.tolist()))


def test_sets_come_back_as_they_were():
    texts = ["", "oui", "Votez le 8 septembre", "Votez le 9 septembre", "a" * 40]
    sets, found = shingles(texts), StoredShingles()
    found.add(sets[:2])
    found.add(sets[2:])
    order = np.array([4, 0, 3])
    assert (found.some(order) != sets[order]).nnz == 0
    assert found.sizes(order).tolist() == np.diff(sets[order].indptr).tolist()


words = st.lists(
    st.sampled_from(
        ["votez", "pour", "la", "liste", "du", "phare", "بكم", "صوتوا", "على", "لائحة", "الأمل", "معا", "نحو", "غد"]
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(words.map(" ".join), max_size=25), st.integers(1, 9))
def test_groups_in_a_file_are_those_in_memory_and_those_of_all_pairs(texts, parted):
    plain = [normalise(text) for text in texts]
    found = kept(plain, parted)
    group = groups_of_stored(found, found.ranks(), 0.45, io.BytesIO)
    wanted = near_duplicate_groups(plain, 0.45, normalised=True)
    assert (
        len(set(zip(group.tolist(), wanted.tolist(), strict=True)))
        == len(set(wanted.tolist()))
        == len(set(group.tolist()))
    )
    # The first of a group that was met stands for it.
    assert [place for place, first in enumerate(group.tolist()) if place == first] == [
        wanted.tolist().index(each) for each in range(len(set(wanted.tolist())))
    ]


class Narrow(io.BytesIO):
    """A file without a buffer that takes and gives little at a time, and then is full."""

    room = 10_000

    def write(self, data):
        some = bytes(data[: min(7, self.room)])
        self.room -= len(some)
        if len(data) and not some:
            raise OSError(28, "No space left on device")
        return super().write(some)


def test_what_is_written_in_pieces_is_all_there_or_refused():
    found = Stored(Narrow)
    found.add(["صوتوا على لائحة الأمل", ""], ["x" * 50, ""])
    assert found.both(np.array([1, 0])) == [("", ""), ("صوتوا على لائحة الأمل", "x" * 50)]
    with pytest.raises(OSError, match="No space left"):
        found.add(["x" * 20_000])

"""What a reader must bear in mind, by what the data show, in three languages."""

import re
import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib._resources import resource
from tasrib.tracing.evidence import LANGUAGES, Caveat, caveat_codes, caveat_text, caveats, isolated

SOUND = dict(
    n_reached=100, n_controls=300, n_unknown=0, controlled=True, relaxed=False, stratified=True, n_strata=6,
    top_region=("Fès", 0.3), overdispersion=1.0, declared=12, generated_p=0.6,
)  # fmt: skip
TEXTS = {k: v for k, v in tomllib.loads(resource("reference", "caveats.toml").read_text("utf-8")).items()
         if isinstance(v, dict)}  # fmt: skip


def codes(**change):
    return [caveat.code for caveat in caveat_codes(**SOUND | change)]


def test_sound_data_leave_only_the_other_roads():
    assert codes() == ["alternatives"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"controlled": False, "n_controls": 3}, "no_controls"),
        ({"n_controls": 199}, "few_controls"),
        ({"relaxed": True}, "relaxed_controls"),
        ({"stratified": False}, "no_strata"),
        ({"n_strata": 1}, "no_strata"),
        ({"n_unknown": 6}, "unknown_prefixes"),
        ({"top_region": ("Fès", 0.51)}, "one_region"),
        ({"n_reached": 29}, "few_people"),
        ({"overdispersion": 1.5}, "overdispersed"),
        ({"declared": 0}, "portability_assumed"),
        ({"generated_p": 0.04}, "looks_dialled"),
        ({"confounded_with": "Mutuelle Nour"}, "shared_holder"),
        ({"paired": True}, "pairs_stated"),
    ],
)
def test_each_weakness_is_said_by_itself(change, code):
    assert codes(**change) == [code, "alternatives"]


def test_just_enough_is_enough():
    enough = {"n_controls": 200, "n_unknown": 5, "top_region": ("Fès", 0.5), "generated_p": float("nan")}
    assert codes(**enough, overdispersion=float("nan")) == ["alternatives"]
    assert codes(n_reached=30) == ["alternatives"]


def test_within_one_person_neither_controls_nor_strata_nor_region_matter():
    worst = {
        "controlled": False,
        "relaxed": True,
        "stratified": False,
        "top_region": ("Fès", 1.0),
        "overdispersion": 9.0,
    }
    assert codes(**worst, paired=True) == ["pairs_stated", "alternatives"]


def test_every_code_can_be_said_and_every_sentence_has_a_code():
    worst = {
        "n_reached": 20, "n_controls": 30, "n_unknown": 9, "relaxed": True, "stratified": False, "top_region": ("Fès", 0.8),
        "overdispersion": 3.0, "declared": 0, "generated_p": 0.001, "confounded_with": "Mutuelle Nour",
    }  # fmt: skip
    said = caveat_codes(**SOUND | worst) + caveat_codes(**SOUND | worst | {"controlled": False, "paired": False})
    said += caveat_codes(**SOUND | {"paired": True})
    assert {caveat.code for caveat in said} == set(TEXTS)
    for caveat in said:
        for language in LANGUAGES:
            text = caveat_text(caveat, language)
            assert not set("{}") & set(text)
            assert text.endswith(".")
            for value in caveat.values.values():
                assert str(value) in text


def test_the_three_languages_use_the_same_values():
    for code, texts in TEXTS.items():
        assert set(texts) == set(LANGUAGES), code
        fields = {language: {f[1] for f in string.Formatter().parse(texts[language]) if f[1]} for language in LANGUAGES}
        assert fields["ar"] == fields["fr"] == fields["en"], code
        assert not re.search(r" [;:?!%»]|« ", texts["fr"]), code


def test_a_share_is_said_in_per_cent():
    told = caveat_codes(**SOUND | {"top_region": ("Oujda", 0.704)})[0]
    assert caveat_text(told).startswith("70% of the people with a region are in Oujda")
    assert caveat_text(told, "fr").startswith("70\u00a0% ")
    assert "\u2068Oujda\u2069" in caveat_text(told, "ar")


def test_english_sentences_as_before():
    present = dict(n_reached=40, n_controls=0, n_unknown=10, controlled=False, relaxed=False, top_region=("", 0.0))
    said = " ".join(caveats(**present))
    assert "market shares only" in said
    assert "10 of 50" in said
    assert "no known operator" in said
    assert caveats(**present)[-1].startswith("A skew also arises")


@given(
    n_reached=st.integers(0, 10**6),
    n_controls=st.integers(0, 10**6),
    n_unknown=st.integers(0, 10**6),
    declared=st.integers(0, 10**6),
    n_strata=st.integers(0, 99),
    share=st.floats(),
    overdispersion=st.floats(),
    generated_p=st.floats(),
    flags=st.lists(st.booleans(), min_size=4, max_size=4),
    name=st.text(max_size=9),
)
def test_whatever_the_data_each_is_said_once_and_the_alternatives_last(share, flags, name, **numbers):
    controlled, relaxed, stratified, paired = flags
    region = (name, share if share <= 1 else 1.0)
    numbers |= dict(controlled=controlled, relaxed=relaxed, stratified=stratified, paired=paired)
    said = caveat_codes(**numbers, top_region=region, confounded_with=name)
    names = [caveat.code for caveat in said]
    assert len(set(names)) == len(names)
    assert names[-1] == "alternatives"
    for language in LANGUAGES:
        text = " ".join(caveat_text(caveat, language) for caveat in said)
        assert text.count("\u2068") == text.count("\u2069")


def test_wrong_use_is_told():
    with pytest.raises(ValueError, match="n_unknown = -1"):
        codes(n_unknown=-1)
    with pytest.raises(ValueError, match="no sentence"):
        caveat_text(Caveat("alternatives"), "es")
    with pytest.raises(ValueError, match="no sentence"):
        caveat_text(Caveat("source"))
    with pytest.raises(ValueError, match="n_total"):
        caveat_text(Caveat("unknown_prefixes", {"n_unknown": 3}))


def test_a_name_cannot_turn_the_sentence_round():
    assert isolated("A\u2069\u202e\nB", "ar") == "\u2068A B\u2069"
    assert isolated("A", "fr") == "A"
    assert isolated("فاس", "fr") == "\u2068فاس\u2069"

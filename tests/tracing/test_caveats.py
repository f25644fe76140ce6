"""What a reader must bear in mind, by what the data show, in three languages."""

import json
import pickle
import re
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tasrib.tracing
from tasrib._resources import resource
from tasrib.tracing.caveats import (
    KEEP_WEAK,
    LANGUAGES,
    Caveat,
    Shown,
    caveat_text,
    caveats_beside_controls,
    caveats_within_people,
    isolated,
)

FINDING = dict(n_reached=100, n_controls=300, baseline="both", overdispersion=1.0, confounded_with=())
SOUND = dict(n_unknown=0, n_declared=12, top_region=("Fès", 0.3), relaxed=False, n_strata=6, doubts=())
DIALLED = (Caveat("looks_dialled"),)
TEXTS = {k: v for k, v in tomllib.loads(resource("reference", "caveats.toml").read_text("utf-8")).items()
         if isinstance(v, dict) and k != "words"}  # fmt: skip


def caveats(within_people=False, **change):
    said = caveats_within_people if within_people else caveats_beside_controls
    finding = {name: change.pop(name, value) for name, value in FINDING.items()}
    return said(finding, Shown(**SOUND | change))


def codes(**change):
    return [caveat.code for caveat in caveats(**change)]


def test_sound_data_leave_only_the_other_roads():
    assert codes() == ["alternatives"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"baseline": "market", "n_controls": 3}, "no_controls"),
        ({"n_controls": 199}, "few_controls"),
        ({"relaxed": True}, "relaxed_controls"),
        ({"n_strata": 0}, "no_strata"),
        ({"n_strata": 1}, "no_strata"),
        ({"n_unknown": 6}, "unknown_prefixes"),
        ({"top_region": ("Fès", 0.51)}, "one_region"),
        ({"n_reached": 29}, "few_people"),
        ({"overdispersion": 1.5}, "overdispersed"),
        ({"n_declared": 0}, "portability_assumed"),
        ({"doubts": DIALLED}, "looks_dialled"),
        ({"has_regions": False}, "region_unknown"),
        ({"n_aside": 30}, "own_advertising"),
        ({"unknown_differs": True}, "unknown_differ"),
        ({"filers_said": False}, "filers_unknown"),
        ({"filed": (30, 1)}, "one_filer"),
        ({"confounded_with": ("Mutuelle Nour",)}, "shared_holder"),
        ({"within_people": True}, "pairs_stated"),
    ],
)
def test_each_weakness_is_said_by_itself(change, code):
    assert codes(**change) == [code, "alternatives"]


def test_just_enough_is_enough():
    enough = {"n_controls": 200, "n_unknown": 5, "top_region": ("Fès", 0.5)}
    assert codes(**enough, overdispersion=float("nan")) == ["alternatives"]
    assert codes(n_reached=30) == ["alternatives"]


def test_within_one_person_neither_controls_nor_strata_nor_region_matter():
    worst = {
        "baseline": "market",
        "relaxed": True,
        "n_strata": 0,
        "top_region": ("Fès", 1.0),
        "overdispersion": 9.0,
    }
    assert codes(**worst, within_people=True) == ["pairs_stated", "alternatives"]


def _codes_in(file):
    return set(re.findall(r'Caveat\("(\w+)"', file.read_text("utf-8")))


def test_every_code_can_be_said_and_every_sentence_has_a_code():
    worst = {
        "n_reached": 20, "n_controls": 30, "n_unknown": 9, "relaxed": True, "n_strata": 0, "top_region": ("Fès", 0.8),
        "overdispersion": 3.0, "n_declared": 0, "doubts": DIALLED, "confounded_with": ("Mutuelle Nour",), "has_regions": False,
        "n_aside": 3, "unknown_differs": True,
    }  # fmt: skip
    said = caveats(**worst) + caveats(**worst | {"baseline": "market"})
    said += caveats(filed=(30, 1)) + caveats(filers_said=False)
    said += caveats(within_people=True)
    # A comparison may have caveats of its own.
    rooms = Path(tasrib.tracing.__file__).parent
    own = {code for file in rooms.rglob("*.py") for code in _codes_in(file)}
    assert _codes_in(rooms / "caveats.py") <= {caveat.code for caveat in said} <= own == set(TEXTS)
    for caveat in said:
        for language in LANGUAGES:
            text = caveat_text(caveat, language)
            assert not set("{}") & set(text)
            assert text.endswith(".")
            for value in caveat.values.values():
                assert (", ".join(value) if isinstance(value, tuple) else str(value)) in text


def test_the_three_languages_use_the_same_values():
    for code, texts in TEXTS.items():
        assert set(texts) == set(LANGUAGES), code
        fields = {language: {f[1] for f in string.Formatter().parse(texts[language]) if f[1]} for language in LANGUAGES}
        assert fields["ar"] == fields["fr"] == fields["en"], code
        assert not re.search(r" [;:?!%»]|« ", texts["fr"]), code


def test_what_campaigns_share_is_said_in_the_language():
    caveat = Caveat("union_silent", {"others": ("c-2", "c-3"), "shared": ("link", "sender")})
    assert "c-2, c-3 (in common: link, sender)" in caveat_text(caveat)
    assert "(en commun\u00a0: lien, expéditeur)" in caveat_text(caveat, "fr")
    assert "\u2068الرابط, المرسل\u2069" in caveat_text(caveat, "ar")


def test_what_keeps_a_finding_weak_has_a_sentence():
    assert set(TEXTS) >= KEEP_WEAK


def test_a_share_is_said_in_per_cent():
    told = caveats(top_region=("Oujda", 0.704))[0]
    assert caveat_text(told).startswith("70% of the people with a region are in Oujda")
    assert caveat_text(told, "fr").startswith("70\u00a0% ")
    assert caveat_text(told, "ar").startswith("\u206670%\u2069 ")
    assert "\u2066Oujda\u2069" in caveat_text(told, "ar")


def test_english_sentences_as_before():
    present = dict(n_reached=40, n_controls=0, n_unknown=10, baseline="market", top_region=("", 0.0), n_declared=0)
    sentences = [caveat_text(caveat) for caveat in caveats(**present)]
    said = " ".join(sentences)
    assert "market shares only" in said
    assert "10 of 50" in said
    assert "no known operator" in said
    assert sentences[-1].startswith("A skew also arises")


@given(
    n_reached=st.integers(0, 10**6),
    n_controls=st.integers(0, 10**6),
    n_unknown=st.integers(0, 10**6),
    n_declared=st.integers(0, 10**6),
    n_strata=st.integers(0, 99),
    share=st.floats(),
    overdispersion=st.floats(),
    flags=st.lists(st.booleans(), min_size=4, max_size=4),
    name=st.text(max_size=9),
)
def test_whatever_the_data_each_is_said_once_and_the_alternatives_last(share, flags, name, **numbers):
    controlled, relaxed, dialled, within_people = flags
    region = (name, share if share <= 1 else 1.0)
    numbers |= dict(baseline="both" if controlled else "market", relaxed=relaxed, doubts=DIALLED if dialled else ())
    said = caveats(within_people, **numbers, top_region=region, confounded_with=(name,) if name else ())
    names = [caveat.code for caveat in said]
    assert len(set(names)) == len(names)
    assert names[-1] == "alternatives"
    for language in LANGUAGES:
        text = " ".join(caveat_text(caveat, language) for caveat in said)
        assert len(re.findall("[\u2066\u2068]", text)) == text.count("\u2069")


def test_wrong_use_is_told():
    with pytest.raises(ValueError, match="n_unknown = -1"):
        codes(n_unknown=-1)
    with pytest.raises(ValueError, match="no sentence"):
        caveat_text(Caveat("alternatives"), "es")
    with pytest.raises(ValueError, match="no sentence"):
        caveat_text(Caveat("source"))
    with pytest.raises(ValueError, match="n_total"):
        caveat_text(Caveat("unknown_prefixes", {"n_unknown": 3}))


def test_a_caveat_is_its_code_in_a_table_and_survives_the_way_to_another_process():
    caveat = Caveat("few_people", {"n_reached": 12})
    again = pickle.loads(pickle.dumps(caveat))
    assert (again, again.code, again.values) == ("few_people", "few_people", {"n_reached": 12})
    assert type(again.code) is str
    assert json.dumps([again]) == '["few_people"]'
    assert caveat_text(again) == caveat_text(caveat)


def test_a_name_cannot_turn_the_sentence_round():
    assert isolated("A\u2069\u202e\nB", "ar") == "\u2066A B\u2069"
    assert isolated("[2.9–6.1]", "ar") == "\u2066[2.9–6.1]\u2069"
    assert isolated("A فاس", "ar") == "\u2068A فاس\u2069"
    assert isolated("A", "fr") == "A"
    assert isolated("فاس", "fr") == "\u2068فاس\u2069"

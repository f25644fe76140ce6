import pytest

from tasrib.text.skeleton import consonant_skeleton, skeleton_tokens


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("صوتو", ("sewtou", "sawto", "swto")),
        ("الحمامه", ("l7mama", "lhamama", "el7amama")),
        ("غادي", ("ghadi", "3'adi")),
        ("شكون", ("chkoun", "shkon")),
        ("علاش", ("3lach", "3lash")),
        ("خبز", ("khobz", "5obz")),
        ("قريت", ("9rit",)),
        ("بعد", ("b3d", "ba3d")),
    ],
)
def test_both_scripts_meet(arabic, latin):
    for spelling in latin:
        got, want = consonant_skeleton(spelling), consonant_skeleton(arabic)
        assert got.replace("w", "").replace("y", "") == want.replace("w", "").replace("y", ""), spelling


def test_different_words_stay_apart():
    assert len({consonant_skeleton(word) for word in ("ميزان", "مصباح", "حصان", "سنبله", "ورده", "كتاب")}) == 6


def test_what_is_no_word_stays():
    assert skeleton_tokens("صوتو URL 🌹 NUM !") == ["swtw", "URL", "🌹", "NUM", "!"]


def test_a_word_of_vowels_is_kept_as_a_place_holder():
    assert consonant_skeleton("aa") == "_"

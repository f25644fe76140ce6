"""How readings of screenshots are compared with what was drawn."""

import pandas as pd
import pytest

pytest.importorskip("PIL", reason="tasrib[ocr] is not installed")

from training.phone_pictures import layouts
from training.screenshots_study import compared, distance, summary


@pytest.mark.parametrize(("one", "other", "far"), [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "", 3), ("صوتوا", "صوتو", 1), ("kitten", "sitting", 3)])  # fmt: skip
def test_characters_that_differ(one, other, far):
    assert distance(one, other) == distance(other, one) == far


def test_emojis_and_breaks_are_not_compared():
    assert compared("Votez 🕊️\n RNI ✅") == "Votez RNI"


def test_two_layouts_are_kept_aside_of_ten():
    aside = [name for name, section in layouts().items() if section.get("aside")]
    assert (len(layouts()), len(aside)) == (10, 2)


def test_what_is_wrong_and_sure_is_a_share_of_what_is_sure():
    rows = pd.DataFrame({
        "language": ["fr", "fr", "ar", "ar"], "length": [100] * 4, "errors": [1, 20, 4, 80], "rate": [0.01, 0.2, 0.04, 0.8], "found": [True, True, True, False],
        "sure": [95, 95, 95, 20], "same_decision": True, "same_campaign": True, "sender": True, "sender_wrong": False, "moment": True, "moment_wrong": False,
    })  # fmt: skip
    said = summary(rows, pd.DataFrame({"sent_taken": [0]}))
    assert (said["found"], said["wrong of sure"], said["CER fr"], said["CER ar, sure"]) == (
        "75.0%",
        "33.3%",
        "10.5%",
        "4.0%",
    )

import numpy as np
import pytest

from tasrib.text import VarietyClassifier


@pytest.fixture(scope="module")
def halves(corpus):
    batch = np.unique(corpus["batch"], return_inverse=True)[1]
    # Some thousands are enough to learn it from.
    return corpus[batch % 2 == 0].sample(4_000, random_state=1), corpus[batch % 2 == 1].sample(3_000, random_state=1)


@pytest.fixture(scope="module")
def fitted(halves):
    return VarietyClassifier().fit(halves[0]["text"], halves[0]["language"])


def test_varieties_of_other_hands_are_told_apart(fitted, halves):
    found = fitted.predict(halves[1]["text"])
    truth = halves[1]["language"].to_numpy()
    assert (found == truth).mean() > 0.88
    for language in np.unique(truth):
        assert (found == language)[truth == language].mean() > 0.6


@pytest.mark.parametrize("text", ["", "   ", "0661234567", "https://x.example", "!!! 🌹"])
def test_no_words_no_variety(fitted, text):
    assert fitted.predict([text]).tolist() == [""]


def test_a_message_of_two_halves_is_mixed(fitted):
    text = "Votez pour la liste de notre quartier mercredi prochain، صوتوا جميعا على لائحة مدينتكم يوم الأربعاء المقبل"
    assert fitted.predict([text]).tolist() == ["mixed"]

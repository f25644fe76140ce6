import pandas as pd
import pytest

from tasrib import load_model, score
from tasrib.classify.many import classify
from tasrib.text import messages


@pytest.fixture
def texts(corpus):
    return corpus["text"].drop_duplicates().sample(60, random_state=8).tolist()


def test_several_processes_say_the_same_to_the_last_bit(texts, monkeypatch):
    monkeypatch.setattr(messages, "BATCH", 16)
    model, done = load_model(), []
    alone = classify(texts, model)
    among = classify(texts, model, n_jobs=2, progress=lambda n, whole: done.append((n, whole)))
    pd.testing.assert_frame_equal(among, alone, check_exact=True)
    assert done == [(16, 60), (32, 60), (48, 60), (60, 60)]


def test_reasons_are_of_what_was_not_dismissed(texts):
    said = classify(texts, load_model().fast())
    dismissed = said["decision"] == "not_campaign"
    assert (said.loc[dismissed, "reasons"] == "").all()
    assert (said.loc[~dismissed, "reasons"] != "").all()


def test_nothing_to_read_is_a_table_without_rows():
    said = classify([], load_model())
    assert list(said)[:6] == ["category", "probability", "decision", "language", "reasons", "plain"]
    assert said.empty


def test_score_takes_them(texts, monkeypatch):
    monkeypatch.setattr(messages, "BATCH", 16)
    given = pd.DataFrame({"text": texts, "recipient": [f"06612345{n:02d}" for n in range(len(texts))]})
    fast = load_model().fast()
    one, two = (score(given, model=fast, keep_numbers=True, n_jobs=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_what_is_said_of_copies_is_what_is_said_of_each_alone(texts):
    model = load_model().fast()
    mixed = [f"{text} https://ex.example/{n}" for n in range(3) for text in texts[:20]] + ["", " ", *texts[20:]]
    said = classify(mixed, model)
    alone = pd.concat([classify([text], model) for text in mixed], ignore_index=True)
    pd.testing.assert_frame_equal(said, alone, check_exact=True)

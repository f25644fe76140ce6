"""Answers of the encoder that come with the model: the encoder's own, and of no message but those that it was asked."""

import json
import shutil

import numpy as np
import pytest

from tasrib._resources import resource
from tasrib.classify import Encoder, load_model, save_model
from tasrib.classify.answers import ANSWERS, store_answers, stored_answers
from tasrib.classify.tokens import write_readably
from tasrib.errors import ModelRefused
from tasrib.learning import is_calibration_batch, is_test_batch, load_shipped_corpus
from tasrib.learning.fit import _remembering

TEXTS = [
    "صوتوا على لائحة الوردة يوم 8 شتنبر https://exemple.ma/1",
    "Votre code est 4821",
    "  salam   khouya  ",
    "🚜 CODE",
    "",
]


@pytest.fixture(scope="module")
def encoder():
    return Encoder(resource("model"), threads=1)


@pytest.fixture(scope="module")
def file(encoder, tmp_path_factory):
    file = tmp_path_factory.mktemp("answers") / ANSWERS
    store_answers(encoder, TEXTS, file)
    return file


@pytest.fixture(scope="module")
def shipped_corpus():
    return load_shipped_corpus()


def test_they_are_what_the_encoder_says_of_the_messages_as_received(encoder, file):
    found = stored_answers(encoder, TEXTS, file)
    fresh = Encoder(encoder.folder, threads=1).scores(TEXTS)
    np.testing.assert_array_equal(np.array([found[write_readably(text)] for text in TEXTS]), fresh.astype(np.float32))


def test_those_that_are_shipped_are_what_the_shipped_encoder_says(encoder, shipped_corpus):
    some = shipped_corpus[shipped_corpus["test"]].sample(60, random_state=1)["text"].tolist()
    found = stored_answers(encoder, some, load_model().answers)
    kept = np.array([found[write_readably(text)] for text in some])
    # Another processor rounds otherwise, and of whole numbers one that is rounded the other way changes all that follow.
    np.testing.assert_allclose(np.exp(kept), np.exp(encoder.scores(some)), atol=0.15)
    assert (kept.argmax(axis=1) == encoder.scores(some).argmax(axis=1)).mean() > 0.95


def test_what_training_asks_of_the_shipped_corpus_is_there(encoder, shipped_corpus, monkeypatch):
    model = _remembering(load_model(), shipped_corpus)
    asked = shipped_corpus["batch"].map(lambda batch: is_test_batch(batch) or is_calibration_batch(batch))
    monkeypatch.setattr(Encoder, "_compute", lambda self, read: pytest.fail(f"asked about {read[0]!r}"))
    assert np.isfinite(model.scorer.encoder.scores(shipped_corpus.loc[asked, "text"])).all()


def test_another_corpus_or_none_is_asked_about_anew(encoder, shipped_corpus, monkeypatch):
    changed = shipped_corpus[shipped_corpus["test"]].head(3).assign(text=lambda frame: frame["text"] + " autre chose")
    assert stored_answers(encoder, changed["text"], load_model().answers) == {}
    assert stored_answers(encoder, [], load_model().answers) == {}


def test_answers_of_another_encoder_are_not_taken(encoder, file, tmp_path):
    for name in ("encoder.onnx", "tokens.json"):
        shutil.copyfile(encoder.folder / name, tmp_path / name)
    assert stored_answers(Encoder(tmp_path), TEXTS, file)
    with (tmp_path / "tokens.json").open("a") as tokens:
        tokens.write("\n")
    assert stored_answers(Encoder(tmp_path), TEXTS, file) == {}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x00" * 50])
def test_a_file_without_answers_is_refused(encoder, tmp_path, content):
    (tmp_path / ANSWERS).write_bytes(content)
    with pytest.raises(ModelRefused, match=ANSWERS):
        stored_answers(encoder, TEXTS, tmp_path / ANSWERS)


def test_answers_of_another_shape_are_refused(encoder, tmp_path):
    np.savez(tmp_path / ANSWERS, keys=np.zeros(2, np.uint64), scores=np.zeros((2, 3)), encoder=np.array("x"))
    with pytest.raises(ModelRefused, match="do not fit"):
        stored_answers(encoder, TEXTS, tmp_path / ANSWERS)


@pytest.fixture(scope="module")
def answered(file, tmp_path_factory):
    shipped = load_model()
    return save_model(shipped.classifier, shipped.variety, tmp_path_factory.mktemp("model") / "m", answers=file)


def test_they_are_part_of_the_model(answered, file):
    assert load_model(answered).answers.read_bytes() == file.read_bytes()
    assert ANSWERS in json.loads((answered / "manifest.json").read_text())["sha256"]


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_damaged_answers_are_refused(answered, tmp_path, damage):
    folder = shutil.copytree(answered, tmp_path / "m")
    if damage == "missing":
        (folder / ANSWERS).unlink()
    else:
        (folder / ANSWERS).write_bytes((folder / ANSWERS).read_bytes()[:-1] + b"x")
    with pytest.raises(ModelRefused, match=ANSWERS):
        load_model(folder)


def test_a_model_without_them_takes_their_place(answered, tmp_path):
    folder = shutil.copytree(answered, tmp_path / "m")
    model = load_model(folder)
    save_model(model.classifier, model.variety, folder)
    assert load_model(folder).answers is None
    assert not (folder / ANSWERS).exists()


def test_a_comparison_asks_for_none_that_came_with_the_model(encoder, shipped_corpus, monkeypatch):
    some = shipped_corpus[shipped_corpus["test"]].sample(30, random_state=4)["text"].tolist()
    knowing = load_model().remembering(some).scorer.encoder
    with monkeypatch.context() as patch:
        patch.setattr(Encoder, "_compute", lambda self, read: pytest.fail(f"asked about {read[0]!r}"))
        known = knowing.scores(some)
    # Another processor rounds otherwise, most of all what is all but ruled out.
    np.testing.assert_allclose(np.exp(known), np.exp(encoder.scores(some)), atol=0.15)
    # What did not come with it is asked.
    assert knowing.scores(["Kelma li ma kaynach f hta blasa"]).shape == (1, known.shape[1])

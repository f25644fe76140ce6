import json

import numpy as np
import pytest

from tasrib.classify import CampaignClassifier, load_model, save_model
from tasrib.errors import ModelRefused
from tasrib.text import VarietyClassifier


@pytest.fixture(scope="module")
def parts(corpus):
    part = corpus.sample(300, random_state=1)
    classifier = CampaignClassifier(bits=12).fit(part["text"], part["category"])
    return classifier, VarietyClassifier(bits=10).fit(part["text"].tolist(), part["language"])


@pytest.fixture
def folder(parts, tmp_path):
    return save_model(*parts, tmp_path / "model")


def test_a_stored_model_predicts_as_before(parts, folder, corpus):
    model = load_model(folder)
    texts = corpus["text"].head(100).tolist()
    np.testing.assert_allclose(model.classifier.predict_proba(texts), parts[0].predict_proba(texts))
    assert (model.variety.predict(texts) == parts[1].predict(texts)).all()
    assert model.classifier.thresholds_ == parts[0].thresholds_


def test_the_version_names_the_weights(parts, folder, tmp_path):
    assert load_model(folder).version == load_model(save_model(*parts, tmp_path / "again")).version


@pytest.mark.parametrize("name", ["settings.json", "category.npz", "language.npz"])
def test_a_changed_byte_is_refused(folder, name):
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelRefused, match=rf"{name}.*SHA-256"):
        load_model(folder)


@pytest.mark.parametrize("name", ["settings.json", "category.npz", "language.npz", "manifest.json"])
def test_a_missing_file_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelRefused, match=name):
        load_model(folder)


def test_a_pickle_with_a_matching_hash_is_not_run(folder, tmp_path):
    import hashlib

    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    np.savez(folder / "category.npz", columns=np.array([Trap()], dtype=object))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"]["category.npz"] = hashlib.sha256((folder / "category.npz").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelRefused, match="do not fit together"):
        load_model(folder)
    assert not (tmp_path / "sprung").exists()


def test_another_format_is_refused(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["format"] = 99
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelRefused, match="format 99"):
        load_model(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', "\x00"])
def test_a_foreign_manifest_is_refused(folder, content):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(ModelRefused, match="manifest"):
        load_model(folder)


def test_the_shipped_model_is_whole():
    model = load_model()
    assert set(model.classifier.classes_) >= {"political_campaign", "commercial", "scam"}
    assert len(model.version) == 12

import json

import pytest

from tasrib.classify import choose_model
from tasrib.classify.chosen import pointer_file
from tasrib.errors import ModelRefused
from tasrib.learning import promote


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TASRIB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TASRIB_MODEL", raising=False)


def test_the_shipped_one_where_nothing_is_said():
    assert choose_model().why == "shipped"
    assert choose_model().folder is None


def test_named_wins_over_environment_wins_over_promoted(small_shipped, monkeypatch):
    promote(small_shipped, force=True)
    assert choose_model().why == "promoted"
    monkeypatch.setenv("TASRIB_MODEL", str(small_shipped))
    assert choose_model().why == "TASRIB_MODEL"
    assert choose_model(small_shipped).why == "named"


def test_a_model_never_compared_is_not_promoted(small_shipped):
    with pytest.raises(ModelRefused, match=r"metrics\.json.*--force"):
        promote(small_shipped)
    assert not pointer_file().exists()


@pytest.mark.parametrize("content", ["", "[]", '{"folder": 3}', '{"folder": "/nowhere", "version": "x"}', "\x00"])
def test_a_broken_pointer_says_how_to_go_back(content):
    pointer_file().parent.mkdir(parents=True)
    pointer_file().write_text(content)
    with pytest.raises(ModelRefused, match="tasrib promote --shipped"):
        choose_model()
    promote(None)
    assert choose_model().why == "shipped"


def test_a_wrong_environment_variable_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("TASRIB_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(ModelRefused, match="TASRIB_MODEL"):
        choose_model()


def test_metrics_of_another_model_do_not_vouch_for_this_one(small_shipped, tmp_path):
    from shutil import copytree

    folder = copytree(small_shipped, tmp_path / "copy")
    (folder / "metrics.json").write_text(json.dumps({"model": "other", "shipped": "x", "worse": []}))
    with pytest.raises(ModelRefused, match="about another model"):
        promote(folder)

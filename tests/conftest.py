import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """Text and facts from outside the project, where this machine has them."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not on this machine")
    return folder


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a tasrib command in an empty folder, with a key file of its own."""
    from tasrib.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASRIB_KEY_FILE", str(tmp_path / "key"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="session")
def corpus():
    """The labelled messages, as the training reads them."""
    files = sorted((ROOT / "data" / "corpus").glob("*.jsonl"))
    return pd.DataFrame([json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()])

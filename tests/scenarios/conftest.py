import os
import subprocess
import sys
from pathlib import Path

import forked
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def small_data(small_corpus, small_shipped):
    """A folder of tasrib's data with the small model and, beside it, the small corpus and a few messages of elsewhere."""
    folder = small_shipped.parent
    (folder / "corpus").mkdir(exist_ok=True)
    small_corpus.drop(columns="test").to_json(
        folder / "corpus" / "small.jsonl", orient="records", lines=True, force_ascii=False
    )
    (folder / "world").mkdir(exist_ok=True)
    elsewhere = (ROOT / "data" / "world" / "w28.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "world" / "small.jsonl").write_text("\n".join(elsewhere[::40]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def small_data_shipped(small_data, monkeypatch):
    """As if tasrib shipped the small corpus and the small model."""
    monkeypatch.setenv("TASRIB_DATA", str(small_data))


@pytest.fixture
def process(small_data, tmp_path):
    """
    Run a tasrib command as a shell does: in a process of its own, in an empty folder, with the small model.

    A ``fresh`` one starts Python anew and takes whatever `subprocess.run` takes; any other is forked and takes streams, ``cwd`` and ``timeout``.
    With ``popen`` it is left running. Variables in ``env`` are added, those that are None taken away.
    """
    own = {
        "PYTHONPATH": str(ROOT), "TASRIB_DATA": str(small_data), "TASRIB_KEY_FILE": str(tmp_path / "key"),
        "TASRIB_HOME": str(tmp_path / "home"),
    }  # fmt: skip

    def start(*words, env=None, popen=False, fresh=False, **more):
        variables = {name: value for name, value in (os.environ | own | (env or {})).items() if value is not None}
        if not popen and "stdout" not in more:
            more |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        given = {"cwd": tmp_path, "env": variables} | more
        if fresh or os.name == "nt":
            return (subprocess.Popen if popen else subprocess.run)(
                [sys.executable, "-m", "tasrib.cli", *words], **given
            )
        return (forked.Forked if popen else forked.run)(words, **given)

    return start

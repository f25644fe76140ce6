"""A long run that was broken off goes on from where it was: nothing lost, nothing doubled, the same to the byte."""

import json
import os
import re
import signal

import pandas as pd
import pytest

from tasrib.streaming import run as streaming

CAMPAIGN = "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا، رمزنا النجمة"
# Few rows a part, and an end at the given move of a file: parts, journal, output and what lies beside it are all moved into place.
PROGRAM = """
import os, pathlib, signal
import tasrib.streaming.run as run
from tasrib.cli import main

run.SLICE = 5
left = {left}

def fatal(act):
    def acted(*given, **more):
        global left
        left -= 1
        if not left and {before}:
            os.kill(os.getpid(), signal.SIGKILL)
        done = act(*given, **more)
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return acted

pathlib.Path.replace = fatal(pathlib.Path.replace)
pathlib.Path.rmdir = fatal(pathlib.Path.rmdir)
os.link = fatal(os.link)
main({words}, "tasrib")
"""


@pytest.fixture
def source(tmp_path):
    rows = [(at % 17, f"{CAMPAIGN} {at % 6}" if at % 3 else "Votre code est 48213", f"0661{at:06d}", f"{at % 28 + 1}/9/2021") for at in range(22)]  # fmt: skip
    table = pd.DataFrame([*rows, ("x", "", "0661234567", "")], columns=["id", "message", "tel", "date"])
    table.to_csv(tmp_path / "in.csv", index=False)
    return tmp_path / "in.csv"


def score(process, left=0, *, before=True, output="out.csv"):
    words = ["score", "in.csv", "-o", output, "--fast", "--resume"]
    return process(program=PROGRAM.format(left=left, before=before, words=words))


def written(folder, output="out.csv"):
    """What a run wrote, without what names the run."""
    stem = output.partition(".")[0]
    files = [folder / output, folder / f"{stem}.quarantine.csv", folder / f"{stem}.cleaning.csv"]
    return [re.sub(rb"\d{8}T\d{6}-[0-9a-f]{6}", b"RUN", file.read_bytes()) for file in files]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(process, source, tmp_path):
    assert score(process).returncode == 1
    wanted = written(tmp_path)
    moments, left = [], 0
    while True:
        left += 1
        for file in tmp_path.glob("out.*csv"):
            file.unlink()
        ended = score(process, left, before=left % 2)
        if ended.returncode != -signal.SIGKILL:
            break
        moments.append((tmp_path / "out.csv.unfinished").is_dir())
        # What a killed run leaves is told, and goes on only if it is meant to.
        ended = score(process)
        assert ended.returncode == 1, ended.stderr
        assert written(tmp_path) == wanted
        assert sorted(path.name for path in tmp_path.iterdir() if ".unfinished" in path.name) == []
    # Journal and note, five parts, the table and three files beside it, the folder.
    assert len(moments) >= 10
    assert written(tmp_path) == wanted


def test_one_who_says_nothing_loses_nothing(run, source, tmp_path, monkeypatch, small_model_shipped):
    monkeypatch.setattr(streaming, "SLICE", 5)
    done = streaming.judged

    def broken(complaints, *others, **more):
        if (tmp_path / "out.csv.unfinished" / "part-000001.parquet").exists():
            raise KeyboardInterrupt
        return done(complaints, *others, **more)

    monkeypatch.setattr(streaming, "judged", broken)
    ended = run("score", source, "-o", "out.csv", "--resume")
    assert ended.exit_code == 130
    assert "nothing to resume" in ended.output
    assert "the same command with --resume goes on from there" in ended.output
    monkeypatch.setattr(streaming, "judged", done)
    folder = tmp_path / "out.csv.unfinished"
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir())
    refused = run("score", source, "-o", "out.csv")
    assert refused.exit_code == 2
    assert "go on with it by --resume, or remove that folder" in refused.output
    other = run("score", source, "-o", "out.csv", "--resume", "--keep-numbers")
    assert other.exit_code == 2
    assert "these are not the same: the options, the pseudonym key;" in other.output
    text = source.read_bytes()
    source.write_bytes(text + b"y;z\n")
    changed = run("score", source, "-o", "out.csv", "--resume")
    assert changed.exit_code == 2
    assert "these are not the same: the files that are scored;" in changed.output
    source.write_bytes(text)
    assert sorted((path.name, path.read_bytes()) for path in folder.iterdir()) == before
    ended = run("score", source, "-o", "out.csv", "--resume")
    assert ended.exit_code == 1
    assert "parts of it that are done: 2" in ended.output
    assert not folder.exists()
    record = json.loads((tmp_path / "out.run.json").read_text("utf-8"))
    assert record["inputs"][0]["rows"] == {"scored": 17, "quarantined": 6, "left_out": 0}


def test_what_is_in_the_way_is_left_as_it_is(run, source, tmp_path, small_model_shipped):
    (tmp_path / "out.csv.unfinished").mkdir()
    (tmp_path / "out.csv.unfinished" / "mine.txt").write_text("mine")
    for words in ([], ["--resume"]):
        refused = run("score", source, "-o", "out.csv", *words)
        assert refused.exit_code == 2
        assert "is in the way; move it, or name another output" in refused.output
    assert (tmp_path / "out.csv.unfinished" / "mine.txt").read_text() == "mine"
    assert run("score", source, "-o", "-", "--resume").exit_code == 2

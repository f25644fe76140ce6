"""The runtime of the encoder tells nobody that it runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each way to come to the runtime; the session is held for a while, since it reports in the background.
SCORE = """
import sys, time
import tasrib
if len(sys.argv) > 1:
    import multiprocessing
    from tasrib._resources import resource
    from tasrib.classify import Encoder
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as pool:
        print(pool.map(Encoder(resource("model")).scores, [["Votez pour la liste le 8 septembre"]])[0].shape)
        time.sleep(2)
else:
    from tasrib._resources import resource
    from tasrib.classify import Encoder
    print(tasrib.explain(["Votez pour la liste le 8 septembre"])[0].decision)
    # Words that leave no doubt do not come to the runtime.
    print(Encoder(resource("model")).scores(["Votez pour la liste le 8 septembre"]).shape)
    assert "onnxruntime" in sys.modules
    time.sleep(2)
"""


def scored(home, *words, before=()):
    for name in ("config", "cache", "state", "data"):
        (home / name).mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "TASRIB_", "ORT_"))}
    env |= {"HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*before, sys.executable, "-c", SCORE, *words], env=env, capture_output=True, text=True, cwd=home
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
@pytest.mark.parametrize("words", [[], ["spawn"], ["fork"]], ids=["here", "spawned", "forked"])
def test_no_file_appears_at_home(tmp_path, words):
    if words == ["fork"] and os.name == "nt":
        pytest.skip("this system does not fork")
    scored(tmp_path, *words)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not on this machine")
def test_no_name_is_looked_up(tmp_path):
    log = tmp_path / "calls"
    traced = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True)
    if traced.returncode:
        pytest.skip("strace may not trace here")
    scored(tmp_path, before=["strace", "-f", "-e", "trace=network,openat", "-o", str(log)])
    calls = log.read_text("utf-8", "replace")
    assert "/etc/passwd" in calls or "openat(" in calls
    reached = [line for line in calls.splitlines() if re.search(r"connect\(|sendto\(|sendmmsg\(|AF_INET", line)]
    assert reached == []
    assert "resolv.conf" not in calls


def test_it_is_said_before_anything_can_import_the_runtime():
    ask = "import sys, tasrib, os; assert 'onnxruntime' not in sys.modules; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    env = os.environ | {"ORT_DISABLE_TELEMETRY": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True)
    assert done.stdout == "1\n"

"""How a command ends: one clear line and the exit code that is promised, whatever happens to it."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import forked
import pytest

from tasrib.commands import case
from tasrib.commands.terminal import typed, visible

ROWS = """text,recipient,received_at
Votez pour la liste de l'espoir le 8 septembre,0661000101,2021-09-01
صوتوا على لائحة الأمل,0662000102,2021-09-02
"""
BAD = "Soldes,,2021-09-03\n"
posix = pytest.mark.skipif(os.name == "nt", reason="signals, pipes and modes of POSIX")
as_root = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def here(tmp_path):
    (tmp_path / "in.csv").write_text(ROWS + BAD, "utf-8")
    (tmp_path / "good.csv").write_text(ROWS, "utf-8")
    return tmp_path


def one_line(stream):
    text = stream.decode("utf-8")
    assert len(text.splitlines()) == 1, text
    assert text.startswith("tasrib: ")
    assert "Traceback" not in text
    return text


@pytest.fixture
def broken(run, tmp_path, monkeypatch, small_data_shipped):
    """A command that has a defect, over a citizen's message."""
    (tmp_path / "in.csv").write_text(ROWS, "utf-8")

    def fail(files, **_):
        raise KeyError(f"0661000101 in {files}")

    monkeypatch.setattr(case, "open_files", fail)
    return lambda *more: run("score", "in.csv", "-o", "out.csv", *more)


def test_a_defect_of_ours_is_one_line_and_a_log(broken, tmp_path):
    result = broken()
    assert result.exit_code == 3
    assert len(result.output.splitlines()) == 1
    assert re.match(
        r"tasrib: a defect of tasrib itself \(KeyError at .*\.py:\d+\), not of your files; the log ", result.output
    )
    (log,) = (tmp_path / "home").iterdir()
    assert str(log) in result.output
    assert "0661000101" not in result.output
    assert "Traceback" in log.read_text("utf-8")
    if os.name != "nt":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", [0, 1, 3])
def test_its_traceback_is_printed_on_demand(run, broken, place):
    words = ["score", "in.csv", "-o", "out.csv"]
    words.insert(place, "--debug")
    result = run(*words)
    assert result.exit_code == 3
    assert "Traceback" in result.output


def test_a_log_that_has_no_place_at_home_goes_elsewhere(broken, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TASRIB_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    result = broken()
    assert result.exit_code == 3
    log = Path(re.search(r"the log (\S+) says", result.output)[1])
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [(MemoryError(), 2, "the memory of this machine"), (OSError(28, "No space left on device", "x"), 2, "x: No space left"),
     (KeyboardInterrupt(), 130, "interrupted")],
)  # fmt: skip
def test_what_is_not_our_fault(run, here, monkeypatch, small_data_shipped, error, code, said):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(case, "open_files", fail)
    result = run("score", "in.csv", "-o", "out.csv")
    assert (result.exit_code, len(result.output.splitlines())) == (code, 1)
    assert said in result.output


@pytest.mark.parametrize(
    "words", [["guess"], ["score"], ["score", "in.csv"], ["score", "--no-such"], ["lookup", "1", "--country"]]
)
def test_wrong_use(run, words):
    done = run(*words)
    assert done.exit_code == 2
    assert done.output.startswith(("Usage: ", "tasrib: ", "Error: "))


@posix
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_an_interrupted_command_leaves_nothing(process, here, number, code):
    os.mkfifo(here / "slow.csv")
    (here / "out.csv").write_text("old")
    before = {path.name for path in here.iterdir()}
    started = process("score", "slow.csv", "-o", "out.csv", popen=True, stderr=subprocess.PIPE)
    # Opened once the command waits for its input.
    with open(here / "slow.csv", "wb") as pipe:  # noqa: PTH123
        pipe.write(ROWS.encode())
        pipe.flush()
        time.sleep(0.2)
        started.send_signal(number)
        _, said = started.communicate(timeout=60)
    assert started.returncode == code
    one_line(said)
    assert {path.name for path in here.iterdir()} == before
    assert (here / "out.csv").read_text() == "old"


@posix
def test_a_signal_that_is_to_be_ignored_stays_so(process, here):
    started = process(
        "score", "-", "-o", "out.csv", fresh=True, popen=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    time.sleep(2)
    started.send_signal(signal.SIGHUP)
    started.communicate(ROWS.encode(), timeout=60)
    assert started.returncode == 0


@posix
@pytest.mark.parametrize(
    "words",
    [["lookup", *["0661000101"] * 2000], ["score", "in.csv", "-o", "-"]],
    ids=["print", "table"],
)
def test_a_reader_who_has_seen_enough(process, here, words):
    read, write = os.pipe()
    os.close(read)
    done = process(*words, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert done.returncode == (1 if "score" in words else 0)
    assert b"Traceback" not in done.stderr
    assert b"Error" not in done.stderr
    if "score" in words:
        assert (here / "quarantine.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ["lookup", "0661000101"],
        ["score", "in.csv", "-o", "-"],
        ["score", "in.csv", "-o", "/dev/full"],
        ["lookup", "1", "--json"],
    ],
)
def test_a_full_disk(process, here, words):
    before = {path.name for path in here.iterdir()}
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = process(*words, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert "No space left on device" in one_line(done.stderr)
    assert {path.name for path in here.iterdir()} - {"key"} == before


@posix
def test_closed_streams(process, here):
    done = process(
        "score", "in.csv", "-o", "out.csv", fresh=True, preexec_fn=lambda: (os.close(0), os.close(1), os.close(2))
    )
    assert done.returncode == 1
    assert (here / "out.csv").read_bytes().startswith(b"\xef\xbb\xbftext,")
    done = process(
        "score", "in.csv", "-o", "-", fresh=True, stdout=None, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1)
    )
    assert done.returncode == 2
    assert "standard output is closed" in one_line(done.stderr)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", ["explain", "صوتوا على لائحة الأمل 😀"]),
        ("cp1256", ["lookup", "٠٦٦١٠٠٠١٠١"]),
        ("ascii", ["score", "in.csv", "-o", "شكايات.csv"]),
    ],
)
def test_arabic_on_a_console_of_any_code_page(process, here, encoding, words):
    env = {"PYTHONIOENCODING": encoding}
    done = process(*words, env=env)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
    shown = process("explain", "--json", "صوتوا é 😀", env=env).stdout
    import json

    assert json.loads(shown.decode(encoding))[0]["text"] == "صوتوا é 😀"


@posix
def test_words_and_names_in_a_system_without_letters(process, here):
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = process("explain", "--json", "صوتوا", env=env, fresh=True)
    assert done.returncode == 0
    assert b"\\u0635" in done.stdout
    assert process("score", "in.csv", "-o", "شكايات.csv", env=env, fresh=True).returncode == 1
    assert (here / "شكايات.csv").exists()


@posix
@pytest.mark.parametrize("name", [b"b\xff.csv", b"\x1b[2J.csv", "\u202ex.csv".encode(), b"a\nb.csv"])
def test_odd_names_of_files(process, run, here, name, small_data_shipped):
    source, output = os.fsdecode(name), "out-" + os.fsdecode(name)
    (here / source).write_text(ROWS + BAD, "utf-8")
    done = process("score", source, "-o", output)
    assert done.returncode == 1, done.stderr
    assert not set(done.stdout.decode()) & {"\x1b", "\u202e"}
    assert run("report", output, "-o", "report").exit_code == 0
    missing = process("report", "no" + source, "-o", "report")
    assert missing.returncode == 2
    assert not set(one_line(missing.stderr)) & {"\x1b", "\u202e"}


@pytest.mark.parametrize("home", ["/nonexistent", "/dev/null"])
@posix
def test_a_home_that_is_not_there(process, here, home):
    env = {"HOME": home, "TASRIB_KEY_FILE": None, "TASRIB_HOME": None, "XDG_CONFIG_HOME": None}
    done = process("score", "in.csv", "-o", "out.csv", env=env)
    assert done.returncode == 2
    assert "set TASRIB_KEY_FILE" in one_line(done.stderr)
    assert not Path("/nonexistent").exists()
    assert process("score", "in.csv", "-o", "out.csv", "--keep-numbers", env=env).returncode == 1
    assert process("lookup", "0661000101", env=env).returncode == 0


@posix
def test_no_environment_at_all(small_data, here):
    clean = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "TASRIB_DATA": str(small_data)}
    words = [sys.executable, "-m", "tasrib.cli", "score", "in.csv", "-o", "out.csv", "--keep-numbers"]
    done = subprocess.run(words, cwd=here, env=clean, capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")


@posix
def test_a_folder_that_is_gone(process, here, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave():
        os.chdir(gone)
        gone.rmdir()

    done = process("score", "in.csv", "-o", "out.csv", cwd=None, fresh=True, preexec_fn=leave)
    assert done.returncode == 2
    assert "is gone; change to another one" in one_line(done.stderr)
    gone.mkdir()
    done = process("lookup", "0661000101", cwd=None, fresh=True, preexec_fn=leave)
    assert done.returncode == 0


@pytest.mark.skipif(as_root or os.name == "nt", reason="nothing is forbidden to this user")
def test_a_folder_without_rights(process, here):
    (here / "closed").mkdir(mode=0o000)
    assert "Permission denied" in one_line(process("score", "closed/in.csv", "-o", "out.csv").stderr)
    assert "Permission denied" in one_line(process("score", "in.csv", "-o", "closed/out.csv").stderr)


@posix
def test_a_table_into_streams(process, here):
    done = process("score", "in.csv", "-o", "/dev/stdout")
    assert done.returncode == 1
    assert done.stdout.startswith(b"text,")
    assert b"in quarantine" in done.stderr
    with open(here / "redirected", "wb") as file:  # noqa: PTH123
        process("score", "in.csv", "-o", "/dev/stdout", stdout=file, stderr=subprocess.PIPE)
    assert (here / "redirected").read_bytes().splitlines()[0] == done.stdout.splitlines()[0]
    assert process("score", "in.csv", "-o", "/dev/null").returncode == 1
    assert Path("/dev/null").is_char_device()
    assert process("report", "in.csv", "-o", "/dev/null").returncode == 2
    with open(here / "in.csv", "ab") as file:  # noqa: PTH123
        done = process("score", "in.csv", "-o", "-", stdout=file, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert (here / "in.csv").read_text("utf-8") == ROWS + BAD


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[2Jb", "a\\x1b[2Jb"), ("\u202eabc\u2066", "\\u202eabc\\u2066"), ("\udcff", "\\udcff"), ("a\tb\n", "a\tb\n"),
     ("\x9b1m", "\\x9b1m"), ("\r\x07\x00", "\\r\\x07\\x00"), ("صوتوا\u200f é 😀", "صوتوا\u200f é 😀"), ("[/Azur]", "[/Azur]"),
     ("القائمة (\u206695%\u2069)", "القائمة (95%)"), ("\u2068أ \u2066b\u2069\u2069", "أ b"), ("\u2066a\nb\u2069", "\\u2066a\nb\\u2069"),
     ("\u2067abc\u2069", "\\u2067abc\\u2069"), ("\u2066\u202eabc\u2069", "\\u2066\\u202eabc\\u2069")],
)  # fmt: skip
def test_what_would_command_the_terminal_is_shown(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("argument", "read"),
    [
        ("صوتوا", "صوتوا"),
        ("صوتوا".encode().decode("ascii", "surrogateescape"), "صوتوا"),
        ("a\udcffb", "a\ufffdb"),
        ("\ud800", "?"),
    ],
)
def test_words_are_read_as_they_were_typed(argument, read):
    assert typed(argument) == read


INTERRUPTED = """
import os, signal, sys
from tasrib.cli import main
from tasrib.commands import case
def interrupt(*_, **__):
    {how}
case.open_files = interrupt
main(["score", "in.csv", "-o", "out.csv"])
"""
WAYS = {
    "in an import": "os.kill(os.getpid(), signal.{name})\n",
    "as if a module were missing": """
    try:
        os.kill(os.getpid(), signal.{name})
    except BaseException:
        raise ImportError("cannot import name 'x' from partially initialised module") from None
""",
    "where Python drops exceptions": """
    class Last:
        def __del__(self):
            os.kill(os.getpid(), signal.{name})
            sum(range(1000))
    one = Last()
    del one
    import time
    time.sleep(20)
""",
}


@posix
@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_is_a_signal_wherever_it_comes(here, how, name, code, small_data):
    program = INTERRUPTED.format(how=how.format(name=name))
    env = os.environ | {"TASRIB_DATA": str(small_data)}
    done = forked.run(program=program, cwd=here, env=env, stderr=subprocess.PIPE, timeout=90)
    assert done.returncode == code, done.stderr
    one_line(done.stderr)

"""A file is replaced whole or not at all, and what fails is said in one line."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from tasrib.errors import TasribError
from tasrib.tables.files import Outputs, make_folder, replace_file, signals_deferred
from tasrib.tables.litter import sweep, unfinished_name
from tasrib.tables.places import check_file, check_new_folder, is_stream, refuse_inputs, same_file

ROOT = Path(__file__).resolve().parents[2]
as_root = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.mark.parametrize("data", ["été سلام", "été سلام".encode(), b"\x00\xff"])
def test_a_file_is_replaced(tmp_path, data):
    (tmp_path / "a").write_text("old")
    replace_file(tmp_path / "a", data)
    assert (tmp_path / "a").read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_text_that_utf8_cannot_hold_loses_no_more_than_that(tmp_path):
    replace_file(tmp_path / "a", "a\ud800b")
    assert (tmp_path / "a").read_bytes() == b"a?b"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(TasribError, match=r"the folder .*no does not exist; create it first"):
        replace_file(tmp_path / "no" / "a", b"")


def test_what_cannot_be_replaced_stays(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(TasribError, match=r"a cannot be written: .*; is it open in another program\?"):
        replace_file(tmp_path / "a", b"")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(as_root or sys.platform == "win32", reason="nothing is forbidden to this user by its mode")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(TasribError, match="cannot be written: Permission denied"):
        replace_file(tmp_path / "a", b"")


def test_folders_are_made_with_those_above(tmp_path):
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
        assert (tmp_path / "a" / "b").is_dir()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a").write_text("kept")
    with pytest.raises(TasribError, match="a is a file, not a folder; name another folder"):
        make_folder(tmp_path / "a")
    with pytest.raises(TasribError, match=r"the folder .* cannot be made: Not a directory; name another"):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a").read_text() == "kept"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_folder_that_no_one_can_make():
    with pytest.raises(TasribError, match=r"the folder /proc/x/y cannot be made: .*; name another folder"):
        make_folder("/proc/x/y")


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def dead_process():
    """The number of a process that is no more."""
    return int(subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True).stdout)


posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and signals of POSIX")


def test_files_of_one_command_appear_together(tmp_path):
    with Outputs() as outputs:
        outputs.put(outputs.folder(tmp_path / "case") / "a", "1")
        outputs.put(tmp_path / "b", "2")
        assert not (tmp_path / "b").exists()
    assert names(tmp_path) == ["b", "case", "case/a"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_nothing_appears_and_nothing_stays_after_an_error(tmp_path, error):
    (tmp_path / "a").write_text("old")

    def write():
        with Outputs() as outputs:
            outputs.put(tmp_path / "a", "new")
            outputs.put(outputs.folder(tmp_path / "case" / "deep") / "b", "new")
            (outputs.aside(tmp_path / "model") / "c").write_text("new")
            raise error

    with pytest.raises(error):
        write()
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_second_file_that_fails_takes_the_first_back(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "c").mkdir()

    def write():
        with Outputs() as outputs:
            for name in "abc":
                outputs.put(tmp_path / name, "new")
            outputs.remove(tmp_path / "a")

    with pytest.raises(TasribError, match="c cannot be written"):
        write()
    assert names(tmp_path) == ["a", "c"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_folder_made_aside_goes_into_another_that_keeps_its_own(tmp_path):
    (tmp_path / "model").mkdir()
    for name in ("mine", "settings", "stale"):
        (tmp_path / "model" / name).write_text("old")
    with Outputs() as outputs:
        unfinished = outputs.aside(tmp_path / "model")
        (unfinished / "settings").write_text("new")
        (unfinished / "weights").write_text("new")
        outputs.remove(tmp_path / "model" / "stale")
    assert names(tmp_path) == ["model", "model/mine", "model/settings", "model/weights"]
    assert [(tmp_path / "model" / name).read_text() for name in ("mine", "settings")] == ["old", "new"]


@posix
def test_private_files_are_for_their_owner_whatever_was_there(tmp_path):
    for name, before in (("a", None), ("b", 0o644)):
        if before:
            (tmp_path / name).write_text("old")
            (tmp_path / name).chmod(before)
        replace_file(tmp_path / name, "new", private=True)
        assert mode(tmp_path / name) == 0o600


@posix
def test_other_files_keep_the_mode_of_the_one_they_replace(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    replace_file(tmp_path / "a", "new")
    assert mode(tmp_path / "a") == 0o640


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a").write_text("old")
    (tmp_path / "link").symlink_to(Path("far") / "a")
    (tmp_path / "dangling").symlink_to(Path("far") / "b")
    for name in ("link", "dangling"):
        replace_file(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / name).read_text() == "new"
    assert names(tmp_path) == ["dangling", "far", "far/a", "far/b", "link"]


def test_a_new_file_never_replaces_one_that_came_meanwhile(tmp_path):
    with Outputs() as outputs:
        written = outputs.put_new((tmp_path / f"q-{number}" for number in count(1)), b"ours")
        (tmp_path / "q-1").write_text("theirs")
    assert written.path == tmp_path / "q-2"
    assert [(tmp_path / name).read_text() for name in names(tmp_path)] == ["theirs", "ours"]


def test_a_new_file_on_a_disk_without_links(tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "q-1").write_text("theirs")
    (tmp_path / "a").write_text("old")
    with Outputs() as outputs:
        outputs.put(tmp_path / "a", "new")
        outputs.put_new((tmp_path / f"q-{number}" for number in count(1)), b"ours")
    assert [(tmp_path / name).read_text() for name in names(tmp_path)] == ["new", "theirs", "ours"]


@posix
def test_a_pipe_is_written_to_and_stays(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    replace_file(tmp_path / "pipe", "new")
    reader.join()
    assert got == [b"new"]
    assert (tmp_path / "pipe").is_fifo()
    assert names(tmp_path) == ["pipe"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_devices_are_written_to(tmp_path):
    replace_file("/dev/null", "new")
    assert is_stream("/dev/null")
    with pytest.raises(TasribError, match=r"/dev/full cannot be written: No space left on device; make room"):
        replace_file("/dev/full", "new")


@posix
def test_a_signal_waits_for_the_moves():
    reached = []

    def move():
        with signals_deferred():
            signal.raise_signal(signal.SIGINT)
            reached.append(True)

    with pytest.raises(KeyboardInterrupt):
        move()
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@posix
def test_only_the_litter_of_dead_runs_is_swept(tmp_path):
    dead = dead_process()
    ours = unfinished_name(tmp_path).name
    of_dead = ours.replace(f"-{os.getpid()}-", f"-{dead}-").replace(ours.split("-")[3], "00000000")
    of_another_machine = of_dead.replace(ours.split("-")[1], "ffffff")
    # The same process number in the next life of a container.
    recycled = ours.replace(ours.split("-")[3], "00000001")
    living = of_dead.replace(f"-{dead}-", "-1-")
    kept = [
        ours,
        living,
        of_another_machine,
        ".a.part",
        ".tasrib-notes.part",
        f".b.{dead}.part",
        "x.part",
        of_dead + ".bak",
    ]
    swept = [of_dead, recycled, f".a.{dead}.part"]
    for name in kept + swept:
        (tmp_path / name).write_text("")
    (tmp_path / of_dead.replace(".part", "0.part")).mkdir()
    (tmp_path / of_dead.replace(".part", "0.part") / "weights").write_text("")
    sweep(tmp_path, ["a"])
    assert set(names(tmp_path)) == set(kept)
    old = time.time() - 8 * 24 * 3600
    os.utime(tmp_path / of_another_machine, (old, old))
    os.utime(tmp_path / "x.part", (old, old))
    sweep(tmp_path, ["a"])
    assert set(names(tmp_path)) == set(kept) - {of_another_machine}


def test_a_name_as_long_as_a_disk_allows(tmp_path):
    name = "ش" * 125 + ".csv"
    replace_file(tmp_path / name, "new")
    assert names(tmp_path) == [name]
    with pytest.raises(TasribError, match="cannot be written: File name too long"):
        check_file(tmp_path / ("ش" * 130 + ".csv"))


@posix
def test_two_ways_to_name_one_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("x")
    Path("d").mkdir()
    os.link("a.csv", "hard.csv")
    Path("soft.csv").symlink_to("a.csv")
    Path("to_folder").symlink_to(".")
    for other in ("./a.csv", "d/../a.csv", "hard.csv", "soft.csv", "to_folder/a.csv", tmp_path / "a.csv"):
        assert same_file(other, "a.csv")
        with pytest.raises(TasribError, match=r"is an input.*and would be lost; name another"):
            refuse_inputs([other], [("an input", "a.csv")], "name another")
    for other in ("b.csv", "d/a.csv"):
        assert not same_file(other, "a.csv")
    assert same_file("new.csv", "d/../new.csv")
    assert not same_file("/dev/null", "/dev/null")


def test_a_folder_stands_for_what_is_in_it(tmp_path):
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(TasribError, match="is a file of the model"):
        refuse_inputs([tmp_path / "settings.json"], [("a file of the model", tmp_path)], "name another")


@posix
def test_what_cannot_be_written_is_said_before_any_work(tmp_path):
    (tmp_path / "kept.csv").write_text("evidence")
    (tmp_path / "kept.csv").chmod(0o444)
    (tmp_path / "closed").mkdir(mode=0o555)
    for path, said in {
        "kept.csv": "is protected from writing", "closed/a.csv": "Permission denied in the folder", ".": "is a folder; name a file in it",
        "no/a.csv": "the folder .*no does not exist",
    }.items():  # fmt: skip
        with pytest.raises(TasribError, match=said):
            check_file(tmp_path / path)
    with pytest.raises(TasribError, match="Permission denied in the folder"):
        check_new_folder(tmp_path / "closed", [])
    check_new_folder(tmp_path / "new" / "deep", [])
    assert names(tmp_path) == ["closed", "kept.csv"]


# Ends itself at the nth of the calls that change what stands in a folder.
ENDS_ITSELF = """
import os, sys, signal
from pathlib import Path
from tasrib.tables.files import Outputs
left = int(sys.argv[1])
def counted(call):
    def counting(*args, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **named)
    return counting
os.open, os.link, os.utime, os.fsync = map(counted, (os.open, os.link, os.utime, os.fsync))
Path.replace, Path.unlink = map(counted, (Path.replace, Path.unlink))
with Outputs() as outputs:
    outputs.put("quarantine", "new")
    outputs.put("table", "new")
"""


@posix
def test_killed_at_any_step_each_file_is_old_or_new_and_the_table_never_first(tmp_path):
    seen = set()
    for step in count():
        for name in ("quarantine", "table"):
            (tmp_path / name).write_text("old")
        done = subprocess.run(
            [sys.executable, "-c", ENDS_ITSELF, str(step)], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        state = tuple((tmp_path / name).read_text() for name in ("quarantine", "table"))
        seen.add(state)
        sweep(tmp_path)
        assert names(tmp_path) == ["quarantine", "table"]
        if done.returncode == 0:
            break
    assert state == ("new", "new")
    assert seen <= {("old", "old"), ("new", "old"), ("new", "new")}

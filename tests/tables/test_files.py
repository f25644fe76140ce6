"""A file is replaced whole or not at all, and what fails is said in one line."""

import os
import sys
from pathlib import Path

import pytest

from tasrib.errors import TasribError
from tasrib.tables.files import make_folder, replace_file

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

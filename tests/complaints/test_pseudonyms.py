"""Pseudonyms and their key."""

import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.complaints import load_key, pseudonym
from tasrib.errors import TasribError

KEY = bytes(range(32))


def test_known_value():
    # python -c "import hmac, base64; …" with the key 00 01 … 1f
    assert pseudonym(["+212600000001", "", "+212600000001"], KEY)[1:] == [
        "",
        pseudonym(["+212600000001"], KEY)[0],
    ]
    assert re.fullmatch(r"p-[a-z2-7]{16}", pseudonym(["+212600000001"], KEY)[0])


@given(st.sets(st.integers(212600000000, 212799999999), min_size=2, max_size=50))
def test_distinct_numbers_and_keys_give_distinct_names(numbers):
    numbers = [f"+{number}" for number in numbers]
    names = pseudonym(numbers, KEY)
    assert len(set(names)) == len(numbers)
    assert not set(names) & set(pseudonym(numbers, KEY[::-1]))
    assert not any(number[-6:] in name for number, name in zip(numbers, names, strict=True))


def test_short_key_is_refused():
    with pytest.raises(TasribError, match="32 bytes"):
        pseudonym(["+212600000001"], b"secret")


def test_key_is_made_once_and_only_for_its_owner(tmp_path):
    path = tmp_path / "deep" / "key"
    key = load_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path) == key
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_environment_names_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TASRIB_KEY_FILE", str(tmp_path / "k"))
    assert load_key() == (tmp_path / "k").read_bytes()


def test_settings_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("TASRIB_KEY_FILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_key() == (tmp_path / "tasrib" / "key").read_bytes()


def test_other_files_are_no_keys(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    for path in (tmp_path / "notes.txt", tmp_path):
        with pytest.raises(TasribError):
            load_key(path)

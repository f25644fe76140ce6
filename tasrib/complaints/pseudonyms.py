"""Names for telephone numbers that nobody without the key can turn back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from tasrib._home import make_own_folder, settings_folder
from tasrib.errors import TasribError
from tasrib.tables.litter import sweep, unfinished_name

_KEY_BYTES = 32
_LENGTH = 16  # base32 characters, 80 bits: two of a million numbers share one with a chance under 1e-12
_FINGERPRINT = 16  # hexadecimal digits, 64 bits: enough to tell the keys of a federation apart
KEY_VARIABLE = "TASRIB_KEY_FILE"
# What a pseudonym looks like: within other text, and by itself or at its end.
WITHIN = r"p-[a-z2-7]{16}"
PSEUDONYM = f"{WITHIN}$"


def pseudonym(numbers: Iterable[str], key: bytes) -> list[str]:
    """
    Replace telephone numbers by keyed pseudonyms.

    HMAC-SHA-256, in base32. Why keyed: a plain hash hides nothing. There are only 2 × 10^8 Moroccan mobile
    numbers, and any computer can hash them all, so whoever holds the hashes holds the numbers. EDPB guidelines
    01/2025 on pseudonymisation (consultation draft of 16 January 2025) ask for a MAC or encryption with
    enough secret entropy, the secret kept apart from the data. The result is still personal data.

    Parameters
    ----------
    numbers : iterable of str
        In E.164 form: two spellings of one number would get two pseudonyms. An empty one stays empty,
        lest all people without a number look like one person.
    key : bytes
        32 secret bytes, from `load_key`; one key per case keeps cases unlinkable.

    Returns
    -------
    list of str
        ``p-`` and 16 lower-case characters each.

    Raises
    ------
    TasribError
        When the key is not 32 bytes.
    """
    if len(key) != _KEY_BYTES:
        raise TasribError(f"a pseudonym key is {_KEY_BYTES} bytes, this one {len(key)}; make one with load_key")
    known = {"": ""}
    out = []
    for number in numbers:
        if (name := known.get(number)) is None:
            name = known[number] = _pseudonym(number, key)
        out.append(name)
    return out


def _pseudonym(number: str, key: bytes) -> str:
    """One number's pseudonym."""
    digest = hmac.digest(key, number.encode("utf-8"), "sha256")
    return "p-" + base64.b32encode(digest[: _LENGTH * 5 // 8]).decode("ascii").lower()


def key_fingerprint(key: bytes) -> str:
    """
    Name a key without telling it.

    Parameters
    ----------
    key : bytes
        From `load_key`.

    Returns
    -------
    str
        16 hexadecimal digits of an HMAC with the key over a fixed text: of a secret of 32 random bytes nothing can be guessed from
        them, and no telephone number has the text for its pseudonym.
    """
    return hmac.new(key, b"tasrib: fingerprint of the key", hashlib.sha256).hexdigest()[:_FINGERPRINT]


def key_place(path: Path | None = None) -> Path:
    """
    Where the pseudonym key lies, or would be made.

    Parameters
    ----------
    path : Path, optional
        As for `load_key`.

    Returns
    -------
    pathlib.Path
        The file; it may not exist.
    """
    return Path(path or os.environ.get(KEY_VARIABLE) or settings_folder() / "key")


def load_key(path: Path | None = None) -> bytes:
    """
    The pseudonym key, made on first use.

    Parameters
    ----------
    path : Path, optional
        The key's file. Default: the environment variable ``TASRIB_KEY_FILE``, else ``key`` in tasrib's
        folder among the user's settings (``~/.config/tasrib`` on Linux). Keep it apart from the data, and
        keep a copy: without it old and new pseudonyms do not match.

    Returns
    -------
    bytes
        32 bytes; a new file is readable by its owner only (mode 0600).

    Raises
    ------
    TasribError
        When the file holds something else, or cannot be read or made.
    """
    path = key_place(path)
    try:
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            _create(path)
            key = path.read_bytes()
    except OSError as error:
        raise TasribError(f"the key file {path} cannot be used: {error.strerror}; set {KEY_VARIABLE}") from error
    if len(key) != _KEY_BYTES:
        raise TasribError(f"{path} is not a tasrib key (it has {len(key)} bytes, not {_KEY_BYTES}); name another file")
    return key


def _create(path: Path) -> None:
    """A new key, complete or not there at all, also when two programs start at once."""
    make_own_folder(path.parent)
    sweep(path.parent)
    unfinished = unfinished_name(path.parent)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces the key another program made meanwhile.
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink(missing_ok=True)

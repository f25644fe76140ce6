"""The terminal: what may be shown on it, and what becomes of it when its other end is gone."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import unicodedata

# Bidi overrides and isolates turn what follows round; the marks U+200E and U+200F only order digits, and stay.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
# Figures and names in a sentence stand between these (`tasrib.tracing.caveats.isolated`); ended on their line they turn nothing around them.
_ISOLATE = re.compile("[\u2066\u2068]([^\u202a-\u202e\u2066-\u2069\n]*)\u2069")
_LINES = {0x2028, 0x2029, 0x85}


def visible(text: str) -> str:
    """
    Show what would command a terminal instead of obeying it.

    Parameters
    ----------
    text : str
        Anything, names and messages from files included.

    Returns
    -------
    str
        The text with control characters, overrides of direction and halves of characters written as ``\\x1b``, ``\\u202e``; line ends
        and tabs stay. Isolates that end where they began to are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    found = 1
    while found:
        # Most terminals do not know them, and would draw boxes.
        text, found = _ISOLATE.subn(r"\1", text)
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    code = ord(char)
    if char in "\n\t":
        return char
    if unicodedata.category(char) in ("Cc", "Cs") or code in _TURNING or code in _LINES:
        return char.encode("unicode_escape", "surrogatepass").decode("ascii")
    return char


def typed(argument: str) -> str:
    """
    Read words of the command line, not names of files, in UTF-8 whatever the system is set to.

    Parameters
    ----------
    argument : str
        As Python gives it: bytes that its system's encoding lacks are lone halves of characters.

    Returns
    -------
    str
        What was typed, and a replacement character for what is no UTF-8.
    """
    try:
        argument.encode("utf-8")
        return argument
    except UnicodeEncodeError:
        pass
    try:
        return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return argument.encode("utf-8", "replace").decode("utf-8")


def width_of_output() -> int | None:
    """
    How wide tables are drawn.

    Returns
    -------
    int or None
        None for as wide as the terminal. A table in a file must not depend on who wrote it.
    """
    return None if sys.stdout is not None and sys.stdout.isatty() else 160


def holds_all_letters() -> bool:
    """
    Tell whether standard output can hold any letter.

    Returns
    -------
    bool
        False where it is set to a code page.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("_", "-").startswith("utf")


def prepare_streams() -> None:
    """Make sure that nothing said can fail for its letters, and that no file is opened in the place of a closed stream."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # Else the first file opened would be what others take for standard output.
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def flush_output() -> None:
    """
    Send what is still held back.

    Raises
    ------
    OSError
        When the disk is full or the reader gone; what was held back is dropped, lest the interpreter complain of it too.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        drop_output()
        raise


def drop_output() -> None:
    """Let what cannot be sent go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

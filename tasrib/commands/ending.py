"""How a command ends: what each error says, in one line, and the exit code it gives."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import platform
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import click

from tasrib._home import make_own_folder, state_folder
from tasrib.commands.exit_codes import DEFECT, DONE, INTERRUPTED, WRONG_USE
from tasrib.commands.terminal import visible
from tasrib.errors import TasribError

# What the machine, not tasrib, is to blame for.
_OF_THE_MACHINE = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "ENOMEM", "EFBIG", "ENAMETOOLONG", "ESTALE")
    if hasattr(errno, name)
}  # fmt: skip


class Ended(KeyboardInterrupt):
    """
    A signal asks the program to end.

    A `KeyboardInterrupt`, so that libraries which stop their workers on that do it now too.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def ending_signals() -> Iterator[None]:
    """
    Turn the signals that end a program into an exception, so that it takes away what it left unfinished.

    Yields
    ------
    None
        Signals that are ignored, as ``nohup`` wants it, stay so. Handlers can be set in the main thread only.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended(number)


def said_of(error: BaseException, *, debug: bool) -> int:
    """
    Say in one line what ended a command.

    Parameters
    ----------
    error : BaseException
        What was raised.
    debug : bool
        Print the traceback of a defect too.

    Returns
    -------
    int
        The exit code.
    """
    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(file=shown)
        click.echo(visible(shown.getvalue()), err=True, nl=False)
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        number = error.number if isinstance(error, Ended) else signal.SIGINT
        _say("interrupted" if number == signal.SIGINT else "ended by the system")
        return INTERRUPTED if number == signal.SIGINT else 128 + number
    if isinstance(error, TasribError):
        _say(str(error))
        return WRONG_USE
    if isinstance(error, BrokenPipeError):
        # The reader of our output has seen enough.
        return DONE
    if isinstance(error, MemoryError):
        _say("the memory of this machine does not suffice; split the input into smaller files")
        return WRONG_USE
    if not _folder_is_there():
        _say("the folder that you are in is gone; change to another one and try again")
        return WRONG_USE
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        _say(f"{error.filename or 'output'}: {error.strerror}; see to the disk or to your rights there, and try again")
        return WRONG_USE
    _say_defect(error, debug)
    return DEFECT


def _say_defect(error: BaseException, debug: bool) -> None:
    report = "".join(traceback.format_exception(error))
    if debug:
        click.echo(visible(report), err=True)
    log = _write_log(report)
    # Its kind and place, never its words: these may quote a row.
    where = (
        f"the log {log} says more; please report it"
        if log
        else "run it again with --debug, and please report what it says"
    )
    _say(f"a defect of tasrib itself ({_place(error)}), not of your files; {where}")


def _place(error: BaseException) -> str:
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}tasrib{os.sep}" in frame.filename]
    at = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{at}"


def _write_log(report: str) -> Path | None:
    now = datetime.now(UTC)
    head = f"tasrib {version('tasrib')}, Python {platform.python_version()}, {platform.platform()}, {now.isoformat()}\n"
    for folder in _log_folders():
        try:
            make_own_folder(folder)
            path = folder / f"defect-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write((head + report).encode("utf-8", "backslashreplace"))
            return path
        except OSError:
            continue
    return None


def _log_folders() -> Iterator[Path]:
    with contextlib.suppress(TasribError):
        yield state_folder()
    # Where the home is missing or full; a folder that others may share is not used as it stands.
    with contextlib.suppress(OSError):
        yield Path(tempfile.mkdtemp(prefix="tasrib-"))


def _folder_is_there() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True


def _say(line: str) -> None:
    # Nobody may be there to read it, and nothing more can be done then.
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            click.echo(f"tasrib: {visible(' '.join(line.split()))}", err=True)

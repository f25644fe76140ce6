"""Files that are written: all of one command appear together or none does, and what fails is said in one line."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tasrib.errors import TasribError
from tasrib.tables.litter import sweep, unfinished_name
from tasrib.tables.places import check_folder, is_standard_output, is_stream, make_folder, remove_empty

__all__ = ["Outputs", "check_folder", "make_folder", "replace_file", "signals_deferred"]

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


@dataclass
class Written:
    """
    A file that is complete and waits aside.

    Parameters
    ----------
    path : pathlib.Path
        Its place as the user names it. Of a file that must be new the final name is known once all are in place.
    target : pathlib.Path
        What is replaced: behind a symbolic link the file that it leads to.
    unfinished : pathlib.Path
        Where the content lies until then.
    others : iterator of pathlib.Path, optional
        Names to take where `path` is taken; with them the file never replaces another.
    last : bool
        Whether it is moved after the others.
    """

    path: Path
    target: Path
    unfinished: Path
    others: Iterator[Path] | None = None
    last: bool = False
    earlier: Path | None = field(default=None, repr=False)


class Outputs:
    """
    All files of one command: written aside, then put into their places together.

    Used as a context: at its end everything is put into place, and after an error or an interruption nothing is left of it.
    A second file that cannot be put into place takes the first back. Only a process that is killed outright between two of these
    moves, some microseconds apart, can leave one without the other; the `run` in the files then tells.
    """

    def __init__(self) -> None:
        self._streams: list[tuple[str, Iterable[bytes]]] = []
        self._written: list[Written] = []
        self._removed: list[Path] = []
        self._made: list[Path] = []
        self._aside: list[tuple[Path, Path]] = []

    def __enter__(self) -> Outputs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            with signals_deferred():
                for each in self._written:
                    _forget(each)
                for unfinished, _ in self._aside:
                    shutil.rmtree(unfinished, ignore_errors=True)
                remove_empty(self._made)

    def folder(self, path: str | Path) -> Path:
        """
        Make a folder for some of the files; it goes again when none is put there.

        Raises
        ------
        TasribError
            When it cannot be made.
        """
        self._made += make_folder(path)
        return Path(path)

    def put(
        self, path: str | Path, data: bytes | str | Iterable[bytes], *, private: bool = False, last: bool = False
    ) -> Written | None:
        """
        Write a file, to replace an earlier one when all are complete.

        Parameters
        ----------
        path : str or Path
            The file; ``-``, a pipe or a device is written to at the end, and a symbolic link leads to what is replaced.
        data : bytes or str, or iterable of bytes
            The content, in parts if it is long; text is written as UTF-8, what UTF-8 cannot hold as a question mark.
        last : bool
            Move it into place after all others that are not, whenever they are written.
        private : bool
            Nobody but the owner may read it (mode 0600), also where the earlier one was open to others. Otherwise a file keeps the
            mode of the one it replaces.

        Returns
        -------
        Written or None
            What waits; None for what is written to.

        Raises
        ------
        TasribError
            When the folder is missing or the file cannot be written.
        """
        text = data.encode("utf-8", "replace") if isinstance(data, str) else data
        content = [text] if isinstance(text, bytes) else text
        if is_stream(path):
            self._streams.append((str(path), content))
            return None
        check_folder(path)
        return self._write(Path(path), Path(os.path.realpath(path)), content, private, None, last)

    def put_new(self, names: Iterable[Path], data: bytes | Iterable[bytes]) -> Written:
        """
        Write a private file under the first name that is free when all are complete; it replaces nothing.

        Parameters
        ----------
        names : iterable of pathlib.Path
            In the order in which they are tried, without end.
        data : bytes, or iterable of bytes
            The content.

        Returns
        -------
        Written
            Its ``path`` is the name it got, once the context has ended.
        """
        others = iter(names)
        first = next(others)
        check_folder(first)
        return self._write(first, first, [data] if isinstance(data, bytes) else data, True, others)

    def aside(self, folder: str | Path) -> Path:
        """
        Make a folder to write files in that all go to another one at the end.

        Parameters
        ----------
        folder : str or Path
            Where they go; made where missing. Its other files stay.

        Returns
        -------
        pathlib.Path
            An empty folder.

        Raises
        ------
        TasribError
            When it cannot be made.
        """
        folder = self.folder(folder)
        sweep(folder)
        unfinished = unfinished_name(folder)
        self._aside.append((unfinished, folder))
        try:
            unfinished.mkdir()
        except OSError as error:
            raise _unwritable(folder, error) from error
        return unfinished

    def remove(self, path: Path) -> None:
        """Take a file away once all others are in place."""
        self._removed.append(path)

    def _write(
        self, path: Path, target: Path, data: Iterable[bytes], private: bool, others: Iterator[Path] | None,
        last: bool = False,
    ) -> Written:  # fmt: skip
        sweep(target.parent, [path.name, target.name])
        written = Written(path, target, unfinished_name(target.parent), others, last)
        self._written.append(written)
        try:
            with _create(written.unfinished, 0o600 if private else 0o666) as file:
                if not private and target.is_file():
                    written.unfinished.chmod(target.stat().st_mode & 0o777)
                for part in data:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(path, error) from error
        return written

    def _commit(self) -> None:
        for name, data in self._streams:
            _pour(name, data)
        for unfinished, folder in self._aside:
            for file in sorted(unfinished.iterdir()):
                _sync(file)
                self._written.append(Written(folder / file.name, Path(os.path.realpath(folder / file.name)), file))
        self._written.sort(key=lambda each: each.last)
        # One moment for all: files of one run can be told from what was edited later.
        now = time.time()
        with signals_deferred():
            done: list[Written] = []
            try:
                for each in self._written:
                    with contextlib.suppress(OSError):
                        os.utime(each.unfinished, (now, now))
                    _into_place(each, alone=len(self._written) == 1)
                    done.append(each)
            except OSError as error:
                for before in reversed(done):
                    _take_back(before)
                raise _unwritable(each.path, error) from error
            for path in self._removed:
                with contextlib.suppress(OSError):
                    path.unlink()
        for folder in {each.target.parent for each in self._written}:
            _sync(folder)


def replace_file(path: str | Path, data: bytes | str, *, private: bool = False) -> None:
    """
    Put a complete file in the place of an earlier one.

    Parameters
    ----------
    path, data, private
        As for `Outputs.put`. An earlier file stays as it was until the new one is complete.

    Raises
    ------
    TasribError
        When the folder is missing or the file cannot be written.
    """
    with Outputs() as outputs:
        outputs.put(path, data, private=private)


@contextlib.contextmanager
def signals_deferred() -> Iterator[None]:
    """
    Keep signals that would end the program until a few moves are made.

    Yields
    ------
    None
        What came meanwhile takes effect at the end. Handlers run in the main thread only, so others need no protection.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in (getattr(signal, name) for name in names)}
    handlers = {number: handler for number, handler in handlers.items() if handler not in (signal.SIG_IGN, None)}
    came: list[int] = []
    try:
        for number in handlers:
            signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


def _create(path: Path, mode: int):  # type: ignore[no-untyped-def]
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, mode), "wb")


def _into_place(each: Written, *, alone: bool) -> None:
    if each.others is not None:
        _under_a_new_name(each)
        return
    if not alone and os.path.lexists(each.target):
        each.earlier = unfinished_name(each.target.parent)
        _keep(each.target, each.earlier)
    each.unfinished.replace(each.target)


def _under_a_new_name(each: Written) -> None:
    assert each.others is not None
    while True:
        try:
            # A link, unlike a rename, never replaces what another program put there meanwhile.
            os.link(each.unfinished, each.target)
            return
        except FileExistsError:
            each.path = each.target = next(each.others)
        except OSError:
            break
    # A disk without links: the name is taken first, then filled.
    while True:
        try:
            _create(each.target, 0o600).close()
            each.unfinished.replace(each.target)
            return
        except FileExistsError:
            each.path = each.target = next(each.others)


def _keep(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:
        shutil.copy2(file, copy)


def _take_back(each: Written) -> None:
    with contextlib.suppress(OSError):
        if each.earlier is not None:
            each.earlier.replace(each.target)
        else:
            each.target.unlink()


def _forget(each: Written) -> None:
    for path in (each.unfinished, each.earlier):
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink()


def _pour(name: str, data: Iterable[bytes]) -> None:
    """Write to what is open; a reader who has seen enough is no error."""
    try:
        if is_standard_output(name):
            if sys.stdout is None:
                raise TasribError("standard output is closed; name a file with -o")
            sys.stdout.flush()
            for part in data:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            with open(name, "wb") as stream:  # noqa: PTH123
                for part in data:
                    stream.write(part)
    except BrokenPipeError:
        pass
    except OSError as error:
        raise _unwritable("standard output" if name == "-" else name, error) from error


def _unwritable(path: str | Path, error: OSError) -> TasribError:
    if error.errno in _FULL:
        return TasribError(f"{path} cannot be written: {error.strerror}; make room on the disk and try again")
    return TasribError(f"{path} cannot be written: {error.strerror}; is it open in another program?")


def _sync(path: Path) -> None:
    """So that a power cut after this does not undo what was done to a file or in a folder."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""
tasrib commands in processes of their own that need not import everything anew.

A server imports all commands once; each command is a fork of it: a process with exit code, signals and streams, but with an interpreter
that was started before. What depends on how Python starts (its locale, closed streams, an empty environment) needs a fresh one.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection

from tasrib.cli import COMMANDS, main

if os.name != "nt":
    _SERVER = multiprocessing.get_context("forkserver")
    _SERVER.set_forkserver_preload(sorted({f"tasrib.commands.{module}" for module, _ in COMMANDS.values()}))


def _run(words, program, folder, env, streams):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    # As Python opens them when it starts.
    kind = {"encoding": env.get("PYTHONIOENCODING", "utf-8"), "closefd": False}
    sys.stdin = open(0, **kind)  # noqa: SIM115
    sys.stdout = open(1, "w", **kind)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", buffering=1, **kind)  # noqa: SIM115
    if program is None:
        main(list(words), "python -m tasrib.cli")
    else:
        exec(program, {"__name__": "__main__"})


class Forked:
    """A command that runs, with the part of `subprocess.Popen` that tests need."""

    def __init__(self, words=(), *, program=None, cwd, env, stdin=None, stdout=None, stderr=None):
        given, mine = [], []
        self._read = {}
        for name, stream in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr)):
            if stream == subprocess.PIPE and name == "stdin":
                read, write = os.pipe()
                self.stdin = os.fdopen(write, "wb")
                mine.append(read)
                given.append(read)
            elif stream == subprocess.PIPE:
                self._read[name] = tempfile.TemporaryFile()  # noqa: SIM115
                given.append(self._read[name].fileno())
            elif stream in (None, subprocess.DEVNULL):
                mine.append(os.open(os.devnull, os.O_RDWR))
                given.append(mine[-1])
            else:
                given.append(stream if isinstance(stream, int) else stream.fileno())
        streams = [Connection(os.dup(number)) for number in given]
        self._process = _SERVER.Process(target=_run, args=(words, program, str(cwd), dict(env), streams))
        self._process.start()
        for stream in streams:
            stream.close()
        for number in mine:
            os.close(number)

    def send_signal(self, number):
        # It may have ended by itself.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, number)

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("tasrib", timeout)
        return self._process.exitcode

    @property
    def returncode(self):
        return self._process.exitcode

    def communicate(self, given=None, timeout=None):
        if given is not None:
            self.stdin.write(given)
            self.stdin.close()
        self.wait(timeout)
        return tuple(self._all_of(name) for name in ("stdout", "stderr"))

    def _all_of(self, name):
        if name not in self._read:
            return None
        with self._read.pop(name) as file:
            file.seek(0)
            return file.read()


def run(words=(), *, timeout=None, **given):
    """As `subprocess.run`."""
    started = Forked(words, **given)
    out, err = started.communicate(timeout=timeout)
    return subprocess.CompletedProcess(words, started.returncode, out, err)

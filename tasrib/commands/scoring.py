"""What `tasrib score` does between its options and its last words: rows judged and kept, a broken run gone on with, files written."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pandas as pd

from tasrib.case.intake import Scoring
from tasrib.case.surroundings import now
from tasrib.classify import Model
from tasrib.classify.batch import Expected
from tasrib.classify.chosen import ChosenModel
from tasrib.commands.common import row_progress, say, write_with_companions
from tasrib.complaints.account import Account
from tasrib.complaints.cleaning import cleaning_table
from tasrib.complaints.companions import CLEANING, QUARANTINE, begun_run
from tasrib.complaints.exports.names import Names
from tasrib.complaints.moments import latest_moment
from tasrib.complaints.opening import ChangedMeanwhile, Opened
from tasrib.complaints.pseudonyms import key_fingerprint
from tasrib.streaming.cluster import workers_of
from tasrib.streaming.parts import InFolder, InMemory, Parts
from tasrib.streaming.run import Finish, Pool, judge_all, processes, slice_size
from tasrib.streaming.work import WorkFolder
from tasrib.tables.places import Named, is_stream

# Bytes of all inputs that are scored in memory; more are kept on the disk meanwhile.
_IN_MEMORY = 16_000_000
# Processes that the workers of a cluster are taken for where rows are cut into parts; how many they are may change meanwhile.
_WIDTH = 8
# Options that are of persons; that one was stated is all that a record says of it. The sender is the campaign's.
_OF_PERSONS, _AS_STATED, _STATED = ("recipient", "other_numbers", "complainant"), ("sender",), "stated"


@dataclass(frozen=True)
class Outcome:
    """
    What became of a run.

    Attributes
    ----------
    account : Account
        The rows.
    decisions : mapping of str to int
        Complaints of each decision.
    n_rejected : int
        Rows in quarantine.
    beside : mapping of str to pathlib.Path
        The files beside the output.
    expected : Expected or None
        What is to be expected of the decisions.
    """

    account: Account
    decisions: Mapping[str, int]
    n_rejected: int
    beside: Mapping[str, Path]
    expected: Expected | None


@dataclass(frozen=True)
class ScoreRun:
    """
    A run of `tasrib score`.

    Parameters
    ----------
    output : str
        The file to be written.
    chosen : ChosenModel
        How the model was chosen.
    model : Model
        It, or its copy without encoder.
    load_key : callable
        Gives the key of the pseudonyms; None where numbers are kept. Called once the files could be opened: it may make a key.
    settings : mapping
        The options that the result depends on.
    jobs : int
        Processes.
    dask : str
        Address of a Dask scheduler, whose workers judge; empty for this machine.
    inputs : sequence of tuple
        What is read.
    """

    output: str
    chosen: ChosenModel
    model: Model
    load_key: Callable[[], bytes | None]
    settings: Mapping[str, Any]
    jobs: int
    dask: str
    inputs: Sequence[Named]

    def work(self, resume: bool) -> WorkFolder | None:
        """
        See to what an earlier run left.

        Parameters
        ----------
        resume : bool
            Whether to go on with it.

        Returns
        -------
        WorkFolder or None
            The folder of a run that can be gone on with; None of a stream.

        Raises
        ------
        TasribError
            When something was left and nobody said what to do with it.
        """
        if is_stream(self.output):
            if resume:
                raise click.UsageError("--resume needs a file to write, which it can find again; name one with -o")
            return None
        folder = WorkFolder(self.output)
        if not resume:
            folder.refuse_leftovers()
        return folder

    def of_files(self, open_files: Callable[[dt.datetime], Opened], resume: bool) -> tuple[Opened, Outcome]:
        """
        Score files and write what comes of it.

        Parameters
        ----------
        open_files : callable
            Called with the moment after which nothing can be dated; opens the files.
        resume : bool
            Go on with a run that was broken off, where there is one.

        Returns
        -------
        tuple of Opened and Outcome
            The files, and what became of them.
        """
        folder = self.work(resume)
        journal: dict[str, Any] = {"latest": latest_moment().isoformat(), "started_at": now(), "run": begun_run()}
        is_there = resume and folder is not None and folder.is_there()
        if is_there and folder is not None:
            folder.refuse_another()
            journal = folder.journal()
        elif resume:
            say("nothing to resume: no run of this output was broken off; it begins anew", err=True)
        opened = open_files(dt.datetime.fromisoformat(journal["latest"]))
        key = self.load_key()
        journal = {
            "slice": slice_size(opened, _WIDTH if self.dask else self.jobs),
            **self._wanted(opened, key),
            **_kept_of(journal),
        }
        with ExitStack() as stack:
            parts: Parts = InMemory()
            if folder is not None and is_there:
                folder.check_same(journal)
                parts = folder.parts
                say(f"going on with the run that was broken off; parts of it that are done: {len(parts)}", err=True)
            elif resume or sum(file.size for file in opened.files) > _IN_MEMORY:
                if folder is None:
                    # Beside a stream there is no place that could be found again.
                    parts = InFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasrib-"))))
                else:
                    folder.begin(journal)
                    parts = folder.parts
            if isinstance(parts, InFolder) and folder is not None:
                stack.enter_context(folder.alone())
                stack.enter_context(_kept(folder))
            outcome = self._scored(opened, parts, key, journal)
            if isinstance(parts, InFolder) and folder is not None:
                # Before another run is let in.
                folder.remove()
        return opened, outcome

    def _pool(self, country: str) -> AbstractContextManager[Pool] | None:
        if self.dask:
            return workers_of(self.dask, self.model, country)
        return processes(self.jobs, self.model, country) if self.jobs > 1 else None

    def _wanted(self, opened: Opened, key: bytes | None) -> dict[str, Any]:
        """All that the result depends on."""
        return {
            "made_by": f"tasrib {version('tasrib')}",
            "inputs": [[file.name, file.size, file.sha256] for file in opened.files],
            "settings": self.settings,
            "model": self.model.version,
            "key_fingerprint": None if key is None else key_fingerprint(key),
        }

    def _scored(self, opened: Opened, parts: Parts, key: bytes | None, journal: Mapping[str, Any]) -> Outcome:
        country = self.settings["country"]
        with row_progress("reading messages") as progress:
            account = judge_all(
                opened, parts, self.model, country, pool=self._pool(country), size=journal["slice"], progress=progress
            )
        finish = Finish(opened, parts, account, country, self.model, self.settings["precision"])
        decisions: Counter[str] = Counter()

        def counted() -> Iterator[pd.DataFrame]:
            for frame in finish.scored(key):
                decisions.update(frame["decision"])
                yield frame

        frames = counted()
        n_rejected = sum(file.n_quarantined for file in account.files)
        scoring = Scoring(
            account.files, opened.zone, self.chosen, key, _without_persons(self.settings), journal["started_at"]
        )
        beside = write_with_companions(
            frames,
            self.output,
            {QUARANTINE: finish.rejected(), CLEANING: cleaning_table(account.done)},
            self.inputs,
            partial(scoring.record, Path(self.output).name),
            n_quarantined=n_rejected,
            run=journal["run"],
        )
        # Whoever reads the output may have seen enough; all were judged, and all are counted.
        for _ in frames:
            pass
        return Outcome(account, decisions, n_rejected, beside, finish.expected)


@contextmanager
def _kept(folder: WorkFolder) -> Iterator[None]:
    """Say what is left of a run that is broken off; nothing is where nothing was done."""
    try:
        yield
    except ChangedMeanwhile:
        folder.remove()
        raise
    except BaseException:
        if len(folder.parts):
            say(f"what was done is kept in {folder.path}; the same command with --resume goes on from there", err=True)
        else:
            folder.remove()
        raise


def _without_persons(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Options as they may be handed on, with pseudonyms beside them: whose phone it was must not stand there in clear."""
    names = Names(settings["country"], [settings["recipient"] or "", settings["set"].get("recipient", "")])
    values = {
        name: _STATED if name in _OF_PERSONS else value if name in _AS_STATED else names.of(value)
        for name, value in settings["set"].items()
    }
    hidden = {name: _STATED if settings[name] else settings[name] for name in ("recipient", "owner")}
    columns = {names.of(column): field for column, field in settings["map"].items()}
    return {
        **settings,
        **hidden,
        "set": values,
        "map": columns,
        "sheet": settings["sheet"] and names.of(settings["sheet"]),
    }


def _kept_of(journal: Mapping[str, Any]) -> dict[str, Any]:
    """What a run begins with and keeps to its end, however often it is broken off."""
    return {name: journal[name] for name in ("slice", "latest", "started_at", "run") if name in journal}

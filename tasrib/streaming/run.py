"""From opened files to scored complaints, some rows at a time: each judged and kept, then all of them named, numbered and handed on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Protocol

import pandas as pd

from tasrib.classify import Model
from tasrib.classify.batch import Expected
from tasrib.classify.many import begin_process, own_model
from tasrib.complaints.account import Account
from tasrib.complaints.apart import settle_ids
from tasrib.complaints.checking import Checked, with_types
from tasrib.complaints.opening import SLICE, Opened
from tasrib.complaints.read import id_notes
from tasrib.errors import TasribError
from tasrib.numbering.mended import notes_of_numbers
from tasrib.pipeline.parts import Facts, columns_of, finished, judged
from tasrib.streaming.parts import Part, Parts, all_parts
from tasrib.tables.raw import RawTable

# So few rows are not worth another process.
_FEWEST = 1_000
_OF_ROW = ("source_file", "source_sheet", "source_row")
_RECALLED = ("complaint_id", "text", "recipient", "received_at", "channel", "sender", "source_row")


class Pool(Protocol):
    """Judges complaints elsewhere, in the order that they are given."""

    width: int
    """Parts to give out before the first is waited for."""

    def submit(self, complaints: pd.DataFrame) -> Future:
        """Judge some, in time."""


@contextmanager
def processes(n_jobs: int, model: Model, country: str) -> Iterator[Pool]:
    """
    Judge in several processes of this machine.

    Parameters
    ----------
    n_jobs : int
        How many.
    model, country
        As for `tasrib.score`.

    Yields
    ------
    Pool
        Until the end of the block.
    """
    from joblib.externals.loky import ProcessPoolExecutor

    # The model goes to each process once, not with every part.
    with ProcessPoolExecutor(n_jobs, initializer=begin_process, initargs=(model,)) as executor:
        yield _Processes(executor, n_jobs, country)


class _Processes:
    def __init__(self, executor: Executor, n_jobs: int, country: str) -> None:
        # One more than there are processes, so that none waits for the next rows to be read.
        self._executor, self.width, self._country = executor, n_jobs + 1, country

    def submit(self, complaints: pd.DataFrame) -> Future:
        return self._executor.submit(_judge, complaints, self._country)


def slice_size(opened: Opened, n_jobs: int) -> int:
    """
    Choose how many rows to read at a time.

    Parameters
    ----------
    opened : Opened
        The files.
    n_jobs : int
        Processes.

    Returns
    -------
    int
        So few that each process has several, or as many as memory easily holds.
    """
    n_rows = sum(table.n_rows for table in opened.tables)
    return SLICE if n_jobs == 1 else min(SLICE, max(_FEWEST, n_rows // (4 * n_jobs)))


def judge_all(
    opened: Opened, parts: Parts, model: Model, country: str, *, pool: AbstractContextManager[Pool] | None = None,
    size: int = SLICE, progress: Callable[[int, int], None] | None = None,
) -> Account:  # fmt: skip
    """
    Check and judge all rows.

    Parameters
    ----------
    opened : Opened
        The files.
    parts : Parts
        Where what is done is kept. What is there already is not done again.
    model, country
        As for `tasrib.score`.
    pool : context manager of Pool, optional
        Who judges: `processes`, or the workers of a cluster; this process where there is none. The result is the same.
    size : int
        Rows that are read at a time: the same as when `parts` were begun.
    progress : callable, optional
        Called with the number of rows done and their total.

    Returns
    -------
    Account
        What became of the rows.
    """
    checker, account = opened.checker(), opened.account()
    total, done, number = sum(table.n_rows for table in opened.tables), 0, 0

    def tell(n_rows: int) -> None:
        nonlocal done
        done += n_rows
        if progress is not None:
            progress(done, total)

    with _Judges(model, country, pool, parts, tell) as judges:
        for place, table in enumerate(opened.tables):
            for rows in table.slices(size):
                known = parts.get(number, _RECALLED)
                if known is None:
                    checked = checker.check(place, rows)
                    n_scored, n_rejected, notes = len(checked.complaints), len(checked.rejected), checked.notes
                    judges.take(number, place, rows, checked)
                else:
                    if known.table != place or known.span != span_of(rows):
                        raise TasribError("the files are read otherwise than when the run began; begin anew")
                    checker.recall(place, known.judged, known.passed)
                    n_scored, n_rejected, notes = len(known.judged), len(known.rejected), list(known.notes)
                    tell(known.span[0])
                account.add(place, n_scored, n_rejected, notes)
                number += 1
            account.note(table.notes)
    return account


def span_of(rows: RawTable) -> tuple[int, int, int]:
    """
    Tell rows from others of their table.

    Parameters
    ----------
    rows : RawTable
        Some rows.

    Returns
    -------
    tuple of int
        How many they are, and the first and last number among them.
    """
    numbers = [*rows.row_numbers, *(bad.row for bad in rows.bad)]
    return len(numbers), min(numbers, default=0), max(numbers, default=0)


class _Judges:
    """Judges complaints, here or elsewhere, and keeps them in their order."""

    def __init__(
        self, model: Model, country: str, pool: AbstractContextManager[Pool] | None, parts: Parts, tell: Callable[[int], None]
    ) -> None:  # fmt: skip
        self._model, self._country, self._parts, self._tell = model, country, parts, tell
        self._waiting: deque[tuple[int, Part, Future]] = deque()
        self._stack = ExitStack()
        self._from = pool
        self._pool: Pool | None = None

    def __enter__(self) -> _Judges:
        if self._from is not None:
            self._pool = self._stack.enter_context(self._from)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if error is None:
                while self._waiting:
                    self._keep()
        finally:
            for _, _, future in self._waiting:
                future.cancel()
            self._stack.__exit__(kind, error, where)

    def take(self, number: int, place: int, rows: RawTable, checked: Checked) -> None:
        """Take the next rows."""
        complaints = with_types(checked.complaints)
        part = Part(place, span_of(rows), complaints, checked.quarantine(), tuple(checked.notes), tuple(checked.passed))
        if self._pool is None:
            self._put(number, part, judged(complaints, self._model, self._country))
            return
        self._waiting.append((number, part, self._pool.submit(complaints)))
        while len(self._waiting) > self._pool.width:
            self._keep()

    def _keep(self) -> None:
        number, part, future = self._waiting.popleft()
        try:
            found = future.result()
        except Exception as error:
            if not isinstance(error, BrokenExecutor) and type(error).__name__ != "KilledWorker":
                raise
            raise TasribError(
                "a process that judged rows was ended from outside, perhaps for lack of memory; score with fewer --jobs"
            ) from error
        self._put(number, part, found)

    def _put(self, number: int, part: Part, found: pd.DataFrame) -> None:
        self._parts.put(number, replace(part, judged=found))
        self._tell(part.span[0])


def _judge(complaints: pd.DataFrame, country: str) -> pd.DataFrame:
    return judged(complaints, own_model(), country)


class Finish:
    """
    Says of all complaints what rests on all of them.

    Parameters
    ----------
    opened : Opened
        The files.
    parts : Parts
        All that was judged.
    account : Account
        Takes what is said of numbers and ids.
    country : str
        ISO 3166 code of the home country.
    model : Model
        That judged it.
    precision : float, optional
        As for `tasrib.score`.
    """

    def __init__(
        self, opened: Opened, parts: Parts, account: Account, country: str, model: Model, precision: float | None = None
    ) -> None:
        self._parts = parts
        with _told():
            self._facts = Facts(country, model, precision, parts.scratch)
        for part in all_parts(parts, ("text", "probability", "strange")):
            self._facts.meet(part.judged)
        # Which parts are of which table.
        of: dict[int, list[int]] = {place: [] for place in range(len(opened.tables))}
        for number, part in enumerate(all_parts(parts)):
            with _told():
                self._facts.add(part.judged)
            of[part.table].append(number)

        def complaints(place: int) -> Iterator[pd.DataFrame]:
            for number in of[place]:
                part = parts.get(number, ("complaint_id", "source_row"))
                if part is not None:
                    yield part.judged

        self._names = settle_ids([table.stem for table in opened.tables], complaints)
        for place, (table, names) in enumerate(zip(opened.tables, self._names, strict=True)):
            account.note(id_notes(table, names, complaints(place)))
        for part in all_parts(parts, ("recipient", "e164", "number_status", "note", *_OF_ROW)):
            found = part.judged
            numbers = found[["number_status", "e164", "note"]]
            account.note(
                notes_of_numbers(self._facts.numbers.marked(numbers, found["recipient"], columns_of(found)), found)
            )
        # Now, so that what they need is given up before anything is written.
        with _told():
            _ = self._facts.campaigns

    @property
    def expected(self) -> Expected | None:
        """What is to be expected of the decisions."""
        return self._facts.expected

    def scored(self, secret: bytes | None) -> Iterator[pd.DataFrame]:
        """
        Give scored complaints.

        Parameters
        ----------
        secret : bytes or None
            The key of the pseudonyms; numbers are kept where there is none.

        Yields
        ------
        pandas.DataFrame
            By the contract of `tasrib.scored`, those of one part after those of another.
        """
        self._facts.begin()
        for part in all_parts(self._parts):
            ids = self._names[part.table].of(part.judged)
            yield finished(part.judged.assign(complaint_id=ids), self._facts, secret)

    def rejected(self) -> Iterator[pd.DataFrame]:
        """Give what is in quarantine, part by part."""
        return (part.rejected for part in all_parts(self._parts, ("complaint_id",)))


@contextmanager
def _told() -> Iterator[None]:
    """Say what to do where there is no room for what naming campaigns needs."""
    try:
        yield
    except OSError as error:
        raise TasribError(
            f"what is needed to name campaigns cannot be written: {error.strerror}; make room on the disk and run tasrib score again"
        ) from error

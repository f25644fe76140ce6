"""What stands beside scored files: their quarantines and cleaning reports, each held to the run that wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasrib.complaints.cleaning import read_cleaning
from tasrib.complaints.companions import (
    CLEANING,
    QUARANTINE,
    RUN,
    companion_names,
    find_companion,
    other_run,
    quarantined_in,
    runs_in,
    runs_of,
)
from tasrib.complaints.quarantine import read_rejected
from tasrib.errors import TasribError, UnreadableInput


@dataclass(frozen=True)
class Beside:
    """
    What belongs to scored files.

    Parameters
    ----------
    rejected, cleaning : DataFrame or None
        Of all files; None where there is none.
    notes : tuple of str
        What the user should know of them.
    files : tuple of (str, Path)
        The files that this was read from, and what each is.
    """

    rejected: pd.DataFrame | None
    cleaning: pd.DataFrame | None
    notes: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]


def read_beside(files: Sequence[str], tables: Sequence[pd.DataFrame | None], stated: Sequence[Path]) -> Beside:
    """
    Read quarantines and cleaning reports of scored files.

    Parameters
    ----------
    files : sequence of str
        The scored files.
    tables : sequence of DataFrame or None
        What they hold; None for one without rows.
    stated : sequence of pathlib.Path
        Quarantines that the user named; without them those beside the files.

    Returns
    -------
    Beside
        What was found.

    Raises
    ------
    TasribError
        When a quarantine is of another run than its scored file.
    """
    runs = [
        # No row names the run then, and all that it read is in the quarantine.
        runs_of(next(companion_names(file, QUARANTINE))) if table is None else runs_in(table[RUN])
        for file, table in zip(files, tables, strict=True)
    ]
    of_all = frozenset().union(*runs)
    rejected: dict[Path, pd.DataFrame] = {}
    notes: list[str] = []
    for path in stated:
        its = runs_of(path)
        if its and of_all and not its <= of_all:
            raise TasribError(other_run(path, its, ", ".join(files), of_all))
        rejected[path] = read_rejected(path)
    if not stated:
        for file, mine in zip(files, runs, strict=True):
            found, note = _own_quarantine(file, mine)
            rejected |= found
            notes += note
    seen = frozenset().union(*(runs_in(frame[RUN]) for frame in rejected.values() if RUN in frame.columns))
    if not any(RUN not in frame.columns for frame in rejected.values()):
        notes += [note for file, mine in zip(files, runs, strict=True) for note in _missing(file, mine - seen)]
    reports = [_own_cleaning(file, mine) for file, mine in zip(files, runs, strict=True)]
    cleaning = {path: read_cleaning(path) for path in reports if path is not None}
    read = [*((QUARANTINE, path) for path in rejected), *((CLEANING, path) for path in cleaning)]
    return Beside(_together(rejected.values()), _together(cleaning.values()), tuple(notes), tuple(read))


def read_again(quarantines: Iterable[Path], reports: Iterable[Path]) -> Beside:
    """
    Read quarantines and cleaning reports that are known to belong to the scored files at hand.

    Parameters
    ----------
    quarantines, reports : iterable of pathlib.Path
        The files, under whatever names.

    Returns
    -------
    Beside
        What they hold.
    """
    return Beside(_together(map(read_rejected, quarantines)), _together(map(read_cleaning, reports)), (), ())


def _own_quarantine(file: str, runs: frozenset[str]) -> tuple[dict[Path, pd.DataFrame], list[str]]:
    path = find_companion(file, runs, QUARANTINE)
    if path is None:
        return {}, []
    try:
        return {path: read_rejected(path)}, []
    except UnreadableInput:
        if runs:
            raise
        # Bearing the name is no proof.
        return {}, [f"{path} is no quarantine and was not read"]


def _own_cleaning(file: str, runs: frozenset[str]) -> Path | None:
    try:
        return find_companion(file, runs, CLEANING) if runs else None
    except TasribError:
        # Rows are counted by the quarantine alone: a cleaning report of another run is only not shown.
        return None


def _missing(file: str, runs: frozenset[str]) -> list[str]:
    lacking = sum(quarantined_in(run) or 0 for run in runs)
    if not lacking:
        return []
    return [
        f"{file}: its run put {lacking} row{'s' if lacking > 1 else ''} in quarantine, and that file is not there "
        f"({next(companion_names(file, QUARANTINE))}); the report does not count them; name it with --rejected"
    ]


def _together(frames: Iterable[pd.DataFrame]) -> pd.DataFrame | None:
    read = list(frames)
    return pd.concat(read, ignore_index=True) if read else None

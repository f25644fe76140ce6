"""
Files beside a table that was written: its quarantine, its cleaning report, the record of its run. Which belong to it is told by the run that wrote them.

What stands under such a name may be anybody's file. Only one that the very run of the table wrote, and nobody edited since, is ever
replaced or removed, and only together with the table.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tasrib.errors import TasribError
from tasrib.tables.places import is_stream, same_file

# The record says what a table was made from, and by what.
QUARANTINE, CLEANING, RECORD = "quarantine", "cleaning", "run"
KINDS = (QUARANTINE, CLEANING, RECORD)
RUN = "run"
_RUN = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}-(\d+)")
# Seconds: all files of a run get one time stamp, which some disks round to two.
_SAME_MOMENT = 2.1
_LONGEST_NAME = 255  # bytes, on all common disks
_RECORD_SUFFIX = ".json"
_MOST_RECORD = 10_000_000  # bytes: of thousands of files


def begun_run() -> str:
    """
    Begin to name a run.

    Returns
    -------
    str
        Such as ``20261129T101500-3f0a91``.
    """
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def new_run(n_quarantined: int, begun: str | None = None) -> str:
    """
    Name a run.

    Parameters
    ----------
    n_quarantined : int
        Rows in its quarantine, so that whoever has the table knows whether there is one.
    begun : str, optional
        From `begun_run`, where the run began before.

    Returns
    -------
    str
        Such as ``20261129T101500-3f0a91-12``.
    """
    return f"{begun or begun_run()}-{n_quarantined}"


def quarantined_in(run: str) -> int | None:
    """
    Tell how many rows a run put in quarantine.

    Parameters
    ----------
    run : str
        From `new_run`.

    Returns
    -------
    int or None
        None where the name is of another kind.
    """
    found = _RUN.fullmatch(run)
    return int(found[1]) if found else None


def runs_of(path: str | Path) -> frozenset[str]:
    """
    Read which runs wrote the rows of a file.

    Parameters
    ----------
    path : str or Path
        Any file.

    Returns
    -------
    frozenset of str
        Empty for what is no table, or none of a tasrib that names its runs.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return frozenset()
        if Path(path).suffix == _RECORD_SUFFIX:
            return runs_in([_run_of_record(Path(path))])
        # Where nothing is read of a companion, nothing that reads tables is waited for.
        from tasrib.tables.named import distinct_values

        return runs_in(distinct_values(path, RUN))
    except (TasribError, OSError):
        return frozenset()


def _run_of_record(path: Path) -> object:
    with path.open("rb") as file:
        try:
            record = json.loads(file.read(_MOST_RECORD))
        except (ValueError, RecursionError):
            return None
    return record.get(RUN) if isinstance(record, dict) else None


def runs_in(values: Iterable[object]) -> frozenset[str]:
    """
    Gather the names of runs.

    Parameters
    ----------
    values : iterable
        A column ``run``.

    Returns
    -------
    frozenset of str
        Without what is missing or empty.
    """
    return frozenset(value for value in set(values) if isinstance(value, str) and value)


def companion_names(output: str | Path, kind: str) -> Iterator[Path]:
    """
    Name the companion of an output, and what it is called where that is taken.

    Parameters
    ----------
    output : str or Path
        As the user names it.
    kind : str
        ``quarantine``, ``cleaning`` or ``run``.

    Yields
    ------
    pathlib.Path
        ``case.quarantine.csv``, ``case.quarantine-2.csv`` and so on, ``case.run.json`` of a record; of what is no file ``quarantine.csv``
        in the current folder.
    """
    folder, stem = (Path(), "") if is_stream(output) else (Path(output).parent, Path(output).stem + ".")
    for number in count(1):
        end = f"{kind}{'' if number == 1 else f'-{number}'}{_suffix_of(kind)}"
        yield folder / f"{_cut(stem, _LONGEST_NAME - len(end))}{end}"


@dataclass(frozen=True)
class Place:
    """
    Where a companion goes.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    replaces : bool
        Whether it is that of the output's earlier run; else the name is free.
    earlier : tuple of pathlib.Path
        Companions of the output's earlier run that go when the output is replaced.
    passed : pathlib.Path or None
        The usual name, where somebody's file has it.
    """

    path: Path
    replaces: bool
    earlier: tuple[Path, ...]
    passed: Path | None


def place_of(output: str | Path, kind: str, inputs: Collection[str | Path] = ()) -> Place:
    """
    Choose where a companion of an output goes.

    Parameters
    ----------
    output : str or Path
        The file about to be written.
    kind : str
        ``quarantine``, ``cleaning`` or ``run``.
    inputs : collection of str or Path
        What this run read: left alone whatever it is.

    Returns
    -------
    Place
        Where, and what goes.
    """
    names = list(_taken(output, kind))
    there = [path for path in names if os.path.lexists(path)]
    mine = set(_of_earlier_run(output, there, inputs))
    path = next(each for each in companion_names(output, kind) if each in mine or not os.path.lexists(each))
    first = next(companion_names(output, kind))
    return Place(path, path in mine, tuple(sorted(mine - {path})), first if path != first else None)


def find_companion(table: str | Path, runs: Collection[str], kind: str) -> Path | None:
    """
    Find the companion that a run wrote beside its table.

    Parameters
    ----------
    table : str or Path
        A scored file.
    runs : collection of str
        The runs of its rows; of an older tasrib none.
    kind : str
        ``quarantine``, ``cleaning`` or ``run``.

    Returns
    -------
    pathlib.Path or None
        The file, under its usual name or a numbered one. For a table without a run the one with the usual name, if that has none
        either.

    Raises
    ------
    TasribError
        When the only one there is of another run.
    """
    usual = next(companion_names(table, kind))
    others: frozenset[str] = frozenset()
    for path in (path for path in _taken(table, kind) if path.is_file()):
        found = runs_of(path)
        if (found and found <= set(runs)) or (not found and not runs and path == usual):
            return path
        if path == usual:
            others = found
    if others:
        raise TasribError(other_run(usual, others, table, runs))
    return None


def other_run(companion: str | Path, its: Collection[str], table: str | Path, runs: Collection[str]) -> str:
    """
    Say that two files are of two runs.

    Parameters
    ----------
    companion, table : str or Path
        The files.
    its, runs : collection of str
        The runs of each.

    Returns
    -------
    str
        What is wrong and what to do.
    """
    return (
        f"{companion} is of another run ({_listed(its)}) than {table} ({_listed(runs) or 'no run named'}); name the one written with "
        "it by --rejected, or move this one to another folder, or score again"
    )


def _listed(runs: Collection[str]) -> str:
    shown = sorted(runs)[:3]
    return ", ".join(shown) + (" …" if len(runs) > 3 else "")


def _suffix_of(kind: str) -> str:
    return _RECORD_SUFFIX if kind == RECORD else ".csv"


def _taken(output: str | Path, kind: str) -> Iterator[Path]:
    """The usual name, and the numbered ones that exist."""
    usual = next(companion_names(output, kind))
    yield usual
    suffix = _suffix_of(kind)
    stem = usual.name.removesuffix(suffix)
    pattern = re.compile(re.escape(stem) + r"-([0-9]{1,6})" + re.escape(suffix))
    try:
        found = [(int(match[1]), path) for path in usual.parent.iterdir() if (match := pattern.fullmatch(path.name))]
    except OSError:
        return
    yield from (path for _, path in sorted(found))


def _of_earlier_run(output: str | Path, there: list[Path], inputs: Collection[str | Path]) -> Iterator[Path]:
    if not there or is_stream(output) or not Path(output).is_file():
        return
    runs = runs_of(output)
    if len(runs) != 1:
        return
    written = Path(output).stat().st_mtime
    for path in there:
        if path.is_symlink() or any(same_file(path, each) for each in inputs):
            continue
        # Edited since, it holds somebody's work.
        if runs_of(path) == runs and abs(path.stat().st_mtime - written) <= _SAME_MOMENT:
            yield path


def _cut(stem: str, most: int) -> str:
    while len(os.fsencode(stem)) > most:
        stem = stem[:-2] + "."
    return stem

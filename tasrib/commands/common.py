"""What the commands share: options, what is printed, progress, and a table with what belongs beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from tasrib.classify.chosen import pointer_file
from tasrib.commands.exit_codes import DONE, DONE_WITH_QUARANTINE
from tasrib.commands.terminal import holds_all_letters, visible, width_of_output
from tasrib.complaints.companions import QUARANTINE, RECORD, RUN, Place, companion_names, new_run, place_of
from tasrib.complaints.pseudonyms import key_place
from tasrib.errors import TasribError
from tasrib.tables.files import Outputs
from tasrib.tables.places import Named, check_file, is_standard_output, is_stream, refuse_inputs

if TYPE_CHECKING:
    import pandas as pd

    from tasrib.case.hashes import Digest

    Frames: TypeAlias = pd.DataFrame | Iterable[pd.DataFrame]

# Seconds until a line tells how far long work is where no terminal shows a bar, and from each line to the next.
_FIRST_LINE, _NEXT_LINE = 10.0, 60.0
EXAMPLE = "\b\nExample:\n  "

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")
country_option = click.option(
    "--country", default="MA", show_default=True, help="Home country of the numbers (ISO code)."
)


def check_outputs(output: str, as_json: bool, inputs: Iterable[Named]) -> None:
    """Refuse, before any work, a table that could not be written or would be written over what is read."""
    if is_standard_output(output) and as_json:
        raise click.UsageError("--json and -o - both write to standard output; name a file with -o")
    # Commands that write no table do not wait for what writes them.
    from tasrib.tables.write import check_suffix

    check_suffix(output)
    refuse_own([output], inputs, "name another file with -o")
    check_file(output)


def refuse_own(outputs: Iterable[str | Path], inputs: Iterable[Named], advice: str) -> None:
    """Refuse to write over what is read, over what tasrib keeps for the user, or over a log of what people did."""
    outputs = list(outputs)
    refuse_inputs(outputs, [*inputs, *kept()], advice)
    for output in outputs:
        if Path(output).suffix.lower() == ".jsonl" and Path(output).is_file():
            # Only then: what it brings with it takes time to import.
            from tasrib.case.chain import is_chain

            if is_chain(output):
                raise TasribError(f"{output} is a log of what people did, and would be lost; {advice}")


def named(what: str, *paths: str | Path | None) -> list[Named]:
    """Say what files are to the command; those not given fall out."""
    return [(what, path) for path in paths if path is not None]


def kept() -> Iterator[Named]:
    """Name what tasrib keeps for the user: the key, and the note of the default model."""
    # Where no home is known there is nothing to lose.
    with contextlib.suppress(TasribError):
        yield "the pseudonym key", key_place()
    with contextlib.suppress(TasribError):
        yield "the note of the default model", pointer_file()


def write_with_companions(
    table: Frames, output: str, companions: Mapping[str, Frames], inputs: Iterable[Named],
    record: Callable[[str, Mapping[str, Digest]], bytes] | None = None, *, n_quarantined: int | None = None,
    run: str | None = None,
) -> dict[str, Path]:  # fmt: skip
    """
    Write a table and what belongs beside it, all or nothing; name the files beside it.

    Parameters
    ----------
    table : DataFrame, or iterable of them
        What the command made; some rows at a time where they are many.
    output : str
        Its file.
    companions : mapping of str to DataFrame or iterable of them
        What kind each is, and its rows; one without rows is not written, and that of the output's earlier run goes.
    inputs : iterable of tuple
        What was read: never replaced or removed, though it bear a companion's name.
    record : callable, optional
        Called with the name of the run and what tells the content of what it wrote, the table under ``scored`` and its companions by their
        kinds; gives what the record of the run says. None is written beside standard output, where nothing would tell whose it is.
    n_quarantined : int, optional
        Rows in quarantine, where that is given some rows at a time.
    run : str, optional
        As from `begun_run`, where the run began before; a new one by default.

    Returns
    -------
    dict of str to pathlib.Path
        The file of each companion that was written.
    """
    from tasrib.tables.write import encode_tables

    rejected = companions[QUARANTINE]
    name = new_run(len(rejected) if hasattr(rejected, "columns") else n_quarantined or 0, run)  # type: ignore[arg-type]
    read = [path for _, path in inputs]
    made: dict[str, _Hashed] = {}

    def encoded(kind: str, frames: Frames, path: str | Path) -> Iterable[bytes]:
        each = [frames] if hasattr(frames, "columns") else frames
        made[kind] = _Hashed(encode_tables((frame.assign(**{RUN: name}) for frame in each), path))  # type: ignore[union-attr]
        return made[kind]

    written: dict[str, Callable[[], Path]] = {}
    with Outputs() as outputs:

        def place(kind: str, content: Iterable[bytes] | None) -> None:
            found = place_of(output, kind, read)
            if content is not None:
                written[kind] = _put(outputs, found, output, kind, content)
            for earlier in (*found.earlier, *([found.path] if found.replaces and content is None else [])):
                outputs.remove(earlier)

        # The last to be moved: whoever sees it finds the others in place.
        outputs.put(output, encoded("scored", table, output), private=True, last=True)
        for kind, frames in companions.items():
            is_empty = n_quarantined == 0 if kind == QUARANTINE and n_quarantined is not None else _is_empty(frames)
            place(kind, None if is_empty else encoded(kind, frames, next(companion_names(output, kind))))
        if record is not None and not is_stream(output):
            place(RECORD, [record(name, {kind: hashed.digest() for kind, hashed in made.items()})])
    return {kind: path() for kind, path in written.items()}


def _is_empty(frames: Frames) -> bool:
    return hasattr(frames, "columns") and not len(frames)  # type: ignore[arg-type]


class _Hashed:
    """Content on its way to a file, hashed as it goes by."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._hash, self._size = hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._hash.update(part)
            self._size += len(part)
            yield part

    def digest(self) -> Digest:
        # Only what writes a record waits for what reads cases.
        from tasrib.case.hashes import Digest

        return Digest(self._hash.hexdigest(), self._size)


def _put(outputs: Outputs, place: Place, output: str, kind: str, data: Iterable[bytes]) -> Callable[[], Path]:
    if place.replaces:
        outputs.put(place.path, data, private=True)
        return lambda: place.path
    new = outputs.put_new(
        (name for name in companion_names(output, kind) if name == place.path or not name.exists()), data
    )
    return lambda: new.path


def end_with_counts(
    said: dict[str, Any], lines: Sequence[str], output: str, beside: Mapping[str, Path], as_json: bool, *,
    lost: bool = False,
) -> NoReturn:  # fmt: skip
    """Tell what became of the rows that were read, and end; the exit code says whether some are in quarantine or something was lost."""
    if as_json:
        echo_json({**said, **{kind: str(path) for kind, path in beside.items()}})
    else:
        for line in [*lines, *_beside(output, beside)]:
            # Beside a table on standard output what is said to people goes where errors go.
            say(line, err=is_standard_output(output))
    sys.exit(DONE_WITH_QUARANTINE if lost or QUARANTINE in beside else DONE)


def _beside(output: str, beside: Mapping[str, Path]) -> Iterator[str]:
    words = {QUARANTINE: "why rows are in quarantine", RECORD: "what it was made from"}
    for kind, path in beside.items():
        yield f"  {words.get(kind, f'{kind} report')}: {path}"
        usual = next(companion_names(output, kind))
        if path != usual:
            yield f"  {usual} is of another run, or somebody's own file, and is left as it was"


class PlainConsole(Console):
    """A console for which every string is data: no markup, no names of symbols, no escape sequences in it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Text:
        """As `Console.render_str`, of a text that commands nothing."""
        return super().render_str(visible(text), **settings)


def console() -> Console:
    """Make a console for tables on standard output."""
    return PlainConsole(width=width_of_output())


def say(line: str, *, err: bool = False) -> None:
    """Print a line."""
    click.echo(visible(line), err=err)


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=not holds_all_letters(), indent=2))


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress on standard error: a bar on a terminal, elsewhere a line a minute."""
    if sys.stderr is None:
        yield None
        return
    if not sys.stderr.isatty():
        yield _told_in_lines(label, lambda done, total, seconds: f"{done} of {total} done after {seconds:.0f} s")
        return
    with Progress(console=PlainConsole(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def row_progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress as `progress_bar` does, with rows a second and the time left."""
    if sys.stderr is None:
        yield None
        return
    if not sys.stderr.isatty():
        pace = _Pace()
        yield _told_in_lines(label, lambda done, total, _: f"{done:,} of {total:,} rows{pace.words(done, total)}")
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows{task.fields[pace]}"),
    )  # fmt: skip
    pace = _Pace()
    with Progress(*columns, console=PlainConsole(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=0, pace="")
        yield lambda done, total: bar.update(task, completed=done, total=total, pace=pace.words(done, total))


def _told_in_lines(label: str, words: Callable[[int, int, float], str]) -> Callable[[int, int], None]:
    began = monotonic()
    due = began + _FIRST_LINE

    def tell(done: int, total: int) -> None:
        nonlocal due
        now = monotonic()
        said = words(done, total, now - began)
        if now >= due and done < total:
            due = now + _NEXT_LINE
            say(f"{label}: {said}", err=True)

    return tell


class _Pace:
    """How quickly rows go by."""

    def __init__(self) -> None:
        self._begun: tuple[float, int] | None = None

    def words(self, done: int, total: int) -> str:
        now = monotonic()
        if self._begun is None:
            # What a run before this one had done took no time now.
            self._begun = now, done
        seconds, rows = now - self._begun[0], done - self._begun[1]
        if not rows or not seconds:
            return ""
        return f", {rows / seconds:,.0f} rows/s, {_time_words((total - done) * seconds / rows)} left"


def _time_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"

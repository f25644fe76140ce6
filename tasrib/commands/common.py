"""What the commands share: options, what is printed, progress, and a table with what belongs beside it."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.progress import Progress
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
    table: pd.DataFrame, output: str, companions: Mapping[str, pd.DataFrame], inputs: Iterable[Named],
    record: Callable[[str, Mapping[str, bytes]], bytes] | None = None,
) -> dict[str, Path]:  # fmt: skip
    """
    Write a table and what belongs beside it, all or nothing; name the files beside it.

    Parameters
    ----------
    table : DataFrame
        What the command made.
    output : str
        Its file.
    companions : mapping of str to DataFrame
        What kind each is, and its rows; one without rows is not written, and that of the output's earlier run goes.
    inputs : iterable of tuple
        What was read: never replaced or removed, though it bear a companion's name.
    record : callable, optional
        Called with the name of the run and the content of what it wrote, the table under ``scored`` and its companions by their kinds; gives
        what the record of the run says. None is written beside standard output, where nothing would tell whose it is.

    Returns
    -------
    dict of str to pathlib.Path
        The file of each companion that was written.
    """
    run = new_run(len(companions[QUARANTINE]))
    read = [path for _, path in inputs]
    from tasrib.tables.write import encode_table

    data = encode_table(table.assign(**{RUN: run}), output)
    beside: dict[str, bytes | None] = {
        kind: encode_table(rows.assign(**{RUN: run}), next(companion_names(output, kind))) if len(rows) else None
        for kind, rows in companions.items()
    }
    if record is not None and not is_stream(output):
        made = {kind: content for kind, content in beside.items() if content is not None}
        beside[RECORD] = record(run, {"scored": data, **made})
    written = {}
    with Outputs() as outputs:
        for kind, content in beside.items():
            place = place_of(output, kind, read)
            if content is not None:
                written[kind] = _put(outputs, place, output, kind, content)
            for earlier in (*place.earlier, *([place.path] if place.replaces and content is None else [])):
                outputs.remove(earlier)
        # The last to be moved: whoever sees it finds the others in place.
        outputs.put(output, data, private=True)
    return {kind: path() for kind, path in written.items()}


def _put(outputs: Outputs, place: Place, output: str, kind: str, data: bytes) -> Callable[[], Path]:
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
        yield _told_in_lines(label)
        return
    with Progress(console=PlainConsole(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _told_in_lines(label: str) -> Callable[[int, int], None]:
    began = monotonic()
    due = began + _FIRST_LINE

    def tell(done: int, total: int) -> None:
        nonlocal due
        now = monotonic()
        if now >= due and done < total:
            due = now + _NEXT_LINE
            say(f"{label}: {done} of {total} done after {now - began:.0f} s", err=True)

    return tell

"""What the commands share: options, output, progress, quarantine."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
import pandas as pd
from rich.console import Console
from rich.progress import Progress

from tasrib.commands.exit_codes import DONE, DONE_WITH_QUARANTINE
from tasrib.tables import write_table

EXAMPLE = "\b\nExample:\n  "

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")
country_option = click.option(
    "--country", default="MA", show_default=True, help="Home country of the numbers (ISO code)."
)


def quarantine_file(output: str) -> Path:
    """Name the file for what could not be read, beside the output."""
    if output == "-":
        return Path("quarantine.csv")
    path = Path(output)
    return path.with_name(f"{path.stem}.quarantine.csv")


def check_outputs(output: str, as_json: bool) -> None:
    """Refuse to write a table and JSON to standard output at once."""
    if output == "-" and as_json:
        raise click.UsageError("--json and -o - both write to standard output; name a file with -o")


def write_with_quarantine(table: pd.DataFrame, rejected: pd.DataFrame, output: str) -> Path | None:
    """Write what could be read and, where there is any, what could not; name the file of the latter."""
    write_table(table, output)
    quarantine = quarantine_file(output)
    if len(rejected):
        write_table(rejected, quarantine)
        return quarantine
    if quarantine.exists():
        # Of an earlier run: left there, it would pass for this one's.
        quarantine.unlink()
    return None


def end_with_counts(
    said: dict[str, Any], lines: Sequence[str], output: str, quarantine: Path | None, as_json: bool
) -> NoReturn:
    """Tell what became of the rows that were read, and end; the exit code says whether some are in quarantine."""
    if as_json:
        echo_json(said)
    elif output != "-":
        for line in lines:
            say(line)
        if quarantine:
            say(f"  why rows are in quarantine: {quarantine}")
    sys.exit(DONE_WITH_QUARANTINE if quarantine else DONE)


def console() -> Console:
    """Make a console for tables on standard output."""
    # Width fixed where no terminal is: a table in a file must not depend on who wrote it.
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def say(line: str) -> None:
    """Print a line."""
    click.echo(line)


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress on standard error while a terminal is attached."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

"""What the commands share: options, output, progress."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tasrib.classify import ChosenModel

DONE, DONE_WITH_QUARANTINE, WRONG_USE = 0, 1, 2
EXAMPLE = "\b\nExample:\n  "

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")
country_option = click.option(
    "--country", default="MA", show_default=True, help="Home country of the numbers (ISO code)."
)
model_option = click.option(
    "--model",
    "model_folder",
    type=click.Path(path_type=Path),
    help="Model folder. Else TASRIB_MODEL, else the promoted model, else the shipped one.",
)


def quarantine_file(output: str) -> Path:
    """Name the file for what could not be read, beside the output."""
    if output == "-":
        return Path("quarantine.csv")
    path = Path(output)
    return path.with_name(f"{path.stem}.quarantine.csv")


def chosen_model(folder: Path | None, as_json: bool) -> ChosenModel:
    """Load the model that is meant; say on standard error which, when it is not the shipped one."""
    from tasrib.classify import choose_model

    chosen = choose_model(folder)
    # Machines find it in the JSON.
    if chosen.folder is not None and not as_json:
        click.echo(f"tasrib: model {chosen.model.version} in {chosen.folder} ({chosen.why})", err=True)
    return chosen


def console() -> Any:
    """Make a console for tables on standard output."""
    from rich.console import Console

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
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

"""The command line: which commands there are, and what becomes of errors."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import click

from tasrib.commands.exit_codes import DONE, WRONG_USE
from tasrib.errors import InputNote, TasribError

# Of each command the module of `tasrib.commands` that holds it, and the first line of its help: the list of commands is
# shown without importing any.
COMMANDS = {
    "demo": ("case", "Run the whole way on the bundled, invented case and say where its report is."),
    "drift": ("learn", "Say whether languages, categories, decisions, probabilities or words moved between two batches."),
    "evaluate": ("learn", "Measure MODEL on LABELLED messages that it was not fitted on."),
    "explain": ("words", "Say how a MESSAGE is judged and which words made it so."),
    "label": ("learn", "Send messages to a person to label, and take the labels back."),
    "lookup": ("numbers", "Say for each number its status, country, prefix and the operator it was allocated to."),
    "power": ("power", "Say how many people must report a campaign before a leak from an operator shows, and what a number of them could show."),
    "promote": ("learn", "Make MODEL the one that is used where none is named."),
    "report": ("case", "Trace the campaigns of a scored file and write report.html, tables.xlsx and findings.json."),
    "score": ("case", "Label each complaint: category, probability, party, campaign, operator. Rows that cannot be read go to OUTPUT's quarantine."),
    "template": ("template", "Write an empty workbook to gather complaints in: headings in three languages, numbers as text, lists to choose from."),
    "train": ("learn", "Fit a model on LABELLED messages and the shipped corpus, and hold it against the shipped model."),
}  # fmt: skip


_show_warning = warnings.showwarning


def _show_note(message: Warning | str, *where: Any, **more: Any) -> None:
    """A note on a file is for the user; any other warning is shown as Python does."""
    if isinstance(message, InputNote):
        click.echo(f"tasrib: {message}", err=True)
    else:
        _show_warning(message, *where, **more)


class _Tasrib(click.Group):
    """Errors that a user can mend end in one line and exit code 2, never in a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _show_note
                return super().invoke(ctx)
        except TasribError as error:
            click.echo(f"tasrib: {' '.join(str(error).split())}", err=True)
            ctx.exit(WRONG_USE)
        except BrokenPipeError:
            # The reader of our output has seen enough.
            ctx.exit(DONE)


def load(name: str) -> click.Command:
    """
    Import a command.

    Parameters
    ----------
    name : str
        One of `COMMANDS`.

    Returns
    -------
    click.Command
        The command itself, with its arguments.
    """
    module, _ = COMMANDS[name]
    return getattr(import_module(f"tasrib.commands.{module}"), name)


@click.group(cls=_Tasrib, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tasrib")
def main() -> None:
    """Which unwanted messages are political campaign, whose, and does it look as if an operator's list leaked?"""


for _name, (_, _help) in COMMANDS.items():
    # Each stands for its command in lists; `resolve_command` puts the command itself in its place.
    main.add_command(click.Command(_name, help=_help))

if __name__ == "__main__":
    main()

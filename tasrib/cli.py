"""The command line: which commands there are, and what becomes of errors."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

try:
    import click

    from tasrib.commands.ending import ending_signals, said_of
    from tasrib.commands.exit_codes import DONE
    from tasrib.commands.terminal import drop_output, flush_output, prepare_streams, visible
    from tasrib.errors import InputNote
except KeyboardInterrupt:  # Before there is anything that could say it better.
    sys.stderr.write("tasrib: interrupted\n")
    sys.exit(130)

# Of each command the module of `tasrib.commands` that holds it, and the first line of its help: the list of commands is
# shown without importing any.
COMMANDS = {
    "canaries": ("canaries", "Plan test numbers that one holder only is given, so that a hit on one tells whose list leaked."),
    "demo": ("case", "Run the whole way on the bundled, invented case and say where its report is."),
    "drift": ("learn", "Say whether languages, categories, decisions, probabilities or words moved between two batches."),
    "evaluate": ("learn", "Measure MODEL on LABELLED messages that it was not fitted on."),
    "explain": ("words", "Say how a MESSAGE is judged and which words made it so."),
    "export": ("custody", "Write what happened, complaint by complaint, for a tool that shows it in the order of time."),
    "label": ("label", "Send messages to people to decide or to label, and take back what they said."),
    "law": ("law", "Hold campaign messages against the law's checklist: what is indicated, what to ask next. A person decides."),
    "lookup": ("numbers", "Say for each number its status, country, prefix and the operator it was allocated to."),
    "power": ("power", "Say how many people must report a campaign before a leak from an operator shows, and what a number of them could show."),
    "promote": ("learn", "Make MODEL the one that is used where none is named."),
    "report": ("case", "Trace the campaigns of scored files and write report.html, tables.xlsx and findings.json, with --pdf report.pdf too."),
    "score": ("case", "Label each complaint: category, probability, party, campaign, operator. Rows that cannot be read go to OUTPUT's quarantine."),
    "template": ("template", "Write an empty workbook to gather complaints in: headings in three languages, numbers as text, lists to choose from."),
    "train": ("learn", "Fit a model on LABELLED messages and the shipped corpus, and hold it against the shipped model."),
    "verify": ("custody", "Confirm that a report is what it was and that its findings can be made anew, or name the first difference."),
}  # fmt: skip


_show_warning = warnings.showwarning


def _show_note(message: Warning | str, *where: Any, **more: Any) -> None:
    """A note on a file is for the user; any other warning is shown as Python does."""
    if isinstance(message, InputNote):
        click.echo(f"tasrib: {visible(str(message))}", err=True)
    else:
        _show_warning(message, *where, **more)


class _Tasrib(click.Group):
    """Whatever ends a command says so in one line and by its exit code, never in a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **more: Any,
    ) -> Any:
        """As `click.Command.main`, with our own ends."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **more)
        given = list(sys.argv[1:] if args is None else args)
        debug, given = _debug_of(given)
        prepare_streams()
        try:
            with ending_signals(), warnings.catch_warnings():
                warnings.showwarning = _show_note
                code = super().main(given, prog_name, complete_var, False, **more)
                flush_output()
        except SystemExit as end:
            code = end.code
            if isinstance(end.__context__, BrokenPipeError):
                # rich ends with 1 then, which here means that rows are in quarantine.
                code = said_of(end.__context__, debug=debug)
                drop_output()
            try:
                flush_output()
            except OSError as error:
                code = said_of(error, debug=debug) or code
        except BaseException as error:
            code = said_of(error.end if isinstance(error, _Carried) else error, debug=debug)
            with contextlib.suppress(OSError, ValueError):
                flush_output()
        sys.exit(code if isinstance(code, int) else DONE)

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        """As `click.Command.make_context`; help is printed here."""
        with _past_click():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _past_click():
            return super().invoke(ctx)


class _Carried(BaseException):
    """What click would end in its own way, an empty line or an exit code of 1, on its way past it."""

    def __init__(self, end: BaseException) -> None:
        super().__init__()
        self.end = end


@contextlib.contextmanager
def _past_click() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, BrokenPipeError) as end:
        raise _Carried(end) from end


def _debug_of(args: list[str]) -> tuple[bool, list[str]]:
    """Whether --debug stands before or behind the command, and what stays without it."""
    end = args.index("--") if "--" in args else len(args)
    kept = [word for word in args[:end] if word != "--debug"]
    return len(kept) < end, kept + args[end:]


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
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Print the traceback of a defect; anywhere on the line."
)
def main() -> None:
    """Which unwanted messages are political campaign, whose, and does it look as if an operator's list leaked?"""


for _name, (_, _help) in COMMANDS.items():
    # Each stands for its command in lists; `resolve_command` puts the command itself in its place.
    main.add_command(click.Command(_name, help=_help))

if __name__ == "__main__":
    main()

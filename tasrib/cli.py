"""The command line: which commands there are, and what becomes of errors."""

from __future__ import annotations

from typing import Any

import click

from tasrib.commands import case, learn, numbers, power, words
from tasrib.commands.common import DONE, WRONG_USE
from tasrib.errors import TasribError


class _Tasrib(click.Group):
    """Errors that a user can mend end in one line and exit code 2, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TasribError as error:
            click.echo(f"tasrib: {' '.join(str(error).split())}", err=True)
            ctx.exit(WRONG_USE)
        except BrokenPipeError:
            # The reader of our output has seen enough.
            ctx.exit(DONE)


@click.group(cls=_Tasrib, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tasrib")
def main() -> None:
    """Which unwanted messages are political campaign, whose, and does it look as if an operator's list leaked?"""


for command in (
    case.demo, case.score, case.report, words.explain, learn.train, learn.evaluate, learn.promote, learn.label, learn.drift,
    numbers.lookup, power.power,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    main()

"""An empty workbook to gather complaints in."""

from __future__ import annotations

from pathlib import Path

import click

from tasrib.commands.common import EXAMPLE, echo_json, json_option, say
from tasrib.complaints.template import write_template


@click.command(epilog=EXAMPLE + "tasrib template -o complaints.xlsx")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Where to write: an .xlsx file that is not there yet."
)  # fmt: skip
@json_option
def template(output: Path, as_json: bool) -> None:
    """Write an empty workbook to gather complaints in: headings in three languages, numbers as text, lists to choose from."""
    write_template(output)
    if as_json:
        echo_json({"output": str(output)})
        return
    say(f"{output}: write one message a row; the example row is never read as a complaint")
    say(f'then: tasrib score "{output}" -o scored.xlsx')

"""What a telephone number says by itself."""

from __future__ import annotations

import click
from rich.table import Table

import tasrib
from tasrib.commands.common import EXAMPLE, console, country_option, echo_json, json_option, say


@click.command(epilog=EXAMPLE + 'tasrib lookup 0661234567 "+212 (0) 612 34 56 78"')
@click.argument("numbers", nargs=-1, required=True)
@country_option
@json_option
def lookup(numbers: tuple[str, ...], country: str, as_json: bool) -> None:
    """Say for each number its status, country, prefix and the operator it was allocated to."""
    found = [tasrib.lookup(number, country=country).to_dict() for number in numbers]
    if as_json:
        echo_json(found)
        return
    table = Table("number", "status", "country", "prefix", "allocated to", "note", box=None, pad_edge=False)
    for row in found:
        operator = row["operator_allocated"] or ("unknown" if row["prefix"] else "")
        table.add_row(row["raw"], row["number_status"], row["country"], row["prefix"], operator, row["note"])
    console().print(table)
    say(
        "The prefix tells to whom the number was allocated; numbers are portable, and the serving operator is not public."
    )

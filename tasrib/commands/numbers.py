"""What a telephone number says by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pandas as pd
from rich.table import Table

import tasrib
from tasrib.commands.common import EXAMPLE, check_outputs, console, country_option, echo_json, json_option, named, say
from tasrib.commands.exit_codes import DONE, DONE_WITH_QUARANTINE
from tasrib.commands.terminal import typed
from tasrib.errors import UnreadableInput
from tasrib.numbering import lookup_file, number_warnings
from tasrib.tables import write_table
from tasrib.tables.readers import registry

# A terminal shows the first; a file or --json all.
_SHOWN = 200
_WIDEST = 60


@click.command(
    epilog=EXAMPLE + 'tasrib lookup 0661234567 "+212 (0) 612 34 56 78"\n\n  tasrib lookup numbers.xlsx -o looked-up.csv'
)
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER|FILE...")
@click.option("--column", help="Heading of the column of numbers, where it is not recognised.")
@click.option("-o", "--output", help="Write a table: .csv .tsv .xlsx .jsonl .parquet, or - for CSV on standard output.")
@country_option
@json_option
def lookup(numbers: tuple[str, ...], column: str | None, output: str | None, country: str, as_json: bool) -> None:
    """Say for each number its status, country, prefix and the operator it was allocated to."""
    if output is not None:
        check_outputs(output, as_json, named("an input", *(each for each in numbers if _is_file(each))))
    found = pd.concat([_looked_up(each, column, country) for each in numbers], ignore_index=True)
    damaged = int((found["row"].notna() & (found["raw"] == "") & (found["number_status"] == "invalid")).sum())
    if output is not None:
        write_table(found, output, private=True)
    if as_json:
        echo_json([_record(row) for row in found.to_dict("records")])
    elif output is None:
        _show(found)
    if not as_json and output != "-":
        _say_what(found, damaged)
    sys.exit(DONE_WITH_QUARANTINE if damaged else DONE)


def _looked_up(given: str, column: str | None, country: str) -> pd.DataFrame:
    """A file's numbers, or the one number that was given."""
    if _is_file(given):
        return lookup_file(given, country=country, column=column)
    if Path(given).suffix.lower() in (*registry(), ".xls", ".txt"):
        raise UnreadableInput(f"{given}: no such file")
    row = tasrib.lookup(typed(given), country=country).to_dict()
    return pd.DataFrame([{"file": "", "sheet": "", "row": pd.NA, **row}]).astype({"row": "Int64"})


def _is_file(given: str) -> bool:
    """Whether a word names a file or standard input, and no number."""
    try:
        return given == "-" or Path(given).exists()
    except (OSError, ValueError):
        return False


def _record(row: dict) -> dict:
    """One number for machines; where it stood only if it stood in a file."""
    place = ("file", "sheet", "row")
    of_file = {} if pd.isna(row["row"]) else {name: row[name] for name in place}
    return {**of_file, **{name: value for name, value in row.items() if name not in place}}


def _show(found: pd.DataFrame) -> None:
    in_file = found["row"].notna().any()
    place = ["row"] if in_file else []
    table = Table(*place, "number", "status", "country", "prefix", "allocated to", "note", box=None, pad_edge=False)
    for row in found.head(_SHOWN).to_dict("records"):
        operator = row["operator_allocated"] or ("unknown" if row["prefix"] else "")
        cells = [row["raw"], row["number_status"], row["country"], row["prefix"], operator, row["note"]]
        where = [("" if pd.isna(row["row"]) else str(row["row"]))] if in_file else []
        table.add_row(*where, *map(_short, cells))
    console().print(table)
    if len(found) > _SHOWN:
        say(f"… and {len(found) - _SHOWN} more; -o FILE writes them all")


def _short(cell: str) -> str:
    """A cell in one line."""
    line = " ".join(cell.split())
    return line if len(line) <= _WIDEST else f"{line[:_WIDEST]}…"


def _say_what(found: pd.DataFrame, damaged: int) -> None:
    if len(found) > 1:
        counts = found["number_status"].value_counts()
        said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items())
        say(f"{len(found)} numbers: {said}")
        for line in number_warnings(found["number_status"]):
            say(line)
    if damaged:
        say(f"{damaged} damaged rows could not be read; their status is 'invalid', and the note says why")
    say(
        "The prefix tells to whom the number was allocated; where numbers can be ported, the serving operator is not public."
    )

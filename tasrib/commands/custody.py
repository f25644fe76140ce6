"""The chain of custody: whether a case is what it was, and what happened in it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
import pandas as pd

import tasrib
from tasrib.case.events import undated
from tasrib.case.gathering import gather
from tasrib.commands.common import EXAMPLE, check_outputs, country_option, echo_json, json_option, named, say
from tasrib.commands.exit_codes import DIFFERS, DONE, DONE_WITH_QUARANTINE
from tasrib.commands.models import model_option
from tasrib.errors import TasribError
from tasrib.tables import write_table

_FORMATS = (".jsonl", ".csv")


@click.command(
    epilog=EXAMPLE
    + "tasrib verify case-042/\n  tasrib verify case.zip --noted 3f0a91c47be2d855\n  tasrib verify case-042/ --inputs scored/"
)
@click.argument("case", metavar="FOLDER|PACK", type=click.Path(path_type=Path))
@click.option(
    "--inputs", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="DIR|FILE",
    help="Where to look for what the report was made of, beside the folder itself; repeatable.",
)  # fmt: skip
@click.option(
    "--noted", metavar="HASH", help="The hash that was noted when the report was made: 16 of its 64 signs or more."
)
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Key file, where canaries are found by it.")
@click.option(
    "--alias", "alias_file", type=click.Path(path_type=Path), help="The list of other names, where operators bear such."
)
@model_option
@click.option("--hashes-only", is_flag=True, help="Compare hashes; make nothing anew.")
@json_option
def verify(
    case: Path, inputs: tuple[Path, ...], noted: str | None, key_file: Path | None, alias_file: Path | None, model_folder: Path | None,
    hashes_only: bool, as_json: bool,
) -> None:  # fmt: skip
    """
    Confirm that a report is what it was and that its findings can be made anew, or name the first difference.

    Looks at each file's hash in run.json, then traces the campaigns again with the same settings and compares findings.json and tables.xlsx
    value by value. Exit code 0: all confirmed; 1: something differs, or could not be checked; 2: nothing to verify there.
    """
    found = tasrib.verify(
        case, inputs=list(inputs), key=key_file, alias=alias_file, model=model_folder, noted=noted, hashes_only=hashes_only
    )  # fmt: skip
    if as_json:
        echo_json(asdict(found))
    else:
        _print(case, found)
    sys.exit(DONE if found.verdict == "confirmed" else DIFFERS)


def _print(case: Path, found: tasrib.Verification) -> None:
    say(
        {
            "confirmed": f"{case}: confirmed",
            "incomplete": f"{case}: nothing differs, and not all could be checked",
            "differs": f"{case}: differs",
        }[found.verdict]
    )
    for what, lines in (
        ("", found.differences),
        ("not checked: ", found.unchecked),
        ("holds: ", found.confirmed),
        ("", found.notes),
    ):
        for line in lines:
            say(f"  {what}{line}")


@click.command(epilog=EXAMPLE + "tasrib export --timesketch scored.parquet -o timeline.jsonl")
@click.argument("scored_files", nargs=-1, required=True, metavar="SCORED…")
@click.option(
    "--timesketch", is_flag=True, required=True, help="As events for Timesketch: complaints received, decisions made."
)
@click.option("-o", "--output", required=True, help="Where to write: .jsonl or .csv, or - for CSV on standard output.")
@country_option
@json_option
def export(scored_files: tuple[str, ...], timesketch: bool, output: str, country: str, as_json: bool) -> None:
    """
    Write what happened, complaint by complaint, for a tool that shows it in the order of time.

    People are pseudonyms in it, and numbers that messages quote are hidden. What people decided (tasrib label apply) is in it too, where its
    log stands beside SCORED.
    """
    check_outputs(output, as_json, named("an input", *scored_files))
    if output != "-" and Path(output).suffix.lower() not in _FORMATS:
        raise TasribError(f"{output}: Timesketch reads .jsonl and .csv; name the file so")
    gathered = gather(scored_files, country=country)
    for line in gathered.notes:
        say(f"tasrib: {line}", err=True)
    events = tasrib.timesketch_events(gathered.scored, gathered.decisions)
    write_table(events, output, private=True)
    missing = undated(gathered.scored)
    counts = {str(name): int(count) for name, count in events["timestamp_desc"].value_counts().items()}
    if as_json:
        echo_json({"output": output, "events": counts, "without_date": missing})
    else:
        _print_events(output, events, missing)
    sys.exit(DONE_WITH_QUARANTINE if missing else DONE)


def _print_events(output: str, events: pd.DataFrame, missing: int) -> None:
    err = output == "-"
    counts = events["timestamp_desc"].value_counts()
    said = ", ".join(f"{count} {name.lower()}" for name, count in counts.items())
    say(f"{len(events)} events in {output}: {said}", err=err)
    if missing:
        say(f"{missing} complaints have no date and are not in it", err=err)

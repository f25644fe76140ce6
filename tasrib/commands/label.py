"""Messages to people and back: to decide about a case, or to label for the model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import pandas as pd

import tasrib
from tasrib.case import decisions_file
from tasrib.case.exporting import check_export as check_case_export
from tasrib.case.words import LANGUAGES
from tasrib.commands.common import (
    EXAMPLE,
    check_outputs,
    country_option,
    echo_json,
    end_with_counts,
    json_option,
    named,
    refuse_own,
    say,
    write_with_companions,
)
from tasrib.commands.exit_codes import DONE, DONE_WITH_QUARANTINE
from tasrib.commands.terminal import typed
from tasrib.complaints.companions import QUARANTINE
from tasrib.learning.exchange import check_export, setup_file
from tasrib.tables.places import is_stream

_FOR_LEARNING, _FOR_CASE = "learning", "case"
_MOST_TO_LABEL = 100
_MOST_FAULTS = 20


@click.group()
def label() -> None:
    """
    Send messages to people to decide or to label, and take back what they said.

    A case: export --for case, then apply; the report counts what people decided. The model: export, then import, then train.
    """


@label.command(
    "export",
    epilog=EXAMPLE
    + "tasrib label export scored.parquet --for case --lang fr -o a-decider.xlsx\n  tasrib label export scored.parquet -o to-label.xlsx --most 100",
)
@click.argument("scored_file", metavar="SCORED")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path),
    help=".xlsx with lists to choose from; for learning also .json, tasks for Label Studio with their set-up in .xml beside.",
)  # fmt: skip
@click.option(
    "--for", "purpose", type=click.Choice([_FOR_LEARNING, _FOR_CASE]), default=_FOR_LEARNING, show_default=True,
    help="learning: the messages most worth a label. case: all that people have to decide.",
)  # fmt: skip
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="With --for case: language of the workbook; en by default."
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    help=f"How many messages at most; {_MOST_TO_LABEL} for learning, all for a case.",
)
@click.option(
    "--labelled", multiple=True, metavar="FILE",
    help="For learning: labels you have, so that nothing like them is chosen again; repeatable.",
)  # fmt: skip
@country_option
@json_option
def label_export(
    scored_file: str, output: Path, purpose: str, language: str | None, most: int | None, labelled: tuple[str, ...], country: str,
    as_json: bool,
) -> None:  # fmt: skip
    """
    Write the messages of SCORED that people should read.

    For a case: one row a distinct message, those in review first, then those of campaigns, and a sheet of campaigns to join. For learning:
    those most worth a label: uncertain, unlike the corpus, one a campaign.
    """
    inputs = [*named("an input", scored_file), *named("a file of labels", *labelled)]
    if purpose == _FOR_CASE:
        if labelled:
            raise click.UsageError("--labelled is for learning; for a case nothing that has to be decided is left out")
        layer = None if is_stream(scored_file) else decisions_file(scored_file)
        refuse_own([output], [*inputs, *named("the log of decisions", layer)], "name another file with -o")
        _export_for_case(scored_file, layer, output, language or "en", most, country, as_json)
        return
    if language:
        raise click.UsageError("--lang is for a case; add --for case")
    refuse_own([output], inputs, "name another file with -o")
    check_export(output)
    setup = setup_file(output)
    table = tasrib.label_export(
        tasrib.read_scored(scored_file), output, most=most or _MOST_TO_LABEL, labelled=list(labelled) or None
    )
    languages = {str(name): int(count) for name, count in table["proposed_language"].value_counts().items()}
    if as_json:
        echo_json({"output": str(output), "messages": len(table), "languages": languages})
        return
    spread = ", ".join(f"{name or 'no words'} {count}" for name, count in languages.items())
    say(f"{len(table)} messages to label in {output}" + (f": {spread}" if spread else ""))
    if output.suffix.lower() == ".json":
        say(f"Label Studio's labelling set-up: {setup}")


def _export_for_case(
    scored_file: str, layer: Path | None, output: Path, language: str, most: int | None, country: str, as_json: bool
) -> None:
    decisions = None if layer is None else tasrib.read_decisions(scored_file)
    check_case_export(output, decisions)
    scored = tasrib.read_scored(scored_file)
    table = tasrib.case_export(scored, output, decisions=decisions, language=language, most=most, country=country)
    n_decided = int((table["so_far"] != "").sum())
    if as_json:
        echo_json({"output": str(output), "messages": len(table), "decided": n_decided})
        return
    say(f"{len(table)} messages in {output}, {n_decided} of them decided already")
    say(f"then: tasrib label apply {scored_file} {output}")


@label.command("apply", epilog=EXAMPLE + "tasrib label apply scored.parquet a-decider.xlsx a-decider-NB.csv --by NB")
@click.argument("scored_file", metavar="SCORED")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--by", metavar="INITIALS", help="Who decided, where the file does not say.")
@country_option
@json_option
def label_apply(scored_file: str, files: tuple[str, ...], by: str | None, country: str, as_json: bool) -> None:
    """
    Take what people decided in FILE into the log of decisions beside SCORED.

    SCORED stays as it is. Rows that cannot be taken are told with the values that are allowed and written beside the log; mend them in FILE
    and apply it again, as often as you like: what is known already is not added twice.
    """
    found = tasrib.label_apply(scored_file, list(files), by=None if by is None else typed(by), country=country)
    said = {"read": found.n_read, "decided": found.n_decided, "known": found.n_known, "empty": found.n_empty,
            "quarantined": len(found.rejected), "log": str(found.layer)}  # fmt: skip
    if as_json:
        faults = found.rejected[list(tasrib.case.settling.REJECTED)].to_dict("records")
        beside = {QUARANTINE: str(found.quarantine)} if found.quarantine else {}
        echo_json({**said, **beside, "faults": faults, "notes": list(found.notes)})
    else:
        _print_applied(found)
    _end(found.rejected)


def _print_applied(found: tasrib.Applied) -> None:
    say(
        f"{found.n_read} rows read: {found.n_decided} decisions added, {found.n_known} known already, {found.n_empty} left empty, "
        f"{len(found.rejected)} in quarantine"
    )
    for note in found.notes:
        say(f"  {note}")
    for fault in found.rejected.head(_MOST_FAULTS).to_dict("records"):
        sheet = f", sheet '{fault['sheet']}'" if fault["sheet"] else ""
        column = f", column '{fault['column']}'" if fault["column"] else ""
        value = f"'{fault['value']}' " if fault["value"] else ""
        say(f"  {fault['file']}{sheet}, row {fault['row']}{column}: {value}{fault['reason']}")
    if len(found.rejected) > _MOST_FAULTS:
        say(f"  … and {len(found.rejected) - _MOST_FAULTS} more")
    if found.quarantine is not None:
        say(f"  rows in quarantine, to mend and apply: {found.quarantine}")
    say(f"  decisions: {found.layer}")


def _end(rejected: pd.DataFrame) -> NoReturn:
    sys.exit(DONE_WITH_QUARANTINE if len(rejected) else DONE)


@label.command("import", epilog=EXAMPLE + "tasrib label import to-label.xlsx project-export.json -o labels.jsonl")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("-o", "--output", required=True, help="Where to write: .csv .tsv .xlsx .jsonl .parquet.")
@json_option
def label_import(files: tuple[str, ...], output: str, as_json: bool) -> None:
    """Take labels back from workbooks and Label Studio exports; rows without one clear label go to OUTPUT's quarantine."""
    inputs = named("an input", *files)
    check_outputs(output, as_json, inputs)
    found = tasrib.label_import(list(files))
    beside = write_with_companions(found.labels, output, {QUARANTINE: found.rejected}, inputs)
    said = {"read": found.n_read, "labelled": len(found.labels), "unlabelled": found.n_unlabelled,
            "quarantined": len(found.rejected), "output": output}  # fmt: skip
    line = (
        f"{said['read']} rows read: {said['labelled']} labelled, {said['unlabelled']} left unlabelled, "
        f"{said['quarantined']} in quarantine"
    )
    end_with_counts(said, [line], output, beside, as_json)

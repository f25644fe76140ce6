"""Test numbers that one holder only is given: which to give to whom."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd
from rich.table import Table

import tasrib
from tasrib.commands.common import EXAMPLE, console, country_option, echo_json, json_option, named, refuse_own, say
from tasrib.commands.terminal import typed
from tasrib.errors import TasribError
from tasrib.report.planting import (
    check_register,
    hit_cells,
    plan_advice,
    plan_question,
    source_cells,
    write_register,
)
from tasrib.tracing.planting_numbers import read_holder_file

# A terminal shows the first; --json all.
_SHOWN = 40


@click.group()
def canaries() -> None:
    """Plan test numbers that one holder only is given, so that a hit on one tells whose list leaked."""


@canaries.command(
    "plan",
    epilog=EXAMPLE
    + 'tasrib canaries plan numbers.xlsx --holder "Banque Atlas" --holder "Mutuelle Nour" -o register.xlsx',
)
@click.argument("numbers", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The planting register: .xlsx .csv .tsv .jsonl .parquet, not there yet.",
)
@click.option(
    "--holder", "holders", multiple=True, metavar="NAME", help="An organisation whose leak is feared; repeatable."
)
@click.option(
    "--holders",
    "holder_file",
    type=click.Path(path_type=Path),
    help="A table of them: columns holder and, if some matter more, weight.",
)
@click.option("--leak-share", type=click.FloatRange(0, 1, min_open=True), default=0.5, show_default=True, metavar="SHARE",
              help="Share of a leaked list that is used.")  # fmt: skip
@click.option("--noticed", type=click.FloatRange(0, 1, min_open=True), default=0.95, show_default=True, metavar="SHARE",
              help="Share of the messages to test numbers that somebody notices.")  # fmt: skip
@click.option(
    "--silent",
    type=click.IntRange(min=0),
    help="Numbers of each operator to give to nobody, at least; a holder's share of them by default.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Decides between equals.")
@country_option
@json_option
def plan(
    numbers: Path, output: Path, holders: tuple[str, ...], holder_file: Path | None, leak_share: float, noticed: float,
    silent: int | None, seed: int, country: str, as_json: bool,
) -> None:  # fmt: skip
    """
    Say which test numbers of NUMBERS to give to whom, and write the register of it.

    NUMBERS is a table with a column number and, if known, operator and remark; or an earlier register, in which each number that was given
    stays with its holder. The register goes to tasrib report as --canaries, once the days are filled in.
    """
    refuse_own(
        [output], [*named("an input", numbers), *named("the list of holders", holder_file)], "name another file with -o"
    )
    check_register(output)
    weights = {} if holder_file is None else read_holder_file(holder_file)
    for name in map(typed, holders):
        if name in weights:
            raise TasribError(f"the holder '{name}' is named twice; name each once")
        weights[name] = 1.0
    planned = tasrib.plan_canaries(
        numbers, weights, leak_share=leak_share, noticed=noticed, silent=silent, seed=seed, country=country
    )
    write_register(planned, output)
    if as_json:
        echo_json({"output": str(output), **planned.to_dict()})
        return
    say(plan_question(planned))
    _print(source_cells(planned))
    _print(hit_cells(planned))
    for sentence in plan_advice(planned):
        say(sentence)
    for warning in planned.warnings:
        say(f"tasrib: {warning}", err=True)
    say(f"Register: {output}")


def _print(cells: pd.DataFrame) -> None:
    table = Table(*cells.columns, box=None, pad_edge=False)
    for row in cells.head(_SHOWN).itertuples(index=False):
        table.add_row(*row)
    console().print(table)
    if len(cells) > _SHOWN:
        say(f"… and {len(cells) - _SHOWN} more; --json prints them all")

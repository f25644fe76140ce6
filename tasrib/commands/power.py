"""How many people must report before a leak shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pandas as pd
from rich.table import Table

from tasrib.commands.common import EXAMPLE, console, country_option, echo_json, json_option, refuse_own, say
from tasrib.errors import TasribError
from tasrib.report.power import FIGURES, power_answers, power_cells, power_file, power_question, power_rows
from tasrib.tables import write_table
from tasrib.tables.files import replace_file
from tasrib.tables.places import check_file
from tasrib.tables.write import SUFFIXES
from tasrib.tracing.power_analysis import PowerAnalysis, PowerDesign, analyse_power, find_operator_share


@click.command(
    epilog=EXAMPLE
    + "tasrib power --operator Inwi --leak-share 0.3 --people 80\n  tasrib power --operator 0.3 --leak-share 0.2 -o curve.svg"
)
@click.option("--operator", required=True, help="An operator, or its share of the numbers such as 0.3.")
@click.option(
    "--leak-share", type=click.FloatRange(0, 1, min_open=True), required=True, help="Share of the campaign's list that came from it."
)  # fmt: skip
@click.option("--people", type=click.IntRange(1, 1_000_000), help="People who reported the campaign.")
@click.option(
    "--controls-per-case", type=click.FloatRange(0, 1000), default=2.0, show_default=True, metavar="NUMBER",
    help="People to compare with for each of them: those who reported other messages. 0 for market shares only.",
)  # fmt: skip
@click.option("--confidence", type=click.FloatRange(0.5, 1, True, True), default=0.95, show_default=True, metavar="SHARE",
              help="One minus the rate of false alarms over all operators.")  # fmt: skip
@click.option("--power", "wanted", type=click.FloatRange(0, 1, True, True), default=0.8, show_default=True, metavar="SHARE",
              help="Wanted chance that the leak is found moderate or strong.")  # fmt: skip
@click.option(
    "--campaigns",
    type=click.IntRange(1, 100_000),
    default=1,
    show_default=True,
    help="Campaigns tested in the same report.",
)
@click.option("--control-senders", type=click.IntRange(1, 10_000), default=10, show_default=True, metavar="NUMBER",
              help="Senders of the other messages that these people reported.")  # fmt: skip
@country_option
@click.option("--at", help="Day of the market shares, such as 2021-09-08; today by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The curve as .svg, .html or .json (Vega-Lite), or the table as .csv .tsv .xlsx .jsonl .parquet.")  # fmt: skip
@json_option
def power(
    operator: str, leak_share: float, people: int | None, controls_per_case: float, confidence: float, wanted: float,
    campaigns: int, control_senders: int, country: str, at: str | None, output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how many people must report a campaign before a leak from an operator shows, and what a number of them could show."""
    if output is not None and output.suffix.lower() not in FIGURES + SUFFIXES:
        raise TasribError(f"{output}: cannot write '{output.suffix}'; known: {', '.join(FIGURES + SUFFIXES)}")
    if output is not None:
        refuse_own([output], [], "name another file with -o")
        check_file(output)
    if wanted <= 1 - confidence:
        raise TasribError(
            f"--power {wanted:g} is no more than the rate of false alarms, {1 - confidence:.3g}; raise it"
        )
    source = find_operator_share(_name_or_share(operator), at or datetime.now(UTC).date(), country)
    design = PowerDesign(source, leak_share, controls_per_case, confidence, wanted, people, campaigns, control_senders)
    analysis = analyse_power(design)
    if output is not None:
        _write(output, analysis)
    if as_json:
        echo_json({**analysis.to_dict(), "output": str(output) if output else None})
        return
    say(power_question(design))
    say(
        f"Chance that it is found moderate or strong ({confidence:.0%} confidence over {source.n_operators} operators{_of(campaigns)}):"
    )
    _print(power_cells(analysis))
    for sentence in power_answers(analysis):
        say(sentence)
    if output is not None:
        say(f"Written: {output}")


def _of(campaigns: int) -> str:
    return f" and {campaigns:,} campaigns" if campaigns > 1 else ""


def _name_or_share(operator: str) -> str | float:
    try:
        share = float(operator)
    except ValueError:
        return operator
    if not 0 < share < 1:
        raise TasribError(f"--operator {operator}: a share lies between 0 and 1; write 30% as 0.3")
    return share


def _print(cells: pd.DataFrame) -> None:
    table = Table(box=None, pad_edge=False)
    for name in cells.columns:
        table.add_column(name, justify="right")
    for row in cells.itertuples(index=False):
        table.add_row(*row)
    console().print(table)


def _write(output: Path, analysis: PowerAnalysis) -> None:
    suffix = output.suffix.lower()
    if suffix in SUFFIXES:
        write_table(power_rows(analysis), output)
        return
    text = power_file(analysis, suffix)
    replace_file(output, text)

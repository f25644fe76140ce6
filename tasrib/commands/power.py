"""How many people must report before a leak shows."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tasrib.commands.common import EXAMPLE, console, country_option, echo_json, json_option, say
from tasrib.errors import TasribError

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = (".svg", ".html", ".json")
_TABLES = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")
_POINTS = 36
# What tasrib assumes of a country without figures on ported numbers: see tasrib/trace/tracer.py.
_PORTED_UNKNOWN = 0.1


@dataclass(frozen=True)
class _Market:
    """What is known of the operator on the day."""

    operator: str
    baseline: float
    baseline_from: str
    n_operators: int
    ported: float
    ported_from: str
    country: str
    at: str


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
              help="Wanted chance that the leak is flagged.")  # fmt: skip
@country_option
@click.option("--at", help="Day of the market shares, such as 2021-09-08; today by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The curve as .svg, .html or .json (Vega-Lite), or the table as .csv .tsv .xlsx .jsonl .parquet.")  # fmt: skip
@json_option
def power(
    operator: str, leak_share: float, people: int | None, controls_per_case: float, confidence: float, wanted: float,
    country: str, at: str | None, output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how many people must report a campaign before a leak from an operator shows, and what a number of them could show."""
    from tasrib.tracing.stats.power import (
        TABLE_CONTROLS,
        TABLE_PEOPLE,
        controls_for,
        detectable_share,
        people_needed,
        power_table,
    )

    if output is not None and output.suffix.lower() not in _FIGURES + _TABLES:
        raise TasribError(f"{output}: cannot write '{output.suffix}'; known: {', '.join(_FIGURES + _TABLES)}")
    if wanted <= 1 - confidence:
        raise TasribError(
            f"--power {wanted:g} is no more than the rate of false alarms, {1 - confidence:.3g}; raise it"
        )
    market = _market(operator, at or datetime.now(UTC).date().isoformat(), country)
    design: dict[str, Any] = {
        "ported": market.ported, "n_operators": market.n_operators, "alpha": 1 - confidence,
    }  # fmt: skip
    needed = people_needed(leak_share, market.baseline, power=wanted, controls_per_case=controls_per_case, **design)
    ratios = sorted({*TABLE_CONTROLS, controls_per_case})
    rows = sorted({*TABLE_PEOPLE} | ({people} if people else set()))
    table = power_table(leak_share, market.baseline, people=rows, controls_per_case=ratios, **design)
    shares = [
        detectable_share(n, controls_for(n, controls_per_case), market.baseline, power=wanted, **design)
        for n in table.index
    ]
    said: dict[str, Any] = {
        **asdict(market),
        "leak_share": leak_share,
        "exposed_share": (1 - leak_share) * market.baseline + leak_share * (1 - market.ported),
        "confidence": confidence,
        "power": wanted,
        "controls_per_case": controls_per_case,
        "people_needed": needed,
        "people": people,
        "power_of_people": float(table.loc[people, controls_per_case]) if people else None,
        "detectable_share": _number(shares[rows.index(people)]) if people else None,
    }
    sentences = _sentences(said)
    shown = _cells(table, shares, controls_per_case, wanted)
    if output is not None:
        _write(output, said, sentences, shown, table, shares, design)
    if as_json:
        flat = table.stack().rename("power").reset_index().to_dict("records")
        found = [{"n_people": int(n), "detectable_share": _number(s)} for n, s in zip(table.index, shares, strict=True)]
        echo_json({**said, "table": flat, "detectable": found, "output": str(output) if output else None})
        return
    say(sentences[0])
    say(f"Chance that it is flagged ({confidence:.0%} confidence over {market.n_operators} operators):")
    _print(shown)
    for sentence in sentences[1:]:
        say(sentence)
    if output is not None:
        say(f"Written: {output}")


def _market(operator: str, at: str, country: str) -> _Market:
    from tasrib.numbering import canonical_operator, market_shares, operators_of, portability
    from tasrib.numbering.reference import as_day

    share, at = _as_share(operator), as_day(at).isoformat()
    try:
        known = market_shares(at, country)
    except TasribError:
        # A share stands for itself in a country whose market is not known.
        if share is None:
            raise
        n_operators, method = len(operators_of(country)), "as given"
    else:
        n_operators = sum(value > 0 for value in known.shares.values())
        method = known.method if share is None else "as given"
    try:
        moved = portability(at, country)
        ported, ported_from = moved.mean, "; ".join(moved.sources)
    except TasribError as error:
        ported, ported_from = _PORTED_UNKNOWN, f"assumed, since {error}"
    if share is not None:
        return _Market(f"an operator with {share:.1%}", share, method, n_operators, ported, ported_from, country, at)
    name = canonical_operator(operator, country)
    if known.shares.get(name, 0) <= 0:
        names = ", ".join(sorted(name for name, value in known.shares.items() if value > 0))
        what = f"no market share of {name} at {at}" if name else f"operator '{operator}' is not known"
        raise TasribError(f"{what}; known: {names}, or give its share of the numbers, such as 0.3")
    return _Market(name, known.shares[name], method, n_operators, ported, ported_from, country, at)


def _as_share(operator: str) -> float | None:
    try:
        share = float(operator)
    except ValueError:
        return None
    if not 0 < share < 1:
        raise TasribError(f"--operator {operator}: a share lies between 0 and 1; write 30% as 0.3")
    return share


def _sentences(said: dict[str, Any]) -> list[str]:
    """The first says what was asked, the others what was found."""
    from tasrib.tracing.stats.power import controls_for

    controls = said["controls_per_case"]
    beside = "compared with market shares only" if controls == 0 else f"with {controls:g} controls each"
    named = said["operator"]
    share = "" if said["baseline_from"] == "as given" else f" ({said['baseline']:.1%} of the numbers on {said['at']}, {said['baseline_from']})"  # fmt: skip
    lines = [
        f"If {said['leak_share']:.0%} of a campaign's list came from {named}{share}, {said['exposed_share']:.0%} of the people "
        f"reached would have its numbers, not {said['baseline']:.0%}; {said['ported']:.0%} of numbers taken as ported."
    ]
    if said["exposed_share"] <= said["baseline"]:
        lines.append("Such a leak leaves no trace in the prefixes: the operator's numbers are as frequent without it.")
    elif said["people_needed"] is None:
        lines.append(f"A million people {beside} are not enough to flag it with a chance of {said['power']:.0%}.")
    else:
        n = said["people_needed"]
        total = "" if controls == 0 else f" ({controls_for(n, controls):,} in all)"
        lines.append(f"People needed for a chance of {said['power']:.0%}: {n:,}, {beside}{total}.")
    if said["people"] is not None:
        found = said["detectable_share"]
        what = f"shares of {found:.0%} or more" if found is not None else "no leak, not even of a whole list,"
        lines.append(
            f"{said['people']:,} people {beside} would flag this leak with a chance of {said['power_of_people']:.0%}, and "
            f"{what} with a chance of {said['power']:.0%}."
        )
    lines.append(
        "Without controls, market shares stand in for the people who complain; tasrib then says no more than “weak”, however "
        "many people report."
    )
    lines.append(
        "Computed for Fisher's exact test, operator by operator. tasrib's joint test has somewhat more power: "
        "docs/operating_characteristics.md."
    )
    return lines


def _cells(table: pd.DataFrame, shares: list[float], controls: float, wanted: float) -> pd.DataFrame:
    from tasrib.report.power_figure import controls_name

    shown = table.apply(lambda column: column.map(_percent)).rename(columns=lambda ratio: controls_name(float(ratio)))
    beside = "market shares" if controls == 0 else controls_name(controls)
    shown.insert(0, "people", [f"{n:,}" for n in table.index])
    shown[f"least share found at {wanted:.0%}, {beside}"] = ["–" if math.isnan(s) else f"{s:.0%}" for s in shares]
    return shown


def _percent(value: float) -> str:
    return "> 99%" if value > 0.99 else f"{value:.0%}"


def _print(shown: pd.DataFrame) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in shown.columns:
        table.add_column(name, justify="right")
    for row in shown.itertuples(index=False):
        table.add_row(*row)
    console().print(table)


def _write(
    output: Path, said: dict[str, Any], sentences: list[str], shown: pd.DataFrame, table: pd.DataFrame, shares: list[float],
    design: dict[str, Any],
) -> None:  # fmt: skip
    import numpy as np

    from tasrib.report.figures import to_svg
    from tasrib.report.power_figure import power_curve, power_page
    from tasrib.tables import write_table
    from tasrib.tables.files import replace_file
    from tasrib.tracing.stats.power import power_table

    suffix = output.suffix.lower()
    if suffix in _TABLES:
        flat = table.rename(columns=lambda ratio: f"power_{ratio:g}_controls").reset_index()
        write_table(flat.assign(detectable_share=shares), output)
        return
    last = max(1000, 2 * (said["people_needed"] or 0), said["people"] or 0)
    people = sorted({int(n) for n in np.geomspace(10, last, _POINTS).round()})
    curve = power_table(
        said["leak_share"], said["baseline"], people=people, controls_per_case=list(table.columns), **design
    )
    spec = power_curve(curve, power=said["power"], people=said["people"])
    title = f"Power to see a leak of {said['leak_share']:.0%} of a list from {said['operator']}"
    if suffix == ".svg":
        text = to_svg(spec, title)
    elif suffix == ".html":
        text = power_page(title, sentences, spec, shown)
    else:
        text = json.dumps(spec, ensure_ascii=False, indent=2) + "\n"
    replace_file(output, text)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value

"""The command line: each command reads its arguments, calls one public function and prints."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tasrib.errors import TasribError

if TYPE_CHECKING:
    import pandas as pd

# The packages behind the commands take seconds to import: each command imports what it needs, so that --help is quick.

DONE, DONE_WITH_QUARANTINE, WRONG_USE = 0, 1, 2
_EXAMPLE = "\b\nExample:\n  "


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


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")
_country = click.option("--country", default="MA", show_default=True, help="Home country of the numbers (ISO code).")
_model = click.option(
    "--model", "model_folder", type=click.Path(path_type=Path), help="Model folder; the shipped one by default."
)
_alias = click.option(
    "--alias", "alias_file", type=click.Path(path_type=Path),
    help="CSV with columns operator,alias: other names for operators in all that is written.",
)  # fmt: skip


@main.command(epilog=_EXAMPLE + "tasrib demo -o demo-report/")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("demo-report"), show_default=True)
@_json
def demo(output: Path, as_json: bool) -> None:
    """Run the whole way on the bundled, invented case and say where its report is."""
    from tasrib._resources import resource
    from tasrib.complaints import read_complaints
    from tasrib.report import read_alias, write_report
    from tasrib.scoring import score
    from tasrib.trace import trace

    complaints, rejected = read_complaints(resource("demo", "complaints.csv"))
    with _progress("reading messages") as progress:
        # A fixed key: the demo's people are invented, and its output should be the same everywhere.
        scored = score(complaints, key=bytes(32), progress=progress)
    result = trace(scored)
    alias = read_alias(resource("demo", "operators.csv"))
    write_report(scored, result, output, rejected=rejected, alias=alias, title="Demonstration case (invented)")
    _print_case(scored, result, rejected, output, alias, as_json)


@main.command(epilog=_EXAMPLE + 'tasrib score complaints.xlsx --map "Contenu du SMS=text" -o scored.parquet')
@click.argument("files", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    required=True,
    help="Where to write: .csv .tsv .xlsx .jsonl .parquet, or - for CSV on standard output.",
)
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Read COLUMN as FIELD; repeatable.")
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Secret key file of the pseudonyms; made where missing."
)
@click.option("--keep-numbers", is_flag=True, help="Leave the recipients' numbers in the output.")
@_model
@_country
@_json
def score(
    files: tuple[str, ...], output: str, mapping: tuple[str, ...], key_file: Path | None, keep_numbers: bool,
    model_folder: Path | None, country: str, as_json: bool,
) -> None:  # fmt: skip
    """Label each complaint: category, probability, party, campaign, operator. Rows that cannot be read go to OUTPUT's quarantine."""
    from tasrib.classify import load_model
    from tasrib.complaints import load_key, parse_mapping, read_complaints, write_table
    from tasrib.scoring import score as score_complaints

    if output == "-" and as_json:
        raise click.UsageError("--json and -o - both write to standard output; name a file with -o")
    model = load_model(model_folder)
    complaints, rejected = read_complaints(list(files), mapping=parse_mapping(list(mapping)))
    with _progress("reading messages") as progress:
        scored = score_complaints(
            complaints,
            model=model,
            country=country,
            key=None if keep_numbers else load_key(key_file),
            keep_numbers=keep_numbers,
            progress=progress,
        )
    write_table(scored, output)
    quarantine = _quarantine_file(output)
    if len(rejected):
        write_table(rejected, quarantine)
    elif quarantine.exists():
        # Of an earlier run: left there, it would pass for this one's.
        quarantine.unlink()
    counts = {name: int((scored["decision"] == name).sum()) for name in ("campaign", "review", "not_campaign")}
    said = {"read": len(scored) + len(rejected), "scored": len(scored), "quarantined": len(rejected), **counts,
            "model": model.version, "output": output}  # fmt: skip
    if len(rejected):
        said["quarantine"] = str(quarantine)
    if as_json:
        _echo_json(said)
    elif output != "-":
        _say(f"{said['read']} rows read: {said['scored']} scored, {said['quarantined']} in quarantine")
        _say("  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
        if complaints.attrs.get("ignored_columns"):
            _say("  columns not used: " + ", ".join(complaints.attrs["ignored_columns"]))
        if len(rejected):
            _say(f"  why rows are in quarantine: {quarantine}")
    sys.exit(DONE_WITH_QUARANTINE if len(rejected) else DONE)


@main.command(epilog=_EXAMPLE + "tasrib report scored.parquet -o case-042/ --alias operators.csv")
@click.argument("scored_file")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the report.")
@click.option(
    "--rejected", "rejected_file", type=click.Path(path_type=Path), help="Quarantine; SCORED's own by default."
)
@click.option("--title", help="Heading of the report.")
@click.option(
    "--min-people", type=click.IntRange(min=2), default=10, show_default=True, help="Smaller campaigns are not tested."
)
@click.option(
    "--prior", type=click.FloatRange(0.01, 0.99), default=0.5, show_default=True, help="Prior probability of no leak."
)
@_alias
@_country
@_json
def report(
    scored_file: str, output: Path, rejected_file: Path | None, title: str | None, min_people: int, prior: float,
    alias_file: Path | None, country: str, as_json: bool,
) -> None:  # fmt: skip
    """Trace the campaigns of a scored file and write report.html, tables.xlsx and findings.json."""
    from tasrib.complaints import read_scored
    from tasrib.complaints.scored import read_rejected
    from tasrib.report import read_alias, write_report
    from tasrib.trace import trace

    scored = read_scored(scored_file)
    rejected_file = rejected_file or _quarantine_file(scored_file)
    rejected = read_rejected(rejected_file) if rejected_file.exists() else None
    alias = read_alias(alias_file) if alias_file else None
    result = trace(scored, country=country, min_people=min_people, prior_no_leak=prior)
    write_report(scored, result, output, rejected=rejected, alias=alias, title=title)
    _print_case(scored, result, rejected, output, alias, as_json)


@main.command(epilog=_EXAMPLE + "tasrib train labelled.xlsx -o my-model/")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the new model.")
@_json
def train(files: tuple[str, ...], output: Path, as_json: bool) -> None:
    """Fit a model on labelled messages (columns text, category and, where known, language)."""
    from tasrib.learning import read_labelled, train_model

    labelled = read_labelled(list(files))
    with _spinner("fitting"):
        found = train_model(labelled, output)
    _print_measures(found, f"{len(labelled)} messages, model in {output}; cross-validated:", as_json)


@main.command(epilog=_EXAMPLE + "tasrib evaluate my-model/ labelled.xlsx")
@click.argument("model_folder", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True)
@_json
def evaluate(model_folder: Path, files: tuple[str, ...], as_json: bool) -> None:
    """Measure a model on labelled messages that it was not fitted on."""
    from tasrib.classify import load_model
    from tasrib.learning import evaluate_model, read_labelled

    labelled = read_labelled(list(files))
    found = evaluate_model(load_model(model_folder), labelled)
    _print_measures(found, f"{len(labelled)} messages:", as_json)


@main.command(epilog=_EXAMPLE + 'tasrib lookup 0661234567 "+212 (0) 612 34 56 78"')
@click.argument("numbers", nargs=-1, required=True)
@_country
@_json
def lookup(numbers: tuple[str, ...], country: str, as_json: bool) -> None:
    """Say for each number its status, country, prefix and the operator it was allocated to."""
    from tasrib.numbering import lookup as look_up

    found = [look_up(number, country=country).to_dict() for number in numbers]
    if as_json:
        _echo_json(found)
        return
    from rich.table import Table

    table = Table("number", "status", "country", "prefix", "allocated to", "note", box=None, pad_edge=False)
    for row in found:
        operator = row["operator_allocated"] or ("unknown" if row["prefix"] else "")
        table.add_row(row["raw"], row["number_status"], row["country"], row["prefix"], operator, row["note"])
    _console().print(table)
    _say(
        "The prefix tells to whom the number was allocated; numbers are portable, and the serving operator is not public."
    )


def _quarantine_file(output: str) -> Path:
    if output == "-":
        return Path("quarantine.csv")
    path = Path(output)
    return path.with_name(f"{path.stem}.quarantine.csv")


def _print_case(
    scored: pd.DataFrame,
    result: Any,
    rejected: pd.DataFrame | None,
    output: Path,
    alias: dict[str, str] | None,
    as_json: bool,
) -> None:
    from tasrib.report import apply_alias
    from tasrib.report.words import campaign_name, operator_of, probability_words

    if alias:
        scored, result = apply_alias(scored, result, alias)
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    if as_json:
        rows = json.loads(result.findings.to_json(orient="records"))
        _echo_json({"report": str(output / "report.html"), "scored": len(scored),
                    "quarantined": 0 if rejected is None else len(rejected), "findings": rows})  # fmt: skip
        return
    from rich.table import Table

    _say(f"{len(scored)} complaints scored, {0 if rejected is None else len(rejected)} in quarantine; "
         f"{int((scored['decision'] == 'campaign').sum())} campaign messages in {len(result.campaigns)} campaigns, "
         f"{int(result.campaigns['tested'].sum())} large enough to test")  # fmt: skip
    table = Table("campaign", "people", "operator", "observed", "expected", "share of the list (95%)", "p adjusted", "evidence",
                  box=None, pad_edge=False)  # fmt: skip
    # Of each campaign its strongest finding: the rest is in the report.
    for _, row in result.findings.drop_duplicates("campaign_id").iterrows():
        share = f"{row['leak_share']:.0%} ({row['leak_share_low']:.0%} to {row['leak_share_high']:.0%})"
        if row["evidence"] == "none":
            share = "–"
        table.add_row(
            campaign_name(row["campaign_id"], row["party"]), str(row["n_reached"]), operator_of(row["hypothesis"]),
            str(row["observed"]), f"{row['expected']:.0f}", share, probability_words(row["p_adjusted"]), row["evidence"],
        )  # fmt: skip
    _console().print(table)
    if found.empty:
        _say("No campaign shows more than weak signs of a skew towards one operator.")
    else:
        _say("A skew is a lead for an inspection, not proof: see the caveats in the report.")
    _say(f"Report: {output / 'report.html'}")


def _print_measures(found: dict, heading: str, as_json: bool) -> None:
    if as_json:
        _echo_json(found)
        return
    from rich.table import Table

    _say(heading)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in found.items():
        table.add_row(name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value))
    _console().print(table)


def _console() -> Any:
    from rich.console import Console

    # Width fixed where no terminal is: a table in a file must not depend on who wrote it.
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def _say(line: str) -> None:
    click.echo(line)


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def _spinner(label: str) -> Iterator[None]:
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(label):
        yield


if __name__ == "__main__":
    main()

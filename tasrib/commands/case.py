"""The way of a case: score, report, and the demonstration of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click
import pandas as pd
from rich.table import Table

import tasrib
from tasrib._resources import resource
from tasrib.case import decisions_file
from tasrib.case.overlay import lay_over
from tasrib.commands.beside import read_beside
from tasrib.commands.common import (
    EXAMPLE,
    check_outputs,
    console,
    country_option,
    echo_json,
    end_with_counts,
    json_option,
    named,
    progress_bar,
    refuse_own,
    say,
    write_with_companions,
)
from tasrib.commands.models import chosen_model, model_option
from tasrib.commands.terminal import typed
from tasrib.complaints import load_key, parse_mapping, parse_values, pseudonym, read_files
from tasrib.complaints.companions import CLEANING, QUARANTINE
from tasrib.complaints.pseudonyms import PSEUDONYM, key_place
from tasrib.errors import TasribError
from tasrib.numbering import number_notes, number_warnings
from tasrib.pipeline import join_scored
from tasrib.report import apply_alias, read_alias
from tasrib.report.beside import without_chances
from tasrib.report.catalogue import say as words
from tasrib.report.cells import interval_words
from tasrib.report.pages import ALL, PAGE
from tasrib.report.summary import nothing_compared, points_to_how
from tasrib.report.words import campaign_name, percent_words, probability_words
from tasrib.report.write import REPORT_FILES, check_report_folder, finding_records
from tasrib.scored import check
from tasrib.tables.places import is_stream, same_file
from tasrib.tables.raw import NoRows
from tasrib.tracing.caveats import LANGUAGES

_alias = click.option(
    "--alias", "alias_file", type=click.Path(path_type=Path),
    help="CSV with columns operator,alias: other names for operators in all that is written.",
)  # fmt: skip


_lang = click.option(
    "--lang", "language", type=click.Choice([*LANGUAGES, ALL]), default="en", show_default=True,
    help="Language of report.html and of what is printed; all: a page in each, such as report-fr.html, and report.html leads to them.",
)  # fmt: skip


@click.command(epilog=EXAMPLE + "tasrib demo -o demo-report/ --lang all")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("demo-report"), show_default=True)
@_lang
@json_option
def demo(output: Path, language: str, as_json: bool) -> None:
    """Run the whole way on the bundled, invented case and say where its report is."""
    check_report_folder(output)
    read = read_files(resource("demo", "complaints.csv"))
    with progress_bar("reading messages") as progress:
        # The shipped model, so that the output is the same everywhere; the numbers are invented and can stay.
        model = tasrib.load_model()
        scored = tasrib.score(read.complaints, model=model, keep_numbers=True, progress=progress)
    result = tasrib.trace(scored, canaries=tasrib.read_canaries(resource("demo", "canaries.csv")))
    alias = read_alias(resource("demo", "operators.csv"))
    tasrib.write_report(scored, result, output, rejected=read.rejected, cleaning=read.cleaning, alias=alias, model=model,
                        title={each: words("page.demo", each) for each in LANGUAGES}, languages=language)  # fmt: skip
    _print_case(scored, result, read.rejected, output, alias, language, as_json)


@click.command(epilog=EXAMPLE + 'tasrib score complaints.xlsx --map "Contenu du SMS=text" -o scored.parquet')
@click.argument("files", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    required=True,
    help="Where to write: .csv .tsv .xlsx .jsonl .parquet, or - for CSV on standard output.",
)
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Read COLUMN as FIELD; repeatable.")
@click.option(
    "--set", "values", multiple=True, metavar="FIELD=VALUE", help="What FIELD is where a file says nothing; repeatable."
)
@click.option("--timezone", help="Zone of times that state none, as Africa/Casablanca; the home country's by default.")
@click.option("--encoding", help="Encoding of text files, as cp1256; found out by default.")
@click.option("--sheet", help="The only sheet of workbooks to read; all that hold complaints by default.")
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Secret key file of the pseudonyms; made where missing."
)
@click.option("--keep-numbers", is_flag=True, help="Leave the recipients' numbers in the output.")
@model_option
@country_option
@json_option
def score(
    files: tuple[str, ...], output: str, mapping: tuple[str, ...], values: tuple[str, ...], timezone: str | None,
    encoding: str | None, sheet: str | None, key_file: Path | None, keep_numbers: bool, model_folder: Path | None,
    country: str, as_json: bool,
) -> None:  # fmt: skip
    """Label each complaint: category, probability, party, campaign, operator. Rows that cannot be read go to OUTPUT's quarantine."""
    inputs = [
        *named("an input", *files),
        *named("the pseudonym key", key_file),
        *named("a file of the model", model_folder),
    ]
    check_outputs(output, as_json, inputs)
    chosen = chosen_model(model_folder, as_json)
    columns = parse_mapping([typed(each) for each in mapping])
    found = read_files(
        list(files), mapping=columns, values=parse_values([typed(each) for each in values], columns), home_zone=timezone,
        country=country, encoding=encoding, sheet=sheet,
    )  # fmt: skip
    found = found.with_notes(number_notes(found.complaints, country=country))
    rejected = found.rejected
    with progress_bar("reading messages") as progress:
        scored = tasrib.score(
            found.complaints,
            model=chosen.model,
            country=country,
            key=None if keep_numbers else load_key(key_file),
            keep_numbers=keep_numbers,
            progress=progress,
        )
    beside = write_with_companions(scored, output, {QUARANTINE: rejected, CLEANING: found.cleaning}, inputs)
    counts = {name: int((scored["decision"] == name).sum()) for name in ("campaign", "review", "not_campaign")}
    said = {"read": len(scored) + len(rejected), "scored": len(scored), "quarantined": len(rejected), **counts,
            "model": chosen.model.version, "model_folder": str(chosen.folder or "shipped"), "output": output,
            "notes": list(found.notes)}  # fmt: skip
    lines = [
        f"{said['read']} rows read: {said['scored']} scored, {said['quarantined']} in quarantine",
        "  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()),
    ]
    if found.ignored_columns:
        lines.append("  columns not used: " + ", ".join(found.ignored_columns))
    lines += [f"  {note}" for note in found.notes]
    if not is_stream(output) and (layer := decisions_file(output)).exists():
        lines.append(f"  people's decisions stay as they are: {layer}")
    end_with_counts(said, lines, output, beside, as_json, lost=found.lost)


@click.command(
    epilog=EXAMPLE + "tasrib report july.parquet august.parquet -o case-042/ --alias operators.csv --lang fr"
)
@click.argument("scored_files", nargs=-1, required=True, metavar="SCORED…")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the report.")
@click.option(
    "--rejected", "rejected_files", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="Quarantine; SCORED's own by default; repeatable.",
)  # fmt: skip
@click.option("--title", help="Heading of the report.")
@click.option(
    "--min-people", type=click.IntRange(min=2), default=10, show_default=True, help="Smaller campaigns are not tested."
)
@click.option(
    "--prior", type=click.FloatRange(0.01, 0.99), default=0.5, show_default=True, help="Prior probability of no leak."
)
@click.option(
    "--canaries",
    "canary_file",
    type=click.Path(path_type=Path),
    help="CSV or XLSX with columns number,holder and, if known, given_at: numbers given to one holder only.",
)
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Key file that SCORED was scored with, to find canaries."
)
@click.option(
    "--without-decisions",
    is_flag=True,
    help="Report what the model said, without what people decided (tasrib label apply).",
)
@_alias
@_lang
@model_option
@country_option
@json_option
def report(
    scored_files: tuple[str, ...], output: Path, rejected_files: tuple[Path, ...], title: str | None, min_people: int, prior: float,
    canary_file: Path | None, key_file: Path | None, without_decisions: bool, alias_file: Path | None, language: str,
    model_folder: Path | None,
    country: str, as_json: bool,
) -> None:  # fmt: skip
    """
    Trace the campaigns of scored files and write report.html, tables.xlsx and findings.json.

    What people decided about SCORED (tasrib label apply) holds in the report, and the model's word is kept beside it.

    Of several files one report is made: a complaint that stands in two of them counts once, and the messages of a campaign that goes on
    from one to the next are one campaign.
    """
    inputs = [
        *named("an input", *scored_files), *named("a quarantine", *rejected_files), *named("the list of canaries", canary_file),
        *named("the pseudonym key", key_file), *named("the list of other names", alias_file),
        *named("a file of the model", model_folder),
    ]  # fmt: skip
    refuse_own([output / name for name in REPORT_FILES], inputs, "name another folder with -o")
    check_report_folder(output)
    _refuse_twice(scored_files)
    tables, idle = _read_all(scored_files)
    beside = read_beside([*tables, *idle], [*tables.values(), *(None for _ in idle)], rejected_files)
    joined = join_scored(list(tables.values()), list(tables), country=country)
    rejected = beside.rejected
    scored, of_people = (joined.scored, []) if without_decisions else _with_decisions(joined.scored, scored_files)
    notes = [
        *(f"{file} holds no scored complaint; the report is made of the other files" for file in idle),
        *beside.notes, *joined.notes, *of_people, *number_warnings(scored["number_status"]),
    ]  # fmt: skip
    for line in notes:
        say(f"tasrib: {line}", err=True)
    alias = read_alias(alias_file) if alias_file else None
    canaries = tasrib.read_canaries(canary_file, country=country) if canary_file else None
    result = tasrib.trace(
        scored, country=country, min_people=min_people, prior_no_leak=prior, canaries=canaries,
        pseudonym=_pseudonym_of(scored, key_file) if canary_file else None,
    )  # fmt: skip
    model = chosen_model(model_folder, as_json).model
    tasrib.write_report(
        scored,
        result,
        output,
        rejected=rejected,
        cleaning=beside.cleaning,
        alias=alias,
        title=None if title is None else typed(title),
        model=model,
        languages=language,
    )
    _print_case(scored, result, rejected, output, alias, language, as_json, notes)


def _read_all(files: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables of scored files, and the files of which every row is in quarantine."""
    tables, idle = {}, []
    for file in files:
        try:
            tables[file] = check(tasrib.read_scored(file))
        except NoRows:
            idle.append(file)
    if not tables:
        raise TasribError(
            f"{', '.join(idle)}: no scored complaint to report on; the quarantine beside says why the rows could not be read"
        )
    return tables, idle


def _with_decisions(scored: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The scored table with people's decisions in it, and what is to be said of them."""
    layers = dict.fromkeys(decisions_file(file) for file in files if not is_stream(file))
    there = [layer for layer in layers if layer.exists()]
    if not there:
        return scored, []
    laid = lay_over(scored, tasrib.read_decisions(there))
    said = (
        f"people's decisions applied: {laid.n_messages} messages ({laid.n_complaints} complaints), {laid.n_campaigns} campaigns joined to others "
        f"({', '.join(map(str, there))})"
    )
    absent = [f"{laid.n_absent} decided messages are not in these files; their decisions stay in the log"]
    return laid.scored, [said, *(absent if laid.n_absent else [])]


def _refuse_twice(files: tuple[str, ...]) -> None:
    for at, file in enumerate(files):
        if any(str(file) == str(other) or same_file(other, file) for other in files[:at]):
            raise TasribError(f"{file} is given twice; its rows would count double")


def _pseudonym_of(scored: pd.DataFrame, key_file: Path | None) -> Callable[[str], str] | None:
    """How the numbers of a scored file were replaced; None where they were kept."""
    if not scored["recipient"].str.match(PSEUDONYM).any():
        return None
    stated = key_place(key_file)
    # A key made anew would find no canary, and nobody would know why.
    if not stated.exists():
        raise TasribError(
            f"canaries are found among pseudonyms with the key that made them, and {stated} does not exist; name it with "
            "--key, or score with --keep-numbers"
        )
    key = load_key(stated)
    return lambda number: pseudonym([number], key)[0]


def _print_case(
    scored: pd.DataFrame,
    result: tasrib.TraceResult,
    rejected: pd.DataFrame | None,
    output: Path,
    alias: dict[str, str] | None,
    language: str,
    as_json: bool,
    notes: Sequence[str] = (),
) -> None:
    if alias:
        scored, result = apply_alias(scored, result, alias)
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    if as_json:
        echo_json({"report": str(output / PAGE), "scored": len(scored),
                    "quarantined": 0 if rejected is None else len(rejected), "findings": finding_records(result),
                    "notes": list(notes)})  # fmt: skip
        return
    t = partial(words, language="en" if language == ALL else language)
    say(t("terminal.counts", scored=len(scored), rejected=0 if rejected is None else len(rejected),
          messages=int((scored["decision"] == "campaign").sum()), campaigns=len(result.campaigns),
          tested=int(result.campaigns["tested"].sum())))  # fmt: skip
    console().print(_table_of_case(result, t.keywords["language"]))
    if nothing := nothing_compared(result, t.keywords["language"]):
        say(nothing)
    else:
        say(t("terminal.none" if found.empty else "terminal.lead"))
    say(t("terminal.report", file=str(output / PAGE)))


def _table_of_case(result: tasrib.TraceResult, language: str) -> Table:
    """Of each campaign its strongest finding: the rest is in the report."""
    heads = ("column.campaign", "terminal.people", "column.points_to", "terminal.observed", "column.expected", "column.list_share",
             "column.p_adjusted", "column.evidence")  # fmt: skip
    table = Table(*(words(head, language) for head in heads), box=None, pad_edge=False)
    people = result.campaigns.set_index("campaign_id")["n_people"]
    for _, row in result.findings.drop_duplicates("campaign_id").iterrows():
        seen = ["–"] * 4 if row["evidence"] == "none" else [
            points_to_how(row, language), words("number.of", language, part=int(row["observed"]), whole=int(row["n_reached"])),
            _rounded(row["expected"]), _share_of_list(without_chances(row), language),
        ]  # fmt: skip
        table.add_row(
            campaign_name(row["campaign_id"], row["party"]),
            str(people.get(row["campaign_id"], "–")),
            *seen,
            probability_words(row["p_adjusted"], language),
            words(f"evidence.{row['evidence']}", language),
        )
    return table


def _rounded(expected: float) -> str:
    return "–" if expected != expected else f"{expected:.0f}"


def _share_of_list(row: Mapping[str, float], language: str) -> str:
    return interval_words(row["leak_share"], row["leak_share_low"], row["leak_share_high"], percent_words, language)
